/* SPDX-License-Identifier: MIT */
/* linux/uio.h: scattered memory. */
#ifndef _LINUX_UIO_H
#define _LINUX_UIO_H
#include <linux/kernel.h>
#include <linux/thread_info.h>
#include <linux/mm_types.h>
#include <abi/fs.h>
static inline size_t iov_iter_count(const struct iov_iter *iter) { return iter->count; }
static inline bool iter_is_iovec(const struct iov_iter *iter) { return iter->iter_type == 0; }
static inline unsigned char iov_iter_rw(const struct iov_iter *iter) { return iter->data_source ? WRITE : READ; }
static inline size_t copy_to_iter(const void *from, size_t bytes, struct iov_iter *to)
{
    return _copy_to_iter(from, bytes, to);
}
static inline size_t copy_from_iter(void *to, size_t bytes, struct iov_iter *from)
{
    return _copy_from_iter(to, bytes, from);
}
static inline void iov_iter_truncate(struct iov_iter *iter, u64 count)
{
    if (iter->count > count)
        iter->count = count;
}
#endif
