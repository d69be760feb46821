// SPDX-License-Identifier: MIT OR GPL-2.0
/* old: written as for 2.6: a handler with registers, entries of /proc that fill a page. */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

static char word[] = "word";

/* All of it at once: the caller finds its part. */
static int whole(char *page, char **start, off_t off, int count, int *eof, void *data)
{
	*eof = 1;
	return sprintf(page, "%s one\n%s two\n", (char *)data, (char *)data);
}

/* The position counts lines. */
static int lines(char *page, char **start, off_t off, int count, int *eof, void *data)
{
	if (off >= 3)
		return 0;
	*start = (char *)1;
	return sprintf(page, "line %ld\n", off);
}

/* What is asked for stands within the page. */
static int inside(char *page, char **start, off_t off, int count, int *eof, void *data)
{
	int size = sprintf(page, "before|within\n") - 7 - off;

	*start = page + 7 + off;
	return size > 0 ? size : 0;
}

static int wrong(char *page, char **start, off_t off, int count, int *eof, void *data)
{
	return -EIO;
}

static irqreturn_t handler(int irq, void *dev, struct pt_regs *regs)
{
	printk("old: irq %d, %s registers\n", irq, regs ? "some" : "no");
	return IRQ_HANDLED;
}

static int __init old_init(void)
{
	create_proc_read_entry("old_whole", 0, NULL, whole, word);
	create_proc_read_entry("old_lines", 0, NULL, lines, NULL);
	create_proc_read_entry("old_inside", 0, NULL, inside, NULL);
	create_proc_read_entry("old_wrong", 0, NULL, wrong, NULL);
	return request_irq(10, handler, SA_INTERRUPT, "old", word);
}

static void __exit old_exit(void)
{
	free_irq(10, word);
	remove_proc_entry("old_whole", NULL);
	remove_proc_entry("old_lines", NULL);
	remove_proc_entry("old_inside", NULL);
	remove_proc_entry("old_wrong", NULL);
}

module_init(old_init);
module_exit(old_exit);
MODULE_LICENSE("Dual MIT/GPL");
