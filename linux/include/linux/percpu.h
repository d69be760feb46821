/* SPDX-License-Identifier: MIT */
/* linux/percpu.h: variables of which each CPU has its own. They stand in section .data..percpu; the address that the
 * linker gave is turned into a CPU's own at each access. */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/cpumask.h>
#include <linux/string.h>
#define DECLARE_PER_CPU(type, name) extern __section(".data..percpu") typeof(type) name
#define DEFINE_PER_CPU(type, name) __section(".data..percpu") typeof(type) name
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_READ_MOSTLY(type, name) DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name) DEFINE_PER_CPU(type, name)
#define EXPORT_PER_CPU_SYMBOL(var) EXPORT_SYMBOL(var)
#define EXPORT_PER_CPU_SYMBOL_GPL(var) EXPORT_SYMBOL_GPL(var)

#define per_cpu_ptr(ptr, cpu) ((typeof(&*(ptr)))__lab_per_cpu_ptr((ptr), (unsigned int)(cpu)))
#define this_cpu_ptr(ptr) ((typeof(&*(ptr)))__lab_this_cpu_ptr(ptr))
#define raw_cpu_ptr(ptr) this_cpu_ptr(ptr)
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))
#define get_cpu_var(var) (*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)                                                                                            \
    do {                                                                                                            \
        (void)&(var);                                                                                               \
        preempt_enable();                                                                                           \
    } while (0)
#define get_cpu_ptr(var) ({ preempt_disable(); this_cpu_ptr(var); })
#define put_cpu_ptr(var)                                                                                            \
    do {                                                                                                            \
        (void)(var);                                                                                                \
        preempt_enable();                                                                                           \
    } while (0)

/* One instruction on x86, so that no interrupt comes between its parts; hence atomic here. */
#define this_cpu_read(var) __atomic_load_n(this_cpu_ptr(&(var)), __ATOMIC_RELAXED)
#define this_cpu_write(var, value) __atomic_store_n(this_cpu_ptr(&(var)), (value), __ATOMIC_RELAXED)
#define this_cpu_add(var, value) ((void)__atomic_fetch_add(this_cpu_ptr(&(var)), (value), __ATOMIC_RELAXED))
#define this_cpu_sub(var, value) ((void)__atomic_fetch_sub(this_cpu_ptr(&(var)), (value), __ATOMIC_RELAXED))
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_sub(var, 1)
#define this_cpu_add_return(var, value) __atomic_add_fetch(this_cpu_ptr(&(var)), (value), __ATOMIC_RELAXED)
#define this_cpu_inc_return(var) this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var) this_cpu_add_return(var, -1)
#define this_cpu_xchg(var, value) __atomic_exchange_n(this_cpu_ptr(&(var)), (value), __ATOMIC_RELAXED)
#define __this_cpu_read(var) (*this_cpu_ptr(&(var)))
#define __this_cpu_write(var, value) ((void)(*this_cpu_ptr(&(var)) = (value)))
#define __this_cpu_add(var, value) ((void)(*this_cpu_ptr(&(var)) += (value)))
#define __this_cpu_inc(var) __this_cpu_add(var, 1)
#define __this_cpu_dec(var) __this_cpu_add(var, -1)
#define __this_cpu_inc_return(var) (*this_cpu_ptr(&(var)) += 1)
#define raw_cpu_read(var) __this_cpu_read(var)
#define raw_cpu_write(var, value) __this_cpu_write(var, value)

#define alloc_percpu(type) ((type *)__alloc_percpu(sizeof(type), __alignof__(type)))
#define alloc_percpu_gfp(type, gfp) ((type *)__alloc_percpu_gfp(sizeof(type), __alignof__(type), gfp))
#endif
