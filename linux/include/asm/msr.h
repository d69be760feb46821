/* SPDX-License-Identifier: MIT */
/* asm/msr.h: model-specific registers and the time stamp counter. */
#ifndef _ASM_MSR_H
#define _ASM_MSR_H
#include <linux/types.h>
#include <asm/msr-index.h>
#include <abi/msr.h>
#include <abi/time.h>
#define rdtsc() __lab_rdtsc()
#define rdtsc_ordered() __lab_rdtsc()
#define rdtscll(value) ((value) = __lab_rdtsc())
#define rdtscl(low) ((low) = (u32)__lab_rdtsc())

#define rdmsr(msr, low, high)                                                                                       \
	do {                                                                                                        \
		u64 __value = __lab_read_msr(msr);                                                                  \
		(void)((low) = (u32)__value);                                                                       \
		(void)((high) = (u32)(__value >> 32));                                                              \
	} while (0)
#define rdmsrl(msr, value) ((value) = __lab_read_msr(msr))
#define rdmsr_safe(msr, low, high)                                                                                  \
	({                                                                                                          \
		u64 __value;                                                                                        \
		int __error = __lab_read_msr_safe(msr, &__value);                                                   \
		(*(low)) = (u32)__value;                                                                            \
		(*(high)) = (u32)(__value >> 32);                                                                   \
		__error;                                                                                            \
	})

static inline void wrmsr(u32 msr, u32 low, u32 high) { __lab_write_msr(msr, (u64)high << 32 | low); }
static inline void wrmsrl(u32 msr, u64 value) { __lab_write_msr(msr, value); }
static inline int wrmsr_safe(u32 msr, u32 low, u32 high)
{
	return __lab_write_msr_safe(msr, (u64)high << 32 | low);
}
static inline int wrmsrl_safe(u32 msr, u64 value) { return __lab_write_msr_safe(msr, value); }
static inline int rdmsrl_safe(unsigned int msr, unsigned long long *value)
{
	u64 read;
	int error = __lab_read_msr_safe(msr, &read);

	*value = read;
	return error;
}
#endif
