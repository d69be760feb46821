/* SPDX-License-Identifier: MIT */
/* linux/of_gpio.h: pins of device trees */
#ifndef IRQLAB_LINUX_OF_GPIO_H
#define IRQLAB_LINUX_OF_GPIO_H
#include <linux/compiler.h>
#include <linux/gpio.h>
#include <linux/gpio/consumer.h>
#include <linux/of.h>
#endif
