// 8042: the controller's registers and commands. Its output buffer is in i8042_buffer.cpp, the devices in
// ps2_keyboard.cpp and ps2_mouse.cpp, the quirks' rows in i8042_quirks.cpp.
#include "hw/device/i8042_buffer.hpp"

#include <algorithm>

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

namespace quirk = i8042_quirk;
using kbc::answer, kbc::command_byte, kbc::inhibited;

constexpr u16 data_reg = 0;
constexpr u16 status_reg = 4;
constexpr u8 self_test_passed = 0x55;
constexpr u8 password_loaded = 0xFA, no_password = 0xF1;
using Unlocked = Field<u8, 7>; // input port

u8 input_port(const I8042& chip) { return Unlocked::put(0, chip.locked == 0); }

u8 status(const I8042& chip)
{
    u8 value = kbc::Inh::put(0, chip.guarding == 0 && !inhibited(chip));
    value = kbc::Obf::put(value, chip.obf);
    value = kbc::AuxObf::put(value, chip.obf & chip.from_aux);
    value = kbc::Sys::put(value, chip.sys);
    value = kbc::A2::put(value, chip.last_was_command != 0 || quirk::StuckA2::test(chip.quirks));
    if (chip.polled != 0)
        value = kbc::Nibble::put(value, chip.polled == 0xC1 ? input_port(chip) & 15 : input_port(chip) >> 4);
    return value;
}

u8 output_port(const I8042& chip)
{
    if (quirk::BufferFlags::test(chip.quirks))
        return chip.output_port;
    return kbc::AuxIrq::put(kbc::KbdIrq::put(chip.output_port, output(chip, 0)), output(chip, 1));
}

void set_off(I8042& chip, u8 mask, bool off)
{
    command_byte(chip) = static_cast<u8>(off ? command_byte(chip) | mask : command_byte(chip) & ~mask);
}

void reset_pulse(Signals& signals) { signals.push({SignalKind::reset, 0, 0, 0}); }

void write_memory(I8042& chip, unsigned at, u8 value)
{
    chip.memory[at] = value;
    if (at != 0)
        return;
    chip.off_at_last = kbc::KbdOff::test(value);
    if (!quirk::SysApart::test(chip.quirks))
        chip.sys = kbc::SysFlag::test(value);
}

/// A character of the password. It ends with 0; what is longer is cut.
void load(I8042& chip, u8 character)
{
    if (character == 0)
        return;
    chip.argument_of = 0xA5; // more to come
    if (chip.loaded < std::size(chip.password) - 1)
        chip.password[chip.loaded++] = character;
}

void write_output_port(I8042& chip, u8 value, Signals& signals)
{
    chip.output_port = value;
    if (!kbc::NoReset::test(value))
        reset_pulse(signals);
}

void send_to_mouse(I8042& chip, u8 value)
{
    set_off(chip, kbc::AuxOff::mask, false);
    ps2::to_mouse(chip, value);
}

/// Data for the controller command that asked for it.
void write_argument(I8042& chip, u8 command, u8 value, Signals& signals)
{
    chip.argument_of = 0;
    switch (command) {
    case 0xA5: return load(chip, value);
    case 0xD1: return write_output_port(chip, value, signals);
    case 0xD2: return answer(chip, value);
    case 0xD3: return answer(chip, value, true);
    case 0xD4: return send_to_mouse(chip, value);
    default: return write_memory(chip, command & 0x1F, value); // 60h-7Fh
    }
}

void write_data(I8042& chip, u8 value, Signals& signals)
{
    chip.last_was_command = 0;
    if (chip.argument_of != 0)
        return write_argument(chip, chip.argument_of, value, signals);
    set_off(chip, kbc::KbdOff::mask, false); // sending to the keyboard starts its clock
    ps2::to_keyboard(chip, value);
}

void self_test(I8042& chip)
{
    chip.sys = 1;
    if (!quirk::SysApart::test(chip.quirks))
        command_byte(chip) = kbc::SysFlag::put(command_byte(chip), 1);
    answer(chip, self_test_passed);
}

void guard(I8042& chip)
{
    if (chip.loaded == 0)
        return; // [8042] "Controller Commands", A6h: only when a password is loaded
    chip.guarding = 1;
    chip.matched = chip.skip_next = 0;
    if (chip.memory[kbc::guard_begins] != 0)
        answer(chip, chip.memory[kbc::guard_begins]);
}

void forget_password(I8042& chip)
{
    chip.guarding = chip.loaded = chip.matched = 0;
    std::fill(std::begin(chip.password), std::end(chip.password), u8{0});
}

/// Commands that QEMU has, too.
bool common_command(I8042& chip, u8 command)
{
    switch (command) {
    case 0x20: answer(chip, command_byte(chip)); return true;
    case 0xA7: set_off(chip, kbc::AuxOff::mask, true); return true;
    case 0xA8: set_off(chip, kbc::AuxOff::mask, false); return true;
    case 0xA9:
    case 0xAB: answer(chip, 0x00); return true; // the interface's wires are good
    case 0xAA: self_test(chip); return true;
    case 0xAD: set_off(chip, kbc::KbdOff::mask, true); return true;
    case 0xAE: set_off(chip, kbc::KbdOff::mask, false); return true;
    case 0xC0: answer(chip, input_port(chip)); return true;
    case 0xD0: answer(chip, output_port(chip)); return true;
    case 0x60:
    case 0xD1:
    case 0xD2:
    case 0xD3:
    case 0xD4: chip.argument_of = command; return true;
    default: return false;
    }
}

/// Those that only the PS/2's controller has.
bool other_command(I8042& chip, u8 command)
{
    if (command >= 0x20 && command < 0x40) {
        answer(chip, chip.memory[command & 0x1F]);
        return true;
    }
    switch (command) {
    case 0xA4: answer(chip, chip.loaded != 0 ? password_loaded : no_password); return true;
    case 0xA5:
        forget_password(chip);
        chip.argument_of = command;
        return true;
    case 0xA6: guard(chip); return true;
    case 0xC1:
    case 0xC2: chip.polled = command; return true;
    case 0xE0: answer(chip, 0x00); return true; // both clocks low
    default:
        if (command < 0x60 || command >= 0x80)
            return false;
        chip.argument_of = command;
        return true;
    }
}

/// Those of HP's Vectra, which QEMU has.
bool vectra_command(I8042& chip, u8 command)
{
    if (command != 0xDD && command != 0xDF)
        return false;
    chip.output_port = kbc::A20::put(chip.output_port, command == 0xDF);
    return true;
}

void write_command(I8042& chip, u8 command, Signals& signals)
{
    chip.last_was_command = 1;
    chip.polled = 0;
    if (!quirk::DataOutlives::test(chip.quirks))
        chip.argument_of = 0;
    if (command >= 0xF0) {
        if ((command & 1) == 0)
            reset_pulse(signals);
        return;
    }
    const auto own = quirk::FewCommands::test(chip.quirks) ? vectra_command : other_command;
    if (!common_command(chip, command) && !own(chip, command))
        signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::kbc_not_modelled), command});
}

} // namespace

void firmware_ready(I8042& chip)
{
    const u32 quirks = chip.quirks;
    chip = {};
    chip.quirks = quirks;
    chip.memory[0] = kbc::KbdInt::mask | kbc::SysFlag::mask | kbc::AuxOff::mask | kbc::Translate::mask;
    chip.sys = 1;
    chip.last_was_command = 0;
}

void advance(I8042& chip, u64 now_ns)
{
    chip.now_ns = std::max(chip.now_ns, now_ns);
    ps2::repeat(chip);
    kbc::pump(chip);
}

u8 read(I8042& chip, u16 reg, u64 now_ns, Signals&)
{
    CHECK(reg == data_reg || reg == status_reg);
    advance(chip, now_ns);
    return reg == status_reg ? status(chip) : kbc::take(chip);
}

void write(I8042& chip, u16 reg, u8 value, u64 now_ns, Signals& signals)
{
    CHECK(reg == data_reg || reg == status_reg);
    advance(chip, now_ns);
    if (reg == data_reg)
        write_data(chip, value, signals);
    else
        write_command(chip, value, signals);
    kbc::pump(chip);
}

u8 peek(const I8042& chip, u16 reg, u64 now_ns)
{
    I8042 copy = chip;
    Signals unused;
    return read(copy, reg, now_ns, unused);
}

bool output(const I8042& chip, unsigned pin)
{
    CHECK(pin < 3);
    const u8 command = command_byte(chip);
    const bool masked = quirk::OffMasksIrq::test(chip.quirks) && chip.off_at_last != 0;
    switch (pin) {
    case 0: return chip.obf != 0 && chip.from_aux == 0 && kbc::KbdInt::test(command) && !masked;
    case 1: return chip.obf != 0 && chip.from_aux != 0 && kbc::AuxInt::test(command);
    default: return kbc::A20::test(chip.output_port);
    }
}

u64 next_event_ns(const I8042& chip)
{
    const u64 repeat_ns = chip.keyboard.held != 0 ? chip.keyboard.repeat_ns : never_ns;
    return chip.obf == 0 && kbc::byte_waits(chip) ? chip.now_ns : repeat_ns;
}

bool key(I8042& chip, u8 set1_byte)
{
    kbc::pump(chip);
    const bool taken = ps2::press(chip, set1_byte);
    kbc::pump(chip);
    return taken;
}

void mouse_move(I8042& chip, int dx, int dy, u8 buttons, int wheel)
{
    kbc::pump(chip);
    ps2::move(chip, dx, dy, buttons, wheel);
    kbc::pump(chip);
}

void lock(I8042& chip, bool closed)
{
    chip.locked = closed;
    kbc::pump(chip);
}

bool valid(const I8042& chip)
{
    const u8 of = chip.argument_of;
    const bool argument = of == 0 || (of >= 0x60 && of < 0x80) || of == 0xA5 || (of >= 0xD1 && of <= 0xD4);
    const bool flags =
        std::max({chip.obf, chip.from_aux, chip.off_at_last, chip.answer_waits, chip.answer_for_aux, chip.sys,
                  chip.last_was_command, chip.break_next, chip.guarding, chip.skip_next, chip.locked}) <= 1;
    const bool sources = chip.source <= KbcSource::mouse && chip.yields <= static_cast<u8>(KbcSource::mouse);
    const bool polled = chip.polled == 0 || chip.polled == 0xC1 || chip.polled == 0xC2;
    const bool password = chip.loaded < std::size(chip.password) &&
                          (chip.guarding != 0 ? chip.matched < chip.loaded : chip.matched <= chip.loaded);
    const bool quirks = chip.quirks <= quirk::KeepsMotion::mask * 2 - 1;
    return argument && flags && sources && polled && password && quirks && ps2::valid(chip.keyboard) &&
           ps2::valid(chip.mouse);
}

} // namespace irqlab::hw
