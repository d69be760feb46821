/* SPDX-License-Identifier: MIT */
/* uapi/linux/errno.h: error numbers */
#ifndef IRQLAB_UAPI_LINUX_ERRNO_H
#define IRQLAB_UAPI_LINUX_ERRNO_H
#include <linux/errno.h>
#endif
