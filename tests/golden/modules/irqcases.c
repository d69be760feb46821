// SPDX-License-Identifier: MIT OR GPL-2.0
/* request_irq/free_irq/enable_irq error cases on IRQ 7 (unused ISA line). */
#include <linux/module.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/delay.h>

static int irq = 7;	module_param(irq, int, 0444);
static int a, b, c;
#define D(i) irq_data_to_desc(irq_get_irq_data(i))

static irqreturn_t h(int i, void *d) { return IRQ_HANDLED; }
static irqreturn_t h2(int i, void *d) { return IRQ_HANDLED; }
static irqreturn_t tf(int i, void *d) { return IRQ_HANDLED; }

#define T(desc, expr) do { int rc_; pr_info("case: >> %s\n", desc); rc_ = (expr); \
	pr_info("case: %-62s = %d\n", desc, rc_); } while (0)
#define V(desc, stmt) do { pr_info("case: >> %s\n", desc); stmt; \
	pr_info("case: << %s\n", desc); } while (0)

static int __init ci(void)
{
	int rc;
	const void *p;

	/* --- arguments --- */
	T("request_irq(IRQ_NOTCONNECTED)", request_irq(IRQ_NOTCONNECTED, h, 0, "t", &a));
	T("request_irq(9999)", request_irq(9999, h, 0, "t", &a));
	T("request_irq(200) no desc", request_irq(200, h, 0, "t", &a));
	T("request_irq(-1u)", request_irq(-1u, h, 0, "t", &a));
	T("request_irq(7, NULL handler)", request_irq(irq, NULL, 0, "t", &a));
	T("request_irq(7, SHARED, dev_id NULL)", request_irq(irq, h, IRQF_SHARED, "t", NULL));
	T("request_irq(7, SHARED|NO_AUTOEN)", request_irq(irq, h, IRQF_SHARED | IRQF_NO_AUTOEN, "t", &a));
	T("request_irq(7, COND_SUSPEND without SHARED)", request_irq(irq, h, IRQF_COND_SUSPEND, "t", &a));
	T("request_irq(7, NO_SUSPEND|COND_SUSPEND|SHARED)", request_irq(irq, h, IRQF_SHARED | IRQF_NO_SUSPEND | IRQF_COND_SUSPEND, "t", &a));
	T("request_threaded_irq(7, NULL, fn, 0)", request_threaded_irq(irq, NULL, tf, 0, "t", &a));
	T("request_threaded_irq(7, NULL, fn, SHARED)", request_threaded_irq(irq, NULL, tf, IRQF_SHARED, "t", &a));
	T("request_percpu_irq(7)", request_percpu_irq(irq, h, "t", (void __percpu *)&a));
	T("request_irq(0) timer line, not shared", request_irq(0, h, 0, "t", &a));
	T("request_irq(0) timer line, SHARED", request_irq(0, h, IRQF_SHARED, "t", &a));
	rc = request_irq(2, h, 0, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(2) cascade", rc);
	if (!rc) free_irq(2, &a);
	rc = request_irq(8, h, 0, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(8) rtc line", rc);
	if (!rc) free_irq(8, &a);
	rc = request_irq(9, h, 0, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(9) acpi line, not shared", rc);
	if (!rc) free_irq(9, &a);
	rc = request_irq(9, h, IRQF_SHARED, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(9) acpi line, SHARED", rc);
	if (!rc) free_irq(9, &a);
	rc = request_irq(13, h, 0, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(13) fpu line", rc);
	if (!rc) free_irq(13, &a);
	rc = request_irq(irq, h, 0, NULL, &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, name NULL)", rc);
	if (!rc) free_irq(irq, &a);
	rc = request_irq(irq, h, 0, "t", NULL);
	pr_info("case: %-62s = %d\n", "request_irq(7, flags 0, dev_id NULL)", rc);
	if (!rc) free_irq(irq, NULL);
	rc = request_irq(irq, h, 0, "a/b", &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, name with slash)", rc);
	if (!rc) free_irq(irq, &a);
	rc = request_irq(irq, h, IRQF_TRIGGER_RISING | IRQF_TRIGGER_HIGH, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, RISING|HIGH)", rc);
	if (!rc) free_irq(irq, &a);
	rc = request_irq(irq, h, IRQF_TRIGGER_LOW, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, TRIGGER_LOW)", rc);
	if (!rc) free_irq(irq, &a);
	rc = request_irq(irq, h, IRQF_PERCPU, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, PERCPU)", rc);
	if (!rc) free_irq(irq, &a);
	rc = request_any_context_irq(irq, h, 0, "t", &a);
	pr_info("case: %-62s = %d\n", "request_any_context_irq(7)", rc);
	if (rc >= 0) free_irq(irq, &a);
	rc = request_irq(irq, h, IRQF_NO_AUTOEN, "t", &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, NO_AUTOEN)", rc);
	if (!rc) {
		pr_info("case: depth after NO_AUTOEN = %u\n", D(irq)->depth);
		enable_irq(irq);
		pr_info("case: depth after enable_irq = %u\n", D(irq)->depth);
		free_irq(irq, &a);
	}

	/* --- conflicts --- */
	rc = request_irq(irq, h, 0, "first_excl", &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, 0, first_excl)", rc);
	T("request_irq(7, 0, second_excl) on exclusive", request_irq(irq, h2, 0, "second_excl", &b));
	T("request_irq(7, SHARED, second_sh) on exclusive", request_irq(irq, h2, IRQF_SHARED, "second_sh", &b));
	T("request_irq(7, PROBE_SHARED) on exclusive (quiet)", request_irq(irq, h2, IRQF_PROBE_SHARED, "probe", &b));
	free_irq(irq, &a);
	rc = request_irq(irq, h, IRQF_SHARED, "first_sh", &a);
	pr_info("case: %-62s = %d\n", "request_irq(7, SHARED, first_sh)", rc);
	T("request_irq(7, 0, second_excl) on shared", request_irq(irq, h2, 0, "second_excl", &b));
	T("request_irq(7, SHARED|TRIGGER_LOW) on shared/none", request_irq(irq, h2, IRQF_SHARED | IRQF_TRIGGER_LOW, "second_low", &b));
	T("request_irq(7, SHARED|ONESHOT) on shared", request_irq(irq, h2, IRQF_SHARED | IRQF_ONESHOT, "second_os", &b));
	T("request_irq(7, SHARED|PERCPU) on shared", request_irq(irq, h2, IRQF_SHARED | IRQF_PERCPU, "second_pc", &b));
	T("request_irq(7, SHARED, same dev_id)", request_irq(irq, h2, IRQF_SHARED, "same_dev", &a));
	T("request_irq(7, SHARED, third)", request_irq(irq, h2, IRQF_SHARED, "third", &c));
	p = free_irq(irq, &a);
	pr_info("case: free_irq(7,&a) returned name '%s'\n", p ? (char *)p : "(null)");
	p = free_irq(irq, &a);
	pr_info("case: free_irq(7,&a) again returned name '%s'\n", p ? (char *)p : "(null)");
	V("free_irq(7, &a) third time (not there)", free_irq(irq, &a));
	V("free_irq(7, &b) never registered", free_irq(irq, &b));
	V("free_irq(7, NULL)", free_irq(irq, NULL));
	V("free_irq(9999, &a)", free_irq(9999, &a));
	p = free_irq(irq, &c);
	pr_info("case: free_irq(7,&c) returned name '%s'\n", p ? (char *)p : "(null)");
	V("free_irq(7, &c) on line with no action", free_irq(irq, &c));

	/* --- enable/disable --- */
	V("enable_irq(7) before request", enable_irq(irq));
	pr_info("case: depth=%u\n", D(irq)->depth);
	rc = request_irq(irq, h, 0, "depth", &a);
	pr_info("case: after request depth=%u\n", D(irq)->depth);
	V("disable_irq #1", disable_irq(irq));
	pr_info("case: depth=%u\n", D(irq)->depth);
	V("disable_irq #2", disable_irq_nosync(irq));
	pr_info("case: depth=%u\n", D(irq)->depth);
	V("enable_irq #1", enable_irq(irq));
	pr_info("case: depth=%u\n", D(irq)->depth);
	V("enable_irq #2", enable_irq(irq));
	pr_info("case: depth=%u\n", D(irq)->depth);
	V("enable_irq #3 unbalanced", enable_irq(irq));
	pr_info("case: depth=%u\n", D(irq)->depth);
	V("enable_irq #4 unbalanced", enable_irq(irq));
	V("disable_irq(9999)", disable_irq(9999));
	V("enable_irq(9999)", enable_irq(9999));
	V("disable_irq, then free while disabled", disable_irq(irq));
	free_irq(irq, &a);
	pr_info("case: after free depth=%u\n", D(irq)->depth);
	rc = request_irq(irq, h, 0, "depth", &a);
	pr_info("case: re-request rc=%d depth=%u\n", rc, D(irq)->depth);
	free_irq(irq, &a);
	T("irq_set_irq_type(7, EDGE_RISING)", irq_set_irq_type(irq, IRQ_TYPE_EDGE_RISING));
	T("irq_set_irq_type(7, LEVEL_LOW)", irq_set_irq_type(irq, IRQ_TYPE_LEVEL_LOW));
	T("irq_set_irq_type(9999, EDGE_RISING)", irq_set_irq_type(9999, IRQ_TYPE_EDGE_RISING));
	T("irq_set_irq_wake(7,1)", irq_set_irq_wake(irq, 1));
	T("irq_set_affinity(9999)", irq_set_affinity(9999, cpumask_of(0)));
	pr_info("case: nr_irqs=%d\n", nr_irqs);
	{
		DECLARE_TASKLET(tl, NULL);
		struct irq_desc *d = D(irq);
		(void)tl;
		pr_info("case: desc(7) chip=%s handler=%ps\n", d->irq_data.chip ? d->irq_data.chip->name : "-", d->handle_irq);
	}
	return 0;
}
static void __exit ce(void) { }
module_init(ci);
module_exit(ce);
MODULE_LICENSE("GPL");
