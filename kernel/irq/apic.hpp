// The APICs as the kernel reaches them: registers, a CPU's own at start, and what `apic=debug` prints.
#pragma once
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/printk/say.hpp"

namespace irqlab::kernel {

/// Registers of this CPU's local APIC (hw::LapicRegister).
u32 lapic_read(Kernel& k, u16 reg);
void lapic_write(Kernel& k, u16 reg, u32 value);
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
