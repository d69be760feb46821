// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * own_softirq: a softirq of a module's own, for a kernel that exports open_softirq. It raises itself again and again;
 * with long=1 each run takes 5 ms.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

static bool slow;
module_param_named(long, slow, bool, 0444);

static int runs, first_in_thread;

static void own_action(struct softirq_action *unused)
{
	runs++;
	if (!first_in_thread && !strncmp(current->comm, "ksoftirqd/", 10))
		first_in_thread = runs;
	if (slow)
		mdelay(5);
	if (runs < 25)
		raise_softirq(BLOCK_SOFTIRQ);
}

static int __init own_softirq_init(void)
{
	open_softirq(BLOCK_SOFTIRQ, own_action);
	local_bh_disable();
	raise_softirq(BLOCK_SOFTIRQ);
	local_bh_enable();
	pr_info("own_softirq: %d runs before local_bh_enable came back\n", runs);
	msleep(slow ? 300 : 20);
	pr_info("own_softirq: %d runs, the first in ksoftirqd is %d\n", runs, first_in_thread);
	return 0;
}

static void __exit own_softirq_exit(void) { open_softirq(BLOCK_SOFTIRQ, NULL); }

module_init(own_softirq_init);
module_exit(own_softirq_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a softirq of a module's own");
