/* SPDX-License-Identifier: MIT */
/* linux/container_of.h: from a member to the struct that holds it. */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H
#include <linux/stddef.h>
#define container_of(ptr, type, member)                                                                             \
    ({                                                                                                              \
        void *__lab_member = (void *)(ptr);                                                                         \
        _Static_assert(__same_type(*(ptr), ((type *)0)->member) || __same_type(*(ptr), void),                       \
                       "pointer type mismatch in container_of()");                                                  \
        (type *)((char *)__lab_member - offsetof(type, member));                                                    \
    })
#define container_of_const(ptr, type, member) container_of(ptr, type, member)
#define typeof_member(type, member) typeof(((type *)0)->member)
#endif
