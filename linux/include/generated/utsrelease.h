/* SPDX-License-Identifier: MIT */
/* generated/utsrelease.h: what uname -r says. */
#ifndef _GENERATED_UTSRELEASE_H
#define _GENERATED_UTSRELEASE_H
#include <linux/version.h>
#if IRQLAB_KERNEL >= 0x060c00
#define UTS_RELEASE "6.12.0"
#elif IRQLAB_KERNEL >= 0x060600
#define UTS_RELEASE "6.6.0"
#elif IRQLAB_KERNEL >= 0x060100
#define UTS_RELEASE "6.1.0"
#elif IRQLAB_KERNEL >= 0x050f00
#define UTS_RELEASE "5.15.0"
#elif IRQLAB_KERNEL >= 0x050a00
#define UTS_RELEASE "5.10.0"
#else
#define UTS_RELEASE "5.4.0"
#endif
#endif
