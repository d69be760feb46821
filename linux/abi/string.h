/* SPDX-License-Identifier: MIT */
/* string.h: strings, memory, printf and scanf, number parsing, sorting, random numbers. Names that libc has too are
 * exported as __lab_NAME. Formats are Linux's (%pK, %pS, ...) [LX core-api/printk-formats]. */
#ifndef IRQLAB_ABI_STRING_H
#define IRQLAB_ABI_STRING_H

#include "base.h"

IRQLAB_ABI_BEGIN

void *__lab_memcpy(void *to, const void *from, size_t count);
void *__lab_memmove(void *to, const void *from, size_t count);
void *__lab_memset(void *to, int value, size_t count);
int __lab_memcmp(const void *a, const void *b, size_t count);
void *__lab_memchr(const void *from, int c, size_t count);
char *__lab_strcpy(char *to, const char *from);
char *__lab_strncpy(char *to, const char *from, size_t count);
size_t __lab_strlcpy(char *to, const char *from, size_t size);
size_t __lab_strlcat(char *to, const char *from, size_t size);
ssize_t strscpy(char *to, const char *from, size_t size);
ssize_t strscpy_pad(char *to, const char *from, size_t size);
char *__lab_strcat(char *to, const char *from);
char *__lab_strncat(char *to, const char *from, size_t count);
int __lab_strcmp(const char *a, const char *b);
int __lab_strncmp(const char *a, const char *b, size_t count);
int __lab_strcasecmp(const char *a, const char *b);
int __lab_strncasecmp(const char *a, const char *b, size_t count);
char *__lab_strchr(const char *text, int c);
char *__lab_strchrnul(const char *text, int c);
char *__lab_strrchr(const char *text, int c);
char *__lab_strnchr(const char *text, size_t count, int c);
char *__lab_strstr(const char *text, const char *what);
char *__lab_strnstr(const char *text, const char *what, size_t count);
size_t __lab_strlen(const char *text);
size_t __lab_strnlen(const char *text, size_t count);
size_t __lab_strspn(const char *text, const char *accept);
size_t __lab_strcspn(const char *text, const char *reject);
char *__lab_strpbrk(const char *text, const char *accept);
char *__lab_strsep(char **text, const char *delimiters);
char *skip_spaces(const char *text);
char *strim(char *text);
bool sysfs_streq(const char *a, const char *b);
int match_string(const char *const *array, size_t n, const char *text);
void *memchr_inv(const void *from, int c, size_t count);

int __lab_snprintf(char *buf, size_t size, const char *format, ...) __attribute__((format(__printf__, 3, 4)));
int __lab_vsnprintf(char *buf, size_t size, const char *format, va_list args);
int __lab_sprintf(char *buf, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
int __lab_vsprintf(char *buf, const char *format, va_list args);
int scnprintf(char *buf, size_t size, const char *format, ...) __attribute__((format(__printf__, 3, 4)));
int vscnprintf(char *buf, size_t size, const char *format, va_list args);
int __lab_sscanf(const char *buf, const char *format, ...) __attribute__((format(__scanf__, 2, 3)));
int __lab_vsscanf(const char *buf, const char *format, va_list args);

unsigned long simple_strtoul(const char *text, char **end, unsigned int base);
long simple_strtol(const char *text, char **end, unsigned int base);
unsigned long long simple_strtoull(const char *text, char **end, unsigned int base);
long long simple_strtoll(const char *text, char **end, unsigned int base);
int kstrtoull(const char *text, unsigned int base, unsigned long long *result);
int kstrtoll(const char *text, unsigned int base, long long *result);
int kstrtouint(const char *text, unsigned int base, unsigned int *result);
int kstrtoint(const char *text, unsigned int base, int *result);
int kstrtou16(const char *text, unsigned int base, u16 *result);
int kstrtos16(const char *text, unsigned int base, s16 *result);
int kstrtou8(const char *text, unsigned int base, u8 *result);
int kstrtos8(const char *text, unsigned int base, s8 *result);
int kstrtobool(const char *text, bool *result);
int hex_to_bin(unsigned char c);
int hex2bin(u8 *to, const char *from, size_t count);
char *bin2hex(char *to, const void *from, size_t count);
char *get_options(const char *text, int nints, int *ints);

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef void (*swap_func_t)(void *a, void *b, int size);
void __lab_sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap);
void *__lab_bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);
void list_sort(void *priv, struct list_head *head,
               int (*cmp)(void *priv, const struct list_head *a, const struct list_head *b));
u32 crc32_le(u32 crc, const unsigned char *data, size_t len);
u16 crc16(u16 crc, const u8 *data, size_t len);
unsigned long gcd(unsigned long a, unsigned long b);
unsigned long int_sqrt(unsigned long x);

void get_random_bytes(void *buf, size_t count);
u8 get_random_u8(void);
u16 get_random_u16(void);
u32 get_random_u32(void);
u64 get_random_u64(void);
u32 prandom_u32(void);

/* kfifo: the queue of linux/kfifo.h; indices run freely, mask is size - 1. */
struct __kfifo {
    unsigned int in, out, mask, esize;
    void *data;
};
int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t flags);
void __kfifo_free(struct __kfifo *fifo);
int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int size, size_t esize);
unsigned int __kfifo_in(struct __kfifo *fifo, const void *buf, unsigned int len);
unsigned int __kfifo_out(struct __kfifo *fifo, void *buf, unsigned int len);
unsigned int __kfifo_out_peek(struct __kfifo *fifo, void *buf, unsigned int len);
int __kfifo_from_user(struct __kfifo *fifo, const void *from, unsigned long len, unsigned int *copied);
int __kfifo_to_user(struct __kfifo *fifo, void *to, unsigned long len, unsigned int *copied);

/* Bit searches: the size if there is none. */
unsigned long _find_first_bit(const unsigned long *addr, unsigned long size);
unsigned long _find_first_zero_bit(const unsigned long *addr, unsigned long size);
unsigned long _find_next_bit(const unsigned long *addr, unsigned long size, unsigned long start);
unsigned long _find_next_zero_bit(const unsigned long *addr, unsigned long size, unsigned long start);

void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);

IRQLAB_ABI_END

#endif
