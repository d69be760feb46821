/* SPDX-License-Identifier: MIT */
/* linux/pagemap.h: pages */
#ifndef IRQLAB_LINUX_PAGEMAP_H
#define IRQLAB_LINUX_PAGEMAP_H
#include <linux/mm.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#endif
