// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * lazy: a line that is enabled and disabled by writing 1 or 0 to the parameter `enabled`.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 7;
module_param(irq, int, 0444);

static unsigned int runs;
module_param(runs, uint, 0444);

static bool enabled = true;
static bool ready;

static int set_enabled(const char *text, const struct kernel_param *param)
{
	bool before = enabled;
	int error = param_set_bool(text, param);

	if (error || !ready || before == enabled)
		return error;
	if (enabled)
		enable_irq(irq);
	else
		disable_irq(irq);
	return 0;
}
static const struct kernel_param_ops enabled_ops = { .set = set_enabled, .get = param_get_bool };
module_param_cb(enabled, &enabled_ops, &enabled, 0644);

static irqreturn_t lazy_handler(int line, void *dev_id)
{
	runs++;
	return IRQ_HANDLED;
}

static int __init lazy_init(void)
{
	int error = request_irq(irq, lazy_handler, 0, "lazy", NULL);

	ready = !error;
	return error;
}

static void __exit lazy_exit(void)
{
	free_irq(irq, NULL);
}

module_init(lazy_init);
module_exit(lazy_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a line that is disabled for a while");
