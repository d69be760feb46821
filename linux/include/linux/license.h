/* SPDX-License-Identifier: MIT */
/* linux/license.h: which licences count as GPL: the loader's business */
#ifndef IRQLAB_LINUX_LICENSE_H
#define IRQLAB_LINUX_LICENSE_H
#include <linux/types.h>
#endif
