/* SPDX-License-Identifier: MIT */
/* linux/gpio/consumer.h: pins by descriptor. A PC has none, as linux/gpio.h says. */
#ifndef _LINUX_GPIO_CONSUMER_H
#define _LINUX_GPIO_CONSUMER_H
#include <linux/types.h>
#include <linux/err.h>
#include <linux/bits.h>
struct device;
struct gpio_desc;
enum gpiod_flags { GPIOD_ASIS = 0, GPIOD_IN = 1, GPIOD_OUT_LOW = 3, GPIOD_OUT_HIGH = 7 };
struct gpio_desc *gpiod_get(struct device *dev, const char *name, enum gpiod_flags flags);
struct gpio_desc *gpiod_get_optional(struct device *dev, const char *name, enum gpiod_flags flags);
struct gpio_desc *gpiod_get_index(struct device *dev, const char *name, unsigned int index, enum gpiod_flags flags);
struct gpio_desc *devm_gpiod_get(struct device *dev, const char *name, enum gpiod_flags flags);
struct gpio_desc *devm_gpiod_get_optional(struct device *dev, const char *name, enum gpiod_flags flags);
struct gpio_desc *gpio_to_desc(unsigned int gpio);
void gpiod_put(struct gpio_desc *desc);
int gpiod_direction_input(struct gpio_desc *desc);
int gpiod_direction_output(struct gpio_desc *desc, int value);
int gpiod_get_value(const struct gpio_desc *desc);
void gpiod_set_value(struct gpio_desc *desc, int value);
int gpiod_set_debounce(struct gpio_desc *desc, unsigned int us);
int gpiod_to_irq(const struct gpio_desc *desc);
#endif
