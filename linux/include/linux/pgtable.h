/* SPDX-License-Identifier: MIT */
/* linux/pgtable.h: protection of mappings */
#ifndef IRQLAB_LINUX_PGTABLE_H
#define IRQLAB_LINUX_PGTABLE_H
#include <asm/pgtable.h>
#endif
