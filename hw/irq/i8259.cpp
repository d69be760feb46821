// 8259A: command words and the INTA sequence of one chip. See the header for the manual; pic_pair.cpp has the
// cascade.
#include "hw/irq/i8259.hpp"

#include "hw/base/check.hpp"
#include "hw/irq/i8259_inside.hpp"

namespace irqlab::hw {
namespace {

using namespace i8259_inside;
using Expect = I8259::Expect;

void diagnose(Signals& signals, Diagnosis what, u32 value)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(what), value});
}

/// [8259A] "Initialization Command Words", a to f of what ICW1 does by itself.
void write_icw1(I8259& chip, u8 value, Signals& signals)
{
    const I8259 old = chip;
    chip = {.quirks = old.quirks,
            .lines = old.lines,
            .elcr = old.elcr,
            .icw1 = value,
            .icw2 = old.icw2,
            .expect = Expect::icw2,
            .sp = old.sp};
    set_level_lines(chip);
    if (chip.quirks != 0) [[unlikely]]
        quirked_icw1(chip, old);
    if (!icw1::Ic4::test(value))
        diagnose(signals, Diagnosis::pic_not_modelled, 0);
}

void write_icw4(I8259& chip, u8 value, Signals& signals)
{
    chip.icw4 = value;
    const bool contradicts = icw4::Buf::test(value) && icw4::Ms::test(value) != chip.sp;
    if (mcs80(chip) || (contradicts && !icw1::Sngl::test(chip.icw1)))
        diagnose(signals, Diagnosis::pic_not_modelled, value);
}

Expect after_icw2(const I8259& chip)
{
    if (!icw1::Sngl::test(chip.icw1) || i8259_quirk::NoSingle::test(chip.quirks))
        return Expect::icw3;
    return icw1::Ic4::test(chip.icw1) ? Expect::icw4 : Expect::ready;
}

/// A0=1: the initialization words in their order, and otherwise the mask.
void write_data(I8259& chip, u8 value, Signals& signals)
{
    switch (chip.expect) {
    case Expect::icw2:
        chip.icw2 = value;
        chip.expect = after_icw2(chip);
        break;
    case Expect::icw3:
        chip.icw3 = value;
        chip.expect = icw1::Ic4::test(chip.icw1) ? Expect::icw4 : Expect::ready;
        break;
    case Expect::icw4:
        write_icw4(chip, value, signals);
        chip.expect = Expect::ready;
        break;
    case Expect::icw1: diagnose(signals, Diagnosis::pic_uninitialised, 1); [[fallthrough]];
    case Expect::ready:
        chip.imr = value;
        update(chip);
        break;
    }
}

/// Clears the highest level in service that counts. Rotation makes that very level the lowest.
void non_specific_eoi(I8259& chip, bool rotate)
{
    const bool any = i8259_quirk::EoiOfMasked::test(chip.quirks);
    const u8 in_service = by_priority(chip, any ? chip.isr : blocking(chip));
    if (in_service == 0)
        return;
    const u8 level = level_of(chip, in_service);
    chip.isr = static_cast<u8>(chip.isr & ~bit<u8>(level));
    if (rotate)
        chip.lowest = level;
    update(chip);
}

/// [8259A] "Operation Command Word 2": R, SL, EOI.
void write_ocw2(I8259& chip, u8 value)
{
    const u8 level = ocw2::Level::get(value);
    switch (ocw2::Command::get(value)) {
    case 0b000: chip.rotate_in_aeoi = false; break;
    case 0b001: non_specific_eoi(chip, false); break;
    case 0b010: break; // no operation
    case 0b011:
        chip.isr = static_cast<u8>(chip.isr & ~bit<u8>(level));
        update(chip);
        break;
    case 0b100: chip.rotate_in_aeoi = true; break;
    case 0b101: non_specific_eoi(chip, true); break;
    case 0b110:
        chip.lowest = level;
        update(chip);
        break;
    case 0b111:
        chip.isr = static_cast<u8>(chip.isr & ~bit<u8>(level));
        chip.lowest = level;
        update(chip);
        break;
    }
}

/// [8259A] "Operation Command Word 3": every field of the byte takes effect.
void write_ocw3(I8259& chip, u8 value)
{
    if (ocw3::Rr::test(value))
        chip.read_isr = ocw3::Ris::test(value);
    if (ocw3::Esmm::test(value) && !i8259_quirk::NoSpecialMask::test(chip.quirks))
        chip.smm = ocw3::Smm::test(value);
    if (!ocw3::P::test(value))
        return;
    chip.poll = true;
    chip.freeze = false; // a new poll freezes what is there now
    if (i8259_quirk::LivePoll::test(chip.quirks))
        return;
    chip.frozen = irr(chip);
    chip.freeze = true;
}

u8 poll_word(const I8259& chip)
{
    const u8 candidates = serves(chip) ? eligible(chip) : u8{0};
    if (candidates == 0)
        return i8259_quirk::BarePoll::test(chip.quirks) ? 7 : 0;
    return static_cast<u8>(0x80 | level_of(chip, candidates));
}

/// [8259A] "Poll Command": the read is an INTA, so it sets the IS bit.
u8 read_poll_word(I8259& chip)
{
    u8 level = 0;
    const bool requested = take(chip, level); // while still frozen
    chip.poll = chip.freeze = false;
    chip.frozen = 0;
    if (!requested)
        return 0;
    automatic_eoi(chip, level);
    update(chip);
    return static_cast<u8>(0x80 | level);
}

u8 call_address_low(const I8259& chip)
{
    const u8 upper = static_cast<u8>(icw1::A7_5::get(chip.icw1) << 5);
    if (icw1::Adi::test(chip.icw1))
        return static_cast<u8>(upper | chip.level << 2);
    return static_cast<u8>((upper & 0xC0) | chip.level << 3);
}

} // namespace

void i8259_inside::set_level_lines(I8259& chip)
{
    using namespace i8259_quirk;
    const bool all = icw1::Ltim::test(chip.icw1) && !NoLtim::test(chip.quirks);
    chip.by_level = StoredIrr::test(chip.quirks) ? u8{0} : all ? u8{0xFF} : chip.elcr;
}

void drive(I8259& chip, unsigned ir, bool high)
{
    CHECK(ir < 8);
    if (chip.quirks != 0) [[unlikely]]
        return quirked_drive(chip, ir, high);
    plain_drive(chip, ir, high);
}

u8 first_inta(I8259& chip)
{
    CHECK(chip.inta == 0);
    begin_sequence(chip);
    return chip.level;
}

u8 second_inta(I8259& chip)
{
    CHECK(chip.inta == 1);
    if (mcs80(chip)) {
        chip.inta = 2;
        return call_address_low(chip);
    }
    end_sequence(chip);
    return static_cast<u8>((chip.icw2 & 0xF8) | chip.level);
}

u8 third_inta(I8259& chip)
{
    CHECK(chip.inta == 2);
    end_sequence(chip);
    return chip.icw2;
}

u8 peek(const I8259& chip, bool a0)
{
    if (chip.poll)
        return poll_word(chip);
    if (a0)
        return chip.imr;
    return chip.read_isr ? chip.isr : irr(chip);
}

u8 read(I8259& chip, bool a0, Signals& signals)
{
    if (chip.expect == Expect::icw1)
        diagnose(signals, Diagnosis::pic_uninitialised, a0);
    return chip.poll ? read_poll_word(chip) : peek(chip, a0);
}

void write(I8259& chip, bool a0, u8 value, Signals& signals)
{
    if (a0)
        return write_data(chip, value, signals);
    if (icw1::IsIcw1::test(value))
        return write_icw1(chip, value, signals);
    if (chip.expect == Expect::icw1)
        diagnose(signals, Diagnosis::pic_uninitialised, 0);
    if (ocw3::IsOcw3::test(value))
        write_ocw3(chip, value);
    else
        write_ocw2(chip, value);
}

} // namespace irqlab::hw
