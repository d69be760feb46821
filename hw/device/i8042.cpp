// 8042: the controller's commands, its output buffer and translation. The keyboard and the mouse are in
// ps2.cpp.
#include "hw/device/i8042.hpp"

#include <array>

#include "hw/base/check.hpp"
#include "hw/device/ps2.hpp"

namespace irqlab::hw {
namespace {

constexpr u16 data_reg = 0;
constexpr u16 status_reg = 4;
constexpr u8 self_test_passed = 0x55;
constexpr u8 no_password = 0xF1;
constexpr u8 break_prefix = 0xF0; // set 2: the next code is a release
constexpr u8 break_bit = 0x80;    // set 1: this code is a release

/// What the controller's ROM translates set 2 to set 1 with, by set 2 code. [PS2] "Scan Code Translation".
constexpr std::array<u8, 128> translation =
    [] {
        // The set 2 codes in the order of set 1, from 01h: the order in which the keys lay on the first PC's
        // keyboard.
        constexpr u8 by_set1[127] =
            {
                0x76, 0x16, 0x1E, 0x26, 0x25, 0x2E, 0x36, 0x3D, 0x3E, 0x46, 0x45, 0x4E, 0x55,
                0x66, 0x0D, // Esc 1..= Bksp Tab
                0x15, 0x1D, 0x24, 0x2D, 0x2C, 0x35, 0x3C, 0x43, 0x44, 0x4D, 0x54, 0x5B, 0x5A,
                0x14, // Q..] Enter Ctrl
                0x1C, 0x1B, 0x23, 0x2B, 0x34, 0x33, 0x3B, 0x42, 0x4B, 0x4C, 0x52, 0x0E, 0x12,
                0x5D, // A..' ` Shift backslash
                0x1A, 0x22, 0x21, 0x2A, 0x32, 0x31, 0x3A, 0x41, 0x49, 0x4A, 0x59, 0x7C, 0x11,
                0x29,                                                             // Z../ Shift KP* Alt Space
                0x58, 0x05, 0x06, 0x04, 0x0C, 0x03, 0x0B, 0x02, 0x0A, 0x01, 0x09, // Caps F1..F10
                0x77, 0x7E, 0x6C, 0x75, 0x7D, 0x7B, 0x6B, 0x73, 0x74, 0x79, 0x69, 0x72, 0x7A,
                0x70, 0x71,                   // locks, keypad
                0x7F, 0x60, 0x61, 0x78, 0x07, // SysRq, -, 102nd, F11, F12
                0x0F, 0x17, 0x1F, 0x27, 0x2F, 0x37, 0x3F, 0x47, 0x4F, 0x56, 0x5E, 0x08, 0x10,
                0x18, 0x20, 0x28, 0x30, 0x38, 0x40, 0x48, 0x50, 0x57, 0x6F, 0x13, 0x19, 0x39,
                0x51, 0x53, 0x5C, 0x5F, 0x62, 0x63, 0x64, 0x65, 0x67, 0x68, 0x6A, 0x6D, 0x6E,
        };
        std::array<u8, 128> table{};
        table[0] = 0xFF;
        for (u8 i = 0; i < 127; ++i)
            table[by_set1[i]] = static_cast<u8>(i + 1);
        return table;
    }();

constexpr bool every_code_translates()
{
    for (u8 set1 : translation)
        if (set1 == 0)
            return false;
    return true;
}
static_assert(every_code_translates()); // with 127 codes for 127 places: a permutation

u8& command_byte(I8042& chip) { return chip.memory[0]; }
u8 command_byte(const I8042& chip) { return chip.memory[0]; }

void to_output_buffer(I8042& chip, u8 byte, bool from_aux)
{
    chip.output_buffer = byte;
    chip.obf = true;
    chip.from_aux = from_aux;
}

/// A keyboard byte on its way to the buffer. @return false when translation keeps it back.
bool translate(I8042& chip, u8& byte)
{
    if (!kbc::Translate::test(command_byte(chip)))
        return true;
    if (byte == break_prefix) {
        chip.break_next = true;
        return false;
    }
    byte = set1_of_set2(byte);
    if (chip.break_next)
        byte = static_cast<u8>(byte | break_bit);
    chip.break_next = false;
    return true;
}

bool take_keyboard_byte(I8042& chip)
{
    u8 byte = 0;
    while (!kbc::KbdOff::test(command_byte(chip)) && ps2::send(chip.keyboard, byte))
        if (translate(chip, byte)) {
            to_output_buffer(chip, byte, false);
            return true;
        }
    return false;
}

/// Fills the empty output buffer: the controller's own replies, then the keyboard, then the mouse.
void pump(I8042& chip)
{
    if (chip.obf)
        return;
    if (!chip.replies.empty())
        return to_output_buffer(chip, chip.replies.pop(), false);
    if (!chip.aux_replies.empty())
        return to_output_buffer(chip, chip.aux_replies.pop(), true);
    if (take_keyboard_byte(chip))
        return;
    u8 byte = 0;
    if (!kbc::AuxOff::test(command_byte(chip)) && ps2::send(chip.mouse, byte))
        to_output_buffer(chip, byte, true);
}

u8 status(const I8042& chip)
{
    u8 value = kbc::Inh::mask;
    value = kbc::Obf::put(value, chip.obf);
    value = kbc::AuxObf::put(value, chip.obf && chip.from_aux);
    value = kbc::Sys::put(value, chip.sys);
    return kbc::A2::put(value, chip.last_was_command);
}

void set_off(I8042& chip, u8 mask, bool off)
{
    command_byte(chip) = static_cast<u8>(off ? command_byte(chip) | mask : command_byte(chip) & ~mask);
}

void reset_pulse(Signals& signals) { signals.push({SignalKind::reset, 0, 0, 0}); }

void write_memory(I8042& chip, unsigned at, u8 value)
{
    chip.memory[at] = value;
    if (at == 0)
        chip.sys = kbc::SysFlag::test(value);
}

/// Data for the controller command that asked for it.
void write_argument(I8042& chip, u8 command, u8 value, Signals& signals)
{
    chip.argument_of = 0;
    switch (command) {
    case 0xA5: chip.argument_of = value == 0 ? u8{0} : command; return; // a password ends with 0
    case 0xD1:
        chip.output_port = value;
        if (!kbc::NoReset::test(value))
            reset_pulse(signals);
        return;
    case 0xD2: chip.replies.push(value); return;
    case 0xD3: chip.aux_replies.push(value); return;
    case 0xD4:
        set_off(chip, kbc::AuxOff::mask, false);
        ps2::receive(chip.mouse, value);
        return;
    default: write_memory(chip, command & 0x1F, value); return; // 60h-7Fh
    }
}

void write_data(I8042& chip, u8 value, Signals& signals)
{
    chip.last_was_command = false;
    if (chip.argument_of != 0)
        return write_argument(chip, chip.argument_of, value, signals);
    set_off(chip, kbc::KbdOff::mask, false); // sending to the keyboard starts its clock
    ps2::receive(chip.keyboard, value);
}

void self_test(I8042& chip)
{
    chip.sys = true;
    command_byte(chip) = kbc::SysFlag::put(command_byte(chip), 1);
    chip.replies.push(self_test_passed);
}

void run_command(I8042& chip, u8 command, Signals& signals)
{
    switch (command) {
    case 0xA4: chip.replies.push(no_password); break;
    case 0xA7: set_off(chip, kbc::AuxOff::mask, true); break;
    case 0xA8: set_off(chip, kbc::AuxOff::mask, false); break;
    case 0xA9:
    case 0xAB: chip.replies.push(0x00); break; // the interface's wires are good
    case 0xAA: self_test(chip); break;
    case 0xAD: set_off(chip, kbc::KbdOff::mask, true); break;
    case 0xAE: set_off(chip, kbc::KbdOff::mask, false); break;
    case 0xC0: chip.replies.push(0x80); break; // input port: keyboard not locked
    case 0xD0: chip.replies.push(chip.output_port); break;
    case 0xE0: chip.replies.push(0x00); break; // both clocks low
    case 0xA5:
    case 0xD1:
    case 0xD2:
    case 0xD3:
    case 0xD4: chip.argument_of = command; break;
    default:
        if (command >= 0xF0 && (command & 1) == 0)
            reset_pulse(signals);
        break;
    }
}

void write_command(I8042& chip, u8 command, Signals& signals)
{
    chip.last_was_command = true;
    chip.argument_of = 0;
    if (command >= 0x20 && command < 0x40)
        chip.replies.push(chip.memory[command & 0x1F]);
    else if (command >= 0x60 && command < 0x80)
        chip.argument_of = command;
    else
        run_command(chip, command, signals);
}

bool byte_waits(const I8042& chip)
{
    const Ps2Keyboard& keyboard = chip.keyboard;
    const Ps2Mouse& mouse = chip.mouse;
    if (chip.replies.empty() && chip.aux_replies.empty() && keyboard.replies.empty() &&
        keyboard.scancodes.empty() && mouse.replies.empty() && mouse.packets.empty())
        return false; // the idle case, without a copy
    I8042 copy = chip;
    pump(copy);
    return copy.obf;
}

} // namespace

u8 set1_of_set2(u8 code)
{
    if (code == 0x83)
        return 0x41; // F7
    if (code == 0x84)
        return 0x54; // Alt and SysRq
    return code < translation.size() ? translation[code] : code;
}

u8 set2_of_set1(u8 code)
{
    if (code == 0x41)
        return 0x83; // F7: the keyboard says 83h, the translation knows 02h too
    if (code == 0x54)
        return 0x84;
    for (u8 set2 = 1; set2 < translation.size(); ++set2)
        if (translation[set2] == code)
            return set2;
    return 0;
}

void firmware_ready(I8042& chip)
{
    chip = {};
    chip.memory[0] = kbc::KbdInt::mask | kbc::SysFlag::mask | kbc::AuxOff::mask | kbc::Translate::mask;
    chip.sys = true;
    chip.last_was_command = false;
}

void advance(I8042& chip, u64 now_ns)
{
    chip.now_ns = now_ns > chip.now_ns ? now_ns : chip.now_ns;
    pump(chip);
}

u8 read(I8042& chip, u16 reg, u64 now_ns, Signals&)
{
    CHECK(reg == data_reg || reg == status_reg);
    advance(chip, now_ns);
    if (reg == status_reg)
        return status(chip);
    chip.obf = false; // what comes next waits, so that the line is seen to fall
    return chip.output_buffer;
}

void write(I8042& chip, u16 reg, u8 value, u64 now_ns, Signals& signals)
{
    CHECK(reg == data_reg || reg == status_reg);
    advance(chip, now_ns);
    if (reg == data_reg)
        write_data(chip, value, signals);
    else
        write_command(chip, value, signals);
    pump(chip);
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
    switch (pin) {
    case 0: return chip.obf && !chip.from_aux && kbc::KbdInt::test(command);
    case 1: return chip.obf && chip.from_aux && kbc::AuxInt::test(command);
    default: return kbc::A20::test(chip.output_port);
    }
}

u64 next_event_ns(const I8042& chip) { return !chip.obf && byte_waits(chip) ? chip.now_ns : never_ns; }

bool key(I8042& chip, u8 set1_byte)
{
    const bool taken = ps2::press(chip.keyboard, set1_byte);
    pump(chip);
    return taken;
}

void mouse_move(I8042& chip, int dx, int dy, u8 buttons)
{
    ps2::move(chip.mouse, dx, dy, buttons);
    pump(chip);
}

} // namespace irqlab::hw
