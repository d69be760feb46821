/* SPDX-License-Identifier: MIT */
/* linux/seqlock.h: readers look again where a writer came between. */
#ifndef _LINUX_SEQLOCK_H
#define _LINUX_SEQLOCK_H
#include <linux/spinlock.h>
#include <linux/mutex.h>
#include <asm/processor.h>
typedef struct seqcount { unsigned int sequence; } seqcount_t;
typedef struct { seqcount_t seqcount; spinlock_t lock; } seqlock_t;
#define SEQCNT_ZERO(name) { .sequence = 0 }
#define __SEQLOCK_UNLOCKED(lockname) { .lock = __SPIN_LOCK_INITIALIZER(lockname) }
#define DEFINE_SEQLOCK(x) seqlock_t x = __SEQLOCK_UNLOCKED(x)
#define seqcount_init(s) ((s)->sequence = 0)
#define seqlock_init(sl)                                                                                            \
    do {                                                                                                            \
        spin_lock_init(&(sl)->lock);                                                                                \
        (sl)->seqcount.sequence = 0;                                                                                \
    } while (0)
static inline unsigned int read_seqcount_begin(const seqcount_t *s)
{
    unsigned int sequence;
    while ((sequence = __atomic_load_n(&s->sequence, __ATOMIC_ACQUIRE)) & 1)
        cpu_relax();
    return sequence;
}
static inline int read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
    smp_rmb();
    return __atomic_load_n(&s->sequence, __ATOMIC_RELAXED) != start;
}
static inline void write_seqcount_begin(seqcount_t *s)
{
    __atomic_fetch_add(&s->sequence, 1, __ATOMIC_RELAXED);
    smp_wmb();
}
static inline void write_seqcount_end(seqcount_t *s) { __atomic_fetch_add(&s->sequence, 1, __ATOMIC_RELEASE); }
static inline unsigned int read_seqbegin(const seqlock_t *sl) { return read_seqcount_begin(&sl->seqcount); }
static inline int read_seqretry(const seqlock_t *sl, unsigned int start)
{
    return read_seqcount_retry(&sl->seqcount, start);
}
static inline void write_seqlock(seqlock_t *sl)
{
    spin_lock(&sl->lock);
    write_seqcount_begin(&sl->seqcount);
}
static inline void write_sequnlock(seqlock_t *sl)
{
    write_seqcount_end(&sl->seqcount);
    spin_unlock(&sl->lock);
}
static inline void write_seqlock_irq(seqlock_t *sl)
{
    spin_lock_irq(&sl->lock);
    write_seqcount_begin(&sl->seqcount);
}
static inline void write_sequnlock_irq(seqlock_t *sl)
{
    write_seqcount_end(&sl->seqcount);
    spin_unlock_irq(&sl->lock);
}
static inline void write_seqlock_bh(seqlock_t *sl)
{
    spin_lock_bh(&sl->lock);
    write_seqcount_begin(&sl->seqcount);
}
static inline void write_sequnlock_bh(seqlock_t *sl)
{
    write_seqcount_end(&sl->seqcount);
    spin_unlock_bh(&sl->lock);
}
#define write_seqlock_irqsave(sl, flags)                                                                            \
    do {                                                                                                            \
        spin_lock_irqsave(&(sl)->lock, flags);                                                                      \
        write_seqcount_begin(&(sl)->seqcount);                                                                      \
    } while (0)
#define write_sequnlock_irqrestore(sl, flags)                                                                       \
    do {                                                                                                            \
        write_seqcount_end(&(sl)->seqcount);                                                                        \
        spin_unlock_irqrestore(&(sl)->lock, flags);                                                                 \
    } while (0)
#endif
