// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * misdeed: does one forbidden or odd thing, at one place.
 *
 *   insmod misdeed.ko at=init|read|handler|tasklet|timer|exit what=...
 *
 * The handler is on IRQ 11; read() is that of /dev/misdeed. Each place says before and after.
 */
#include <linux/cdev.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *at = "nowhere";
module_param(at, charp, 0444);
static char *what = "nothing";
module_param(what, charp, 0444);

static int cookie;
static volatile int counter;
static int *volatile nowhere;

static noinline int recurse(int depth)
{
	char frame[512];

	memset(frame, depth, sizeof(frame));
	barrier();
	return recurse(depth + 1) + frame[depth & 511];
}

static void access_loop(void)
{
	for (;;)
		counter++;
}

static void bare_loop(void)
{
	asm volatile("1: jmp 1b");
}

static void instructions(void)
{
	unsigned long flags;
	unsigned char low, before;

	before = inb(0x21);
	outb(before, 0x21);
	asm volatile("inb $0x21, %%al" : "=a"(low));
	pr_info("misdeed: in %d\n", low == before);
	asm volatile("outb %%al, $0x80" : : "a"((unsigned char)0x42));
	asm volatile("cli");
	pr_info("misdeed: after cli irqs_disabled=%d\n", !!irqs_disabled());
	asm volatile("sti");
	pr_info("misdeed: after sti irqs_disabled=%d\n", !!irqs_disabled());
	local_irq_save(flags);
	local_irq_restore(flags);
}

static void misbehave(void)
{
	if (!strcmp(what, "null_write"))
		*nowhere = 1;
	else if (!strcmp(what, "access_loop"))
		access_loop();
	else if (!strcmp(what, "bare_loop"))
		bare_loop();
	else if (!strcmp(what, "recursion"))
		counter = recurse(1);
	else if (!strcmp(what, "sleep"))
		msleep(10);
	else if (!strcmp(what, "irqs_off"))
		local_irq_disable();
	else if (!strcmp(what, "double_free")) {
		free_irq(11, &cookie);
		free_irq(11, &cookie);
	} else if (!strcmp(what, "int3"))
		asm volatile("int3");
	else if (!strcmp(what, "ud2"))
		asm volatile("ud2");
	else if (!strcmp(what, "divide"))
		counter = 100 / (int)counter;
	else if (!strcmp(what, "hlt"))
		asm volatile("hlt");
	else if (!strcmp(what, "int38"))
		asm volatile("int $0x38");
	else if (!strcmp(what, "instructions"))
		instructions();
}

static void place(const char *here)
{
	if (strcmp(at, here))
		return;
	pr_info("misdeed: before %s in %s\n", what, here);
	misbehave();
	pr_info("misdeed: after %s in %s\n", what, here);
}

static void misdeed_bottom_half(struct tasklet_struct *tasklet)
{
	place("tasklet");
}
static struct tasklet_struct misdeed_tasklet = {
	.count = ATOMIC_INIT(0), .callback = misdeed_bottom_half, .use_callback = true,
};

static void misdeed_later(struct timer_list *timer)
{
	place("timer");
}
static DEFINE_TIMER(misdeed_timer, misdeed_later);

static irqreturn_t misdeed_handler(int irq, void *dev_id)
{
	place("handler");
	tasklet_schedule(&misdeed_tasklet);
	return IRQ_HANDLED;
}

static ssize_t misdeed_read(struct file *file, char __user *buffer, size_t size, loff_t *offset)
{
	place("read");
	return 0;
}

static const struct file_operations misdeed_fops = { .owner = THIS_MODULE, .read = misdeed_read };
static struct miscdevice misdeed_device = {
	.minor = MISC_DYNAMIC_MINOR, .name = "misdeed", .fops = &misdeed_fops,
};

static int __init misdeed_init(void)
{
	int error;

	place("init");
	if (!strcmp(what, "enodev"))
		return -ENODEV;
	error = request_irq(11, misdeed_handler, 0, "misdeed", &cookie);
	if (error)
		return error;
	error = misc_register(&misdeed_device);
	if (error)
		free_irq(11, &cookie);
	else
		mod_timer(&misdeed_timer, jiffies + 1);
	return error;
}

static void __exit misdeed_exit(void)
{
	del_timer_sync(&misdeed_timer);
	tasklet_kill(&misdeed_tasklet);
	place("exit");
	misc_deregister(&misdeed_device);
	if (strcmp(what, "double_free"))
		free_irq(11, &cookie);
}

module_init(misdeed_init);
module_exit(misdeed_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("one misbehaviour at a place of choice");
