/* SPDX-License-Identifier: MIT */
/* linux/cpumask.h: sets of CPUs. */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H
#include <linux/kernel.h>
#include <linux/bitops.h>
#include <linux/gfp.h>
#define NR_CPUS 64
typedef struct cpumask cpumask_var_t[1];
#define cpu_possible_mask ((const struct cpumask *)&__cpu_possible_mask)
#define cpu_online_mask ((const struct cpumask *)&__cpu_online_mask)
#define cpu_present_mask ((const struct cpumask *)&__cpu_present_mask)
#define cpu_active_mask ((const struct cpumask *)&__cpu_active_mask)
#define cpumask_bits(mask) ((mask)->bits)
#define cpu_all_mask cpu_possible_mask
static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask) { set_bit(cpu, mask->bits); }
static inline void cpumask_clear_cpu(int cpu, struct cpumask *mask) { clear_bit(cpu, mask->bits); }
static inline bool cpumask_test_cpu(int cpu, const struct cpumask *mask) { return test_bit(cpu, mask->bits); }
static inline void cpumask_setall(struct cpumask *mask) { mask->bits[0] = ~0UL; }
static inline void cpumask_clear(struct cpumask *mask) { mask->bits[0] = 0; }
static inline void cpumask_copy(struct cpumask *to, const struct cpumask *from) { to->bits[0] = from->bits[0]; }
static inline bool cpumask_empty(const struct cpumask *mask) { return mask->bits[0] == 0; }
static inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b) { return a->bits[0] == b->bits[0]; }
static inline bool cpumask_and(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
    return (to->bits[0] = a->bits[0] & b->bits[0]) != 0;
}
static inline void cpumask_or(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
    to->bits[0] = a->bits[0] | b->bits[0];
}
static inline unsigned int cpumask_weight(const struct cpumask *mask) { return (unsigned int)hweight64(mask->bits[0]); }
static inline unsigned int cpumask_first(const struct cpumask *mask)
{
    return mask->bits[0] ? (unsigned int)__ffs(mask->bits[0]) : nr_cpu_ids;
}
static inline unsigned int cpumask_next(int cpu, const struct cpumask *mask)
{
    unsigned long rest = cpu >= NR_CPUS - 1 ? 0 : mask->bits[0] & (~0UL << (cpu + 1));
    return rest ? (unsigned int)__ffs(rest) : nr_cpu_ids;
}
/* A set of one CPU: the caller's, for the length of the expression's block. */
#define cpumask_of(cpu) ((const struct cpumask *)&(struct cpumask){{1UL << (cpu)}})
#define cpumask_pr_args(mask) NR_CPUS, (mask)->bits
static inline bool alloc_cpumask_var(cpumask_var_t *mask, gfp_t flags) { return true; }
static inline bool zalloc_cpumask_var(cpumask_var_t *mask, gfp_t flags)
{
    cpumask_clear(*mask);
    return true;
}
static inline void free_cpumask_var(cpumask_var_t mask) {}
#define for_each_cpu(cpu, mask)                                                                                     \
    for ((cpu) = (typeof(cpu))cpumask_first(mask); (unsigned int)(cpu) < nr_cpu_ids;                                \
         (cpu) = (typeof(cpu))cpumask_next((int)(cpu), mask))
#define for_each_possible_cpu(cpu) for_each_cpu((cpu), cpu_possible_mask)
#define for_each_online_cpu(cpu) for_each_cpu((cpu), cpu_online_mask)
#define for_each_present_cpu(cpu) for_each_cpu((cpu), cpu_present_mask)
#define num_online_cpus() __lab_num_online_cpus()
#define num_possible_cpus() cpumask_weight(cpu_possible_mask)
#define num_present_cpus() cpumask_weight(cpu_present_mask)
#define cpu_online(cpu) cpumask_test_cpu((int)(cpu), cpu_online_mask)
#define cpu_possible(cpu) cpumask_test_cpu((int)(cpu), cpu_possible_mask)
#endif
