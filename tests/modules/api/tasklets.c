// SPDX-License-Identifier: MIT OR GPL-2.0
/* tasklets: and softirqs, which Linux keeps from modules (`--export open_softirq`).
 * [LX kernel-hacking/hacking] "Software Interrupt Context", [LX kernel/softirq.c]. */
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include "api.h"

static char order[16];
static int at;

static void note(char name)
{
	expect(in_softirq() && !in_irq() && !irqs_disabled());
	if (at < (int)sizeof(order) - 1)
		order[at++] = name;
}

#if SINCE(5, 9)
static void declared_runs(struct tasklet_struct *tasklet)
{
	note('d');
}
static DECLARE_TASKLET(declared, declared_runs);

struct holder {
	char name;
	struct tasklet_struct tasklet;
};
static struct holder holder = { .name = 's' };

static void holder_runs(struct tasklet_struct *tasklet)
{
	struct holder *self = from_tasklet(self, tasklet, tasklet);

	note(self->name);
}
#else
static void declared_runs(unsigned long data)
{
	note((char)data);
}
static DECLARE_TASKLET(declared, declared_runs, 'd');
#endif

static void initialised_runs(unsigned long data)
{
	note((char)data);
}

static struct tasklet_struct initialised, urgent;

static bool ran_as(const char *expected)
{
	bool same;

	msleep(10);
	same = !strcmp(order, expected);
	if (!same)
		pr_err("tasklets: ran %s\n", order);
	memset(order, 0, sizeof(order));
	at = 0;
	return same;
}

static void tasklets(void)
{
	tasklet_init(&initialised, initialised_runs, 'i');
	tasklet_init(&urgent, initialised_runs, 'u');
	local_bh_disable();
	tasklet_schedule(&declared);
	tasklet_schedule(&initialised);
	tasklet_schedule(&declared); /* is scheduled already: runs once */
	tasklet_hi_schedule(&urgent); /* before the others */
	local_bh_enable();
	expect(ran_as("udi"));
	tasklet_disable(&initialised);
	tasklet_schedule(&initialised);
	expect(ran_as(""));
	tasklet_enable(&initialised);
	expect(ran_as("i"));
#if SINCE(5, 9)
	tasklet_setup(&holder.tasklet, holder_runs);
	tasklet_schedule(&holder.tasklet);
	expect(ran_as("s"));
	tasklet_kill(&holder.tasklet);
#endif
	tasklet_schedule(&initialised);
	tasklet_kill(&initialised); /* waits for its run */
	expect(ran_as("i"));
	tasklet_kill(&declared);
	tasklet_kill(&urgent);
}

#if SINCE(6, 11)
static void own_softirq(void)
#else
static void own_softirq(struct softirq_action *action)
#endif
{
	note('o');
}

static void softirqs(void)
{
	/* a number that a PC without block devices leaves alone */
	open_softirq(IRQ_POLL_SOFTIRQ, own_softirq);
	raise_softirq(IRQ_POLL_SOFTIRQ);
	expect(ran_as("o"));
	local_bh_disable();
	raise_softirq(IRQ_POLL_SOFTIRQ);
	raise_softirq(IRQ_POLL_SOFTIRQ);
	expect(at == 0);
	local_bh_enable();
	expect(ran_as("o"));
}

static int __init tasklets_init(void)
{
	tasklets();
	softirqs();
	return api_answer("tasklets and softirqs");
}

static void __exit tasklets_exit(void)
{
}

module_init(tasklets_init);
module_exit(tasklets_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("tasklets and softirqs");
