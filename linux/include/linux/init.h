/* SPDX-License-Identifier: MIT */
/* linux/init.h: entry and exit of a module. */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H
#include <linux/types.h>
#include <linux/stringify.h>
typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

int init_module(void);
void cleanup_module(void);
/* The semicolon at the end is part of them, as in Linux: drivers leave theirs out. */
#define module_init(function)                                                                                       \
    static inline initcall_t __maybe_unused __inittest(void) { return function; }                                   \
    int init_module(void) __copy(function) __attribute__((alias(#function)));
#define module_exit(function)                                                                                       \
    static inline exitcall_t __maybe_unused __exittest(void) { return function; }                                   \
    void cleanup_module(void) __copy(function) __attribute__((alias(#function)));
#define early_initcall(function) module_init(function)
#define core_initcall(function) module_init(function)
#define core_initcall_sync(function) module_init(function)
#define postcore_initcall(function) module_init(function)
#define arch_initcall(function) module_init(function)
#define subsys_initcall(function) module_init(function)
#define fs_initcall(function) module_init(function)
#define rootfs_initcall(function) module_init(function)
#define device_initcall(function) module_init(function)
#define late_initcall(function) module_init(function)
#define console_initcall(function) module_init(function)
#define __initcall(function) module_init(function)
#define __exitcall(function) module_exit(function)
#define __setup(name, function)
#define early_param(name, function)
#endif
