/* SPDX-License-Identifier: MIT */
/* linux/reboot.h: shutting down */
#ifndef IRQLAB_LINUX_REBOOT_H
#define IRQLAB_LINUX_REBOOT_H
#include <linux/notifier.h>
#endif
