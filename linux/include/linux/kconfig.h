/* SPDX-License-Identifier: MIT */
/* linux/kconfig.h: the configuration that a driver sees, of a usual x86-64 distribution kernel. */
#ifndef _LINUX_KCONFIG_H
#define _LINUX_KCONFIG_H
#include <generated/autoconf.h>

/* IS_ENABLED(CONFIG_X) is 1 where CONFIG_X is defined as 1, by pasting: only the paste that ends in 1 names a macro
 * that adds an argument. */
#define __LAB_ARG_1 0,
#define __lab_second(first, second, ...) second
#define __lab_is_set_3(pasted) __lab_second(pasted 1, 0)
#define __lab_is_set_2(value) __lab_is_set_3(__LAB_ARG_##value)
#define __lab_is_set(value) __lab_is_set_2(value)
#define IS_BUILTIN(option) __lab_is_set(option)
#define IS_MODULE(option) __lab_is_set(option##_MODULE)
#define IS_ENABLED(option) (IS_BUILTIN(option) || IS_MODULE(option))
#define IS_REACHABLE(option) IS_ENABLED(option)
#endif
