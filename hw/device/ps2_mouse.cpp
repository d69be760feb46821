// PS/2 mouse: its commands and its reports. [PS2] "Mouse"; [IMOUSE] for the wheel.
#include "hw/device/i8042.hpp"

#include <algorithm>
#include <initializer_list>

namespace irqlab::hw::ps2 {
namespace {

namespace quirk = i8042_quirk;

constexpr u8 ack = 0xFA;
constexpr u8 resend = 0xFE, failed = 0xFC;
constexpr u8 self_test_passed = 0xAA;
constexpr u8 first_command = 0xE6;  // bytes below are arguments
constexpr int motion_max = 1 << 16; // more than a hand moves between two reports
constexpr u8 wheel_type = 3, buttons_type = 4;

/// Three buttons in the first byte; those of the thumb in the fourth byte of type 4.
using Fingers = Field<u8, 0, 3>;
using Thumb = Field<u8, 3, 2>;
constexpr u8 all_buttons = Fingers::mask | Thumb::mask;

unsigned packet_size(const Ps2Mouse& mouse) { return mouse.type == 0 ? 3 : 4; }

/// An answer, or with MouseQueue all of it behind the reports, if there is room.
void say(I8042& chip, std::initializer_list<u8> bytes)
{
    Ps2Mouse& mouse = chip.mouse;
    const bool one_queue = quirk::MouseQueue::test(chip.quirks);
    if (one_queue && mouse.packets.room() < bytes.size())
        return;
    for (const u8 byte : bytes)
        one_queue ? mouse.packets.push(byte) : mouse.replies.push(byte);
}

// --- reports ---

/// 2:1 scaling of a report in stream mode: small motions exactly so, larger ones doubled. [PS2] "Scaling".
int scaled(const I8042& chip, int counts)
{
    constexpr int small[] = {0, 1, 1, 3, 6, 9};
    if (chip.mouse.scaling == 0 || chip.mouse.remote != 0 || quirk::NoScaling::test(chip.quirks))
        return counts;
    const int size = counts < 0 ? -counts : counts;
    const int result = size < 6 ? small[size] : 2 * size;
    return counts < 0 ? -result : result;
}

/// How far one report reaches: nine bits, two's complement; doubled, it still fits.
int motion_limit(const I8042& chip)
{
    return quirk::SmallMotion::test(chip.quirks) || chip.mouse.scaling != 0 ? 127 : 255;
}

struct Packet {
    u8 bytes[4];
    unsigned size;
};

/// The fourth byte: the wheel's clicks, and in type 4 the thumb's buttons. What does not fit is kept.
u8 take_wheel(Ps2Mouse& mouse)
{
    const int limit = mouse.type == wheel_type ? 127 : 7;
    const int dz = mouse.type == 0 ? 0 : std::clamp(mouse.dz, -limit, limit);
    mouse.dz = mouse.type == 0 ? 0 : mouse.dz - dz;
    if (mouse.type == wheel_type)
        return static_cast<u8>(dz);
    return static_cast<u8>((dz & 0x0F) | Thumb::get(mouse.buttons) << 4);
}

/// Takes one report's worth out of the motion; the rest is the next one's.
Packet take_packet(I8042& chip)
{
    Ps2Mouse& mouse = chip.mouse;
    const int limit = motion_limit(chip);
    const int dx = std::clamp(mouse.dx, -limit, limit), dy = std::clamp(mouse.dy, -limit, limit);
    mouse.dx -= dx;
    mouse.dy -= dy;
    mouse.reported = mouse.buttons;
    const int x = scaled(chip, dx), y = scaled(chip, dy);
    const unsigned head = 0x08u | Fingers::get(mouse.buttons) | (x < 0 ? 0x10u : 0u) | (y < 0 ? 0x20u : 0u);
    return {{static_cast<u8>(head), static_cast<u8>(x), static_cast<u8>(y), take_wheel(mouse)},
            packet_size(mouse)};
}

bool queue_packet(I8042& chip)
{
    Ps2Mouse& mouse = chip.mouse;
    if (mouse.packets.room() < packet_size(mouse))
        return false;
    const Packet packet = take_packet(chip);
    for (unsigned i = 0; i < packet.size; ++i)
        mouse.packets.push(packet.bytes[i]);
    return true;
}

bool moved(const Ps2Mouse& mouse) { return mouse.dx != 0 || mouse.dy != 0 || mouse.dz != 0; }

bool buttons_changed(const Ps2Mouse& mouse)
{
    const u8 shown = mouse.type == buttons_type ? all_buttons : Fingers::mask;
    return ((mouse.buttons ^ mouse.reported) & shown) != 0;
}

/// Queues the reports that stream mode owes and that there is room for.
void report(I8042& chip)
{
    const Ps2Mouse& mouse = chip.mouse;
    if (quirk::EveryEvent::test(chip.quirks) || mouse.reporting == 0 || mouse.remote != 0 || mouse.wrap != 0)
        return;
    while ((moved(mouse) || buttons_changed(mouse)) && queue_packet(chip)) {
    }
}

/// QEMU's reports: one for each event at least, and what finds no room waits for the next event.
void report_event(I8042& chip)
{
    if (chip.mouse.reporting == 0 || chip.mouse.remote != 0)
        return;
    while (queue_packet(chip) && moved(chip.mouse)) {
    }
}

// --- commands ---

void forget_motion(I8042& chip)
{
    if (!quirk::KeepsMotion::test(chip.quirks))
        chip.mouse.dx = chip.mouse.dy = chip.mouse.dz = 0;
}

void defaults(I8042& chip)
{
    Ps2Mouse& mouse = chip.mouse;
    mouse.sample_rate = 100;
    mouse.resolution = 2;
    mouse.scaling = mouse.remote = mouse.reporting = 0;
    mouse.reported = mouse.buttons;
    forget_motion(chip);
}

void reset(I8042& chip)
{
    Ps2Mouse& mouse = chip.mouse;
    defaults(chip);
    mouse.packets.clear();
    mouse.replies.clear();
    mouse.type = 0;
    if (!quirk::MouseCommands::test(chip.quirks))
        mouse.wrap = 0;
    say(chip, {ack, self_test_passed, mouse.type});
}

void say_status(I8042& chip)
{
    const Ps2Mouse& mouse = chip.mouse;
    // Left, middle, right from bit 2 down: another order than in the packets.
    const unsigned order =
        (mouse.buttons & 1u) << 2 | ((mouse.buttons >> 2) & 1u) << 1 | ((mouse.buttons >> 1) & 1u);
    const unsigned modes = mouse.scaling * 0x10u | mouse.reporting * 0x20u | mouse.remote * 0x40u;
    const unsigned buttons = quirk::StatusNoButtons::test(chip.quirks) ? 0 : order;
    say(chip, {ack, static_cast<u8>(modes | buttons), mouse.resolution, mouse.sample_rate});
}

void read_data(I8042& chip)
{
    say(chip, {ack});
    if (quirk::MouseQueue::test(chip.quirks))
        return static_cast<void>(queue_packet(chip));
    const Packet packet = take_packet(chip);
    for (unsigned i = 0; i < packet.size; ++i)
        chip.mouse.replies.push(packet.bytes[i]);
}

void set_mode(I8042& chip, bool remote)
{
    chip.mouse.remote = remote;
    forget_motion(chip);
    say(chip, {ack});
}

/// A flag of the mouse takes a value, and the mouse says so.
void set(I8042& chip, u8 Ps2Mouse::*flag, u8 value)
{
    chip.mouse.*flag = value;
    say(chip, {ack});
}

/// @return false for a command that the mouse does not know.
bool run(I8042& chip, u8 command)
{
    switch (command) {
    case 0xE6: set(chip, &Ps2Mouse::scaling, 0); return true;
    case 0xE7: set(chip, &Ps2Mouse::scaling, 1); return true;
    case 0xE8:
    case 0xF3: set(chip, &Ps2Mouse::argument_of, command); return true;
    case 0xE9: say_status(chip); return true;
    case 0xEA: set_mode(chip, false); return true;
    case 0xEB: read_data(chip); return true;
    case 0xEE: set(chip, &Ps2Mouse::wrap, 1); return true;
    case 0xF0: set_mode(chip, true); return true;
    case 0xF2: say(chip, {ack, chip.mouse.type}); return true;
    case 0xF4: set(chip, &Ps2Mouse::reporting, 1); return true;
    case 0xF5: set(chip, &Ps2Mouse::reporting, 0); return true;
    case 0xF6:
        defaults(chip);
        say(chip, {ack});
        return true;
    case 0xFF: reset(chip); return true;
    default: return false;
    }
}

/// What is not understood: FEh, and FCh when the next byte is not understood either. [PS2] "Mouse", Error.
void refuse(I8042& chip, bool again)
{
    if (quirk::MouseCommands::test(chip.quirks))
        return; // it says nothing
    say(chip, {again ? failed : resend});
    chip.mouse.refused = 1;
}

void command(I8042& chip, u8 byte, bool again)
{
    Ps2Mouse& mouse = chip.mouse;
    const bool full = !quirk::MouseCommands::test(chip.quirks);
    if (mouse.wrap != 0 && byte != 0xFF && byte != 0xEC)
        return say(chip, {byte}); // wrap mode sends everything else back
    if (byte == 0xEC && (full || mouse.wrap != 0))
        return set(chip, &Ps2Mouse::wrap, 0);
    if (byte == 0xFE && full)
        return say(chip, {mouse.last});
    if (!run(chip, byte))
        refuse(chip, again);
}

/// The rates that ask whether there is a wheel. [IMOUSE] "Enabling".
void listen_for_knock(Ps2Mouse& mouse, u8 rate)
{
    const u8 state = mouse.knock;
    mouse.knock = 0;
    if (state == 0)
        mouse.knock = rate == 200;
    else if (state == 1 && (rate == 100 || rate == 200))
        mouse.knock = rate == 100 ? 2 : 3;
    else if (state != 1 && rate == 80)
        mouse.type = state == 2 ? wheel_type : buttons_type;
}

bool can_be(u8 command, u8 argument)
{
    constexpr u8 rates[] = {10, 20, 40, 60, 80, 100, 200};
    if (command == 0xE8)
        return argument < 4;
    return std::ranges::find(rates, argument) != std::end(rates);
}

void argument(I8042& chip, u8 command, u8 byte, bool again)
{
    Ps2Mouse& mouse = chip.mouse;
    if (!quirk::AnyArgument::test(chip.quirks) && !can_be(command, byte))
        return refuse(chip, again);
    if (command == 0xF3)
        listen_for_knock(mouse, byte);
    set(chip, command == 0xE8 ? &Ps2Mouse::resolution : &Ps2Mouse::sample_rate, byte);
}

} // namespace

void to_mouse(I8042& chip, u8 byte)
{
    Ps2Mouse& mouse = chip.mouse;
    const u8 asked_by = mouse.argument_of;
    const bool again = mouse.refused != 0;
    mouse.argument_of = mouse.refused = 0;
    if (!quirk::MouseQueue::test(chip.quirks)) {
        mouse.replies.clear();
        mouse.packets.clear(); // so that an answer is not taken for a report
    }
    if (asked_by != 0 && (byte < first_command || quirk::AnyArgument::test(chip.quirks)))
        argument(chip, asked_by, byte, again);
    else
        command(chip, byte, again);
    report(chip);
}

u8 from_mouse(I8042& chip)
{
    Ps2Mouse& mouse = chip.mouse;
    mouse.last = mouse.replies.empty() ? mouse.packets.pop() : mouse.replies.pop();
    report(chip);
    return mouse.last;
}

void move(I8042& chip, int dx, int dy, u8 buttons, int wheel)
{
    Ps2Mouse& mouse = chip.mouse;
    const bool deaf = quirk::DeafWhenOff::test(chip.quirks) && mouse.reporting == 0;
    if (deaf)
        return;
    const bool every = quirk::EveryEvent::test(chip.quirks);
    const auto add = [](int& motion, int counts) {
        motion = std::clamp(motion + std::clamp(counts, -motion_max, motion_max), -motion_max, motion_max);
    };
    mouse.buttons = buttons & all_buttons;
    if (mouse.reporting != 0 || mouse.remote != 0) {
        add(mouse.dx, dx);
        add(mouse.dy, dy);
        add(mouse.dz, mouse.type != 0 || every ? wheel : 0);
    }
    if (every)
        report_event(chip);
    report(chip);
}

bool valid(const Ps2Mouse& m)
{
    constexpr u8 flags_max = 1;
    const auto motion = [](int counts) { return counts >= -motion_max && counts <= motion_max; };
    const bool flags = std::max({m.refused, m.reporting, m.remote, m.wrap, m.scaling}) <= flags_max;
    const bool argument = m.argument_of == 0 || m.argument_of == 0xE8 || m.argument_of == 0xF3;
    const bool type = m.type == 0 || m.type == wheel_type || m.type == buttons_type;
    return flags && argument && type && motion(m.dx) && motion(m.dy) && motion(m.dz) && m.replies.valid() &&
           m.packets.valid() && m.knock < 4 && m.buttons <= all_buttons && m.reported <= all_buttons;
}

} // namespace irqlab::hw::ps2
