/* SPDX-License-Identifier: MIT */
/* linux/crc32.h: checksums. */
#ifndef _LINUX_CRC32_H
#define _LINUX_CRC32_H
#include <linux/types.h>
#include <abi/string.h>
#define crc32(seed, data, length) crc32_le(seed, (unsigned char const *)(data), length)
#endif
