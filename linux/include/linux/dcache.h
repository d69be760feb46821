/* SPDX-License-Identifier: MIT */
/* linux/dcache.h: names of files */
#ifndef IRQLAB_LINUX_DCACHE_H
#define IRQLAB_LINUX_DCACHE_H
#include <linux/types.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <abi/fs.h>
#endif
