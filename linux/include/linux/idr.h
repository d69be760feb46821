/* SPDX-License-Identifier: MIT */
/* linux/idr.h: identifiers */
#ifndef IRQLAB_LINUX_IDR_H
#define IRQLAB_LINUX_IDR_H
#include <linux/types.h>
#include <linux/gfp.h>
#endif
