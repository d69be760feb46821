// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * edudrv on the second serial port: the driver of the recordings, its PCI device replaced.
 *
 * The device raises its line by the UART's transmitter-empty interrupt (IRQ 3, an edge, as a message is): writing to
 * R_RAISE enables it, writing to R_ACK takes it back. R_ISTAT is kept here. Everything else is as it was recorded.
 */
#include <linux/module.h>
#include <linux/io.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/interrupt.h>
#include <linux/workqueue.h>
#include <linux/delay.h>
#include <linux/miscdevice.h>
#include <linux/uaccess.h>
#include <linux/completion.h>
#include <linux/spinlock.h>
#include <linux/kernel_stat.h>
#include <linux/timer.h>

#define COM2 0x2f8
#define IER (COM2 + 1)
#define IIR (COM2 + 2)
#define MCR (COM2 + 4)
#define IER_THRI 2
#define MCR_OUT2 8
#define ELCR1 0x4d0
#define LINE 3

enum { R_ISTAT = 0x24, R_RAISE = 0x60, R_ACK = 0x64 };

static int thread;		module_param(thread, int, 0444);   /* use request_threaded_irq */
static int oneshot;		module_param(oneshot, int, 0444);
static int cared = 1;		module_param(cared, int, 0644);    /* 0: never ack, IRQ_NONE */
static int bh = 1;		module_param(bh, int, 0644);       /* schedule tasklets/works */
static int verbose = 1;		module_param(verbose, int, 0644);
static int level;		module_param(level, int, 0444);    /* the line as a level: behind the 8259 */
static int evil;		module_param(evil, int, 0644);     /* misbehaviour in the handler */

struct edu {
	u32 istat;
	int irq;
	struct tasklet_struct t, thi;
	struct work_struct wsys, wown, whi;
	struct delayed_work dw;
	struct workqueue_struct *wq;
	struct timer_list tm;
	int seq;
	spinlock_t lock;
};
static struct edu *E;

static u32 edu_get(struct edu *e)
{
	(void)inb(COM2 + 5);
	return e->istat;
}

static void edu_put(struct edu *e, u32 v, int reg)
{
	if (reg == R_RAISE) {
		e->istat |= v;
		outb(0, IER);	/* an edge for each */
		outb(IER_THRI, IER);
	} else {
		e->istat &= ~v;
		if (!e->istat) {
			outb(0, IER);
			(void)inb(IIR);
		}
	}
}

static void say(const char *where)
{
	if (!verbose)
		return;
	pr_info("edu: #%d %-10s cpu=%d comm=%s pc=%08x hardirq=%d softirq=%d irqs_off=%d\n",
		++E->seq, where, raw_smp_processor_id(), current->comm, preempt_count(),
		!!in_hardirq(), !!in_serving_softirq(), !!irqs_disabled());
}

static void tl_fn(struct tasklet_struct *t) { say("tasklet"); }
static void thi_fn(struct tasklet_struct *t) { say("tasklet_hi"); }
static void wsys_fn(struct work_struct *w) { say("work_sys"); }
static void wown_fn(struct work_struct *w) { say("work_own"); }
static void whi_fn(struct work_struct *w) { say("work_hi"); }
static void dw_fn(struct work_struct *w) { say("dwork"); }
static void tm_fn(struct timer_list *t) { say("timer"); }

static irqreturn_t edu_hard(int irq, void *d)
{
	struct edu *e = d;
	u32 st;

	if (!cared)
		return IRQ_NONE;
	st = edu_get(e);
	if (!st) {
		say("notmine");
		return IRQ_NONE;
	}
	say("hard");
	if (verbose)
		pr_info("edu: status=%08x\n", st);
	edu_put(e, st, R_ACK);
	switch (evil) {
	case 1: say("evil-sleep"); msleep(10); say("evil-slept"); break;
	case 2: local_irq_enable(); break;
	case 3: return (irqreturn_t)0x42;
	case 4: free_irq(irq, e); break;
	case 5: tasklet_kill(&e->t); break;
	case 6: disable_irq(irq); break;	/* deadlock on itself */
	case 7: { void *p = kmalloc(64, GFP_KERNEL); kfree(p); break; }
	case 8: local_bh_disable(); local_bh_enable(); break;
	case 9: preempt_disable(); break;
	case 10: *(volatile int *)8 = 1; break;
	case 11: mdelay(200); break;
	case 12: disable_irq_nosync(irq); break;
	case 13: synchronize_irq(irq); break;
	}
	if (bh) {
		queue_work(e->wq, &e->wown);
		schedule_work(&e->wsys);
		queue_work(system_highpri_wq, &e->whi);
		tasklet_schedule(&e->t);
		tasklet_hi_schedule(&e->thi);
		schedule_delayed_work(&e->dw, 2);
		mod_timer(&e->tm, jiffies + 1);
		say("hard-end");
	}
	return thread ? IRQ_WAKE_THREAD : IRQ_HANDLED;
}

static irqreturn_t edu_thread(int irq, void *d) { say("thread"); return IRQ_HANDLED; }

static ssize_t edu_write(struct file *f, const char __user *ub, size_t n, loff_t *o)
{
	char b[64] = "";
	unsigned v = 1, cnt = 1, i;

	if (copy_from_user(b, ub, min(n, sizeof(b) - 1)))
		return -EFAULT;
	if (!strncmp(b, "raise", 5)) {
		sscanf(b, "raise %i %i", &v, &cnt);
		say("raise");
		for (i = 0; i < cnt; i++)
			edu_put(E, v, R_RAISE);
		(void)edu_get(E);
		say("raised");
	} else if (!strncmp(b, "ack", 3)) {
		u32 st = edu_get(E);
		edu_put(E, st, R_ACK);
		pr_info("edu: manual ack %08x\n", st);
	} else if (!strncmp(b, "maskedraise", 11)) {
		/* raise while disable_irq is held: delivered after enable */
		disable_irq(E->irq);
		disable_irq(E->irq);
		say("disabled2");
		edu_put(E, 1, R_RAISE);
		edu_put(E, 2, R_RAISE);
		msleep(20);
		enable_irq(E->irq);
		say("enabled1");
		msleep(20);
		say("enabling2");
		enable_irq(E->irq);
		msleep(20);
		say("enabled2");
	} else if (!strncmp(b, "irqoffraise", 11)) {
		unsigned long fl;
		spin_lock_irqsave(&E->lock, fl);
		say("irqoff");
		edu_put(E, 1, R_RAISE);
		udelay(100);
		say("irqoff-end");
		spin_unlock_irqrestore(&E->lock, fl);
		say("irqon");
	} else if (!strncmp(b, "bhoffraise", 10)) {
		local_bh_disable();
		say("bhoff");
		edu_put(E, 1, R_RAISE);
		udelay(2000);
		say("bhoff-end");
		local_bh_enable();
		say("bhon");
	} else if (!strncmp(b, "spinsleep", 9)) {
		spin_lock(&E->lock);
		msleep(5);
		spin_unlock(&E->lock);
	} else {
		return -EINVAL;
	}
	msleep(30);
	return n;
}

static const struct file_operations edu_fops = { .owner = THIS_MODULE, .write = edu_write };
static struct miscdevice edu_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "edu0", .fops = &edu_fops };

static int __init edu_init(void)
{
	int rc;

	E = kzalloc(sizeof(*E), GFP_KERNEL);
	spin_lock_init(&E->lock);
	E->irq = LINE;
	outb(0, IER);
	outb(MCR_OUT2, MCR);
	if (level)
		outb(inb(ELCR1) | 1 << LINE, ELCR1);
	tasklet_setup(&E->t, tl_fn);
	tasklet_setup(&E->thi, thi_fn);
	INIT_WORK(&E->wsys, wsys_fn);
	INIT_WORK(&E->wown, wown_fn);
	INIT_WORK(&E->whi, whi_fn);
	INIT_DELAYED_WORK(&E->dw, dw_fn);
	timer_setup(&E->tm, tm_fn, 0);
	E->wq = alloc_workqueue("edu_wq", 0, 0);
	if (thread)
		rc = request_threaded_irq(E->irq, edu_hard, edu_thread, IRQF_SHARED | (oneshot ? IRQF_ONESHOT : 0),
					  "edu", E);
	else
		rc = request_irq(E->irq, edu_hard, IRQF_SHARED, "edu", E);
	pr_info("edu: request = %d\n", rc);
	return misc_register(&edu_misc);
}

static void __exit edu_exit(void)
{
	misc_deregister(&edu_misc);
	if (evil != 4)
		free_irq(E->irq, E);
	outb(0, IER);
	outb(0, MCR);
	del_timer_sync(&E->tm);
	cancel_delayed_work_sync(&E->dw);
	tasklet_kill(&E->t);
	tasklet_kill(&E->thi);
	destroy_workqueue(E->wq);
	flush_scheduled_work();
	kfree(E);
	E = NULL;
	pr_info("edu: removed\n");
}

module_init(edu_init);
module_exit(edu_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("oracle edu driver, on a serial port");
