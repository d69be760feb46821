/* SPDX-License-Identifier: MIT */
/* linux/irq_sim.h: simulated lines, of the shape that they have since 5.8 [LX driver-api/gpio/driver]. */
#ifndef _LINUX_IRQ_SIM_H
#define _LINUX_IRQ_SIM_H
#include <linux/device.h>
#include <linux/irqdomain.h>
#endif
