/* SPDX-License-Identifier: MIT */
/* linux/major.h: major numbers */
#ifndef IRQLAB_LINUX_MAJOR_H
#define IRQLAB_LINUX_MAJOR_H
#include <linux/types.h>
#define MEM_MAJOR 1
#define TTY_MAJOR 4
#define TTYAUX_MAJOR 5
#define MISC_MAJOR 10
#define INPUT_MAJOR 13
#define UNIX98_PTY_SLAVE_MAJOR 136
#endif
