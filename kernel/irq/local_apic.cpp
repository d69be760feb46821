// A CPU's local APIC: its registers in either mode, and how Linux sets them when the CPU starts.
// Source: [SDM3] "Local APIC", "Extended XAPIC (x2APIC)"; [LX arch/x86/kernel/apic/apic.c] for values and
// order.
#include <array>

#include "hw/irq/lapic_msr.hpp"
#include "kernel/entry/cpu_model.hpp"
#include "kernel/entry/msr.hpp"
#include "kernel/irq/apic.hpp"

namespace irqlab::kernel {

namespace {

constexpr unsigned flat_cpus = 8; // a bit each in a flat logical destination

constexpr u32 msr_of(u16 reg) { return hw::msr_x2apic + (reg >> 4); }

bool x2apic_disabled(const Kernel& k) { return has_word(k.config.cmdline, "nox2apic"); }

} // namespace

u32 lapic_read(Kernel& k, unsigned cpu, u16 reg)
{
    if (k.irq->x2apic)
        return static_cast<u32>(native_read_msr(k, cpu, msr_of(reg)));
    return hw::mmio_read(k.machine, cpu, hw::lapic_address + reg, k.signals);
}

void lapic_write(Kernel& k, unsigned cpu, u16 reg, u32 value)
{
    if (k.irq->x2apic)
        return native_write_msr(k, cpu, msr_of(reg), value);
    hw::mmio_write(k.machine, cpu, hw::lapic_address + reg, value, k.signals);
}

void lapic_icr_write(Kernel& k, u32 low, u32 destination)
{
    if (k.irq->x2apic)
        return native_write_msr(k, k.this_cpu->index, hw::msr_x2apic_icr, u64{destination} << 32 | low);
    lapic_write(k, hw::lapic_icr_high, destination << 24);
    lapic_write(k, hw::lapic_icr_low, low);
}

Target destination_of(ApicDriver driver, unsigned cpu)
{
    switch (driver) {
    case ApicDriver::flat: return {1u << cpu, true};
    case ApicDriver::cluster_x2apic: return {hw::logical_x2apic_id(cpu), true};
    default: return {cpu, false};
    }
}

bool x2apic_supported(const Kernel& k) { return cpu_has_x2apic(k.config.board) && !x2apic_disabled(k); }

void choose_apic_driver(Kernel& k)
{
    using enum ApicDriver;
    static constexpr std::array names{"flat", "physical flat", "cluster x2apic", "physical x2apic"};
    if (k.irq->x2apic)
        k.irq->apic = has_word(k.config.cmdline, "x2apic_phys") ? physical_x2apic : cluster_x2apic;
    else
        k.irq->apic = k.cpu_count > flat_cpus ? physical_flat : flat;
    if (k.irq->apic == flat)
        return; // it was so from the beginning
    const char* name = names[static_cast<unsigned>(k.irq->apic)];
    if (k.config.release >= Release::v6_6)
        say(k, loglevel_info, "APIC: Switched APIC routing to: {}", name);
    else
        say(k, loglevel_info, "Switched APIC routing to {}.", name);
}

void try_to_enable_x2apic(Kernel& k, bool eim)
{
    if (!x2apic_supported(k))
        return;
    if (!eim) {
        log_line(k, loglevel_info, "x2apic: IRQ remapping doesn't support X2APIC mode");
        return;
    }
    k.irq->x2apic = true;
    x2apic_setup(k);
    log_line(k, loglevel_info, "x2apic enabled");
}

void x2apic_setup(Kernel& k)
{
    if (!k.irq->x2apic)
        return;
    const unsigned cpu = k.this_cpu->index;
    const u64 base = native_read_msr(k, cpu, hw::msr_apic_base);
    native_write_msr(k, cpu, hw::msr_apic_base, base | hw::apic_base::X2apic::mask);
}

namespace {

constexpr u32 masked = hw::lvt::Masked::mask;
constexpr u32 ext_int = hw::lvt::DeliveryMode::put(0, static_cast<u32>(hw::Delivery::ext_int));
constexpr u32 nmi = hw::lvt::DeliveryMode::put(0, static_cast<u32>(hw::Delivery::nmi));
constexpr u32 priority_below_external = 0x10; // vectors 10h to 1Fh are exceptions: never to be taken

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
    if (!k.irq->x2apic) { // there the logical ID follows from the ID
        lapic_write(k, hw::lapic_dfr, 0xffffffff);
        lapic_write(k, hw::lapic_ldr, cpu < flat_cpus ? 1u << (24 + cpu) : 0);
    }
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
