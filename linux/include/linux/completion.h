/* SPDX-License-Identifier: MIT */
/* linux/completion.h: waiting for something to be done. */
#ifndef _LINUX_COMPLETION_H
#define _LINUX_COMPLETION_H
#include <linux/wait.h>
#define COMPLETION_INITIALIZER(work) { 0, __WAIT_QUEUE_HEAD_INITIALIZER((work).wait) }
#define DECLARE_COMPLETION(work) struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) DECLARE_COMPLETION(work)
#define init_completion(x)                                                                                          \
    do {                                                                                                            \
        (x)->done = 0;                                                                                              \
        init_waitqueue_head(&(x)->wait);                                                                            \
    } while (0)
static inline void reinit_completion(struct completion *x) { x->done = 0; }
#endif
