/* SPDX-License-Identifier: MIT */
/* asm/param.h: the tick. */
#ifndef _ASM_PARAM_H
#define _ASM_PARAM_H
#define HZ 250
#define USER_HZ 100
#define CLOCKS_PER_SEC USER_HZ
#endif
