/* SPDX-License-Identifier: MIT */
/* linux/vermagic.h: the string that a module and its kernel must agree on. */
#ifndef _LINUX_VERMAGIC_H
#define _LINUX_VERMAGIC_H
#include <generated/utsrelease.h>
#if IRQLAB_KERNEL >= 0x060100
#define VERMAGIC_STRING UTS_RELEASE " SMP preempt mod_unload "
#else
#define VERMAGIC_STRING UTS_RELEASE " SMP mod_unload "
#endif
#endif
