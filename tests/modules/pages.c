// SPDX-License-Identifier: MIT OR GPL-2.0
/* pages: /dev/pages takes what is written out of the writer's own page, and gives it back so; /dev/no_pages leaves
 * reading and writing to the functions of files on disks. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

static char kept[16];
static char *area;

static ssize_t through_page(char __user *buffer, size_t size, bool to_user)
{
	unsigned long start = (unsigned long)buffer;
	struct page *page, *again;
	int taken = get_user_pages_fast(start & PAGE_MASK, 1, to_user ? FOLL_WRITE : 0, &page);
	char *place;

	if (taken != 1)
		return taken;
	get_user_pages_fast(start & PAGE_MASK, 1, 0, &again);
	if (again != page)
		pr_err("pages: one page, two structs\n");
	place = kmap_local_page(page) + offset_in_page(start);
	size = min3(size, sizeof(kept), (size_t)(PAGE_SIZE - offset_in_page(start)));
	memcpy(to_user ? place : kept, to_user ? kept : place, size);
	kunmap_local(place);
	put_page(page);
	put_page(again);
	return size;
}

static ssize_t pages_read(struct file *file, char __user *buffer, size_t size, loff_t *offset)
{
	ssize_t n = *offset ? 0 : through_page(buffer, size, true);

	if (n > 0)
		*offset += n;
	return n;
}

static ssize_t pages_write(struct file *file, const char __user *buffer, size_t size, loff_t *offset)
{
	return through_page((char __user *)buffer, size, false);
}

static const struct file_operations pages_fops = {
	.owner = THIS_MODULE, .read = pages_read, .write = pages_write
};
static struct miscdevice pages_device = { .minor = MISC_DYNAMIC_MINOR, .name = "pages", .fops = &pages_fops };

static const struct file_operations no_pages_fops = {
	.owner = THIS_MODULE, .read_iter = generic_file_read_iter, .write_iter = generic_file_write_iter
};
static struct miscdevice no_pages_device = {
	.minor = MISC_DYNAMIC_MINOR, .name = "no_pages", .fops = &no_pages_fops
};

static int __init pages_init(void)
{
	struct page *page;

	pr_info("pages: of the kernel %d, past the end %d\n", get_user_pages_fast((unsigned long)kept, 1, 0, &page),
		get_user_pages_fast(~0UL & PAGE_MASK, 1, 0, &page));
	area = vmalloc(3 * PAGE_SIZE);
	if (!area)
		return -ENOMEM;
	pr_info("pages: of vmalloc %d %d\n", page_address(vmalloc_to_page(area + PAGE_SIZE + 5)) == area + PAGE_SIZE,
		vmalloc_to_page(area) != vmalloc_to_page(area + 2 * PAGE_SIZE));
	if (misc_register(&no_pages_device))
		return -EBUSY;
	return misc_register(&pages_device);
}

static void __exit pages_exit(void)
{
	misc_deregister(&pages_device);
	misc_deregister(&no_pages_device);
	vfree(area);
}

module_init(pages_init);
module_exit(pages_exit);
MODULE_LICENSE("Dual MIT/GPL");
