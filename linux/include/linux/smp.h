/* SPDX-License-Identifier: MIT */
/* linux/smp.h: CPUs, and calls on another of them. */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H
#include <linux/errno.h>
#include <linux/types.h>
#include <linux/list.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/llist.h>
#include <linux/preempt.h>
#include <linux/thread_info.h>
typedef void (*smp_call_func_t)(void *info);
#define raw_smp_processor_id() __lab_smp_processor_id()
#define smp_processor_id() __lab_smp_processor_id()
#define get_cpu() ({ preempt_disable(); smp_processor_id(); })
#define put_cpu() preempt_enable()
static inline void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
    on_each_cpu_cond_mask(NULL, func, info, wait, cpu_online_mask);
}
static inline void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
    on_each_cpu_cond_mask(NULL, func, info, wait, mask);
}
#endif
