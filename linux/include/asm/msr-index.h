/* SPDX-License-Identifier: MIT */
/* asm/msr-index.h: the registers that the modelled CPU has. */
#ifndef _ASM_X86_MSR_INDEX_H
#define _ASM_X86_MSR_INDEX_H
#define MSR_IA32_TSC 0x00000010
#define MSR_IA32_APICBASE 0x0000001b
#define MSR_IA32_APICBASE_BSP (1 << 8)
#define MSR_IA32_APICBASE_ENABLE (1 << 11)
#define MSR_IA32_APICBASE_BASE (0xfffff << 12)
#define MSR_IA32_SYSENTER_CS 0x00000174
#define MSR_IA32_TSC_DEADLINE 0x000006e0
#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102
#define MSR_TSC_AUX 0xc0000103
#endif
