/* SPDX-License-Identifier: MIT */
/* linux/kfifo.h: queues, of bytes or of records of one size, in a ring whose size is a power of two. */
#ifndef _LINUX_KFIFO_H
#define _LINUX_KFIFO_H
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/scatterlist.h>
#include <linux/uaccess.h>
#include <linux/slab.h>
#include <abi/string.h>

/* The record's type travels as the type of `type`, which nobody reads. */
#define __STRUCT_KFIFO_PTR(record) { struct __kfifo kfifo; record *type[0]; }
#define STRUCT_KFIFO_PTR(record) struct __STRUCT_KFIFO_PTR(record)
#define STRUCT_KFIFO(record, size) struct { struct __kfifo kfifo; record *type[0]; record buf[size]; }
struct kfifo { struct __kfifo kfifo; unsigned char *type[0]; };
#define DECLARE_KFIFO_PTR(fifo, record) STRUCT_KFIFO_PTR(record) fifo
#define DECLARE_KFIFO(fifo, record, size) STRUCT_KFIFO(record, size) fifo
#define __lab_fifo_init(fifo) { 0, 0, ARRAY_SIZE((fifo).buf) - 1, sizeof((fifo).buf[0]), (fifo).buf }
#define INIT_KFIFO(fifo) ((fifo).kfifo = (struct __kfifo)__lab_fifo_init(fifo))
#define DEFINE_KFIFO(fifo, record, size) DECLARE_KFIFO(fifo, record, size) = {.kfifo = __lab_fifo_init(fifo)}

#define __lab_record(fifo) typeof(**(fifo)->type)
#define kfifo_initialized(fifo) ((fifo)->kfifo.mask != 0)
#define kfifo_esize(fifo) ((fifo)->kfifo.esize)
#define kfifo_size(fifo) ((fifo)->kfifo.mask + 1)
#define kfifo_len(fifo) (READ_ONCE((fifo)->kfifo.in) - READ_ONCE((fifo)->kfifo.out))
#define kfifo_is_empty(fifo) (READ_ONCE((fifo)->kfifo.in) == READ_ONCE((fifo)->kfifo.out))
#define kfifo_is_full(fifo) (kfifo_len(fifo) > (fifo)->kfifo.mask)
#define kfifo_avail(fifo) (kfifo_size(fifo) - kfifo_len(fifo))
#define kfifo_reset(fifo) ((void)((fifo)->kfifo.in = (fifo)->kfifo.out = 0))
#define kfifo_reset_out(fifo) ((void)((fifo)->kfifo.out = (fifo)->kfifo.in))
#define kfifo_skip(fifo) ((void)(fifo)->kfifo.out++)
#define kfifo_alloc(fifo, size, gfp) __kfifo_alloc(&(fifo)->kfifo, size, sizeof(__lab_record(fifo)), gfp)
#define kfifo_init(fifo, buffer, size) __kfifo_init(&(fifo)->kfifo, buffer, size, sizeof(__lab_record(fifo)))
#define kfifo_free(fifo) __kfifo_free(&(fifo)->kfifo)
#define kfifo_in(fifo, buf, n)                                                                                      \
    ({                                                                                                              \
        const __lab_record(fifo) *__lab_buf = (buf);                                                                \
        __kfifo_in(&(fifo)->kfifo, __lab_buf, n);                                                                   \
    })
#define kfifo_out(fifo, buf, n)                                                                                     \
    ({                                                                                                              \
        __lab_record(fifo) *__lab_buf = (buf);                                                                      \
        __kfifo_out(&(fifo)->kfifo, __lab_buf, n);                                                                  \
    })
#define kfifo_out_peek(fifo, buf, n)                                                                                \
    ({                                                                                                              \
        __lab_record(fifo) *__lab_buf = (buf);                                                                      \
        __kfifo_out_peek(&(fifo)->kfifo, __lab_buf, n);                                                             \
    })
#define kfifo_put(fifo, value)                                                                                      \
    ({                                                                                                              \
        __lab_record(fifo) __lab_value = (value);                                                                   \
        (int)__kfifo_in(&(fifo)->kfifo, &__lab_value, 1);                                                           \
    })
#define kfifo_get(fifo, value) ((int)kfifo_out(fifo, value, 1))
#define kfifo_peek(fifo, value) ((int)kfifo_out_peek(fifo, value, 1))
#define kfifo_in_spinlocked(fifo, buf, n, lock)                                                                     \
    ({                                                                                                              \
        unsigned long __lab_flags;                                                                                  \
        unsigned int __lab_n;                                                                                       \
        spin_lock_irqsave(lock, __lab_flags);                                                                       \
        __lab_n = kfifo_in(fifo, buf, n);                                                                           \
        spin_unlock_irqrestore(lock, __lab_flags);                                                                  \
        __lab_n;                                                                                                    \
    })
#define kfifo_out_spinlocked(fifo, buf, n, lock)                                                                    \
    ({                                                                                                              \
        unsigned long __lab_flags;                                                                                  \
        unsigned int __lab_n;                                                                                       \
        spin_lock_irqsave(lock, __lab_flags);                                                                       \
        __lab_n = kfifo_out(fifo, buf, n);                                                                          \
        spin_unlock_irqrestore(lock, __lab_flags);                                                                  \
        __lab_n;                                                                                                    \
    })
#define kfifo_in_locked kfifo_in_spinlocked
#define kfifo_out_locked kfifo_out_spinlocked
#define kfifo_is_empty_spinlocked(fifo, lock)                                                                       \
    ({                                                                                                              \
        unsigned long __lab_flags;                                                                                  \
        bool __lab_empty;                                                                                           \
        spin_lock_irqsave(lock, __lab_flags);                                                                       \
        __lab_empty = kfifo_is_empty(fifo);                                                                         \
        spin_unlock_irqrestore(lock, __lab_flags);                                                                  \
        __lab_empty;                                                                                                \
    })
#define kfifo_from_user(fifo, from, len, copied) __kfifo_from_user(&(fifo)->kfifo, from, len, copied)
#define kfifo_to_user(fifo, to, len, copied) __kfifo_to_user(&(fifo)->kfifo, to, len, copied)
#endif
