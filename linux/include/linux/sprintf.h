/* SPDX-License-Identifier: MIT */
/* linux/sprintf.h: formatted text into and out of buffers. */
#ifndef _LINUX_SPRINTF_H
#define _LINUX_SPRINTF_H
#include <linux/types.h>
#include <abi/string.h>
#include <abi/mm.h>
__printf(2, 3) int sprintf(char *buf, const char *format, ...) __asm__("__lab_sprintf");
__printf(2, 0) int vsprintf(char *buf, const char *format, va_list args) __asm__("__lab_vsprintf");
__printf(3, 4) int snprintf(char *buf, size_t size, const char *format, ...) __asm__("__lab_snprintf");
__printf(3, 0) int vsnprintf(char *buf, size_t size, const char *format, va_list args) __asm__("__lab_vsnprintf");
__scanf(2, 3) int sscanf(const char *buf, const char *format, ...) __asm__("__lab_sscanf");
__scanf(2, 0) int vsscanf(const char *buf, const char *format, va_list args) __asm__("__lab_vsscanf");
#endif
