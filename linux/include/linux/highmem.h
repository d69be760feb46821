/* SPDX-License-Identifier: MIT */
/* linux/highmem.h: pages */
#ifndef IRQLAB_LINUX_HIGHMEM_H
#define IRQLAB_LINUX_HIGHMEM_H
#include <linux/mm.h>
#include <linux/uaccess.h>
#endif
