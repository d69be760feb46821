/* SPDX-License-Identifier: MIT */
/* linux/string.h: strings and memory; the assembler names keep the driver off the host's libc. */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/err.h>
#include <abi/string.h>
#include <abi/mm.h>
#define __lab_name(name) __asm__("__lab_" #name)
void *memcpy(void *to, const void *from, size_t count) __lab_name(memcpy);
void *memmove(void *to, const void *from, size_t count) __lab_name(memmove);
void *memset(void *to, int value, size_t count) __lab_name(memset);
int memcmp(const void *a, const void *b, size_t count) __lab_name(memcmp);
void *memchr(const void *from, int c, size_t count) __lab_name(memchr);
char *strcpy(char *to, const char *from) __lab_name(strcpy);
char *strncpy(char *to, const char *from, size_t count) __lab_name(strncpy);
#if IRQLAB_KERNEL < 0x060800
size_t strlcpy(char *to, const char *from, size_t size) __lab_name(strlcpy);
#endif
size_t strlcat(char *to, const char *from, size_t size) __lab_name(strlcat);
char *strcat(char *to, const char *from) __lab_name(strcat);
char *strncat(char *to, const char *from, size_t count) __lab_name(strncat);
int strcmp(const char *a, const char *b) __lab_name(strcmp);
int strncmp(const char *a, const char *b, size_t count) __lab_name(strncmp);
int strcasecmp(const char *a, const char *b) __lab_name(strcasecmp);
int strncasecmp(const char *a, const char *b, size_t count) __lab_name(strncasecmp);
char *strchr(const char *text, int c) __lab_name(strchr);
char *strchrnul(const char *text, int c) __lab_name(strchrnul);
char *strrchr(const char *text, int c) __lab_name(strrchr);
char *strnchr(const char *text, size_t count, int c) __lab_name(strnchr);
char *strstr(const char *text, const char *what) __lab_name(strstr);
char *strnstr(const char *text, const char *what, size_t count) __lab_name(strnstr);
size_t strlen(const char *text) __lab_name(strlen);
size_t strnlen(const char *text, size_t count) __lab_name(strnlen);
size_t strspn(const char *text, const char *accept) __lab_name(strspn);
size_t strcspn(const char *text, const char *reject) __lab_name(strcspn);
char *strpbrk(const char *text, const char *accept) __lab_name(strpbrk);
char *strsep(char **text, const char *delimiters) __lab_name(strsep);

static inline char *strstrip(char *text) { return strim(text); }
static inline const char *kbasename(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
static inline void memzero_explicit(void *to, size_t count) { memset(to, 0, count); }
static inline void *memset32(u32 *to, u32 value, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        to[i] = value;
    return to;
}
static inline size_t str_has_prefix(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(text, prefix, length) == 0 ? length : 0;
}
#endif
