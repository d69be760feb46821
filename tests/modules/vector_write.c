// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * vector_write: puts IRQ 11's descriptor at the vector that the line had in the days of the 8259, on the CPU
 * that reads /dev/vector_write, and executes that vector. For kernels up to 5.6, rebuilt with
 * EXPORT_SYMBOL(vector_irq).
 */
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <asm/hw_irq.h>

static int cookie, hits;

static irqreturn_t vector_write_handler(int irq, void *dev_id)
{
	pr_info("vector_write: handler called, irq %d, hit %d\n", irq, ++hits);
	return IRQ_HANDLED;
}

static ssize_t vector_write_read(struct file *file, char __user *buffer, size_t size, loff_t *offset)
{
	struct irq_desc *desc = irq_to_desc(11);

	if (!desc)
		return -EINVAL;
	__this_cpu_write(vector_irq[59], desc);
	asm volatile("int $59");
	return 0;
}

static const struct file_operations vector_write_fops = { .owner = THIS_MODULE, .read = vector_write_read };
static struct miscdevice vector_write_device = {
	.minor = MISC_DYNAMIC_MINOR, .name = "vector_write", .fops = &vector_write_fops,
};

static int __init vector_write_init(void)
{
	int error = request_irq(11, vector_write_handler, IRQF_SHARED, "vector_write", &cookie);

	if (error)
		return error;
	error = misc_register(&vector_write_device);
	if (error)
		free_irq(11, &cookie);
	return error;
}

static void __exit vector_write_exit(void)
{
	misc_deregister(&vector_write_device);
	free_irq(11, &cookie);
}

module_init(vector_write_init);
module_exit(vector_write_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("calls a handler through vector_irq");
