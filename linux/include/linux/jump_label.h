/* SPDX-License-Identifier: MIT */
/* linux/jump_label.h: static keys */
#ifndef IRQLAB_LINUX_JUMP_LABEL_H
#define IRQLAB_LINUX_JUMP_LABEL_H
#include <linux/types.h>
#endif
