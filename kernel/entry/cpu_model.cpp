// CPUID and the MSRs of the modelled CPU. See the header.
#include "kernel/entry/cpu_model.hpp"

#include <bit>

#include "hw/irq/lapic_msr.hpp"

namespace irqlab::kernel {

namespace {

enum Msr : u32 {
    msr_sysenter_cs = 0x174,
    msr_efer = 0xc0000080,
    msr_star = 0xc0000081,
    msr_fs_base = 0xc0000100,
    msr_gs_base = 0xc0000101,
    msr_kernel_gs_base = 0xc0000102,
    msr_tsc_aux = 0xc0000103,
};

enum Leaf : u32 { leaf_vendor = 0, leaf_features = 1, leaf_topology = 0xb };

Cpuid vendor(const hw::Machine& m)
{
    const u32 last = cpu_has_x2apic(m.board) ? leaf_topology : leaf_features;
    return {last, 0x756e6547, 0x6c65746e, 0x49656e69}; // "Genu" "ntel" "ineI"
}

Cpuid features(const hw::Machine& m, unsigned cpu)
{
    constexpr u32 fpu = 1u << 0, tsc = 1u << 4, msr = 1u << 5, apic = 1u << 9, cmov = 1u << 15,
                  mmx = 1u << 23, fxsr = 1u << 24, sse = 1u << 25, sse2 = 1u << 26;
    constexpr u32 x2apic = 1u << 21, hypervisor = 1u << 31;
    return {0x663, cpu << 24 | u32{m.cpu_count} << 16 | 0x0800,
            hypervisor | (cpu_has_x2apic(m.board) ? x2apic : 0),
            fpu | tsc | msr | apic | cmov | mmx | fxsr | sse | sse2};
}

/// [SDM2] "Extended Topology Enumeration Leaf": one thread a core, all cores in one package.
Cpuid topology(const hw::Machine& m, unsigned cpu, u32 level)
{
    enum Kind : u32 { invalid, thread, core };
    const u32 id = m.core[cpu].lapic.x2apic_id;
    if (level == 0)
        return {0, 1, level | thread << 8, id};
    if (level == 1)
        return {static_cast<u32>(std::bit_width(m.cpu_count - 1u)), m.cpu_count, level | core << 8, id};
    return {0, 0, level | invalid << 8, id};
}

} // namespace

Cpuid cpuid(const hw::Machine& m, unsigned cpu, u32 leaf, u32 subleaf)
{
    switch (leaf) {
    case leaf_vendor: return vendor(m);
    case leaf_features: return features(m, cpu);
    case leaf_topology: return cpu_has_x2apic(m.board) ? topology(m, cpu, subleaf) : Cpuid{};
    case 0x80000000: return {0x80000001, 0, 0, 0};
    case 0x80000001: return {0, 0, 0, 1u << 29 | 1u << 11}; // long mode, SYSCALL
    default: return {};
    }
}

bool read_msr(const EmulatedCpu& cpu, u32 msr, u64& value)
{
    switch (msr) {
    case hw::msr_tsc: value = cpu.tsc; return true; // The machine's clock may lag behind this CPU's.
    case msr_sysenter_cs: value = 0x10; return true;
    case msr_efer: value = 0xd01; return true;
    case msr_star: value = 0x23001000000000; return true;
    case msr_fs_base:
    case msr_kernel_gs_base: value = 0; return true;
    case msr_gs_base: value = 0xffff88800f800000 + (u64{cpu.index} << 20); return true;
    case msr_tsc_aux: value = cpu.index; return true;
    default: return hw::rdmsr(cpu.machine, cpu.index, msr, value);
    }
}

bool write_msr(const EmulatedCpu& cpu, u32 msr, u64 value)
{
    if (msr == hw::msr_apic_base && hw::apic_base::X2apic::test(value) && !cpu_has_x2apic(cpu.machine.board))
        return false; // A reserved bit of a CPU without x2APIC.
    return hw::wrmsr(cpu.machine, cpu.index, msr, value, cpu.signals);
}

} // namespace irqlab::kernel
