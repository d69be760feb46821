/* SPDX-License-Identifier: MIT */
/* linux/stddef.h: NULL, offsetof, parts of structs. */
#ifndef _LINUX_STDDEF_H
#define _LINUX_STDDEF_H
#include <linux/types.h>
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) (offsetof(type, member) + sizeof_field(type, member))
#endif
