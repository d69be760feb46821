/* SPDX-License-Identifier: MIT */
/* asm/page.h: pages and addresses. */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H
#include <linux/types.h>
#include <abi/mm.h>
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_OFFSET 0xffff888000000000UL
#define PAGE_ALIGN(addr) (((addr) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGNED(addr) (((unsigned long)(addr) & ~PAGE_MASK) == 0)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)
#define PFN_PHYS(pfn) ((phys_addr_t)(pfn) << PAGE_SHIFT)
#define PFN_DOWN(addr) ((addr) >> PAGE_SHIFT)
#define PFN_UP(addr) (((addr) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define __pa(addr) __lab_virt_to_phys((const volatile void *)(unsigned long)(addr))
#define __va(addr) __lab_phys_to_virt(addr)
#define virt_to_page(addr) __lab_virt_to_page((const volatile void *)(unsigned long)(addr))
#define page_to_virt(page) __lab_page_address(page)
#define page_to_phys(page) __pa(__lab_page_address(page))
#define page_to_pfn(page) ((unsigned long)(page_to_phys(page) >> PAGE_SHIFT))
#define pfn_to_page(pfn) virt_to_page(__va((phys_addr_t)(pfn) << PAGE_SHIFT))
#define pgprot_val(x) ((x).pgprot)
#define __pgprot(x) ((pgprot_t){(x)})
#endif
