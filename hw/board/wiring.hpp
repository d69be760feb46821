// How the boards are wired: which pin goes where, and what ACPI tells software about it.
//
// The tables here are the wiring: routing of lines is computed from them, and views print them.
// Sources: [ACPI] "Interrupt Source Override Structure"; [PIIX] and [ICH9] interrupt chapters; [8259A]
// "Cascade Mode"; [MP] "Virtual Wire Mode". pc and q35 are wired as QEMU's machines of these names are,
// laptop as a notebook.
#pragma once
#include <span>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

enum class BoardId : u8 { pc, q35, laptop };
inline constexpr unsigned boards = 3;
const char* name(BoardId board);

/// ISA lines 0 to 15, then GSIs 16 to 23. The number is what `irq raise N` and /proc/interrupts use.
inline constexpr unsigned lines_max = 24;
inline constexpr unsigned isa_lines = 16;

/// What a wire may end at.
enum class Part : u8 {
    i8254,
    mc146818,
    i8042,
    uart0,
    uart1, // Outputs, numbered as the chip's header says.
    lpt,
    line, // An ISA line or GSI.
    pic_master,
    pic_slave, // Inputs IR0 to IR7, and pin_int.
    ioapic,
    lapic_bsp,
    lapic_all, // LINT0 and LINT1.
    nmi,       // The board's NMI pin.
};
const char* name(Part part);
inline constexpr u8 pin_int = 8; // The INT output of an 8259.

/// One copper trace. An inverted one is low while its source is active, as PCI's open-drain INTx lines are.
struct Wire {
    Part from;
    u8 from_pin;
    Part to;
    u8 to_pin;
    bool inverted = false;
    bool operator==(const Wire&) const = default;
};

/// All wires of a board, devices first.
std::span<const Wire> schematic(BoardId board);

/// An ISA line as software must program its IO-APIC input.
struct IsaOverride {
    u8 isa;
    u8 gsi;
    bool level;
    bool active_low;
    bool operator==(const IsaOverride&) const = default;
};

/// The overrides of the board's MADT, by ISA line.
std::span<const IsaOverride> overrides(BoardId board);

/// What holds for an ISA line: its override, or the same number, edge, active high.
IsaOverride isa_to_gsi(BoardId board, unsigned isa);

/// Whether a PCI line (GSI 16 to 23) is active low at the IO-APIC: on the notebook it is; QEMU's are active
/// high.
bool gsi_active_low(BoardId board, unsigned gsi);

} // namespace irqlab::hw
