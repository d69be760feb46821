// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * hello-interrupt: a handler on IRQ 11, a tasklet behind it, and a character device whose read()
 * executes INT 0x3B, the vector that IRQ 11 had in the days of the 8259: 0x30 + 11.
 *
 * On a kernel that uses the IO-APIC the line has another vector, so that the instruction ends in
 * "No irq handler for vector". A real interrupt on the line takes the whole way.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/version.h>

#define LOTHARS_IRQ 11

static dev_t lothars_devt;
static struct cdev lothars_cdev;
static struct class *lothars_class;
static unsigned int hits, bottom_halves;

static void lothars_bottom_half(struct tasklet_struct *t)
{
	pr_info("interrupt: tasklet %u, in_hardirq=%d in_serving_softirq=%d\n", ++bottom_halves,
		!!in_irq(), !!in_serving_softirq());
}

static struct tasklet_struct lothars_tasklet;

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 9, 0)
static void lothars_bottom_half_old(unsigned long data)
{
	lothars_bottom_half((struct tasklet_struct *)data);
}
#endif

static irqreturn_t lothars_handler(int irq, void *dev_id)
{
	pr_info("interrupt: handler %u on irq %d, irqs_disabled=%d\n", ++hits, irq, !!irqs_disabled());
	tasklet_schedule(&lothars_tasklet);
	return IRQ_HANDLED;
}

static int lothars_open(struct inode *inode, struct file *file)
{
	pr_info("interrupt: open\n");
	return 0;
}

static int lothars_release(struct inode *inode, struct file *file)
{
	pr_info("interrupt: release\n");
	return 0;
}

static ssize_t lothars_read(struct file *file, char __user *buffer, size_t size, loff_t *offset)
{
	pr_info("interrupt: read, executing int $0x3B\n");
	asm volatile("int $0x3B");
	pr_info("interrupt: back, %u interrupts so far\n", hits);
	return 0;
}

static const struct file_operations lothars_fops = {
	.owner = THIS_MODULE,
	.open = lothars_open,
	.release = lothars_release,
	.read = lothars_read,
};

static int __init lothars_init(void)
{
	struct device *device;
	int error = alloc_chrdev_region(&lothars_devt, 0, 1, "lothars_device");

	if (error)
		return error;
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 9, 0)
	tasklet_init(&lothars_tasklet, lothars_bottom_half_old, (unsigned long)&lothars_tasklet);
#else
	tasklet_setup(&lothars_tasklet, lothars_bottom_half);
#endif
	cdev_init(&lothars_cdev, &lothars_fops);
	error = cdev_add(&lothars_cdev, lothars_devt, 1);
	if (error)
		goto no_cdev;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	lothars_class = class_create(THIS_MODULE, "lothars_class");
#else
	lothars_class = class_create("lothars_class");
#endif
	if (IS_ERR(lothars_class)) {
		error = PTR_ERR(lothars_class);
		goto no_class;
	}
	device = device_create(lothars_class, NULL, lothars_devt, NULL, "lothars_device");
	if (IS_ERR(device)) {
		error = PTR_ERR(device);
		goto no_device;
	}
	error = request_irq(LOTHARS_IRQ, lothars_handler, IRQF_SHARED, "lothars_device", &lothars_cdev);
	if (error)
		goto no_irq;
	pr_info("interrupt: loaded, waiting on irq %d\n", LOTHARS_IRQ);
	return 0;

no_irq:
	device_destroy(lothars_class, lothars_devt);
no_device:
	class_destroy(lothars_class);
no_class:
	cdev_del(&lothars_cdev);
no_cdev:
	unregister_chrdev_region(lothars_devt, 1);
	return error;
}

static void __exit lothars_exit(void)
{
	free_irq(LOTHARS_IRQ, &lothars_cdev);
	tasklet_kill(&lothars_tasklet);
	device_destroy(lothars_class, lothars_devt);
	class_destroy(lothars_class);
	cdev_del(&lothars_cdev);
	unregister_chrdev_region(lothars_devt, 1);
	pr_info("interrupt: unloaded after %u interrupts\n", hits);
}

module_init(lothars_init);
module_exit(lothars_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_AUTHOR("the irqlab authors");
MODULE_DESCRIPTION("A handler, a tasklet and an INT instruction");
