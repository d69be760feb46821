// SPDX-License-Identifier: MIT OR GPL-2.0
/* mapping: a driver's mmap() and the fault handler behind it, called as Linux calls them. [LX filesystems/vfs] "mmap",
 * [LX mm/memory.c] remap_pfn_range. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include "api.h"

static unsigned long pages;
static int opened;

static void mapping_open(struct vm_area_struct *vma)
{
	opened++;
}

static vm_fault_t mapping_fault(struct vm_fault *fault)
{
	if (fault->pgoff >= 2)
		return VM_FAULT_SIGBUS;
	fault->page = virt_to_page((void *)(pages + fault->pgoff * PAGE_SIZE));
	get_page(fault->page);
	return 0;
}

static const struct vm_operations_struct mapping_vm_ops = { .open = mapping_open, .fault = mapping_fault };

static int mapping_mmap(struct file *file, struct vm_area_struct *vma)
{
	int error = remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)pages) >> PAGE_SHIFT,
				    vma->vm_end - vma->vm_start, vma->vm_page_prot);

	if (!error) {
		vma->vm_ops = &mapping_vm_ops;
		vma->vm_ops->open(vma);
	}
	return error;
}

static const struct file_operations mapping_fops = { .mmap = mapping_mmap };

static void faults(void)
{
	struct vm_area_struct vma = { .vm_start = 0x10000000, .vm_end = 0x10000000 + 3 * PAGE_SIZE };
	struct vm_fault fault = { .vma = &vma, .pgoff = 1, .address = vma.vm_start + PAGE_SIZE };

	expect(mapping_vm_ops.fault(&fault) == 0);
	expect(page_address(fault.page) == (void *)(pages + PAGE_SIZE));
	put_page(fault.page);
	{
		struct vm_fault behind = { .vma = &vma, .pgoff = 2, .address = vma.vm_start + 2 * PAGE_SIZE };

		expect(mapping_vm_ops.fault(&behind) == VM_FAULT_SIGBUS);
	}
}

static int __init mapping_init(void)
{
	struct vm_area_struct vma = { .vm_start = 0x10000000, .vm_end = 0x10000000 + 2 * PAGE_SIZE };

	pages = __get_free_pages(GFP_KERNEL, 1);
	if (!pages)
		return -ENOMEM;
	expect(mapping_fops.mmap(NULL, &vma) == 0 && opened == 1);
	expect(vma.vm_flags & VM_PFNMAP); /* memory that the kernel does not count */
	faults();
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
