/* SPDX-License-Identifier: MIT */
/* linux/path.h: paths */
#ifndef IRQLAB_LINUX_PATH_H
#define IRQLAB_LINUX_PATH_H
#include <linux/types.h>
#include <abi/fs.h>
#endif
