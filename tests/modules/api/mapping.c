// SPDX-License-Identifier: MIT OR GPL-2.0
/* mapping: a driver's mmap() and the fault handler behind it, called as Linux calls them: two pages, put in when they
 * are touched. [LX filesystems/vfs] "mmap", [LX include/linux/mm.h] struct vm_operations_struct. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include "api.h"

#define PAGES 2UL

static unsigned long pages;
static int opened;

static void mapping_open(struct vm_area_struct *vma)
{
	opened++;
}

static vm_fault_t mapping_fault(struct vm_fault *fault)
{
	if (fault->pgoff >= PAGES)
		return VM_FAULT_SIGBUS;
	fault->page = virt_to_page((void *)(pages + fault->pgoff * PAGE_SIZE));
	get_page(fault->page); /* the mapping's own reference */
	return 0;
}

static const struct vm_operations_struct mapping_vm_ops = { .open = mapping_open, .fault = mapping_fault };

static int mapping_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff + vma_pages(vma) > PAGES)
		return -EINVAL;
	vma->vm_private_data = &pages;
	vma->vm_ops = &mapping_vm_ops;
	vma->vm_ops->open(vma);
	return 0;
}

static const struct file_operations mapping_fops = { .mmap = mapping_mmap };

static int map(struct vm_area_struct *vma, unsigned long first, unsigned long count)
{
	vma->vm_start = 0x10000000;
	vma->vm_end = vma->vm_start + count * PAGE_SIZE;
	vma->vm_pgoff = first;
	return mapping_fops.mmap(NULL, vma);
}

/* @return the page that a touch of page `index` brings, or NULL where it is a SIGBUS. */
static struct page *touch(struct vm_area_struct *vma, unsigned long index)
{
	struct vm_fault fault = { .vma = vma, .pgoff = index, .address = vma->vm_start + index * PAGE_SIZE };

	return vma->vm_ops->fault(&fault) ? NULL : fault.page;
}

static void maps(void)
{
	struct vm_area_struct vma = { .vm_flags = 0 };
	struct page *page;

	expect(map(&vma, 1, 2) == -EINVAL && map(&vma, 0, 3) == -EINVAL && opened == 0);
	expect(map(&vma, 0, 2) == 0 && opened == 1 && vma_pages(&vma) == 2);
	page = touch(&vma, 1);
	expect(page && page_address(page) == (void *)(pages + PAGE_SIZE));
	if (page)
		put_page(page);
	page = touch(&vma, 0);
	expect(page && page_count(page) == 2 && page_address(page) == (void *)pages);
	if (page)
		put_page(page);
	expect(!touch(&vma, 2));
}

static int __init mapping_init(void)
{
	pages = __get_free_pages(GFP_KERNEL | __GFP_COMP, 1);
	if (!pages)
		return -ENOMEM;
	maps();
	free_pages(pages, 1);
	return api_answer("mappings");
}

static void __exit mapping_exit(void)
{
}

module_init(mapping_init);
module_exit(mapping_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("mappings");
