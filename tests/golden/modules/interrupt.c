// SPDX-License-Identifier: MIT OR GPL-2.0
/* "hello": handler on IRQ 11, char device whose read() executes int $0x3B. */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/fs.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/kdev_t.h>

#define LOTHARS_IRQ 11

static int leak;			/* 1: exit without free_irq (a bug on purpose) */
module_param(leak, int, 0444);

static int cookie;                 /* dev_id for the shared line */
static dev_t devno;
static struct cdev chr;
static struct class *cls;
static atomic_t hits = ATOMIC_INIT(0);

static irqreturn_t lothars_handler(int irq, void *dev_id)
{
	pr_info("interrupt: handler called irq=%d hits=%d in_hardirq=%d irqs_disabled=%d\n",
		irq, atomic_inc_return(&hits), !!in_hardirq(), !!irqs_disabled());
	return IRQ_HANDLED;
}

static int lothars_open(struct inode *i, struct file *f)
{
	pr_info("interrupt: open\n");
	return 0;
}

static int lothars_release(struct inode *i, struct file *f)
{
	pr_info("interrupt: release\n");
	return 0;
}

static ssize_t lothars_read(struct file *f, char __user *b, size_t n, loff_t *o)
{
	pr_info("interrupt: read, executing int $0x3B\n");
	asm volatile("int $0x3B");
	pr_info("interrupt: back from int $0x3B, hits=%d\n", atomic_read(&hits));
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = lothars_open,
	.release = lothars_release,
	.read = lothars_read,
};

static int __init lothars_init(void)
{
	struct device *d;
	int rc = alloc_chrdev_region(&devno, 0, 1, "lothars_device");

	if (rc)
		return rc;
	pr_info("interrupt: init, major=%d minor=%d\n", MAJOR(devno), MINOR(devno));
	cdev_init(&chr, &fops);
	rc = cdev_add(&chr, devno, 1);
	if (rc)
		goto e1;
	cls = class_create(THIS_MODULE, "lothars_class");
	if (IS_ERR(cls)) { rc = PTR_ERR(cls); goto e2; }
	d = device_create(cls, NULL, devno, NULL, "lothars_device");
	if (IS_ERR(d)) { rc = PTR_ERR(d); goto e3; }
	rc = request_irq(LOTHARS_IRQ, lothars_handler, IRQF_SHARED, "lothars_device", &cookie);
	pr_info("interrupt: request_irq(%d) = %d\n", LOTHARS_IRQ, rc);
	if (rc)
		goto e4;
	return 0;
e4:	device_destroy(cls, devno);
e3:	class_destroy(cls);
e2:	cdev_del(&chr);
e1:	unregister_chrdev_region(devno, 1);
	return rc;
}

static void __exit lothars_exit(void)
{
	if (!leak)
		free_irq(LOTHARS_IRQ, &cookie);
	device_destroy(cls, devno);
	class_destroy(cls);
	cdev_del(&chr);
	unregister_chrdev_region(devno, 1);
	pr_info("interrupt: exit, hits=%d\n", atomic_read(&hits));
}

module_init(lothars_init);
module_exit(lothars_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("oracle hello module");
