// A CPU's local APIC: its registers, and how Linux sets them when the CPU starts.
// Source: [SDM3] "Local APIC"; [LX arch/x86/kernel/apic/apic.c] for values and order.
#include "hw/irq/lapic.hpp"

#include "kernel/irq/apic.hpp"

namespace irqlab::kernel {

u32 lapic_read(Kernel& k, u16 reg)
{
    return hw::mmio_read(k.machine, k.this_cpu->index, hw::lapic_address + reg, k.signals);
}

void lapic_write(Kernel& k, u16 reg, u32 value)
{
    hw::mmio_write(k.machine, k.this_cpu->index, hw::lapic_address + reg, value, k.signals);
}

namespace {

constexpr u32 masked = hw::lvt::Masked::mask;
constexpr u32 ext_int = hw::lvt::DeliveryMode::put(0, static_cast<u32>(hw::Delivery::ext_int));
constexpr u32 nmi = hw::lvt::DeliveryMode::put(0, static_cast<u32>(hw::Delivery::nmi));
constexpr u32 priority_below_external = 0x10; // vectors 10h to 1Fh are exceptions: never to be taken
constexpr unsigned flat_cpus = 8;             // a bit each in a flat logical destination

// The 8259's wire stays open on the boot CPU where firmware left it so; check_timer closes it.
void setup_lint0(Kernel& k)
{
    const unsigned cpu = k.this_cpu->index;
    const bool was_masked = hw::lvt::Masked::test(lapic_read(k, hw::lapic_lvt_lint0));
    const bool open = cpu == 0 && (!was_masked || !k.irq->use_ioapic);
    say_verbose(k, loglevel_warning, "{} ExtINT on CPU#{}", open ? "enabled" : "masked", cpu);
    lapic_write(k, hw::lapic_lvt_lint0, ext_int | (open ? 0 : masked));
}

} // namespace

void setup_local_apic(Kernel& k)
{
    const unsigned cpu = k.this_cpu->index;
    lapic_write(k, hw::lapic_dfr, 0xffffffff);
    lapic_write(k, hw::lapic_ldr, cpu < flat_cpus ? 1u << (24 + cpu) : 0);
    lapic_write(k, hw::lapic_tpr, priority_below_external);
    lapic_write(k, hw::lapic_svr, hw::svr::Enabled::mask | spurious_apic_vector);
    setup_lint0(k);
    lapic_write(k, hw::lapic_lvt_lint1, nmi | (cpu == 0 ? 0 : masked));
    lapic_write(k, hw::lapic_lvt_error, error_apic_vector);
    // Back to back: the first write latches what was, the second clears it.
    lapic_write(k, hw::lapic_esr, 0);
    lapic_write(k, hw::lapic_esr, 0);
}

} // namespace irqlab::kernel
