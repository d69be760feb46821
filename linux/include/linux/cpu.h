/* SPDX-License-Identifier: MIT */
/* linux/cpu.h: CPUs */
#ifndef IRQLAB_LINUX_CPU_H
#define IRQLAB_LINUX_CPU_H
#include <linux/cpumask.h>
#include <linux/smp.h>
#endif
