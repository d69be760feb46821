/* SPDX-License-Identifier: MIT */
/* linux/gpio.h: pins by number. A PC has none: loading a driver of them ends with "Unknown symbol". */
#ifndef _LINUX_GPIO_H
#define _LINUX_GPIO_H
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/compiler.h>
struct device;
struct gpio { unsigned int gpio; unsigned long flags; const char *label; };
#define GPIOF_DIR_OUT 0
#define GPIOF_DIR_IN 1
#define GPIOF_IN 1
#define GPIOF_OUT_INIT_LOW 0
#define GPIOF_OUT_INIT_HIGH 2
static inline bool gpio_is_valid(int number) { return number >= 0; }
int gpio_request(unsigned int gpio, const char *label);
int gpio_request_one(unsigned int gpio, unsigned long flags, const char *label);
int gpio_request_array(const struct gpio *array, size_t count);
int devm_gpio_request(struct device *dev, unsigned int gpio, const char *label);
int devm_gpio_request_one(struct device *dev, unsigned int gpio, unsigned long flags, const char *label);
void gpio_free(unsigned int gpio);
void gpio_free_array(const struct gpio *array, size_t count);
int gpio_direction_input(unsigned int gpio);
int gpio_direction_output(unsigned int gpio, int value);
int gpio_set_debounce(unsigned int gpio, unsigned int us);
int gpio_get_value(unsigned int gpio);
void gpio_set_value(unsigned int gpio, int value);
int gpio_to_irq(unsigned int gpio);
#if IRQLAB_KERNEL < 0x060500
int gpio_export(unsigned int gpio, bool direction_may_change);
void gpio_unexport(unsigned int gpio);
#endif
#endif
