/* SPDX-License-Identifier: MIT */
/* linux/module.h: modules. */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H
#include <linux/list.h>
#include <linux/stat.h>
#include <linux/compiler.h>
#include <linux/cache.h>
#include <linux/kmod.h>
#include <linux/init.h>
#include <linux/stringify.h>
#include <linux/kobject.h>
#include <linux/moduleparam.h>
#include <linux/export.h>
#include <linux/srcu.h>
#include <linux/completion.h>
#include <linux/percpu.h>
#if IRQLAB_KERNEL >= 0x060a00
#include <linux/slab.h>
#endif
#include <abi/module.h>

#define MODULE_LICENSE(text) MODULE_INFO(license, text)
#define MODULE_AUTHOR(text) MODULE_INFO(author, text)
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)
#define MODULE_VERSION(text) MODULE_INFO(version, text)
#define MODULE_ALIAS(text) MODULE_INFO(alias, text)
#define MODULE_SOFTDEP(text) MODULE_INFO(softdep, text)
#define MODULE_FIRMWARE(text) MODULE_INFO(firmware, text)
#if IRQLAB_KERNEL < 0x050c00
#define MODULE_SUPPORTED_DEVICE(name)
#endif
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, __stringify(ns))
/* The builder reads the table through this name and writes the module's aliases. */
#define MODULE_DEVICE_TABLE(type, name)                                                                             \
    extern typeof(name) __mod_##type##__##name##_device_table __attribute__((unused, alias(__stringify(name))))
#define MODULE_ALIAS_CHARDEV(major, minor) MODULE_ALIAS("char-major-" __stringify(major) "-" __stringify(minor))
#define MODULE_ALIAS_CHARDEV_MAJOR(major) MODULE_ALIAS("char-major-" __stringify(major) "-*")
#define MODULE_ALIAS_MISCDEV(minor) MODULE_ALIAS("char-major-10-" __stringify(minor))

#define module_name(module) ((module) ? (module)->name : "kernel")
#define symbol_get(x) ((typeof(&x))(__symbol_get(#x)))
#define symbol_put(x) __symbol_put(#x)
static inline bool module_is_live(struct module *module) { return module->state != MODULE_STATE_GOING; }
#endif
