/* SPDX-License-Identifier: MIT */
/* linux/errno.h: error numbers; and errors carried in pointers come with linux/err.h. */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H
#include <linux/types.h>
#endif
