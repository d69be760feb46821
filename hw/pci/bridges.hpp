// The bridges of the boards: the host bridge, which makes configuration accesses of port and memory accesses,
// and the ISA bridge with the PIRQ router.
//
//     board    host bridge 00:00.0        ISA bridge                     INTx to PIRQ
//     pc       82441FX  8086:1237         PIIX3 function 0 01.0 8086:7000  (slot + pin - 1) mod 4 of A-D
//     q35      82Q35    8086:29c0         ICH9 LPC 1f.0 8086:2918        see below
//     laptop   GM45     8086:2a40         ICH9M-E LPC 1f.0 8086:2917     as q35
//
// Pins count from 0 (INTA). On q35, slots 0 to 24 use PIRQE to H in turn, (slot + pin) mod 4; slot 30 is the
// PCI bridge, pins A to D on PIRQE to H; slots 25 to 29 and 31 have pins A to D on PIRQA to D, as D25IR to
// D31IR are at reset.
//
// PIRQ to line: PIIX3's PIRQRC[A:D] at 60h to 63h and ICH9's PIRQ[A:H]_ROUT at 60h to 63h and 68h to 6Bh. Bit
// 7 set: not routed to the 8259. Bits 3:0: the ISA line; 0, 1, 2, 8 and 13 are reserved, and nothing is
// routed there. All PIRQs of one line are wired-OR. ICH9's PIRQA to H drive I/O APIC inputs 16 to 23 always;
// behind PIIX3 there is only the ISA line.
//
// Configuration mechanism 1: CONFADD, a dword at CF8h (bit 31 enables; bus, device, function, dword), and the
// bytes of that dword at CFCh to CFFh. Narrow accesses at CF8h are not CONFADD's. On q35 and laptop, PCIEXBAR
// (60h of the host bridge) opens configuration space in memory: a megabyte a bus, 4096 bytes a function, of
// which those from 100h up read as ones.
//
// Not modelled: memory controllers and their attributes (PAM, SMRAM: the registers keep what is written),
// other functions of the chipsets (IDE, USB, power management, SMBus), buses behind bridges, special cycles,
// D25IR to D31IR as software can set them, the vendor-specific capabilities of ICH9 and the memory
// controllers, MBIRQ. Simplified: on q35 and laptop a routed PIRQ reaches the I/O APIC's input of that ISA
// line too, as in QEMU; ICH9 brings it to the 8259s alone.
//
// Sources: [440FX] "PCI Configuration Space Mapped Registers"; [PIIX] "PCI Configuration Registers"; [Q35]
// "DRAM Controller Registers (D0:F0)"; [ICH9] "LPC Interface Bridge Registers (D31:F0)", "Interrupt Mapping".
#pragma once
#include "hw/board/wiring.hpp"
#include "hw/pci/config.hpp"

namespace irqlab::hw {

inline constexpr unsigned pirqs_max = 8; // A to H; PIIX3 has four.
inline constexpr unsigned intx_pins = 4;

/// Device and function number as one byte.
constexpr u8 devfn(unsigned device, unsigned function) { return static_cast<u8>(device << 3 | function); }
constexpr unsigned slot_of(u8 devfn) { return devfn >> 3; }

inline constexpr u8 host_devfn = 0;
constexpr u8 isa_devfn(BoardId board) { return board == BoardId::pc ? devfn(1, 0) : devfn(31, 0); }

/// A PIRQ routing register.
namespace pirq_route {
using Disabled = Field<u8, 7>;
using Line = Field<u8, 0, 4>;
inline constexpr u8 at_reset = Disabled::mask;
/// ISA lines that a PIRQ can be routed to.
inline constexpr u16 lines = 0xdef8;
} // namespace pirq_route

constexpr unsigned pirq_count(BoardId board) { return board == BoardId::pc ? 4 : pirqs_max; }
/// Offset of the routing register in the ISA bridge.
constexpr unsigned pirq_register(unsigned pirq) { return pirq < 4 ? 0x60 + pirq : 0x64 + pirq; }

/// The PIRQ (0 is A) that pin `pin` (0 is INTA) of a slot (0 to 31) drives.
constexpr unsigned pirq_of(BoardId board, unsigned slot, unsigned pin)
{
    if (board == BoardId::pc)
        return (slot + pin - 1) & 3;
    if (slot <= 24)
        return 4 + ((slot + pin) & 3);
    return slot == 30 ? 4 + pin : pin;
}

inline constexpr u8 not_routed = 0xff;
/// The ISA line of PIRQ `pirq` as the ISA bridge has it, or not_routed.
u8 line_of_pirq(BoardId board, const PciConfig& isa, unsigned pirq, u32 quirks);
/// Its I/O APIC input of its own, or not_routed.
constexpr u8 gsi_of_pirq(BoardId board, unsigned pirq)
{
    return board == BoardId::pc ? not_routed : static_cast<u8>(isa_lines + pirq);
}
/// All lines (bit n: line n) that these PIRQs hold (bit n: PIRQ n).
u32 lines_of_pirqs(BoardId board, const PciConfig& isa, u8 pirqs, u32 quirks);

/// The routing that firmware sets: PIRQs A to D, then E to H.
inline constexpr std::array<u8, 4> firmware_lines{10, 10, 11, 11};

const PciLayout& host_layout(BoardId board);
const PciLayout& isa_layout(BoardId board);

/// The state in which firmware leaves them.
void start_bridges(PciConfig& host, PciConfig& isa, BoardId board);

/// CONFADD.
namespace pci_address {
using Offset = Field<u32, 2, 6>; // in dwords
using Devfn = Field<u32, 8, 8>;
using Bus = Field<u32, 16, 8>;
using Enable = Field<u32, 31>;
inline constexpr u32 writable = Enable::mask | Bus::mask | Devfn::mask | Offset::mask;
} // namespace pci_address
inline constexpr u16 pci_address_port = 0xcf8, pci_data_port = 0xcfc;

/// What PCIEXBAR says: `bytes` of configuration space at `base`; none when 0.
struct EcamWindow {
    u64 base, bytes;
};
EcamWindow ecam(BoardId board, const PciConfig& host);

} // namespace irqlab::hw
