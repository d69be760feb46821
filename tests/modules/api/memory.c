// SPDX-License-Identifier: MIT OR GPL-2.0
/* memory: kmalloc, vmalloc, pages [LX core-api/memory-allocation]. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "api.h"

static bool all_zero(const char *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

static void heap(void)
{
	static DEFINE_SPINLOCK(lock);
	char *plain = kmalloc(100, GFP_KERNEL), *zeroed = kzalloc(100, GFP_KERNEL), *atomic;
	char *aligned = kmalloc(1024, GFP_KERNEL);

	expect(plain && zeroed && plain != zeroed);
	expect(zeroed && all_zero(zeroed, 100));
	/* a power of two is aligned to itself */
	expect(((unsigned long)aligned & 1023) == 0);
	expect(kmalloc(0, GFP_KERNEL) == ZERO_SIZE_PTR);
	expect(!kmalloc(~0UL >> 1, GFP_KERNEL | __GFP_NOWARN));
	spin_lock(&lock);
	atomic = kmalloc(16, GFP_ATOMIC);
	spin_unlock(&lock);
	expect(atomic);
	expect((GFP_KERNEL & __GFP_DIRECT_RECLAIM) && !(GFP_ATOMIC & __GFP_DIRECT_RECLAIM));
	kfree(plain);
	kfree(zeroed);
	kfree(atomic);
	kfree(aligned);
	kfree(NULL);
	kfree(ZERO_SIZE_PTR);
}

static void virtual_memory(void)
{
	char *area = vmalloc(3 * PAGE_SIZE + 1);

	expect(area && ((unsigned long)area & (PAGE_SIZE - 1)) == 0);
	if (area)
		memset(area, 1, 3 * PAGE_SIZE + 1);
	vfree(area);
	vfree(NULL);
}

static void pages(void)
{
	unsigned long one = __get_free_pages(GFP_KERNEL, 0), four = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	struct page *page;

	expect(one && four && one != four);
	expect((one & (PAGE_SIZE - 1)) == 0 && (four & (4 * PAGE_SIZE - 1)) == 0);
	expect(four && all_zero((char *)four, 4 * PAGE_SIZE));
	page = virt_to_page(one);
	expect(page_address(page) == (void *)one);
	expect(page_count(page) == 1);
	get_page(page);
	expect(page_count(page) == 2);
	put_page(page);
	expect(page_count(page) == 1);
	free_page(one);
	free_pages(four, 2);
}

static int __init memory_init(void)
{
	heap();
	virtual_memory();
	pages();
	return api_answer("memory");
}

static void __exit memory_exit(void)
{
}

module_init(memory_init);
module_exit(memory_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("memory");
