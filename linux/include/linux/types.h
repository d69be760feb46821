/* SPDX-License-Identifier: MIT */
/* linux/types.h: integer and kernel types. */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H
#include <linux/compiler.h>
#include <abi/base.h>

typedef s8 __s8;
typedef u8 __u8;
typedef s16 __s16;
typedef u16 __u16;
typedef s32 __s32;
typedef u32 __u32;
typedef s64 __s64;
typedef u64 __u64;
typedef s8 int8_t;
typedef u8 uint8_t;
typedef s16 int16_t;
typedef u16 uint16_t;
typedef s32 int32_t;
typedef u32 uint32_t;
typedef s64 int64_t;
typedef u64 uint64_t;
typedef u8 u_int8_t;
typedef u16 u_int16_t;
typedef u32 u_int32_t;
typedef u64 u_int64_t;
typedef unsigned long uintptr_t;
typedef long intptr_t;
typedef unsigned char u_char, unchar;
typedef unsigned short u_short, ushort;
typedef unsigned int u_int, uint;
typedef unsigned long u_long, ulong;
typedef u16 __le16, __be16, __sum16;
typedef u32 __le32, __be32, __wsum;
typedef u64 __le64, __be64;
typedef long __kernel_long_t;
typedef unsigned long __kernel_ulong_t;
typedef pid_t __kernel_pid_t;
typedef loff_t __kernel_loff_t;
typedef time64_t __kernel_time64_t;
typedef char *caddr_t;
typedef unsigned short __kernel_mode_t;
typedef u32 __kernel_dev_t;

#define ATOMIC_INIT(value) { (value) }
#define ATOMIC64_INIT(value) { (value) }
#define DECLARE_BITMAP(name, bits) unsigned long name[((bits) + 63) / 64]
#endif
