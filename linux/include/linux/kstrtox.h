/* SPDX-License-Identifier: MIT */
/* linux/kstrtox.h: numbers out of strings. */
#ifndef _LINUX_KSTRTOX_H
#define _LINUX_KSTRTOX_H
#include <linux/types.h>
#include <abi/string.h>
#include <abi/uaccess.h>
static inline int kstrtoul(const char *text, unsigned int base, unsigned long *result)
{
    return kstrtoull(text, base, (unsigned long long *)result);
}
static inline int kstrtol(const char *text, unsigned int base, long *result)
{
    return kstrtoll(text, base, (long long *)result);
}
static inline int kstrtou64(const char *text, unsigned int base, u64 *result) { return kstrtoull(text, base, result); }
static inline int kstrtos64(const char *text, unsigned int base, s64 *result) { return kstrtoll(text, base, result); }
static inline int kstrtou32(const char *text, unsigned int base, u32 *result) { return kstrtouint(text, base, result); }
static inline int kstrtos32(const char *text, unsigned int base, s32 *result) { return kstrtoint(text, base, result); }
#if IRQLAB_KERNEL < 0x060200
static inline int strtobool(const char *text, bool *result) { return kstrtobool(text, result); }
#endif
#endif
