// What the modelled CPU is and holds beside its interrupts: CPUID, control registers, MSRs.
//
// On pc and q35 it is the guest's of QEMU's default model: family 6 with APIC, TSC, MSR and SSE2. The
// notebook's also has x2APIC. IA32_TSC_DEADLINE works on all of them although CPUID does not offer it: Linux
// would make it its clock event.
//
// Sources: [SDM2] "CPUID"; [SDM4] for the MSRs.
#pragma once
#include "kernel/entry/emulate.hpp"

namespace irqlab::kernel {

inline constexpr u64 cr0_value = 0x80050033, cr3_value = 0x2a10000, cr4_value = 0x6f0;
inline constexpr u64 dr7_value = 0x400;

/// CPUID.01H:ECX bit 21 of the board's CPU.
constexpr bool cpu_has_x2apic(hw::BoardId board) { return board == hw::BoardId::laptop; }

struct Cpuid {
    u32 a, b, c, d;
};
Cpuid cpuid(const hw::Machine& machine, unsigned cpu, u32 leaf, u32 subleaf);

/// RDMSR: what belongs to interrupts is the machine's, the rest are values that do not change. False: #GP.
bool read_msr(const EmulatedCpu& cpu, u32 msr, u64& value);
/// WRMSR: only what belongs to interrupts can be written; interrupts may come of it. False: #GP.
bool write_msr(const EmulatedCpu& cpu, u32 msr, u64 value);

} // namespace irqlab::kernel
