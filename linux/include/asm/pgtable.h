/* SPDX-License-Identifier: MIT */
/* asm/pgtable.h: protection of mappings. */
#ifndef _ASM_PGTABLE_H
#define _ASM_PGTABLE_H
#include <asm/page.h>
#define pgprot_noncached(prot) (prot)
#define pgprot_writecombine(prot) (prot)
#define PAGE_SHARED __pgprot(0x27)
#define PAGE_KERNEL __pgprot(0x163)
#endif
