// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * in_flight: a line whose CPU takes no interrupts for 20 ms: writing to the parameter `deaf` makes it so, for
 * the CPU on which the writer runs. `free` frees the line, and says whether that took long.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>

static int irq = 11;
module_param(irq, int, 0444);

static unsigned int runs;
static bool requested;

static irqreturn_t in_flight_handler(int line, void *dev_id)
{
	runs++;
	return IRQ_HANDLED;
}

static int be_deaf(const char *text, const struct kernel_param *param)
{
	unsigned long flags;

	local_irq_save(flags);
	mdelay(20);
	local_irq_restore(flags);
	return 0;
}
static const struct kernel_param_ops deaf_ops = { .set = be_deaf };
module_param_cb(deaf, &deaf_ops, NULL, 0200);

static int free_line(const char *text, const struct kernel_param *param)
{
	unsigned long start = jiffies;

	if (!requested)
		return -EBUSY;
	requested = false;
	free_irq(irq, &runs);
	pr_info("in_flight: free_irq waited: %s, %u runs\n", jiffies - start >= 2 ? "yes" : "no", runs);
	return 0;
}
static const struct kernel_param_ops free_ops = { .set = free_line };
module_param_cb(free, &free_ops, NULL, 0200);

static int __init in_flight_init(void)
{
	int error = request_irq(irq, in_flight_handler, 0, "in_flight", &runs);

	requested = !error;
	return error;
}

static void __exit in_flight_exit(void)
{
	if (requested)
		free_irq(irq, &runs);
	pr_info("in_flight: %u runs\n", runs);
}

module_init(in_flight_init);
module_exit(in_flight_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a line that is freed while an interrupt is on its way");
