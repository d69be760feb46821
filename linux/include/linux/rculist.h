/* SPDX-License-Identifier: MIT */
/* linux/rculist.h: lists under RCU */
#ifndef IRQLAB_LINUX_RCULIST_H
#define IRQLAB_LINUX_RCULIST_H
#include <linux/list.h>
#include <linux/rcupdate.h>
static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
    entry->next = head->next;
    entry->prev = head;
    rcu_assign_pointer(head->next, entry);
    entry->next->prev = entry;
}
static inline void list_add_tail_rcu(struct list_head *entry, struct list_head *head)
{
    entry->next = head;
    entry->prev = head->prev;
    rcu_assign_pointer(head->prev->next, entry);
    head->prev = entry;
}
static inline void list_del_rcu(struct list_head *entry)
{
    entry->next->prev = entry->prev;
    WRITE_ONCE(entry->prev->next, entry->next);
    entry->prev = LIST_POISON2;
}
static inline void list_replace_rcu(struct list_head *old, struct list_head *entry)
{
    entry->next = old->next;
    entry->prev = old->prev;
    rcu_assign_pointer(entry->prev->next, entry);
    entry->next->prev = entry;
    old->prev = LIST_POISON2;
}
#define list_entry_rcu(ptr, type, member) container_of(READ_ONCE(ptr), type, member)
#define list_for_each_entry_rcu(pos, head, member, condition...)                                                    \
    for (pos = list_entry_rcu((head)->next, typeof(*pos), member); &pos->member != (head);                          \
         pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#endif
