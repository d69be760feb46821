// SPDX-License-Identifier: MIT OR GPL-2.0
/* copies: /dev/copies, whose kernel end of a copy is no memory: of constant size as it is read, of any as it is written. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

static char *volatile nothing;

static ssize_t copies_read(struct file *file, char __user *buffer, size_t size, loff_t *offset)
{
	pr_info("copies: %lu of 4 left\n", copy_to_user(buffer, nothing, 4));
	pr_info("copies: %lu of 4 left\n", copy_from_user(nothing, buffer, 4));
	return 0;
}

static ssize_t copies_write(struct file *file, const char __user *buffer, size_t size, loff_t *offset)
{
	return copy_from_user(nothing, buffer, size) ? -EFAULT : size;
}

static const struct file_operations copies_fops = {
	.owner = THIS_MODULE, .read = copies_read, .write = copies_write
};
static struct miscdevice copies = { .minor = MISC_DYNAMIC_MINOR, .name = "copies", .fops = &copies_fops };

module_misc_device(copies);
MODULE_LICENSE("Dual MIT/GPL");
