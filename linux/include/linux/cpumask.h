/* SPDX-License-Identifier: MIT */
/* linux/cpumask.h: sets of CPUs. */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H
#include <linux/kernel.h>
#include <linux/bitops.h>
#include <linux/gfp.h>
#define NR_CPUS 256
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
#define __lab_each_word(i) for (i = 0; i < NR_CPUS / 64; i++)
static inline void cpumask_setall(struct cpumask *mask)
{
    unsigned int i;
    __lab_each_word(i) mask->bits[i] = ~0UL;
}
static inline void cpumask_clear(struct cpumask *mask)
{
    unsigned int i;
    __lab_each_word(i) mask->bits[i] = 0;
}
static inline void cpumask_copy(struct cpumask *to, const struct cpumask *from)
{
    unsigned int i;
    __lab_each_word(i) to->bits[i] = from->bits[i];
}
static inline bool cpumask_empty(const struct cpumask *mask)
{
    unsigned int i;
    unsigned long any = 0;
    __lab_each_word(i) any |= mask->bits[i];
    return any == 0;
}
static inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b)
{
    unsigned int i;
    unsigned long differ = 0;
    __lab_each_word(i) differ |= a->bits[i] ^ b->bits[i];
    return differ == 0;
}
static inline bool cpumask_and(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
    unsigned int i;
    __lab_each_word(i) to->bits[i] = a->bits[i] & b->bits[i];
    return !cpumask_empty(to);
}
static inline void cpumask_or(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
    unsigned int i;
    __lab_each_word(i) to->bits[i] = a->bits[i] | b->bits[i];
}
static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
    unsigned int i, n = 0;
    __lab_each_word(i) n += (unsigned int)hweight64(mask->bits[i]);
    return n;
}
static inline unsigned int cpumask_next(int cpu, const struct cpumask *mask)
{
    unsigned long found = find_next_bit(mask->bits, NR_CPUS, (unsigned long)(cpu + 1));
    return found < nr_cpu_ids ? (unsigned int)found : nr_cpu_ids;
}
static inline unsigned int cpumask_first(const struct cpumask *mask) { return cpumask_next(-1, mask); }
static inline struct cpumask __lab_mask_of(unsigned int cpu)
{
    struct cpumask one = {{0}};
    one.bits[cpu / 64] = 1UL << cpu % 64;
    return one;
}
/* A set of one CPU: the caller's, for the length of the expression's block. */
#define cpumask_of(cpu) ((const struct cpumask *)&(struct cpumask[1]){__lab_mask_of(cpu)})
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
