/* SPDX-License-Identifier: MIT */
/* linux/list_sort.h: sorting of lists */
#ifndef IRQLAB_LINUX_LIST_SORT_H
#define IRQLAB_LINUX_LIST_SORT_H
#include <linux/list.h>
#include <abi/string.h>
#endif
