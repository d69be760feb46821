// The APICs as the kernel reaches them: registers, a CPU's own at start, and what `apic=debug` prints.
#pragma once
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/printk/say.hpp"

namespace irqlab::kernel {

/// Registers of a CPU's local APIC (hw::LapicRegister): in its page, or as MSRs in x2APIC mode. Not the ICR.
u32 lapic_read(Kernel& k, unsigned cpu, u16 reg);
void lapic_write(Kernel& k, unsigned cpu, u16 reg, u32 value);
/// Those of the CPU that steps.
inline u32 lapic_read(Kernel& k, u16 reg) { return lapic_read(k, k.this_cpu->index, reg); }
inline void lapic_write(Kernel& k, u16 reg, u32 value) { lapic_write(k, k.this_cpu->index, reg, value); }
/// The ICR of the CPU that steps: bits 31:0, and whom it names.
void lapic_icr_write(Kernel& k, u32 low, u32 destination);

/// How the kernel's messages name a CPU.
struct Target {
    u32 id;
    bool logical;
};
Target destination_of(ApicDriver driver, unsigned cpu);
/// The driver for this machine, once it is known whether the local APICs are in x2APIC mode; says so in the
/// log.
void choose_apic_driver(Kernel& k);

/// Turns x2APIC mode on if the CPU has it and the remapping unit can name its IDs (`eim`), and says why not.
void try_to_enable_x2apic(Kernel& k, bool eim);
bool x2apic_supported(const Kernel& k);
/// A further CPU's local APIC goes over to the mode of the first one.
void x2apic_setup(Kernel& k);

/// Indirect registers of the I/O APIC.
u32 ioapic_read(Kernel& k, u8 reg);
void ioapic_write(Kernel& k, u8 reg, u32 value);
/// Both halves of a redirection entry, as Linux reads it. The register of its low half is 10h + 2 * pin.
u64 ioapic_read_entry(Kernel& k, unsigned pin);
void ioapic_write_entry(Kernel& k, unsigned pin, u64 entry);
unsigned ioapic_pins(Kernel& k);

/// Enables this CPU's local APIC, its LINT pins and its error interrupt.
void setup_local_apic(Kernel& k);
/// Registers of the APICs, read back: Linux's last word about them at boot, with `apic=debug` or
/// `apic=verbose`. `show_lapic=N` or `show_lapic=all` says of how many CPUs.
void print_apics(Kernel& k);

/// A line that `apic=verbose` and `apic=debug` add.
template <class... Args>
void say_verbose(Kernel& k, int level, fmt::format_string<Args...> format, Args&&... args)
{
    if (k.irq->apic_verbose)
        say(k, level, format, std::forward<Args>(args)...);
}

} // namespace irqlab::kernel
