/* SPDX-License-Identifier: MIT */
/* linux/vermagic.h: the string that a module and its kernel must agree on. */
#ifndef _LINUX_VERMAGIC_H
#define _LINUX_VERMAGIC_H
#include <generated/utsrelease.h>
#define VERMAGIC_STRING UTS_RELEASE " SMP preempt mod_unload modversions "
#endif
