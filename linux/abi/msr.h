/* SPDX-License-Identifier: MIT */
/* msr.h: model-specific registers, as the kernel reads and writes them for a driver. */
#ifndef IRQLAB_ABI_MSR_H
#define IRQLAB_ABI_MSR_H

#include "base.h"

IRQLAB_ABI_BEGIN

/* What the CPU refuses is warned of once, and reads 0. */
u64 __lab_read_msr(u32 msr);
void __lab_write_msr(u32 msr, u64 value);
/* What it refuses is -EIO, and reads 0. */
int __lab_read_msr_safe(u32 msr, u64 *value);
int __lab_write_msr_safe(u32 msr, u64 value);

/* On another CPU: -ENXIO when it is not online. Halves are low and high. */
int rdmsr_on_cpu(unsigned int cpu, u32 msr, u32 *l, u32 *h);
int wrmsr_on_cpu(unsigned int cpu, u32 msr, u32 l, u32 h);
int rdmsrl_on_cpu(unsigned int cpu, u32 msr, u64 *q);
int wrmsrl_on_cpu(unsigned int cpu, u32 msr, u64 q);
int rdmsr_safe_on_cpu(unsigned int cpu, u32 msr, u32 *l, u32 *h);
int wrmsr_safe_on_cpu(unsigned int cpu, u32 msr, u32 l, u32 h);
int rdmsrl_safe_on_cpu(unsigned int cpu, u32 msr, u64 *q);
int wrmsrl_safe_on_cpu(unsigned int cpu, u32 msr, u64 q);

IRQLAB_ABI_END

#endif
