/* SPDX-License-Identifier: MIT */
/* linux/fcntl.h: flags of open */
#ifndef IRQLAB_LINUX_FCNTL_H
#define IRQLAB_LINUX_FCNTL_H
#include <uapi/linux/fcntl.h>
#include <linux/stat.h>
#endif
