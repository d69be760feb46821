// The tables of operations, one for each part of the machine. operations.cpp joins them.
#pragma once
#include "tests/conform/step.hpp"

namespace irqlab::conform {

/// What `take` answers when nothing waits.
inline constexpr u64 nothing_to_take = 0x100;

/// How often `drain` reads the keyboard controller.
inline constexpr unsigned drain_reads = 48;

/// What `rdmsr` and `wrmsr` answer for #GP; a write that succeeds answers 0.
inline constexpr u64 general_protection = 0xdead'0000'0000'000d;

/// MSRs, CR8 and registers of the local APICs.
std::span<const Operation> lapic_operations();
/// The 8259 pair alone: its INT, and INTA pulse by pulse.
std::span<const Operation> pic_operations();
/// Keys, motion, and the lines of the keyboard controller.
std::span<const Operation> kbd_operations();

/// The I/O APIC with what it sends. Destinations 0 to 3, physical or logical.
std::span<const Operation> ioapic_operations();
inline constexpr unsigned ioapic_mailboxes = 8;

/// PCI: configuration, INTx and messages of educational devices.
std::span<const Operation> pci_operations();
/// What `watched_write` answers when no message came.
inline constexpr u64 nothing_written = 0x5eed5eed;
/// The I/O APIC's inputs that `ioapic_inputs` looks at: those that a PIRQ can reach.
inline constexpr u32 pirq_lines = 0xffdef8;

} // namespace irqlab::conform
