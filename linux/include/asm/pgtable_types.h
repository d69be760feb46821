/* SPDX-License-Identifier: MIT */
/* asm/pgtable_types.h: protection of mappings */
#ifndef IRQLAB_ASM_PGTABLE_TYPES_H
#define IRQLAB_ASM_PGTABLE_TYPES_H
#include <asm/pgtable.h>
#endif
