/* SPDX-License-Identifier: MIT */
/* linux/vmalloc.h: large pieces of memory. */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H
#include <linux/spinlock.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/overflow.h>
#include <asm/page.h>
#include <abi/mm.h>
#define vmalloc_32(size) vmalloc(size)
#define vmalloc_to_page(addr) __lab_virt_to_page(addr)
#define vmalloc_to_pfn(addr) ((unsigned long)(__lab_virt_to_phys(addr) >> PAGE_SHIFT))
#endif
