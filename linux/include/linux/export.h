/* SPDX-License-Identifier: MIT */
/* linux/export.h: symbols that a module offers to others, in section __ksymtab (struct kernel_symbol). */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H
#include <linux/compiler.h>
#include <linux/stringify.h>
#include <abi/module.h>
extern struct module __this_module;
#define THIS_MODULE (&__this_module)
#define __lab_export(symbol, ns, gpl)                                                                               \
    extern typeof(symbol) symbol;                                                                                   \
    static const struct kernel_symbol __ksymtab_##symbol __used __section("__ksymtab")                              \
        __aligned(sizeof(void *)) = {(const void *)&symbol, #symbol, ns, gpl, 0}
#define EXPORT_SYMBOL(symbol) __lab_export(symbol, "", 0)
#define EXPORT_SYMBOL_GPL(symbol) __lab_export(symbol, "", 1)
#define EXPORT_SYMBOL_NS(symbol, ns) __lab_export(symbol, #ns, 0)
#define EXPORT_SYMBOL_NS_GPL(symbol, ns) __lab_export(symbol, #ns, 1)
#endif
