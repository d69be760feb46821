/* SPDX-License-Identifier: MIT */
/* linux/lockdep.h: annotations for lockdep, which this kernel does without. */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H
#include <linux/types.h>
#include <linux/list.h>
#define lockdep_assert_held(lock) ((void)(lock))
#define lockdep_assert_not_held(lock) ((void)(lock))
#define lockdep_is_held(lock) ((void)(lock), 1)
#define lockdep_set_class(lock, key) ((void)(key))
#define lockdep_set_class_and_name(lock, key, name) ((void)(key))
#define SINGLE_DEPTH_NESTING 1
#endif
