/* SPDX-License-Identifier: MIT */
/* linux/spinlock.h: spin locks and rwlocks. */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H
#include <linux/typecheck.h>
#include <linux/preempt.h>
#include <linux/linkage.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/stringify.h>
#include <linux/bottom_half.h>
#include <linux/lockdep.h>
#include <linux/spinlock_types.h>
#include <asm/barrier.h>

#define raw_spin_lock_init(lock)                                                                                    \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        __raw_spin_lock_init((lock), #lock, &__lab_key);                                                            \
    } while (0)
#define raw_spin_lock(lock) _raw_spin_lock(lock)
#define raw_spin_lock_bh(lock) _raw_spin_lock_bh(lock)
#define raw_spin_lock_irq(lock) _raw_spin_lock_irq(lock)
#define raw_spin_lock_irqsave(lock, flags)                                                                          \
    do {                                                                                                            \
        typecheck(unsigned long, flags);                                                                            \
        flags = _raw_spin_lock_irqsave(lock);                                                                       \
    } while (0)
#define raw_spin_unlock(lock) _raw_spin_unlock(lock)
#define raw_spin_unlock_bh(lock) _raw_spin_unlock_bh(lock)
#define raw_spin_unlock_irq(lock) _raw_spin_unlock_irq(lock)
#define raw_spin_unlock_irqrestore(lock, flags)                                                                     \
    do {                                                                                                            \
        typecheck(unsigned long, flags);                                                                            \
        _raw_spin_unlock_irqrestore(lock, flags);                                                                   \
    } while (0)
#define raw_spin_trylock(lock) _raw_spin_trylock(lock)
#define raw_spin_is_locked(lock) (READ_ONCE((lock)->locked) != 0)

#define spin_lock_init(lock)                                                                                        \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        __raw_spin_lock_init(&(lock)->rlock, #lock, &__lab_key);                                                    \
    } while (0)
static inline void spin_lock(spinlock_t *lock) { _raw_spin_lock(&lock->rlock); }
static inline void spin_lock_bh(spinlock_t *lock) { _raw_spin_lock_bh(&lock->rlock); }
static inline void spin_lock_irq(spinlock_t *lock) { _raw_spin_lock_irq(&lock->rlock); }
static inline int spin_trylock(spinlock_t *lock) { return _raw_spin_trylock(&lock->rlock); }
static inline int spin_trylock_bh(spinlock_t *lock) { return _raw_spin_trylock_bh(&lock->rlock); }
static inline void spin_unlock(spinlock_t *lock) { _raw_spin_unlock(&lock->rlock); }
static inline void spin_unlock_bh(spinlock_t *lock) { _raw_spin_unlock_bh(&lock->rlock); }
static inline void spin_unlock_irq(spinlock_t *lock) { _raw_spin_unlock_irq(&lock->rlock); }
static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
    _raw_spin_unlock_irqrestore(&lock->rlock, flags);
}
static inline int spin_is_locked(spinlock_t *lock) { return raw_spin_is_locked(&lock->rlock); }
#define spin_lock_irqsave(lock, flags) raw_spin_lock_irqsave(&(lock)->rlock, flags)
#define spin_lock_nested(lock, subclass) spin_lock(lock)
#define spin_lock_irqsave_nested(lock, flags, subclass) spin_lock_irqsave(lock, flags)
#define spin_trylock_irq(lock)                                                                                      \
    ({                                                                                                              \
        local_irq_disable();                                                                                        \
        spin_trylock(lock) ? 1 : ({ local_irq_enable(); 0; });                                                      \
    })
#define spin_trylock_irqsave(lock, flags)                                                                           \
    ({                                                                                                              \
        local_irq_save(flags);                                                                                      \
        spin_trylock(lock) ? 1 : ({ local_irq_restore(flags); 0; });                                                \
    })
#define assert_spin_locked(lock) BUG_ON(!spin_is_locked(lock))

#define rwlock_init(lock)                                                                                           \
    do {                                                                                                            \
        static struct lock_class_key __lab_key;                                                                     \
        __rwlock_init((lock), #lock, &__lab_key);                                                                   \
    } while (0)
#define read_lock(lock) _raw_read_lock(lock)
#define read_lock_bh(lock) _raw_read_lock_bh(lock)
#define read_lock_irq(lock) _raw_read_lock_irq(lock)
#define read_lock_irqsave(lock, flags) (flags = _raw_read_lock_irqsave(lock))
#define read_trylock(lock) _raw_read_trylock(lock)
#define read_unlock(lock) _raw_read_unlock(lock)
#define read_unlock_bh(lock) _raw_read_unlock_bh(lock)
#define read_unlock_irq(lock) _raw_read_unlock_irq(lock)
#define read_unlock_irqrestore(lock, flags) _raw_read_unlock_irqrestore(lock, flags)
#define write_lock(lock) _raw_write_lock(lock)
#define write_lock_bh(lock) _raw_write_lock_bh(lock)
#define write_lock_irq(lock) _raw_write_lock_irq(lock)
#define write_lock_irqsave(lock, flags) (flags = _raw_write_lock_irqsave(lock))
#define write_trylock(lock) _raw_write_trylock(lock)
#define write_unlock(lock) _raw_write_unlock(lock)
#define write_unlock_bh(lock) _raw_write_unlock_bh(lock)
#define write_unlock_irq(lock) _raw_write_unlock_irq(lock)
#define write_unlock_irqrestore(lock, flags) _raw_write_unlock_irqrestore(lock, flags)
#include <asm/bug.h>
#endif
