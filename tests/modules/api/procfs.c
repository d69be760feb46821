// SPDX-License-Identifier: MIT OR GPL-2.0
/* procfs: /proc/api_value, written and read by hand; /proc/api_text, a text made at open; /proc/api_rows, a sequence.
 * [LX filesystems/seq_file], [LX filesystems/proc]. */
#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include "api.h"

static char value[16] = "none\n";
static size_t value_size = 5;
static int data_of_rows = 3, starts, stops;

static ssize_t value_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	size_t left = *pos < value_size ? value_size - *pos : 0;

	size = min(size, left);
	if (copy_to_user(to, value + *pos, size))
		return -EFAULT;
	*pos += size;
	return size;
}

static ssize_t value_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	if (size > sizeof(value))
		return -EINVAL;
	if (copy_from_user(value, from, size))
		return -EFAULT;
	value_size = size;
	return size;
}

static int text_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%s %d\n", (const char *)m->private, 42);
	seq_puts(m, "100 %d\n"); /* as it stands: no format */
	return 0;
}

static int text_open(struct inode *inode, struct file *file)
{
	return single_open(file, text_show, "answer");
}

static void *rows_start(struct seq_file *m, loff_t *pos)
{
	starts++;
	return *pos < data_of_rows ? pos : NULL;
}

static void *rows_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return *pos < data_of_rows ? pos : NULL;
}

static void rows_stop(struct seq_file *m, void *v)
{
	stops++;
}

static int rows_show(struct seq_file *m, void *v)
{
	seq_printf(m, "row %lld\n", *(loff_t *)v);
	return 0;
}

static const struct seq_operations rows = {
	.start = rows_start, .next = rows_next, .stop = rows_stop, .show = rows_show
};

static int rows_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &rows);
}

#if SINCE(5, 6)
static const struct proc_ops value_ops = { .proc_read = value_read, .proc_write = value_write };
static const struct proc_ops text_ops = {
	.proc_open = text_open, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = single_release
};
static const struct proc_ops rows_ops = {
	.proc_open = rows_open, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = seq_release
};
#else
static const struct file_operations value_ops = { .read = value_read, .write = value_write };
static const struct file_operations text_ops = {
	.open = text_open, .read = seq_read, .llseek = seq_lseek, .release = single_release
};
static const struct file_operations rows_ops = {
	.open = rows_open, .read = seq_read, .llseek = seq_lseek, .release = seq_release
};
#endif

static int __init procfs_init(void)
{
	struct proc_dir_entry *entry = proc_create("api_value", 0644, NULL, &value_ops);

	expect(entry);
	if (entry) {
		proc_set_size(entry, 80);
		proc_set_user(entry, GLOBAL_ROOT_UID, GLOBAL_ROOT_GID);
	}
	expect(proc_create("api_text", 0444, NULL, &text_ops));
	expect(proc_create_data("api_rows", 0, NULL, &rows_ops, &data_of_rows)); /* 0: 0444 */
	return api_answer("entries");
}

static void __exit procfs_exit(void)
{
	remove_proc_entry("api_value", NULL);
	remove_proc_entry("api_text", NULL);
	remove_proc_entry("api_rows", NULL);
	expect(starts > 0 && starts == stops);
	api_answer("reading and writing");
}

module_init(procfs_init);
module_exit(procfs_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("/proc");
