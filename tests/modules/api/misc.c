// SPDX-License-Identifier: MIT OR GPL-2.0
/* misc: /dev/api_misc, and two that share a fixed minor: the second is refused. [LX driver-api/misc_devices]. */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/uaccess.h>
#include "api.h"

static struct miscdevice device;

static int misc_open(struct inode *inode, struct file *file)
{
	expect(imajor(inode) == 10 && iminor(inode) == device.minor);
	expect(file->private_data == &device); /* what the core leaves there */
	return 0;
}

static ssize_t misc_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	static const char text[] = "misc\n";

	if (*pos || size < sizeof(text) - 1)
		return 0;
	if (copy_to_user(to, text, sizeof(text) - 1))
		return -EFAULT;
	*pos += sizeof(text) - 1;
	return sizeof(text) - 1;
}

static const struct file_operations misc_fops = { .owner = THIS_MODULE, .open = misc_open, .read = misc_read };
static struct miscdevice device = { .minor = MISC_DYNAMIC_MINOR, .name = "api_misc", .fops = &misc_fops };
static struct miscdevice first = { .minor = 60, .name = "api_first", .fops = &misc_fops };
static struct miscdevice second = { .minor = 60, .name = "api_second", .fops = &misc_fops };

static int __init misc_init(void)
{
	int error = misc_register(&device);

	if (error)
		return error;
	expect(device.minor != MISC_DYNAMIC_MINOR && device.this_device);
	expect(misc_register(&first) == 0 && misc_register(&second) == -EBUSY);
	misc_deregister(&first);
	expect(misc_register(&second) == 0);
	misc_deregister(&second);
	dev_info(device.this_device, "hello from %s\n", device.name);
	dev_err(device.this_device, "no error\n");
	error = api_answer("registration");
	if (error)
		misc_deregister(&device);
	return error;
}

static void __exit misc_exit(void)
{
	misc_deregister(&device);
	api_answer("use");
}

module_init(misc_init);
module_exit(misc_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("misc devices");
