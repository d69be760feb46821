/* SPDX-License-Identifier: MIT */
/* linux/file.h: open files */
#ifndef IRQLAB_LINUX_FILE_H
#define IRQLAB_LINUX_FILE_H
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/fs.h>
#endif
