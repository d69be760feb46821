/* SPDX-License-Identifier: MIT */
/* softirq.h: bottom halves: softirqs and tasklets. */
#ifndef IRQLAB_ABI_SOFTIRQ_H
#define IRQLAB_ABI_SOFTIRQ_H

#include "base.h"

IRQLAB_ABI_BEGIN

enum {
    HI_SOFTIRQ = 0, TIMER_SOFTIRQ, NET_TX_SOFTIRQ, NET_RX_SOFTIRQ, BLOCK_SOFTIRQ, IRQ_POLL_SOFTIRQ, TASKLET_SOFTIRQ,
    SCHED_SOFTIRQ, HRTIMER_SOFTIRQ, RCU_SOFTIRQ, NR_SOFTIRQS
};

struct softirq_action { void (*action)(struct softirq_action *action); };

/* Since 6.12 the action takes nothing. One symbol serves both: an argument too many is harmless on x86-64. */
#if IRQLAB_KERNEL >= 0x060c00 && !defined(__cplusplus)
void open_softirq(int nr, void (*action)(void));
#else
void open_softirq(int nr, void (*action)(struct softirq_action *action));
#endif
void raise_softirq(unsigned int nr);
void raise_softirq_irqoff(unsigned int nr);
void __raise_softirq_irqoff(unsigned int nr);
unsigned int __lab_local_softirq_pending(void);
void __lab_local_bh_disable(void);
void __local_bh_enable_ip(unsigned long ip, unsigned int count);
void __lab_local_bh_enable(void);

enum { TASKLET_STATE_SCHED, TASKLET_STATE_RUN }; /* bit numbers of `state` */

/* use_callback says which of the two functions is meant: a tasklet of DECLARE_TASKLET_OLD and tasklet_init has func
 * and data, one of tasklet_setup a callback that gets the tasklet. */
struct tasklet_struct {
    struct tasklet_struct *next;
    unsigned long state;
    atomic_t count; /* disabled while not 0 */
    bool use_callback;
    union {
        void (*func)(unsigned long data);
        void (*callback)(struct tasklet_struct *tasklet);
    };
    unsigned long data;
    void *__lab;
};
void __tasklet_schedule(struct tasklet_struct *tasklet);    /* state SCHED was set by the caller */
void __tasklet_hi_schedule(struct tasklet_struct *tasklet);
void tasklet_init(struct tasklet_struct *tasklet, void (*func)(unsigned long), unsigned long data);
void tasklet_setup(struct tasklet_struct *tasklet, void (*callback)(struct tasklet_struct *));
void tasklet_kill(struct tasklet_struct *tasklet);
void tasklet_unlock_wait(struct tasklet_struct *tasklet);
void tasklet_unlock_spin_wait(struct tasklet_struct *tasklet);

IRQLAB_ABI_END

#endif
