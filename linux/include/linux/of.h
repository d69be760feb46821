/* SPDX-License-Identifier: MIT */
/* linux/of.h: device trees: none on a PC */
#ifndef IRQLAB_LINUX_OF_H
#define IRQLAB_LINUX_OF_H
#include <linux/types.h>
#include <linux/mod_devicetable.h>
#endif
