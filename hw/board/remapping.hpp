// The VT-d unit on a board: interrupt requests of devices and of the I/O APIC go through it while it remaps.
//
// The unit reads its table and its queue from memory, and writes the status of a wait there: one block of the
// machine's memory, which whoever runs software on the machine writes as software would.
#pragma once
#include "hw/board/apic_bus.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

/// Who asks, as the DMAR table of the boards has it: bus F0h, device 1Fh, function 0, 1 (the second I/O APIC)
/// and 7.
inline constexpr u16 ioapic_source = 0xf0f8, ioapic2_source = 0xf0f9, hpet_source = 0xf0ff;

/// Puts the unit on the board. laptop has it from power-on.
void fit_vtd(Machine& machine);

inline VtdMemory vtd_memory(Machine& machine) { return {vtd_memory_address, machine.remap.memory}; }

/// A device's message: a write of `data` to `address`, by `source` (bus, device, function). Remapped while
/// the unit does so, else as send_msi().
void send_message(Machine& machine, u16 source, u32 address, u32 data, Signals& signals);

// --- inside hw/board
// ----------------------------------------------------------------------------------------

u64 vtd_read(Machine& machine, u16 offset, unsigned width, Signals& signals);
void vtd_write(Machine& machine, u16 offset, unsigned width, u64 value, Signals& signals);

/// The message of an I/O APIC's entry, through the unit. False: nobody accepted it.
bool send_remapped(Machine& machine, u64 entry, Sender sender, u16 source, Signals& signals);

} // namespace irqlab::hw
