// SPDX-License-Identifier: MIT OR GPL-2.0
/* locks: atomics, barriers, spin locks, reader-writer locks, mutexes, semaphores, RCU, contexts.
 * [LX core-api/wrappers/atomic_t], [LX kernel-hacking/locking], [LX locking/locktypes]. */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <asm/barrier.h>
#include "api.h"

static void atomics(void)
{
	atomic_t count = ATOMIC_INIT(2);
	int plain = 5;

	expect(atomic_read(&count) == 2);
	atomic_inc(&count);
	expect(atomic_read(&count) == 3);
	atomic_set(&count, 2);
	expect(!atomic_dec_and_test(&count) && atomic_dec_and_test(&count));
	expect(atomic_read(&count) == 0);
	expect(READ_ONCE(plain) == 5);
	plain = 6;
	barrier();
	wmb();
	rmb();
	expect(READ_ONCE(plain) == 6);
}

static DEFINE_SPINLOCK(global_lock);

static void spinlocks(void)
{
	spinlock_t lock;
	unsigned long flags;
	int before = preempt_count();

	spin_lock_init(&lock);
	expect(!in_interrupt() && !in_softirq() && !irqs_disabled());
	spin_lock(&lock);
	expect(spin_is_locked(&lock) && !spin_is_locked(&global_lock));
	expect(!spin_trylock(&lock) && preempt_count() == before + 1);
	spin_unlock(&lock);
	expect(!spin_is_locked(&lock) && preempt_count() == before);
	spin_lock_irqsave(&global_lock, flags);
	expect(irqs_disabled());
	spin_unlock_irqrestore(&global_lock, flags);
	expect(!irqs_disabled());
	local_irq_save(flags);
	expect(irqs_disabled());
	local_irq_restore(flags);
	expect(!irqs_disabled());
	local_bh_disable();
	expect(in_interrupt() && in_softirq());
	local_bh_enable();
	expect(!in_interrupt() && !in_softirq());
}

static DEFINE_RWLOCK(table_lock);

static void reader_writer(void)
{
	read_lock(&table_lock);
	expect(read_trylock(&table_lock)); /* readers share */
	expect(!write_trylock(&table_lock));
	read_unlock(&table_lock);
	read_unlock(&table_lock);
	write_lock(&table_lock);
	expect(!read_trylock(&table_lock) && !write_trylock(&table_lock));
	write_unlock(&table_lock);
	expect(write_trylock(&table_lock));
	write_unlock(&table_lock);
}

/* Two threads add to a sum, and sleep between the reading and the writing of it. */
struct worker {
	struct mutex *mutex;
	struct semaphore *semaphore;
	int *sum;
};

static int add_to_sum(void *data)
{
	struct worker *worker = data;
	int i, seen;

	for (i = 0; i < 10; i++) {
		if (worker->mutex)
			mutex_lock(worker->mutex);
		else
			down(worker->semaphore);
		seen = *worker->sum;
		msleep(1);
		*worker->sum = seen + 1;
		if (worker->mutex)
			mutex_unlock(worker->mutex);
		else
			up(worker->semaphore);
	}
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

static int sum_of_two(struct worker *worker)
{
	struct task_struct *one = kthread_run(add_to_sum, worker, "one"), *two = kthread_run(add_to_sum, worker, "two");

	msleep(500);
	if (!IS_ERR(one))
		kthread_stop(one);
	if (!IS_ERR(two))
		kthread_stop(two);
	return *worker->sum;
}

static DEFINE_MUTEX(global_mutex);

static void mutexes(void)
{
	struct mutex mutex;
	int sum = 0;
	struct worker worker = { .mutex = &mutex, .sum = &sum };

	mutex_init(&mutex);
	expect(!mutex_is_locked(&mutex));
	expect(mutex_lock_interruptible(&mutex) == 0 && mutex_is_locked(&mutex));
	expect(!mutex_trylock(&mutex));
	mutex_unlock(&mutex);
	expect(sum_of_two(&worker) == 20);
	mutex_lock(&global_mutex);
	expect(mutex_is_locked(&global_mutex));
	mutex_unlock(&global_mutex);
}

static void semaphores(void)
{
	struct semaphore semaphore;
	int sum = 0;
	struct worker worker = { .semaphore = &semaphore, .sum = &sum };

	sema_init(&semaphore, 2);
	expect(down_interruptible(&semaphore) == 0);
	expect(down_trylock(&semaphore) == 0 && down_trylock(&semaphore) == 1); /* 1: not taken */
	up(&semaphore);
	expect(sum_of_two(&worker) == 20);
	up(&semaphore);
	expect(down_trylock(&semaphore) == 0 && down_trylock(&semaphore) == 0 && down_trylock(&semaphore) == 1);
}

struct pair {
	int left, right;
};

static struct pair __rcu *current_pair;
static int readers_done;

static int slow_reader(void *unused)
{
	struct pair *pair;

	rcu_read_lock();
	pair = rcu_dereference(current_pair);
	WRITE_ONCE(readers_done, 1);
	mdelay(5);
	expect(pair->left + pair->right == 10);
	WRITE_ONCE(readers_done, 2);
	rcu_read_unlock();
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

static void rcu(void)
{
	struct pair *old = kzalloc(sizeof(*old), GFP_KERNEL), *new = kzalloc(sizeof(*new), GFP_KERNEL);
	struct task_struct *reader;

	if (!old || !new) {
		kfree(old);
		kfree(new);
		return;
	}
	*old = (struct pair){ 4, 6 };
	*new = (struct pair){ 40, 60 };
	rcu_assign_pointer(current_pair, old);
	reader = kthread_run(slow_reader, NULL, "reader");
	while (!READ_ONCE(readers_done)) {
		cpu_relax();
		cond_resched();
	}
	rcu_assign_pointer(current_pair, new);
	synchronize_rcu(); /* nobody reads the old one any more */
	expect(READ_ONCE(readers_done) == 2);
	kfree(old);
	rcu_read_lock();
	expect(rcu_dereference(current_pair)->left == 40);
	rcu_read_unlock();
	kthread_stop(reader);
	kfree(new);
}

static int __init locks_init(void)
{
	atomics();
	spinlocks();
	reader_writer();
	mutexes();
	semaphores();
	rcu();
	return api_answer("locks");
}

static void __exit locks_exit(void)
{
}

module_init(locks_init);
module_exit(locks_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("locks");
