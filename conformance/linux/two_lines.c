// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * two_lines: one handler on two lines. How many CPUs are in it at once?
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 5;
module_param(irq, int, 0444);
static int other = 7;
module_param(other, int, 0444);

static atomic_t inside = ATOMIC_INIT(0), most = ATOMIC_INIT(0);

static irqreturn_t two_lines_handler(int line, void *dev_id)
{
	int now = atomic_inc_return(&inside);

	if (now > atomic_read(&most))
		atomic_set(&most, now);
	pr_info("two_lines: irq %d on cpu %d\n", line, smp_processor_id());
	mdelay(5);
	atomic_dec(&inside);
	return IRQ_HANDLED;
}

static int __init two_lines_init(void)
{
	int error = request_irq(irq, two_lines_handler, 0, "two_lines", &inside);

	if (error)
		return error;
	error = request_irq(other, two_lines_handler, 0, "two_lines", &inside);
	if (error)
		free_irq(irq, &inside);
	return error;
}

static void __exit two_lines_exit(void)
{
	free_irq(other, &inside);
	free_irq(irq, &inside);
	pr_info("two_lines: at most %d at once\n", atomic_read(&most));
}

module_init(two_lines_init);
module_exit(two_lines_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("one handler, two lines");
