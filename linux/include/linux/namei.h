/* SPDX-License-Identifier: MIT */
/* linux/namei.h: paths */
#ifndef IRQLAB_LINUX_NAMEI_H
#define IRQLAB_LINUX_NAMEI_H
#include <linux/fs.h>
#include <linux/path.h>
#endif
