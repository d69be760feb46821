// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * refused: what the IRQ core does not let a driver do, and what it only warns of. Nothing stays requested.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

static int irq = 7;
module_param(irq, int, 0444);

static int first, second;

static irqreturn_t refused_handler(int line, void *dev_id)
{
	return IRQ_HANDLED;
}

static void try_thread(const char *what, unsigned long flags)
{
	int error = request_threaded_irq(irq, NULL, refused_handler, flags, "refused", &first);

	pr_info("refused: %s = %d\n", what, error);
	if (!error)
		free_irq(irq, &first);
}

static void try_second(const char *what, unsigned long first_flags, unsigned long second_flags)
{
	int error = request_irq(irq, refused_handler, first_flags, "first", &first);

	if (error)
		return;
	error = request_irq(irq, refused_handler, second_flags, "second", &second);
	pr_info("refused: %s = %d\n", what, error);
	if (!error)
		free_irq(irq, &second);
	free_irq(irq, &first);
}

static void try_enable(void)
{
	if (request_irq(irq, refused_handler, 0, "refused", &first))
		return;
	disable_irq(irq);
	enable_irq(irq);
	pr_info("refused: as often enabled as disabled\n");
	enable_irq(irq);
	pr_info("refused: once more\n");
	free_irq(irq, &first);
}

static int __init refused_init(void)
{
	try_thread("no primary, no ONESHOT", 0);
	try_thread("no primary, ONESHOT", IRQF_ONESHOT);
	try_second("neither shared", 0, 0);
	try_second("second shared", 0, IRQF_SHARED);
	try_second("first shared", IRQF_SHARED, 0);
	try_second("both shared", IRQF_SHARED, IRQF_SHARED);
	try_second("rising and falling", IRQF_SHARED | IRQF_TRIGGER_RISING, IRQF_SHARED | IRQF_TRIGGER_FALLING);
	try_second("one ONESHOT", IRQF_SHARED, IRQF_SHARED | IRQF_ONESHOT);
	try_enable();
	return 0;
}

static void __exit refused_exit(void)
{
}

module_init(refused_init);
module_exit(refused_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("requests that are refused");
