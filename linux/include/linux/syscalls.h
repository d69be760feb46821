/* SPDX-License-Identifier: MIT */
/* linux/syscalls.h: system calls */
#ifndef IRQLAB_LINUX_SYSCALLS_H
#define IRQLAB_LINUX_SYSCALLS_H
#include <linux/linkage.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#endif
