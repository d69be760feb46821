/* SPDX-License-Identifier: MIT */
/* linux/llist.h: singly linked lists that need no lock to add. */
#ifndef _LINUX_LLIST_H
#define _LINUX_LLIST_H
#include <linux/container_of.h>
#define LLIST_HEAD_INIT(name) { NULL }
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)
static inline void init_llist_head(struct llist_head *list) { list->first = NULL; }
static inline bool llist_empty(const struct llist_head *head) { return !READ_ONCE(head->first); }
static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
    struct llist_node *first = READ_ONCE(head->first);
    do
        node->next = first;
    while (!__atomic_compare_exchange_n(&head->first, &first, node, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    return !first;
}
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
    return __atomic_exchange_n(&head->first, NULL, __ATOMIC_SEQ_CST);
}
#define llist_entry(ptr, type, member) container_of(ptr, type, member)
#define llist_for_each(pos, node) for ((pos) = (node); pos; (pos) = (pos)->next)
#define llist_for_each_entry(pos, node, member)                                                                     \
    for ((pos) = llist_entry((node), typeof(*(pos)), member); (void *)&(pos)->member != NULL;                       \
         (pos) = llist_entry((pos)->member.next, typeof(*(pos)), member))
#endif
