// SPDX-License-Identifier: MIT OR GPL-2.0
/* lists: doubly linked lists, the object around a member, rings of a power of two.
 * [LX core-api/kernel-api] "List Management Functions", [LX core-api/circular-buffers]. */
#include <linux/circ_buf.h>
#include <linux/list.h>
#include <linux/poison.h>
#include <linux/slab.h>
#include "api.h"

struct item {
	int value;
	struct list_head link;
};

static LIST_HEAD(items);

static struct item *make(int value)
{
	struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (item) {
		item->value = value;
		INIT_LIST_HEAD(&item->link);
		expect(list_empty(&item->link));
	}
	return item;
}

/* The values as the digits of a number, first to last. */
static int digits(struct list_head *head)
{
	struct item *item;
	int all = 0;

	list_for_each_entry(item, head, link)
		all = all * 10 + item->value;
	return all;
}

static int fill(void)
{
	int i;

	for (i = 1; i <= 3; i++) {
		struct item *front = make(i), *back = make(i + 5);

		if (!front || !back)
			return -ENOMEM;
		list_add(&front->link, &items);
		list_add_tail(&back->link, &items);
	}
	return 0;
}

static void order(void)
{
	struct item *first = container_of(items.next, struct item, link);

	expect(digits(&items) == 321678);
	expect(first->value == 3 && first == list_first_entry(&items, struct item, link));
	list_del(&first->link);
	expect(first->link.next == LIST_POISON1 && first->link.prev == LIST_POISON2);
	expect(digits(&items) == 21678);
	list_add_tail(&first->link, &items);
	expect(digits(&items) == 216783);
}

static void empty(void)
{
	struct item *item, *next;
	int freed = 0;

	list_for_each_entry_safe(item, next, &items, link) {
		list_del(&item->link);
		kfree(item);
		freed++;
	}
	expect(freed == 6 && list_empty(&items));
}

static void ring(void)
{
	char bytes[8];
	struct circ_buf ring = { .buf = bytes };

	expect(CIRC_CNT(ring.head, ring.tail, 8) == 0);
	expect(CIRC_SPACE(ring.head, ring.tail, 8) == 7); /* one place stays free */
	ring.head = 2;
	ring.tail = 5;
	expect(CIRC_CNT(ring.head, ring.tail, 8) == 5);
	expect(CIRC_CNT_TO_END(ring.head, ring.tail, 8) == 3);
	expect(CIRC_SPACE(ring.head, ring.tail, 8) == 2);
	expect(CIRC_SPACE_TO_END(ring.head, ring.tail, 8) == 2);
	ring.head = 5;
	ring.tail = 2;
	expect(CIRC_SPACE_TO_END(ring.head, ring.tail, 8) == 3);
}

static int __init lists_init(void)
{
	int error = fill();

	if (!error)
		order();
	empty();
	ring();
	return error ? error : api_answer("lists and rings");
}

static void __exit lists_exit(void)
{
}

module_init(lists_init);
module_exit(lists_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("lists and rings");
