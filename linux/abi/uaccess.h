/* SPDX-License-Identifier: MIT */
/* uaccess.h: user memory. The copies return how many bytes were not copied; the others 0 or -EFAULT. */
#ifndef IRQLAB_ABI_UACCESS_H
#define IRQLAB_ABI_UACCESS_H

#include "base.h"

IRQLAB_ABI_BEGIN

void __check_object_size(const void *ptr, unsigned long count, bool to_user);
unsigned long _copy_to_user(void *to, const void *from, unsigned long count);
unsigned long _copy_from_user(void *to, const void *from, unsigned long count);
unsigned long __lab_copy_in_user(void *to, const void *from, unsigned long count);
unsigned long clear_user(void *to, unsigned long count);
unsigned long __clear_user(void *to, unsigned long count);
long strncpy_from_user(char *to, const char *from, long count);
long strnlen_user(const char *text, long count);
void *memdup_user(const void *from, size_t count);
void *memdup_user_nul(const void *from, size_t count);
char *strndup_user(const char *from, long count);
int __lab_access_ok(const volatile void *addr, unsigned long size);
/* One object of 1, 2, 4 or 8 bytes between kernel memory and user memory; access_ok is checked too. */
int __lab_put_user(const void *from, void *to_user, unsigned int size);
int __lab_get_user(void *to, const void *from_user, unsigned int size);
long copy_from_kernel_nofault(void *to, const void *from, size_t size);
long copy_to_kernel_nofault(void *to, const void *from, size_t size);

int kstrtouint_from_user(const char *from, size_t count, unsigned int base, unsigned int *result);
int kstrtoint_from_user(const char *from, size_t count, unsigned int base, int *result);
int kstrtoul_from_user(const char *from, size_t count, unsigned int base, unsigned long *result);
int kstrtol_from_user(const char *from, size_t count, unsigned int base, long *result);
int kstrtoull_from_user(const char *from, size_t count, unsigned int base, unsigned long long *result);
int kstrtobool_from_user(const char *from, size_t count, bool *result);

IRQLAB_ABI_END

#endif
