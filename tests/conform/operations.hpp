// The tables of operations, one for each part of the machine. operations.cpp joins them.
#pragma once
#include "tests/conform/step.hpp"

namespace irqlab::conform {

/// What `take` answers when nothing waits.
inline constexpr u64 nothing_to_take = 0x100;

/// The 8259 pair alone: its INT, and INTA pulse by pulse.
std::span<const Operation> pic_operations();

/// The I/O APIC with what it sends. Destinations 0 to 3, physical or logical.
std::span<const Operation> ioapic_operations();
inline constexpr unsigned ioapic_mailboxes = 8;

/// A CPU: tables, flags and shadows, events, what a delivery pushed.
std::span<const Operation> cpu_operations();

/// Before the first step of a case: no frames are on the stack, ip and sp are as at the start.
void begin_case();

} // namespace irqlab::conform
