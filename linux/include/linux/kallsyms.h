/* SPDX-License-Identifier: MIT */
/* linux/kallsyms.h: names of addresses */
#ifndef IRQLAB_LINUX_KALLSYMS_H
#define IRQLAB_LINUX_KALLSYMS_H
#include <linux/kernel.h>
#include <linux/module.h>
#endif
