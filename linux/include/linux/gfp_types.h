/* SPDX-License-Identifier: MIT */
/* linux/gfp_types.h: allocation flags */
#ifndef IRQLAB_LINUX_GFP_TYPES_H
#define IRQLAB_LINUX_GFP_TYPES_H
#include <linux/gfp.h>
#endif
