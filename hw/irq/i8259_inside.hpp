// Inside the 8259A: what its files share, quirks most of all.
//
// A chip without quirks derives IRR and INT from its lines and latches. The models of others store them, and
// work INT out at certain places only; update() marks those places, and does nothing without quirks.
#pragma once
#include "hw/irq/i8259.hpp"

namespace irqlab::hw::i8259_inside {

/// [8259A] "Initialization Sequence": interrupts are accepted when it is over.
inline bool serves(const I8259& chip)
{
    return chip.expect == I8259::Expect::ready || i8259_quirk::EarlyService::test(chip.quirks);
}

/// Requests that an INTA leaves in the latches: a stored one of a level line.
inline u8 kept_by_inta(const I8259& chip)
{
    return i8259_quirk::StoredIrr::test(chip.quirks) ? chip.elcr : u8{0};
}

/// `by_level` after a change of LTIM, ELCR or the quirks.
void set_level_lines(I8259& chip);

void work_out_int(I8259& chip);
inline void update(I8259& chip)
{
    if (chip.quirks != 0) [[unlikely]]
        work_out_int(chip);
}

void quirked_drive(I8259& chip, unsigned ir, bool high);

// --- the hot path
// ---------------------------------------------------------------------------------------

/// A line of a chip without quirks. Its fall takes an edge back.
inline void plain_drive(I8259& chip, unsigned ir, bool high)
{
    const u8 line = bit<u8>(ir);
    if (!high) {
        chip.lines = static_cast<u8>(chip.lines & ~line);
        chip.edge = static_cast<u8>(chip.edge & ~line);
        return;
    }
    chip.edge = static_cast<u8>(chip.edge | (line & ~chip.lines));
    chip.lines = static_cast<u8>(chip.lines | line);
}

/// The level that the highest priority of `bits` (in order of priority, not 0) stands for.
inline u8 level_of(const I8259& chip, u8 bits)
{
    return static_cast<u8>((std::countr_zero(bits) + chip.lowest + 1) & 7);
}

/// Takes the request of highest priority into service, if there is one. The latch of its edge is used up.
inline bool take(I8259& chip, u8& level)
{
    const u8 candidates = serves(chip) ? eligible(chip) : u8{0};
    if (candidates == 0)
        return false;
    level = level_of(chip, candidates);
    const u8 taken = bit<u8>(level);
    chip.isr = static_cast<u8>(chip.isr | taken);
    chip.edge = static_cast<u8>(chip.edge & ~(taken & ~kept_by_inta(chip)));
    chip.frozen = static_cast<u8>(chip.frozen & ~taken);
    return true;
}

/// First INTA of a sequence.
inline void begin_sequence(I8259& chip)
{
    chip.level = 7;
    chip.by_default = !take(chip, chip.level);
    chip.inta = 1;
}

/// What the last INTA, or the read of a poll word, does in automatic EOI mode.
inline void automatic_eoi(I8259& chip, u8 level)
{
    if (!icw4::Aeoi::test(chip.icw4)) [[likely]]
        return;
    chip.isr = static_cast<u8>(chip.isr & ~bit<u8>(level));
    if (chip.rotate_in_aeoi)
        chip.lowest = level;
}

inline void end_sequence(I8259& chip)
{
    chip.inta = 0;
    if (!chip.by_default)
        automatic_eoi(chip, chip.level);
    update(chip);
}

/// Three INTAs. A fixed cascade is one of x86 chips: it knows no other CPU.
inline bool mcs80(const I8259& chip)
{
    return !icw4::Upm::test(chip.icw4) && !i8259_quirk::FixedCascade::test(chip.quirks);
}

// --- quirks
// ----------------------------------------------------------------------------------------------

/// What ICW1 leaves of the state before it.
void quirked_icw1(I8259& chip, const I8259& old);
/// A poll that clears rather than serves, and its bare level.
u8 bare_poll(PicPair& pair, bool slave);
/// Carries the slave's INT to the master as they do.
void quirked_cascade(PicPair& pair);

} // namespace irqlab::hw::i8259_inside
