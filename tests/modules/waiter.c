// SPDX-License-Identifier: MIT OR GPL-2.0
/* waiter: /dev/waiter, whose read() waits for the next interrupt on IRQ 7 (an edge on every board) and then gives a
 * line. */
#include <linux/interrupt.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(arrival);
static unsigned int interrupts, seen;

static irqreturn_t waiter_handler(int irq, void *dev_id)
{
	interrupts++;
	wake_up_interruptible(&arrival);
	return IRQ_HANDLED;
}

static ssize_t waiter_read(struct file *file, char __user *buffer, size_t size, loff_t *offset)
{
	char line[32];
	int length;

	if (*offset)
		return 0;
	if (wait_event_interruptible(arrival, interrupts != seen))
		return -ERESTARTSYS;
	seen = interrupts;
	length = scnprintf(line, sizeof(line), "interrupt %u\n", interrupts);
	return simple_read_from_buffer(buffer, size, offset, line, length);
}

static const struct file_operations waiter_fops = { .owner = THIS_MODULE, .read = waiter_read };
static struct miscdevice waiter_device = { .minor = MISC_DYNAMIC_MINOR, .name = "waiter", .fops = &waiter_fops };

static int __init waiter_init(void)
{
	int error = request_irq(7, waiter_handler, 0, "waiter", &interrupts);

	if (error)
		return error;
	error = misc_register(&waiter_device);
	if (error)
		free_irq(7, &interrupts);
	return error;
}

static void __exit waiter_exit(void)
{
	misc_deregister(&waiter_device);
	free_irq(7, &interrupts);
}

module_init(waiter_init);
module_exit(waiter_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("read() waits for an interrupt");
