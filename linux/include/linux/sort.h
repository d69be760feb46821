/* SPDX-License-Identifier: MIT */
/* linux/sort.h: sorting of arrays. */
#ifndef _LINUX_SORT_H
#define _LINUX_SORT_H
#include <linux/types.h>
#include <abi/string.h>
void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap) __asm__("__lab_sort");
#endif
