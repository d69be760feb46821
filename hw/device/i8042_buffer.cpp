// 8042: the output buffer, translation, and the password that guards it. See the header.
#include "hw/device/i8042_buffer.hpp"

#include <utility>

namespace irqlab::hw {

namespace quirk = i8042_quirk;

namespace kbc {
namespace {

constexpr u8 break_prefix = 0xF0; // set 2: the next code is a release
constexpr u8 break_bit = 0x80;    // set 1: this code is a release

void show_buffer_flags(I8042& chip)
{
    if (!quirk::BufferFlags::test(chip.quirks))
        return;
    chip.output_port = KbdIrq::put(chip.output_port, chip.obf);
    chip.output_port = AuxIrq::put(chip.output_port, chip.obf & chip.from_aux);
}

void fill(I8042& chip, KbcSource source, bool from_aux)
{
    chip.obf = 1;
    chip.source = source;
    chip.from_aux = from_aux;
    chip.off_at_last = KbdOff::test(command_byte(chip));
    show_buffer_flags(chip);
}

void fill_with_answer(I8042& chip)
{
    fill(chip, KbcSource::controller, chip.answer_for_aux != 0);
    if (quirk::TakenAtRead::test(chip.quirks))
        return;
    chip.output_buffer = chip.answer;
    chip.answer_waits = 0;
}

} // namespace

void answer(I8042& chip, u8 byte, bool for_aux)
{
    chip.answer = byte;
    chip.answer_for_aux = for_aux;
    chip.answer_waits = 1;
    if (!quirk::AnswerWaits::test(chip.quirks))
        fill_with_answer(chip);
}

namespace {

/// The password is complete: the keyboard is the system's again.
void let_in(I8042& chip)
{
    chip.guarding = 0;
    if (chip.memory[guard_ends] != 0)
        answer(chip, chip.memory[guard_ends]);
}

/// A typed byte while the password guards. Releases do not count, nor do the two codes of the memory.
void compare(I8042& chip, u8 byte)
{
    if (byte == break_prefix || chip.skip_next != 0) {
        chip.skip_next = byte == break_prefix;
        return;
    }
    if (byte >= break_bit || byte == chip.memory[overlooked_1] || byte == chip.memory[overlooked_2])
        return;
    if (byte != chip.password[chip.matched])
        chip.matched = 0;
    chip.matched = static_cast<u8>(chip.matched + (byte == chip.password[chip.matched]));
    if (chip.matched == chip.loaded)
        let_in(chip);
}

/// Takes bytes of the keyboard until one is for the system.
void take_from_keyboard(I8042& chip)
{
    while (chip.obf == 0 && ps2::has_byte(chip.keyboard)) {
        const bool typed = chip.keyboard.replies.empty();
        u8 byte = ps2::from_keyboard(chip);
        if (!quirk::TranslatesEarly::test(chip.quirks) && !ps2::translate(chip, byte))
            continue;
        if (typed && chip.guarding != 0) {
            compare(chip, byte);
            continue;
        }
        chip.output_buffer = byte;
        fill(chip, KbcSource::keyboard, false);
    }
}

void take_from_mouse(I8042& chip)
{
    chip.output_buffer = ps2::from_mouse(chip);
    fill(chip, KbcSource::mouse, true);
}

void take_from(I8042& chip, KbcSource device)
{
    if (quirk::TakenAtRead::test(chip.quirks))
        fill(chip, device, device == KbcSource::mouse);
    else if (device == KbcSource::keyboard)
        take_from_keyboard(chip);
    else
        take_from_mouse(chip);
}

bool ready(const I8042& chip, KbcSource device)
{
    if (device == KbcSource::keyboard)
        return !KbdOff::test(command_byte(chip)) && ps2::has_byte(chip.keyboard);
    return !AuxOff::test(command_byte(chip)) && ps2::has_byte(chip.mouse);
}

} // namespace

void pump(I8042& chip)
{
    const bool mouse_first =
        quirk::TakesTurns::test(chip.quirks) && chip.yields == static_cast<u8>(KbcSource::keyboard);
    chip.yields = 0;
    if (inhibited(chip))
        chip.keyboard.scancodes.clear();
    if (chip.obf == 0 && chip.answer_waits != 0)
        fill_with_answer(chip);
    KbcSource order[] = {KbcSource::keyboard, KbcSource::mouse};
    if (mouse_first)
        std::swap(order[0], order[1]);
    for (const KbcSource device : order)
        if (chip.obf == 0 && ready(chip, device))
            take_from(chip, device);
}

namespace {

/// The byte that the buffer's flags promised. QEMU's is there only now.
void take_late(I8042& chip)
{
    switch (chip.source) {
    case KbcSource::controller:
        chip.output_buffer = chip.answer;
        chip.answer_waits = 0;
        return;
    case KbcSource::keyboard:
        for (u8 byte = 0; ps2::has_byte(chip.keyboard);) {
            byte = ps2::from_keyboard(chip);
            if (!quirk::TranslatesEarly::test(chip.quirks) && !ps2::translate(chip, byte))
                continue;
            chip.output_buffer = byte;
            return;
        }
        return;
    case KbcSource::mouse:
        if (ps2::has_byte(chip.mouse))
            chip.output_buffer = ps2::from_mouse(chip);
        return;
    }
}

} // namespace

u8 take(I8042& chip)
{
    if (chip.obf == 0)
        return chip.output_buffer; // the last byte again
    chip.obf = 0;                  // what comes next waits, so that the line is seen to fall
    chip.yields = static_cast<u8>(chip.source);
    show_buffer_flags(chip);
    if (quirk::TakenAtRead::test(chip.quirks))
        take_late(chip);
    return chip.output_buffer;
}

bool byte_waits(const I8042& chip)
{
    if (chip.answer_waits == 0 && !ps2::has_byte(chip.keyboard) && !ps2::has_byte(chip.mouse))
        return false; // the idle case, without a copy
    I8042 copy = chip;
    pump(copy);
    return copy.obf != 0;
}

} // namespace kbc

bool ps2::translate(I8042& chip, u8& byte)
{
    if (!kbc::Translate::test(kbc::command_byte(chip)))
        return true;
    if (byte == kbc::break_prefix) {
        chip.break_next = 1;
        return false;
    }
    byte = set1_of_set2(byte);
    if (chip.break_next != 0)
        byte = static_cast<u8>(byte | kbc::break_bit);
    chip.break_next = 0;
    return true;
}

} // namespace irqlab::hw
