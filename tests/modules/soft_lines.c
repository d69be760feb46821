// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * soft_lines: lines that no hardware has: simulated ones, and those of a generic chip whose registers are variables.
 *
 *   insmod soft_lines.ko what=sim|generic|domain
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_sim.h>
#include <linux/module.h>
#include <linux/string.h>

static char *what = "sim";
module_param(what, charp, 0444);

#define TELL(call) pr_info("soft_lines: " #call " = %d\n", (int)(call))

static int cookies[4];

static irqreturn_t handler(int irq, void *unused)
{
	pr_info("soft_lines: hwirq %lu hardirq %d irqs_off %d\n", irq_get_irq_data(irq)->hwirq, !!in_irq(),
		!!irqs_disabled());
	return IRQ_HANDLED;
}

/* --- simulated --- */

static struct irq_domain *sim;
static unsigned int sim_irqs[3];

static bool pending(unsigned int irq)
{
	bool state = false;

	irq_get_irqchip_state(irq, IRQCHIP_STATE_PENDING, &state);
	return state;
}

static void simulate(void)
{
	unsigned long flags;
	int i;

	sim = irq_domain_create_sim(NULL, 3);
	if (IS_ERR(sim))
		return;
	for (i = 0; i < 3; i++)
		sim_irqs[i] = irq_create_mapping(sim, i);
	TELL(request_irq(sim_irqs[0], handler, IRQF_TRIGGER_RISING, "soft0", &cookies[0]));
	TELL(request_irq(sim_irqs[2], handler, 0, "soft2", &cookies[2]));
	TELL(request_irq(sim_irqs[1], handler, IRQF_TRIGGER_HIGH, "soft1", &cookies[1]));
	local_irq_save(flags);
	TELL(irq_set_irqchip_state(sim_irqs[2], IRQCHIP_STATE_PENDING, true));
	TELL(irq_set_irqchip_state(sim_irqs[0], IRQCHIP_STATE_PENDING, true));
	TELL(irq_set_irqchip_state(sim_irqs[0], IRQCHIP_STATE_MASKED, true));
	TELL(pending(sim_irqs[0]));
	local_irq_restore(flags);
	TELL(pending(sim_irqs[0]));
	disable_irq(sim_irqs[0]);
	irq_set_irqchip_state(sim_irqs[0], IRQCHIP_STATE_PENDING, true);
	pr_info("soft_lines: while disabled it is kept\n");
	enable_irq(sim_irqs[0]);
	msleep(1);
	irq_set_irqchip_state(sim_irqs[1], IRQCHIP_STATE_PENDING, true);
	pr_info("soft_lines: nobody opened line 1\n");
}

static void end_simulation(void)
{
	int i;

	free_irq(sim_irqs[0], &cookies[0]);
	free_irq(sim_irqs[2], &cookies[2]);
	for (i = 0; i < 3; i++)
		irq_dispose_mapping(sim_irqs[i]);
	irq_domain_remove_sim(sim);
}

/* --- a generic chip: mask, ack and type in three registers --- */

#define MASK 4
#define ACK 8
static u32 registers[4] = { 0, 0xff, 0, 0 };
static struct irq_chip_generic *gc;
static struct irq_domain *gc_lines;
static int base;

static u32 read_soft(void *address)
{
	return *(u32 *)address;
}

static void write_soft(u32 value, void *address)
{
	*(u32 *)address = value;
}

static void set_up(struct irq_chip_generic *chip)
{
	struct irq_chip_type *ct = chip->chip_types;

	chip->reg_base = registers;
	chip->reg_readl = read_soft;
	chip->reg_writel = write_soft;
	chip->wake_enabled = IRQ_MSK(2);
	ct->regs.mask = MASK;
	ct->regs.ack = ACK;
	ct->chip.irq_mask = irq_gc_mask_set_bit;
	ct->chip.irq_unmask = irq_gc_mask_clr_bit;
	ct->chip.irq_ack = irq_gc_ack_set_bit;
	ct->chip.irq_set_wake = irq_gc_set_wake;
}

static void use(unsigned int first)
{
	unsigned long flags;

	pr_info("soft_lines: before mask %x\n", registers[1]);
	TELL(request_irq(first + 1, handler, 0, "generic1", &cookies[0]));
	TELL(request_irq(first + 2, handler, 0, "generic2", &cookies[1]));
	pr_info("soft_lines: open mask %x\n", registers[1]);
	local_irq_save(flags);
	generic_handle_irq(first + 2);
	local_irq_restore(flags);
	pr_info("soft_lines: acked %x mask %x\n", registers[2], registers[1]);
	TELL(enable_irq_wake(first + 1));
	TELL(enable_irq_wake(first + 2));
	free_irq(first + 1, &cookies[0]);
	free_irq(first + 2, &cookies[1]);
	pr_info("soft_lines: closed mask %x\n", registers[1]);
}

static void generic(void)
{
	base = irq_alloc_descs(-1, 1, 4, -1);
	gc = irq_alloc_generic_chip("generic", 1, base, registers, handle_level_irq);
	set_up(gc);
	irq_setup_generic_chip(gc, IRQ_MSK(4), IRQ_GC_INIT_MASK_CACHE, 0, IRQ_NOPROBE);
	use(base);
	irq_remove_generic_chip(gc, IRQ_MSK(4), IRQ_NOPROBE, 0);
	TELL(request_irq(base, handler, 0, "gone", &cookies[0]));
	kfree(gc);
	irq_free_descs(base, 4);
}

static void generic_domain(void)
{
	unsigned int virqs[4];
	int i;

	gc_lines = irq_domain_add_linear(NULL, 64, &irq_generic_chip_ops, NULL);
	TELL(irq_alloc_domain_generic_chips(gc_lines, 32, 1, "generic", handle_level_irq, 0, IRQ_NOPROBE,
					    IRQ_GC_INIT_MASK_CACHE));
	TELL(irq_alloc_domain_generic_chips(gc_lines, 32, 1, "generic", handle_level_irq, 0, 0, 0));
	set_up(irq_get_domain_generic_chip(gc_lines, 32));
	TELL(irq_get_domain_generic_chip(gc_lines, 64) == NULL);
	for (i = 0; i < 4; i++)
		virqs[i] = irq_create_mapping(gc_lines, 32 + i);
	use(virqs[0]);
	for (i = 0; i < 4; i++)
		irq_dispose_mapping(virqs[i]);
	irq_domain_remove(gc_lines);
}

static int __init soft_lines_init(void)
{
	if (!strcmp(what, "sim"))
		simulate();
	else if (!strcmp(what, "generic"))
		generic();
	else if (!strcmp(what, "domain"))
		generic_domain();
	return 0;
}

static void __exit soft_lines_exit(void)
{
	if (!strcmp(what, "sim"))
		end_simulation();
}

module_init(soft_lines_init);
module_exit(soft_lines_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("lines that no hardware has");
