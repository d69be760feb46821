// PS/2 keyboard: its commands, and the codes of its keys in three sets. [PS2] "Keyboard".
#include "hw/device/i8042.hpp"

#include <algorithm>

namespace irqlab::hw::ps2 {
namespace {

namespace quirk = i8042_quirk;

constexpr u8 ack = 0xFA;
constexpr u8 resend = 0xFE;
constexpr u8 self_test_passed = 0xAA;
constexpr u8 first_command = 0xED; // bytes below are arguments
constexpr u8 overrun_set1 = 0xFF, overrun_set2 = 0x00;
constexpr u8 break_prefix = 0xF0, break_bit = 0x80;
constexpr u8 e0 = 0xE0, e1 = 0xE1;
constexpr unsigned buffer_size = 16;

// --- typematic ---

using RateA = Field<u8, 0, 3>;
using RateB = Field<u8, 3, 2>;
using Delay = Field<u8, 5, 2>;

/// [PS2] "Set Typematic Rate/Delay": (8 + A) 2^B steps of 4.17 ms between two, a quarter of a second and more
/// before.
constexpr u64 rate_step_ns = 4'170'000;
constexpr u64 delay_step_ns = 250'000'000;
constexpr u64 period_ns(u8 typematic)
{
    return (8u + RateA::get(typematic)) * rate_step_ns << RateB::get(typematic);
}
constexpr u64 delay_ns(u8 typematic) { return (1u + Delay::get(typematic)) * delay_step_ns; }
static_assert(delay_ns(0x2B) == 500'000'000 && ns_per_second / period_ns(0x2B) == 10); // 10.9 a second

void release(Ps2Keyboard& keyboard)
{
    keyboard.held = keyboard.held_prefix = 0;
    keyboard.repeat_ns = never_ns;
}

void hold(Ps2Keyboard& keyboard, u8 prefix, u8 code, u64 now_ns)
{
    keyboard.held = code;
    keyboard.held_prefix = prefix;
    keyboard.repeat_ns = now_ns + delay_ns(keyboard.typematic);
}

// --- commands ---

void defaults(Ps2Keyboard& keyboard, bool scanning)
{
    keyboard.scancodes.clear();
    keyboard.types = default_key_types;
    keyboard.set = 2;
    keyboard.typematic = 0x2B;
    keyboard.scanning = scanning;
    keyboard.prefix = 0;
    release(keyboard);
}

/// QEMU's keyboard knows of the controller's translation and answers as it would come out of it.
u8 as_translated(const I8042& chip, u8 byte)
{
    const bool early = quirk::TranslatesEarly::test(chip.quirks) && kbc::Translate::test(chip.memory[0]);
    return early ? set1_of_set2(byte) : byte;
}

void choose_set(I8042& chip, u8 set)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    keyboard.replies.push(set <= 3 ? ack : resend);
    if (set == 0)
        keyboard.replies.push(as_translated(chip, keyboard.set));
    else if (set <= 3)
        keyboard.set = set;
}

/// F7h to FDh in their order, all keys' or one key's: repeats, makes and breaks, makes, repeats and breaks.
u8 type_of_command(u8 command)
{
    using key_type::Breaks, key_type::Repeats;
    switch (command) {
    case 0xF7:
    case 0xFB: return Repeats::mask;
    case 0xF8:
    case 0xFC: return Breaks::mask;
    case 0xFA: return Repeats::mask | Breaks::mask;
    default: return 0;
    }
}

/// FBh to FDh take the set 3 codes of keys until a command comes.
void set_one_type(I8042& chip, u8 command, u8 code)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    keyboard.replies.push(ack);
    if (quirk::KeyboardCommands::test(chip.quirks))
        return; // it is not looked at
    keyboard.argument_of = command;
    if (code < keyboard.types.size())
        keyboard.types[code] = type_of_command(command);
}

void argument(I8042& chip, u8 command, u8 byte)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    if (command == 0xF0)
        return choose_set(chip, byte);
    if (command >= 0xFB)
        return set_one_type(chip, command, byte);
    keyboard.replies.push(ack);
    if (command == 0xED)
        keyboard.leds = byte & 7;
    else
        keyboard.typematic = byte & 0x7F;
}

/// True for those that QEMU's keyboard answers with FAh.
bool known_to_qemu(u8 command) { return command == 0x00 || command == 0xFA || command == 0xFC; }

bool known(const I8042& chip, u8 command)
{
    if (command == 0xED || command == 0xF0 || (command >= 0xF2 && command <= 0xF6) || command == 0xFF)
        return true;
    if (quirk::KeyboardCommands::test(chip.quirks))
        return known_to_qemu(command);
    return command >= 0xF7 && command <= 0xFD;
}

void set_all_types(I8042& chip, u8 command)
{
    if (quirk::KeyboardCommands::test(chip.quirks))
        return;
    chip.keyboard.scancodes.clear();
    chip.keyboard.types.fill(type_of_command(command));
}

void enable(I8042& chip)
{
    if (!quirk::KeyboardCommands::test(chip.quirks)) {
        chip.keyboard.scancodes.clear();
        release(chip.keyboard);
    }
    chip.keyboard.scanning = 1;
}

void run(I8042& chip, u8 command)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    switch (command) {
    case 0xED:
    case 0xF0:
    case 0xF3:
    case 0xFB:
    case 0xFC:
    case 0xFD: keyboard.argument_of = command; return;
    case 0xF2:
        keyboard.replies.push(0xAB); // an enhanced keyboard
        keyboard.replies.push(as_translated(chip, 0x83));
        return;
    case 0xF4: return enable(chip);
    case 0xF5: return defaults(keyboard, false);
    case 0xF6: return defaults(keyboard, true);
    case 0xF7:
    case 0xF8:
    case 0xF9:
    case 0xFA: return set_all_types(chip, command);
    case 0xFF:
        defaults(keyboard, true);
        keyboard.leds = 0;
        keyboard.replies.push(self_test_passed);
        return;
    default: return;
    }
}

void command(I8042& chip, u8 byte)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    if (byte == 0xEE) // echo is its own answer
        return static_cast<void>(keyboard.replies.push(byte));
    if (byte == 0xFE && !quirk::KeyboardCommands::test(chip.quirks))
        return static_cast<void>(keyboard.replies.push(keyboard.last));
    const bool understood = known(chip, byte);
    keyboard.replies.push(understood ? ack : resend);
    if (understood)
        run(chip, byte);
}

// --- keys ---

/// QEMU's keyboard translates on the way into its queue, and loses what finds no room.
void push_byte(I8042& chip, u8 byte)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    if (quirk::TranslatesEarly::test(chip.quirks) && !translate(chip, byte))
        return;
    const unsigned queued = unsigned{keyboard.scancodes.count} + keyboard.replies.count;
    if (queued < buffer_size || !quirk::NoOverrun::test(chip.quirks))
        keyboard.scancodes.push(byte);
}

/// The bytes of one code, or, when there is no room for all of them, the overrun code in the last place.
bool push(I8042& chip, const u8* bytes, unsigned size)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    const bool room = keyboard.scancodes.room() >= size;
    if (!room && !quirk::NoOverrun::test(chip.quirks)) {
        keyboard.scancodes.back() = keyboard.set == 1 ? overrun_set1 : overrun_set2;
        return false;
    }
    std::for_each(bytes, bytes + size, [&](u8 byte) { push_byte(chip, byte); });
    return room;
}

/// A code in set 2 or 3: the break prefix and the code.
bool push_code(I8042& chip, u8 code, bool released)
{
    const u8 bytes[] = {break_prefix, code};
    return released ? push(chip, bytes, 2) : push(chip, bytes + 1, 1);
}

/// The keys of set 3 that QEMU's tables have another code for: those of the keypad's division and minus.
u8 plain_set3(u8 code)
{
    if (code == 0x77)
        return 0x4A;
    return code == 0x84 ? u8{0x4E} : code;
}

bool send_set3(I8042& chip, u8 prefix, u8 code, bool released)
{
    const u8 set3 = set3_of_set1(prefix, code);
    if (set3 == 0)
        return true; // no such key, or what a keyboard adds around one
    if (quirk::Set3Plain::test(chip.quirks))
        return push_code(chip, plain_set3(set3), released);
    if (released && !key_type::Breaks::test(chip.keyboard.types[set3]))
        return true;
    return push_code(chip, set3, released);
}

bool send(I8042& chip, u8 prefix, u8 set1_byte)
{
    const bool released = (set1_byte & break_bit) != 0;
    const u8 code = set1_byte & 0x7F;
    switch (chip.keyboard.set) {
    case 1: return push(chip, &set1_byte, 1);
    case 2: return push_code(chip, set2_of_set1(code), released);
    default: return send_set3(chip, prefix, code, released);
    }
}

/// Whether a key repeats while it is held. Pause (after E1h) never does.
bool typematic(const Ps2Keyboard& keyboard, u8 prefix, u8 code)
{
    if (keyboard.repeats == 0 || prefix == e1 || code == 0)
        return false;
    return keyboard.set != 3 || key_type::Repeats::test(keyboard.types[set3_of_set1(prefix, code)]);
}

void note_held(I8042& chip, u8 prefix, u8 set1_byte)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    const u8 code = set1_byte & 0x7F;
    if ((set1_byte & break_bit) == 0 && typematic(keyboard, prefix, code))
        hold(keyboard, prefix, code, chip.now_ns);
    else if ((set1_byte & break_bit) == 0 || (code == keyboard.held && prefix == keyboard.held_prefix))
        release(keyboard);
}

/// The held key once more. @return false when that left nothing in the buffer.
bool send_held(I8042& chip)
{
    const Ps2Keyboard& keyboard = chip.keyboard;
    const unsigned before = keyboard.scancodes.count;
    const bool prefixed = keyboard.held_prefix != 0 && keyboard.set != 3;
    if (!prefixed || push(chip, &keyboard.held_prefix, 1))
        send(chip, keyboard.held_prefix, keyboard.held);
    return keyboard.scancodes.count != before;
}

} // namespace

void to_keyboard(I8042& chip, u8 byte)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    const u8 asked_by = keyboard.argument_of;
    keyboard.argument_of = 0;
    keyboard.replies.clear(); // a new byte from the host takes back what has not been fetched
    if (asked_by != 0 && (byte < first_command || quirk::AnyArgument::test(chip.quirks)))
        argument(chip, asked_by, byte);
    else
        command(chip, byte);
}

u8 from_keyboard(I8042& chip)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    keyboard.last = keyboard.replies.empty() ? keyboard.scancodes.pop() : keyboard.replies.pop();
    return keyboard.last;
}

bool press(I8042& chip, u8 set1_byte)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    if (keyboard.scanning == 0)
        return false;
    if (set1_byte == e0 || set1_byte == e1) {
        keyboard.prefix = set1_byte;
        return keyboard.set == 3 || push(chip, &set1_byte, 1);
    }
    const u8 prefix = keyboard.prefix;
    // Two codes follow E1h.
    keyboard.prefix = prefix == e1 && (set1_byte & 0x7F) == 0x1D ? e1 : u8{0};
    note_held(chip, prefix, set1_byte);
    return send(chip, prefix, set1_byte);
}

void repeat(I8042& chip)
{
    Ps2Keyboard& keyboard = chip.keyboard;
    const u64 period = period_ns(keyboard.typematic);
    while (keyboard.held != 0 && keyboard.repeat_ns <= chip.now_ns) {
        const bool sent = send_held(chip);
        // Full: the others that are due find no room either.
        const u64 due = sent ? 1 : (chip.now_ns - keyboard.repeat_ns) / period + 1;
        keyboard.repeat_ns += due * period;
        if (keyboard.repeat_ns < period)
            release(keyboard); // the end of time
    }
}

bool valid(const Ps2Keyboard& k)
{
    constexpr u8 with_argument[] = {0x00, 0xED, 0xF0, 0xF3, 0xFB, 0xFC, 0xFD};
    const bool arguments = std::ranges::find(with_argument, k.argument_of) != std::end(with_argument);
    const bool types = std::ranges::all_of(k.types, [](u8 type) { return type < 4; });
    const bool held = k.held < break_bit && (k.held_prefix == 0 || k.held_prefix == e0) &&
                      (k.held == 0) == (k.repeat_ns == never_ns);
    return arguments && types && held && k.replies.valid() && k.scancodes.valid() && k.set >= 1 &&
           k.set <= 3 && k.leds < 8 && k.typematic < 0x80 && k.scanning <= 1 && k.repeats <= 1 &&
           (k.prefix == 0 || k.prefix == e0 || k.prefix == e1);
}

} // namespace irqlab::hw::ps2
