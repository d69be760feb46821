// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * exceptions: executes the instruction that raises an exception.
 *
 *   echo divide > /dev/exceptions
 *
 * Words: divide, step, int2, int3, overflow, bounds, opcode, device, gp, page, float, simd, reserved.
 * INT n pushes no error code, so only exceptions without one can be raised by it faithfully.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

static volatile int zero;
static int *volatile nowhere;
static int *volatile not_canonical = (int *)0x1234000000000000;

static void execute(const char *word)
{
	if (!strcmp(word, "divide"))
		zero = 100 / zero;
	else if (!strcmp(word, "step"))
		asm volatile(".byte 0xf1"); /* INT1 */
	else if (!strcmp(word, "int2"))
		asm volatile("int $2");
	else if (!strcmp(word, "int3"))
		asm volatile("int3");
	else if (!strcmp(word, "overflow"))
		asm volatile("int $4");
	else if (!strcmp(word, "bounds"))
		asm volatile("int $5");
	else if (!strcmp(word, "opcode"))
		asm volatile("ud2");
	else if (!strcmp(word, "device"))
		asm volatile("int $7");
	else if (!strcmp(word, "gp"))
		*not_canonical = 1;
	else if (!strcmp(word, "page"))
		*nowhere = 1;
	else if (!strcmp(word, "float"))
		asm volatile("int $16");
	else if (!strcmp(word, "simd"))
		asm volatile("int $19");
	else if (!strcmp(word, "reserved"))
		asm volatile("int $22");
}

static ssize_t exceptions_write(struct file *file, const char __user *buffer, size_t size, loff_t *offset)
{
	char word[16] = "";

	if (size >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, buffer, size))
		return -EFAULT;
	execute(strim(word));
	pr_info("exceptions: after %s\n", word);
	return size;
}

static const struct file_operations exceptions_fops = { .owner = THIS_MODULE, .write = exceptions_write };
static struct miscdevice exceptions_device = {
	.minor = MISC_DYNAMIC_MINOR, .name = "exceptions", .fops = &exceptions_fops,
};
module_misc_device(exceptions_device);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("executes the instruction that raises an exception");
