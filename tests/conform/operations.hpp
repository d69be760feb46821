// The tables of operations, one for each part of the machine. operations.cpp joins them.
#pragma once
#include "tests/conform/step.hpp"

namespace irqlab::conform {

/// What `take` answers when nothing waits.
inline constexpr u64 nothing_to_take = 0x100;

/// How often `drain` reads the keyboard controller.
inline constexpr unsigned drain_reads = 48;

/// The 8259 pair alone: its INT, and INTA pulse by pulse.
std::span<const Operation> pic_operations();
/// Keys, motion, and the lines of the keyboard controller.
std::span<const Operation> kbd_operations();

/// The I/O APIC with what it sends. Destinations 0 to 3, physical or logical.
std::span<const Operation> ioapic_operations();
inline constexpr unsigned ioapic_mailboxes = 8;

} // namespace irqlab::conform
