// The machine's MSRs: mode and registers of the local APICs, the TSC and its deadline. See machine.hpp.
#include "hw/board/apic_bus.hpp"
#include "hw/irq/lapic_msr.hpp"
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

bool is_x2apic(u32 msr) { return msr >= msr_x2apic && msr < msr_x2apic_end; }

/// A deadline that has passed expires now, not when time goes on.
void arm_deadline(Machine& m, unsigned cpu, u64 tsc, Signals& signals)
{
    write_deadline(m.core[cpu].lapic, tsc);
    m.deadline_ns = 0;
    advance(m, m.now_ns, signals);
}

bool write_x2apic(Machine& m, unsigned cpu, u32 msr, u64 value, Signals& signals)
{
    LapicEffect effect{};
    if (!write_msr(m.core[cpu].lapic, msr, value, m.now_ns, cpu, signals, effect))
        return false;
    carry_out(m, cpu, effect, signals);
    return true;
}

} // namespace

bool rdmsr(const Machine& m, unsigned cpu, u32 msr, u64& value)
{
    CHECK(cpu < m.cpu_count);
    const Lapic& apic = m.core[cpu].lapic;
    if (is_x2apic(msr))
        return read_msr(apic, msr, m.now_ns, value);
    switch (msr) {
    case msr_tsc: value = tsc_at(m.now_ns); return true;
    case msr_apic_base: value = apic.base; return true;
    case msr_tsc_deadline: value = read_deadline(apic, m.now_ns); return true;
    default: return false;
    }
}

bool wrmsr(Machine& m, unsigned cpu, u32 msr, u64 value, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    if (is_x2apic(msr))
        return write_x2apic(m, cpu, msr, value, signals);
    switch (msr) {
    case msr_apic_base: return write_apic_base(m, cpu, value, signals);
    case msr_tsc_deadline: arm_deadline(m, cpu, value, signals); return true;
    default: return false;
    }
}

bool write_apic_base(Machine& m, unsigned cpu, u64 value, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    if (!write_base(m.core[cpu].lapic, value))
        return false;
    m.deadline_ns = 0;
    readdress(m, signals);
    return true;
}

bool write_apic_base(Machine& m, unsigned cpu, u64 value)
{
    Signals unheard;
    return write_apic_base(m, cpu, value, unheard);
}

void write_cr8(Machine& m, unsigned cpu, u8 value)
{
    CHECK(cpu < m.cpu_count && value < 16);
    m.core[cpu].lapic.tpr = static_cast<u8>(value << 4);
}

u8 read_cr8(const Machine& m, unsigned cpu) { return m.core[cpu].lapic.tpr >> 4; }

void local_event(Machine& m, unsigned cpu, LvtEntry entry, Signals& signals)
{
    CHECK(cpu < m.cpu_count);
    apply(m.core[cpu], fire(m.core[cpu].lapic, entry, cpu, signals), cpu, signals);
}

} // namespace irqlab::hw
