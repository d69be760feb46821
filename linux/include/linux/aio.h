/* SPDX-License-Identifier: MIT */
/* linux/aio.h: asynchronous requests */
#ifndef IRQLAB_LINUX_AIO_H
#define IRQLAB_LINUX_AIO_H
#include <linux/types.h>
#include <abi/fs.h>
#endif
