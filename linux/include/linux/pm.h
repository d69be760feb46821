/* SPDX-License-Identifier: MIT */
/* linux/pm.h: power management */
#ifndef IRQLAB_LINUX_PM_H
#define IRQLAB_LINUX_PM_H
#include <linux/types.h>
#include <abi/device.h>
#define PMSG_ON ((pm_message_t){0})
#define PMSG_SUSPEND ((pm_message_t){2})
#define SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn)                                                              \
    .suspend = suspend_fn, .resume = resume_fn, .freeze = suspend_fn, .thaw = resume_fn, .poweroff = suspend_fn,    \
    .restore = resume_fn,
#define SIMPLE_DEV_PM_OPS(name, suspend_fn, resume_fn)                                                              \
    const struct dev_pm_ops __maybe_unused name = {SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn)}
#define DEFINE_SIMPLE_DEV_PM_OPS(name, suspend_fn, resume_fn) SIMPLE_DEV_PM_OPS(name, suspend_fn, resume_fn)
#define pm_sleep_ptr(ptr) (ptr)
#define pm_ptr(ptr) (ptr)
#endif
