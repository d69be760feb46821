// 8259A programmable interrupt controller, and the pair of them that a PC has.
//
//              +-----\/-----+            Pin       here
//        CS  --|            |-- Vcc      IR0-IR7   drive(chip, ir, level)
//        WR  --|            |-- A0       INT       intr(chip)
//        RD  --|            |-- INTA     INTA      first_inta, second_inta (third_inta in MCS-80 mode)
//     D7-D0  ==|   8259A    |-- IR7-IR0  CAS0-2    the level that first_inta answers
//    CAS0-1  ==|            |-- INT      SP/EN     I8259::sp, strapped by the board: high is the master
//       GND  --|            |-- SP/EN    A0        the argument a0 of read and write
//              +------------+
//
// Ports of the pair: 20h, 21h master; A0h, A1h slave; 4D0h, 4D1h ELCR. The slave's INT is the master's IR2.
//
//   A0=0 write  D4=1 ICW1: A7-A5, LTIM, ADI, SNGL, IC4       A0=1 write  after ICW1: ICW2, [ICW3], [ICW4]
//               D4=0 D3=0 OCW2: R, SL, EOI, L2-L0                        otherwise: OCW1, the mask (IMR)
//               D4=0 D3=1 OCW3: ESMM, SMM, P, RR, RIS
//   A0=0 read   IRR or ISR, as OCW3 selected                 A0=1 read   IMR
//   Either, after OCW3 with P: the poll word, I in bit 7 and the level in bits 2-0; that read acts as an
//   INTA.
//
// IRR is derived, not stored: a line in edge mode requests while its edge latch is set, and a falling line
// clears the latch ([8259A] "Edge and Level Triggered Modes"); a line in level mode requests while it is
// high.
//
// Where the datasheet is silent, this is chosen: ICW1 also clears ISR and "rotate in automatic EOI" (as QEMU
// does; KVM keeps ISR); a poll word without a request is 00h; the slave resolves when the cascade lines are
// valid, after the first INTA, so that a slave's line that falls between the pulses gives the default IR15.
//
// Not modelled, reported as Diagnosis::pic_not_modelled where software can ask for it:
//   - MCS-80 mode behind an x86 CPU, which has no third INTA: acknowledge() adds it, and gives the second
//   byte.
//     (A lone I8259 does all three.) value: the ICW4, or 0 when there was none.
//   - Buffered mode whose M/S bit contradicts the strap: the strap wins. value: the ICW4.
//   - Bus contention when two chips answer; a slave in single mode does not answer, and the bus floats (FFh).
//   - INTs rise time: after the second INTA, INT falls and, if something is pending, rises again at once.
//
// Sources: [8259A] Intel 231468-003; [PIIX] 290550 "Interrupt Controller" for ELCR.
#pragma once
#include <bit>
#include <type_traits>

#include "hw/base/bits.hpp"
#include "hw/base/quirk.hpp"
#include "hw/base/signal.hpp"

namespace irqlab::hw {

namespace icw1 {
using Ic4 = Field<u8, 0>;
using Sngl = Field<u8, 1>;
using Adi = Field<u8, 2>; // call address interval: 1 four bytes, 0 eight. MCS-80 only.
using Ltim = Field<u8, 3>;
using IsIcw1 = Field<u8, 4>;
using A7_5 = Field<u8, 5, 3>; // MCS-80 only
} // namespace icw1

namespace icw4 {
using Upm = Field<u8, 0>; // 1: 8086 mode
using Aeoi = Field<u8, 1>;
using Ms = Field<u8, 2>;
using Buf = Field<u8, 3>;
using Sfnm = Field<u8, 4>;
} // namespace icw4

namespace ocw2 {
using Level = Field<u8, 0, 3>;
using Command = Field<u8, 5, 3>; // R, SL, EOI
} // namespace ocw2

namespace ocw3 {
using Ris = Field<u8, 0>;
using Rr = Field<u8, 1>;
using P = Field<u8, 2>;
using IsOcw3 = Field<u8, 3>;
using Smm = Field<u8, 5>;
using Esmm = Field<u8, 6>;
} // namespace ocw3

/// Switches of `I8259::quirks`; i8259_quirks() says what each does.
namespace i8259_quirk {
using StoredIrr = Field<u32, 0>;
using LivePoll = Field<u32, 1>;
using EoiOfMasked = Field<u32, 2>;
using NestedForgets = Field<u32, 3>;
using NoLtim = Field<u32, 4>;
using EarlyService = Field<u32, 5>;
using StoredInt = Field<u32, 6>;
using RepeatedCascade = Field<u32, 7>;
using FixedCascade = Field<u32, 8>;
using PulsedCascade = Field<u32, 9>;
using NoSpecialMask = Field<u32, 10>;
using Icw1Keeps = Field<u32, 11>;
using BarePoll = Field<u32, 12>;
using NoSingle = Field<u32, 13>;
} // namespace i8259_quirk
std::span<const Quirk> i8259_quirks();

/// One chip.
struct I8259 {
    /// What the chip waits for. Only `ready` accepts interrupts: [8259A] "Initialization Sequence".
    enum class Expect : u8 { icw1, icw2, icw3, icw4, ready };

    u32 quirks = 0;
    u8 lines = 0; // levels at IR7-IR0
    u8 edge = 0;  // edge sense latches: a low-to-high transition not yet acknowledged
    u8 imr = 0;
    u8 isr = 0;
    u8 elcr = 0;     // lines that are level triggered whatever LTIM says
    u8 by_level = 0; // lines whose level is their request: all with LTIM, else those of ELCR
    u8 lowest = 7;   // the level that has the lowest priority
    u8 icw1 = 0;
    u8 icw2 = 0;
    u8 icw3 = 7; // a master's slave lines, or a slave's address
    u8 icw4 = 0;
    Expect expect = Expect::icw1;
    bool smm = false;            // special mask mode
    bool read_isr = false;       // status read select
    bool rotate_in_aeoi = false; // OCW2
    bool poll = false;           // the next read is the poll word
    bool freeze = false;         // from a poll command to its read: IRR shows `frozen`
    u8 frozen = 0;               // IRR as it was when the poll command was written
    u8 inta = 0;                 // INTA pulses seen of the sequence under way
    u8 level = 7;                // what the sequence under way answers
    bool by_default = false;     // that level is the default IR7: nothing asked any more
    bool sp = true;              // SP/EN strap: high is a master
    // Of quirks only; 0 without them.
    u8 noted = 0;         // levels of the lines as the edge sense saw them last
    bool int_out = false; // INT as it was worked out last
    bool updated = false; // INT was worked out since the pair looked
    u8 unused[3] = {};

    bool operator==(const I8259&) const = default;
};
static_assert(std::has_unique_object_representations_v<I8259>);

/// True when the chip can be in this state.
bool valid(const I8259& chip);

/// The two of a PC. IRQ2 is the cascade. What the INT outputs last were is on the wires: the master's here,
/// the slave's as the level of the master's IR2.
struct PicPair {
    I8259 master;
    I8259 slave{.sp = false};
    bool int_level = false;
    u8 unused[7] = {}; // a whole number of words, for what comes behind
    bool operator==(const PicPair&) const = default;
};
static_assert(std::has_unique_object_representations_v<PicPair>);

/// True when the chips agree about the wires between them.
bool valid(const PicPair& pair);

// --- one chip
// -----------------------------------------------------------------------------------------------------

/// Lines whose level is their request; the others request by an edge.
inline u8 level_lines(const I8259& chip) { return chip.by_level; }

/// The interrupt request register. Frozen between a poll command and its read.
inline u8 irr(const I8259& chip)
{
    const u8 live = static_cast<u8>(chip.edge | (chip.lines & level_lines(chip)));
    return chip.freeze ? chip.frozen : live;
}

inline u8 isr(const I8259& chip) { return chip.isr; }
inline u8 imr(const I8259& chip) { return chip.imr; }

/// The in-service bits that count: in special mask mode a masked one neither blocks nor is found by an EOI.
/// [8259A] "Special Mask Mode", "End of Interrupt".
inline u8 blocking(const I8259& chip) { return chip.smm ? static_cast<u8>(chip.isr & ~chip.imr) : chip.isr; }

/// Bits in order of priority: bit 0 becomes the highest.
inline u8 by_priority(const I8259& chip, u8 bits) { return std::rotr(bits, (chip.lowest + 1) & 7); }

/// eligible() in special fully nested mode. `top`: the highest level in service, in order of priority.
u8 nested_eligible(const I8259& chip, u8 requests, unsigned top);

/// The requests that would be served now, in order of priority. [8259A] "Fully Nested Mode".
inline u8 eligible(const I8259& chip)
{
    const u8 requests = static_cast<u8>(irr(chip) & ~chip.imr);
    if (requests == 0)
        return 0;
    const unsigned blocked = by_priority(chip, blocking(chip));
    const unsigned top = blocked & (~blocked + 1u); // highest level in service, 0 when none
    if (icw4::Sfnm::test(chip.icw4)) [[unlikely]]
        return nested_eligible(chip, requests, top);
    return static_cast<u8>(by_priority(chip, requests) & (top - 1u));
}

/// intr() of a chip with quirks, and of one without.
bool quirked_intr(const I8259& chip);
inline bool plain_intr(const I8259& chip)
{
    if (chip.inta != 0)
        return !chip.by_default;
    if (chip.expect != I8259::Expect::ready)
        return false;
    if (chip.isr == 0) // Nothing blocks: any request does.
        return (irr(chip) & ~chip.imr) != 0;
    return eligible(chip) != 0;
}

/// The INT output. It stays as it is through an INTA sequence, and a default level means that it has fallen
/// already.
inline bool intr(const I8259& chip)
{
    if (chip.quirks != 0) [[unlikely]]
        return quirked_intr(chip);
    return plain_intr(chip);
}

/// Puts a level on IR0..IR7.
void drive(I8259& chip, unsigned ir, bool high);

/// First INTA: resolves priority now, sets the ISR bit, clears the edge latch.
/// @return the level, which is also what a master puts on CAS; 7 by default, and then no ISR bit is set.
u8 first_inta(I8259& chip);

/// Second INTA: the vector in 8086 mode, where it also ends the sequence (automatic EOI); in MCS-80 mode the
/// low byte of the CALL's address.
u8 second_inta(I8259& chip);

/// Third INTA: the high byte of the CALL's address; ends the sequence. MCS-80 mode only.
u8 third_inta(I8259& chip);

u8 peek(const I8259& chip, bool a0);
u8 read(I8259& chip, bool a0, Signals& signals);
void write(I8259& chip, bool a0, u8 value, Signals& signals);

/// True when the master leaves this level's vector to a slave. A default level looks like a real one there.
inline bool cascaded(const I8259& chip, u8 level)
{
    if (i8259_quirk::FixedCascade::test(chip.quirks)) [[unlikely]]
        return level == 2 && !chip.by_default;
    return chip.sp && !icw1::Sngl::test(chip.icw1) && (chip.icw3 & bit<u8>(level)) != 0;
}

// --- the pair
// -----------------------------------------------------------------------------------------------------

/// The master's quirks were switched: the slave's follow, and what is stored or derived by them.
void follow_quirks(PicPair& pair);

/// Puts a level on an ISA line: 0..15, but not 2. Signals pic_intr for each INT output that changed.
void drive(PicPair& pair, unsigned irq, bool high, Signals& signals);

/// The master's INT output, which goes to the CPU or to LINT0.
inline bool intr(const PicPair& pair) { return intr(pair.master); }

/// Levels of the sixteen ISA lines and the pair's requests, as bit masks with IRQ 0 lowest.
inline u16 irr(const PicPair& pair) { return static_cast<u16>(irr(pair.master) | irr(pair.slave) << 8); }
inline u16 isr(const PicPair& pair) { return static_cast<u16>(pair.master.isr | pair.slave.isr << 8); }
inline u16 imr(const PicPair& pair) { return static_cast<u16>(pair.master.imr | pair.slave.imr << 8); }

/// The whole INTA sequence of an x86 CPU.
/// @return the vector; that of IR7 or IR15 when the request has gone; FFh when no chip answers.
/// Signals pic_inta, and pic_intr as INT falls and perhaps rises again.
u8 acknowledge(PicPair& pair, Signals& signals);

/// The two pulses one by one, for what may happen between them.
void first_inta(PicPair& pair);
u8 second_inta(PicPair& pair, Signals& signals);

/// Ports 20h, 21h, A0h, A1h, 4D0h, 4D1h; any other port is the caller's bug.
u8 peek(const PicPair& pair, u16 port);
u8 read(PicPair& pair, u16 port, Signals& signals);
void write(PicPair& pair, u16 port, u8 value, Signals& signals);

} // namespace irqlab::hw
