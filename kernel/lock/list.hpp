// Linux's lists, for the kernel's own use.
#pragma once
#include "linux/abi/base.h"

namespace irqlab::kernel {

inline void list_init(abi::list_head* head) { head->next = head->prev = head; }
inline bool list_empty(const abi::list_head* head) { return head->next == head; }

inline void list_insert(abi::list_head* entry, abi::list_head* before, abi::list_head* after)
{
    entry->prev = before;
    entry->next = after;
    before->next = entry;
    after->prev = entry;
}
inline void list_add(abi::list_head* entry, abi::list_head* head) { list_insert(entry, head, head->next); }
inline void list_add_tail(abi::list_head* entry, abi::list_head* head)
{
    list_insert(entry, head->prev, head);
}

inline void list_unlink(abi::list_head* entry)
{
    entry->prev->next = entry->next;
    entry->next->prev = entry->prev;
}
inline void list_del_init(abi::list_head* entry)
{
    list_unlink(entry);
    list_init(entry);
}

} // namespace irqlab::kernel
