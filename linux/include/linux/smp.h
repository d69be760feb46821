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
#include <abi/irqdomain.h>
typedef void (*smp_call_func_t)(void *info);
typedef struct call_single_data call_single_data_t;
typedef bool (*smp_cond_func_t)(int cpu, void *info);
#define INIT_CSD(csd, function, argument)                                                                           \
    do {                                                                                                            \
        *(csd) = (struct call_single_data){.func = (function), .info = (argument)};                                 \
    } while (0)
#define raw_smp_processor_id() __lab_smp_processor_id()
#define smp_processor_id() __lab_smp_processor_id()
#define get_cpu() ({ preempt_disable(); smp_processor_id(); })
#define put_cpu() preempt_enable()
static inline void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
    on_each_cpu_cond_mask(NULL, func, info, wait, cpu_online_mask);
}
static inline void on_each_cpu_cond(smp_cond_func_t cond_func, smp_call_func_t func, void *info, bool wait)
{
    on_each_cpu_cond_mask(cond_func, func, info, wait, cpu_online_mask);
}
static inline void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
    on_each_cpu_cond_mask(NULL, func, info, wait, mask);
}
#endif
