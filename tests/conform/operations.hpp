// The tables of operations, one for each part of the machine. operations.cpp joins them.
#pragma once
#include "tests/conform/step.hpp"

namespace irqlab::conform {

/// What `take` and `uart_sent` answer when nothing waits.
inline constexpr u64 nothing_to_take = 0x100;

/// How often `drain` reads the keyboard controller.
inline constexpr unsigned drain_reads = 48;

/// What `rdmsr` and `wrmsr` answer for #GP; a write that succeeds answers 0.
inline constexpr u64 general_protection = 0xdead'0000'0000'000d;

/// MSRs, CR8 and registers of the local APICs.
std::span<const Operation> lapic_operations();
/// The 8259 pair alone: its INT, and INTA pulse by pulse.
std::span<const Operation> pic_operations();
/// What `pic_state` shows of an 8259A, and how: from bit 0 up, in this order, each as wide as it needs.
struct PicState {
    u8 irr, imr, isr, elcr;
    u8 icw2;   ///< Bits 7:3 of it.
    u8 lowest; ///< The level of the lowest priority.
    u8 awaits; ///< ICW2 to ICW4: 1 to 3; else 0.
    u8 ic4, read_isr, poll, aeoi, sfnm, rotate_in_aeoi;
};
u64 pic_state(const PicState& state);
/// Keys, motion, and the lines of the keyboard controller.
std::span<const Operation> kbd_operations();

/// The I/O APIC with what it sends. Destinations 0 to 3, physical or logical.
std::span<const Operation> ioapic_operations();
inline constexpr unsigned ioapic_mailboxes = 8;

/// PCI: configuration, INTx and messages of educational devices.
std::span<const Operation> pci_operations();
/// Memory that an educational device reads, and the place that `dma_wait` answers a digest of: nothing but
/// zeros is there before.
inline constexpr u64 dma_in_address = 0x100000, dma_in_bytes = 0x4000, dma_out_address = 0x200000,
                     dma_out_bytes = 256;
constexpr u8 memory_pattern(u64 address)
{
    return static_cast<u8>((address * 37 + 11 + (address >> 8)) & 0xff);
}
/// What `watched_write` answers when no message came.
inline constexpr u64 nothing_written = 0x5eed5eed;
/// The I/O APIC's inputs that `ioapic_inputs` looks at: those that a PIRQ can reach.
inline constexpr u32 pirq_lines = 0xffdef8;
/// A CPU: tables, flags and shadows, events, what a delivery pushed.
std::span<const Operation> cpu_operations();

/// Before the first step of a case: no frames are on the stack, ip and sp are as at the start.
void begin_case();

/// Bytes and modem lines at the far end of a serial port's cable.
std::span<const Operation> uart_operations();

} // namespace irqlab::conform
