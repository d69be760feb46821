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
/// What ICW1 leaves of the state before it.
void quirked_icw1(I8259& chip, const I8259& old);
/// A poll that clears rather than serves, and its bare level.
u8 bare_poll(PicPair& pair, bool slave);
/// Carries the slave's INT to the master as they do.
void quirked_cascade(PicPair& pair);

} // namespace irqlab::hw::i8259_inside
