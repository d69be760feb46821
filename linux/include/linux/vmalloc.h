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
#endif
