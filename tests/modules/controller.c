// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * controller: eight lines behind IRQ 7, and a driver that requests three of them.
 *
 *   insmod controller.ko [domain=linear|simple|legacy|tree|hierarchy] [flow=chained|nested] [bus=1]
 *
 * Its registers are variables: a write to the parameter `raise` sets bits of the pending register, and a pulse at
 * IRQ 7 tells that there are some. Everything that the IRQ core asks of the chip is in the parameter `asked`.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqchip/chained_irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/string.h>

#define LINES 8
#define PARENT 7
#define FIRST_IRQ 200

static char *domain = "linear", *flow = "chained";
module_param(domain, charp, 0444);
module_param(flow, charp, 0444);
static unsigned int raise, mask = 0xff;
module_param(raise, uint, 0644);
module_param(mask, uint, 0444);
static int bus;
module_param(bus, int, 0444);
static char asked[400];
module_param_string(asked, asked, sizeof(asked), 0644);

static struct irq_domain *lines, *parent;
static unsigned int virqs[3];
static const unsigned int wanted[3] = { 1, 3, 6 };
static int cookies[3];

static void note(const char *word, struct irq_data *d)
{
	char line[24];

	snprintf(line, sizeof(line), "%s-%lu ", word, d->hwirq);
	strlcat(asked, line, sizeof(asked));
}

static void controller_mask(struct irq_data *d)
{
	note("mask", d);
	mask |= 1u << d->hwirq;
}

static void controller_unmask(struct irq_data *d)
{
	note("unmask", d);
	mask &= ~(1u << d->hwirq);
}

static void controller_ack(struct irq_data *d)
{
	raise &= ~(1u << d->hwirq);
}

static int controller_type(struct irq_data *d, unsigned int type)
{
	note(type == IRQ_TYPE_EDGE_FALLING ? "falling" : type == IRQ_TYPE_LEVEL_HIGH ? "high" : "type", d);
	if (type == IRQ_TYPE_LEVEL_LOW)
		return -EINVAL;
	irq_set_handler_locked(d, type & IRQ_TYPE_LEVEL_MASK ? handle_level_irq : handle_edge_irq);
	return 0;
}

static int controller_state(struct irq_data *d, enum irqchip_irq_state which, bool *state)
{
	if (which != IRQCHIP_STATE_PENDING)
		return -EINVAL;
	*state = raise >> d->hwirq & 1;
	return 0;
}

static void controller_lock(struct irq_data *d)
{
	note("lock", d);
}

static void controller_unlock(struct irq_data *d)
{
	note("sync", d);
}

static int controller_resources(struct irq_data *d)
{
	note("request", d);
	return d->hwirq == 5 ? -EBUSY : 0;
}

static void controller_release(struct irq_data *d)
{
	note("release", d);
}

static struct irq_chip controller_chip = {
	.name = "controller",
	.irq_mask = controller_mask,
	.irq_unmask = controller_unmask,
	.irq_ack = controller_ack,
	.irq_set_type = controller_type,
	.irq_get_irqchip_state = controller_state,
	.irq_request_resources = controller_resources,
	.irq_release_resources = controller_release,
};

/* --- its domain --- */

static int controller_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hwirq)
{
	if (hwirq == 7)
		return -EPERM;
	irq_set_chip_data(virq, d->host_data);
	irq_set_chip_and_handler_name(virq, &controller_chip, handle_edge_irq, "soft");
	if (!strcmp(flow, "nested"))
		irq_set_nested_thread(virq, true);
	irq_set_noprobe(virq);
	return 0;
}

static void controller_unmap(struct irq_domain *d, unsigned int virq)
{
	pr_info("controller: unmaps hwirq %lu\n", irq_get_irq_data(virq)->hwirq);
	irq_set_chip_and_handler(virq, NULL, NULL);
}

static const struct irq_domain_ops flat_ops = {
	.map = controller_map, .unmap = controller_unmap, .xlate = irq_domain_xlate_onetwocell,
};

/* Behind another one: that one counts what passes by. */
static int passed;

static void upper_ack(struct irq_data *d)
{
	passed++;
	irq_chip_ack_parent(d);
}

static struct irq_chip upper_chip = {
	.name = "upper", .irq_ack = upper_ack, .irq_mask = irq_chip_mask_parent, .irq_unmask = irq_chip_unmask_parent,
};

static int upper_alloc(struct irq_domain *d, unsigned int virq, unsigned int count, void *arg)
{
	unsigned long hwirq = *(unsigned long *)arg;
	int error = irq_domain_alloc_irqs_parent(d, virq, count, arg);

	if (error)
		return error;
	return irq_domain_set_hwirq_and_chip(d, virq, hwirq + 100, &upper_chip, NULL);
}

static int lower_alloc(struct irq_domain *d, unsigned int virq, unsigned int count, void *arg)
{
	unsigned long hwirq = *(unsigned long *)arg;

	if (hwirq == 7)
		return -EPERM;
	irq_domain_set_info(d, virq, hwirq, &controller_chip, d->host_data, handle_edge_irq, NULL, "soft");
	return 0;
}

static int tell_activate(struct irq_domain *d, struct irq_data *data, bool reserve)
{
	pr_info("controller: activates %lu\n", data->hwirq);
	return 0;
}

static void tell_deactivate(struct irq_domain *d, struct irq_data *data)
{
	pr_info("controller: deactivates %lu\n", data->hwirq);
}

static const struct irq_domain_ops upper_ops = {
	.alloc = upper_alloc, .free = irq_domain_free_irqs_common,
	.activate = tell_activate, .deactivate = tell_deactivate,
};
static const struct irq_domain_ops lower_ops = {
	.alloc = lower_alloc, .free = irq_domain_free_irqs_common,
	.activate = tell_activate, .deactivate = tell_deactivate,
};

static struct irq_domain *make_domain(void)
{
	if (!strcmp(domain, "simple"))
		return irq_domain_add_simple(NULL, LINES - 1, FIRST_IRQ, &flat_ops, &raise);
	if (!strcmp(domain, "legacy")) {
		/* Without an owner: a line that is in use pins the module that irq_alloc_descs() names. */
		if (__irq_alloc_descs(FIRST_IRQ, FIRST_IRQ, LINES - 1, -1, NULL, NULL) < 0)
			return NULL;
		return irq_domain_add_legacy(NULL, LINES - 1, FIRST_IRQ, 0, &flat_ops, &raise);
	}
	if (!strcmp(domain, "tree"))
		return irq_domain_add_tree(NULL, &flat_ops, &raise);
	if (strcmp(domain, "hierarchy"))
		return irq_domain_add_linear(NULL, LINES, &flat_ops, &raise);
	parent = irq_domain_add_tree(NULL, &lower_ops, &raise);
	return irq_domain_create_hierarchy(parent, 0, 200, NULL, &upper_ops, NULL);
}

/* --- demultiplexing --- */

static unsigned int line_of(int bit)
{
	return irq_find_mapping(lines, parent ? bit + 100 : bit);
}

static void controller_demux(struct irq_desc *desc)
{
	struct irq_chip *chip = irq_desc_get_chip(desc);
	unsigned int *pending = irq_desc_get_handler_data(desc);
	int bit;

	chained_irq_enter(chip, desc);
	for (bit = 0; bit < LINES; bit++)
		if (*pending & ~mask & 1u << bit && generic_handle_irq(line_of(bit)))
			pr_info("controller: nobody has bit %d\n", bit);
	chained_irq_exit(chip, desc);
}

static irqreturn_t controller_thread(int irq, void *unused)
{
	int bit;

	for (bit = 0; bit < LINES; bit++)
		if (raise & ~mask & 1u << bit) {
			raise &= ~(1u << bit);
			handle_nested_irq(line_of(bit));
		}
	return IRQ_HANDLED;
}

/* --- the driver of three lines --- */

static irqreturn_t user_handler(int irq, void *which)
{
	pr_info("controller: hwirq %lu in %s\n", irq_get_irq_data(irq)->hwirq,
		in_irq() ? "an interrupt" : current->comm);
	return IRQ_HANDLED;
}

static unsigned int map(unsigned long hwirq)
{
	int virq;

	if (!parent)
		return irq_create_mapping(lines, hwirq);
	virq = irq_domain_alloc_irqs(lines, 1, -1, &hwirq);
	return virq < 0 ? 0 : virq;
}

static void open_lines(void)
{
	int i, got;

	for (i = 0; i < 3; i++) {
		virqs[i] = map(wanted[i]);
		got = request_any_context_irq(virqs[i], user_handler, i == 1 ? IRQF_TRIGGER_FALLING : 0, "user",
					      &cookies[i]);
		pr_info("controller: line %u got %s\n", wanted[i],
			got == IRQC_IS_NESTED ? "nested" : got == IRQC_IS_HARDIRQ ? "hardirq" : "an error");
	}
	pr_info("controller: again the same %d, found %d, unknown %u, refused %u\n",
		parent ? 1 : map(wanted[0]) == virqs[0], line_of(1) == virqs[0], line_of(2), map(7));
}

static void wrong_lines(void)
{
	unsigned int busy = map(5), low = map(4);
	bool state = true;
	int error;

	error = request_irq(busy, user_handler, 0, "busy", &cookies);
	pr_info("controller: busy %d low %d\n", error,
		request_irq(low, user_handler, IRQF_TRIGGER_LOW, "low", &cookies));
	error = irq_get_irqchip_state(low, IRQCHIP_STATE_PENDING, &state);
	pr_info("controller: state %d pending %d active %d set %d\n", error, state,
		irq_get_irqchip_state(low, IRQCHIP_STATE_ACTIVE, &state),
		irq_set_irqchip_state(low, IRQCHIP_STATE_PENDING, true));
	irq_dispose_mapping(busy);
	irq_dispose_mapping(low);
}

static int __init controller_init(void)
{
	if (bus) {
		controller_chip.irq_bus_lock = controller_lock;
		controller_chip.irq_bus_sync_unlock = controller_unlock;
	}
	lines = make_domain();
	if (!lines)
		return -ENOMEM;
	open_lines();
	if (!parent && !strcmp(flow, "chained"))
		wrong_lines();
	if (!strcmp(flow, "nested"))
		return request_threaded_irq(PARENT, NULL, controller_thread, IRQF_ONESHOT, "controller", &lines);
	irq_set_chained_handler_and_data(PARENT, controller_demux, &raise);
	pr_info("controller: request of the parent %d\n", request_irq(PARENT, user_handler, 0, "no", &cookies));
	return 0;
}

static void __exit controller_exit(void)
{
	int i;

	if (!strcmp(flow, "nested"))
		free_irq(PARENT, &lines);
	else
		irq_set_chained_handler_and_data(PARENT, NULL, NULL);
	for (i = 0; i < 3; i++)
		free_irq(virqs[i], &cookies[i]);
	for (i = 0; i < LINES; i++)
		if (line_of(i))
			irq_dispose_mapping(line_of(i));
	pr_info("controller: passed %d, mapped %u\n", passed, lines->mapcount);
	irq_domain_remove(lines);
	if (parent)
		irq_domain_remove(parent);
}

module_init(controller_init);
module_exit(controller_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("an interrupt controller made of variables");
