// PS/2 keyboard and mouse: commands and reports. [PS2] "Keyboard", "Mouse".
#include "hw/device/ps2.hpp"

#include <algorithm>

namespace irqlab::hw::ps2 {
namespace {

constexpr u8 ack = 0xFA;
constexpr u8 resend = 0xFE;
constexpr u8 self_test_passed = 0xAA;
constexpr u8 first_command = 0xE6; // bytes below are arguments, of both devices
constexpr u8 overrun_set1 = 0xFF, overrun_set2 = 0x00;
constexpr unsigned packet_size = 3;
constexpr int motion_max = 1 << 16; // more than a hand moves between two reports

// --- keyboard ---

void keyboard_defaults(Ps2Keyboard& keyboard, bool scanning)
{
    keyboard.scancodes.clear();
    keyboard.set = 2;
    keyboard.typematic = 0x2B; // 10.9 a second after half a second
    keyboard.scanning = scanning;
}

void keyboard_reset(Ps2Keyboard& keyboard)
{
    keyboard_defaults(keyboard, true);
    keyboard.leds = 0;
    keyboard.replies.push(self_test_passed);
}

void keyboard_set(Ps2Keyboard& keyboard, u8 set)
{
    if (set > 2)
        return static_cast<void>(keyboard.replies.push(resend)); // set 3 is not modelled, and says so
    keyboard.replies.push(ack);
    if (set == 0)
        keyboard.replies.push(keyboard.set);
    else
        keyboard.set = set;
}

void keyboard_argument(Ps2Keyboard& keyboard, u8 command, u8 byte)
{
    if (command == 0xF0)
        return keyboard_set(keyboard, byte);
    keyboard.replies.push(ack);
    if (command == 0xED)
        keyboard.leds = byte & 7;
    else
        keyboard.typematic = byte & 0x7F;
}

void keyboard_command(Ps2Keyboard& keyboard, u8 command)
{
    if (command == 0xEE) // echo is its own answer
        return static_cast<void>(keyboard.replies.push(command));
    if (command == 0xFE)
        return static_cast<void>(keyboard.replies.push(keyboard.last));
    const bool known =
        command == 0xED || command == 0xF0 || (command >= 0xF2 && command <= 0xF6) || command == 0xFF;
    keyboard.replies.push(known ? ack : resend);
    switch (command) {
    case 0xED:
    case 0xF0:
    case 0xF3: keyboard.argument_of = command; break;
    case 0xF2:
        keyboard.replies.push(0xAB); // an enhanced keyboard
        keyboard.replies.push(0x83);
        break;
    case 0xF4:
        keyboard.scancodes.clear();
        keyboard.scanning = true;
        break;
    case 0xF5: keyboard_defaults(keyboard, false); break;
    case 0xF6: keyboard_defaults(keyboard, true); break;
    case 0xFF: keyboard_reset(keyboard); break;
    default: break;
    }
}

// --- mouse ---

void mouse_defaults(Ps2Mouse& mouse)
{
    Ps2Mouse fresh;
    fresh.replies = mouse.replies;
    fresh.buttons = fresh.reported = mouse.buttons;
    fresh.last = mouse.last;
    mouse = fresh;
}

/// 2:1 scaling of a report in stream mode: small motions exactly so, larger ones doubled. [PS2] "Scaling".
int scaled(const Ps2Mouse& mouse, int counts)
{
    constexpr int small[] = {0, 1, 1, 3, 6, 9};
    if (!mouse.scaling || mouse.remote)
        return counts;
    const int size = counts < 0 ? -counts : counts;
    const int result = size < 6 ? small[size] : 2 * size;
    return counts < 0 ? -result : result;
}

struct Packet {
    u8 bytes[packet_size];
};

/// Takes one report's worth out of the motion. Nine bits, two's complement, overflow kept for the next
/// report.
Packet take_packet(Ps2Mouse& mouse)
{
    const int limit = mouse.scaling ? 127 : 255; // doubled, it still fits
    const int dx = std::clamp(mouse.dx, -limit, limit), dy = std::clamp(mouse.dy, -limit, limit);
    mouse.dx -= dx;
    mouse.dy -= dy;
    mouse.reported = mouse.buttons;
    const int x = scaled(mouse, dx), y = scaled(mouse, dy);
    const unsigned head = 0x08u | mouse.buttons | (x < 0 ? 0x10u : 0u) | (y < 0 ? 0x20u : 0u);
    return {{static_cast<u8>(head), static_cast<u8>(x), static_cast<u8>(y)}};
}

/// Queues the reports that stream mode owes and that there is room for.
void report(Ps2Mouse& mouse)
{
    while (mouse.reporting && !mouse.remote && !mouse.wrap && mouse.packets.room() >= packet_size &&
           (mouse.dx != 0 || mouse.dy != 0 || mouse.buttons != mouse.reported))
        for (u8 byte : take_packet(mouse).bytes)
            mouse.packets.push(byte);
}

void mouse_status(Ps2Mouse& mouse)
{
    // Left, middle, right from bit 2 down: another order than in the packets.
    const unsigned order =
        (mouse.buttons & 1u) << 2 | ((mouse.buttons >> 2) & 1u) << 1 | ((mouse.buttons >> 1) & 1u);
    mouse.replies.push(static_cast<u8>(order | (mouse.scaling ? 0x10u : 0u) | (mouse.reporting ? 0x20u : 0u) |
                                       (mouse.remote ? 0x40u : 0u)));
    mouse.replies.push(mouse.resolution);
    mouse.replies.push(mouse.sample_rate);
}

void mouse_reset(Ps2Mouse& mouse)
{
    mouse_defaults(mouse);
    mouse.replies.push(self_test_passed);
    mouse.replies.push(0x00); // a mouse of three bytes
}

void mouse_set_mode(Ps2Mouse& mouse, bool remote)
{
    mouse.remote = remote;
    mouse.dx = mouse.dy = 0;
}

/// @return false for a command that the mouse does not know.
bool mouse_command(Ps2Mouse& mouse, u8 command)
{
    mouse.replies.push(ack);
    switch (command) {
    case 0xE6: mouse.scaling = false; return true;
    case 0xE7: mouse.scaling = true; return true;
    case 0xE8:
    case 0xF3: mouse.argument_of = command; return true;
    case 0xE9: mouse_status(mouse); return true;
    case 0xEA: mouse_set_mode(mouse, false); return true;
    case 0xEB:
        for (u8 byte : take_packet(mouse).bytes)
            mouse.replies.push(byte);
        return true;
    case 0xEC: mouse.wrap = false; return true;
    case 0xEE: mouse.wrap = true; return true;
    case 0xF0: mouse_set_mode(mouse, true); return true;
    case 0xF2: mouse.replies.push(0x00); return true;
    case 0xF4: mouse.reporting = true; return true;
    case 0xF5: mouse.reporting = false; return true;
    case 0xF6: mouse_defaults(mouse); return true;
    case 0xFF: mouse_reset(mouse); return true;
    default: return false;
    }
}

void mouse_argument(Ps2Mouse& mouse, u8 command, u8 byte)
{
    mouse.replies.push(ack);
    if (command == 0xE8)
        mouse.resolution = byte & 3;
    else
        mouse.sample_rate = byte;
}

} // namespace

void receive(Ps2Keyboard& keyboard, u8 byte)
{
    const u8 command = keyboard.argument_of;
    keyboard.argument_of = 0;
    keyboard.replies.clear(); // a new byte from the host takes back what has not been fetched
    if (command != 0 && byte < first_command)
        keyboard_argument(keyboard, command, byte);
    else
        keyboard_command(keyboard, byte);
}

void receive(Ps2Mouse& mouse, u8 byte)
{
    const u8 command = mouse.argument_of;
    mouse.argument_of = 0;
    mouse.replies.clear();
    mouse.packets.clear(); // so that an answer is not taken for a report
    if (byte == 0xFE && !mouse.wrap)
        mouse.replies.push(mouse.last);
    else if (mouse.wrap && byte != 0xFF && byte != 0xEC)
        mouse.replies.push(byte); // wrap mode sends everything else back
    else if (command != 0 && byte < first_command)
        mouse_argument(mouse, command, byte);
    else if (!mouse_command(mouse, byte)) {
        mouse.replies.clear();
        mouse.replies.push(resend);
    }
    report(mouse);
}

bool send(Ps2Keyboard& keyboard, u8& byte)
{
    if (!keyboard.replies.empty())
        byte = keyboard.replies.pop();
    else if (!keyboard.scancodes.empty())
        byte = keyboard.scancodes.pop();
    else
        return false;
    keyboard.last = byte;
    return true;
}

bool send(Ps2Mouse& mouse, u8& byte)
{
    if (!mouse.replies.empty()) {
        byte = mouse.replies.pop();
    } else {
        report(mouse);
        if (mouse.packets.empty())
            return false;
        byte = mouse.packets.pop();
    }
    mouse.last = byte;
    return true;
}

bool press(Ps2Keyboard& keyboard, u8 set1_byte)
{
    if (!keyboard.scanning)
        return false;
    const bool prefix = set1_byte == 0xE0 || set1_byte == 0xE1;
    u8 bytes[2] = {set1_byte, 0};
    unsigned size = 1;
    if (keyboard.set == 2 && !prefix) {
        const bool released = (set1_byte & 0x80) != 0;
        const u8 code = set2_of_set1(set1_byte & 0x7F);
        bytes[0] = released ? u8{0xF0} : code;
        bytes[1] = code;
        size = released ? 2 : 1;
    }
    if (keyboard.scancodes.room() < size) {
        keyboard.scancodes.back() = keyboard.set == 2 ? overrun_set2 : overrun_set1;
        return false;
    }
    for (unsigned i = 0; i < size; ++i)
        keyboard.scancodes.push(bytes[i]);
    return true;
}

void move(Ps2Mouse& mouse, int dx, int dy, u8 buttons)
{
    mouse.buttons = buttons & 7;
    if (mouse.reporting || mouse.remote) {
        mouse.dx = std::clamp(mouse.dx + std::clamp(dx, -motion_max, motion_max), -motion_max, motion_max);
        mouse.dy = std::clamp(mouse.dy + std::clamp(dy, -motion_max, motion_max), -motion_max, motion_max);
    }
    report(mouse);
}

} // namespace irqlab::hw::ps2
