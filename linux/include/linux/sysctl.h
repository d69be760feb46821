/* SPDX-License-Identifier: MIT */
/* linux/sysctl.h: tunables */
#ifndef IRQLAB_LINUX_SYSCTL_H
#define IRQLAB_LINUX_SYSCTL_H
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>
#include <linux/uidgid.h>
#endif
