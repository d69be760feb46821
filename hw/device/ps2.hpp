// The keyboard and the mouse behind the 8042: their state, what they answer, and what they send by
// themselves.
//
// Their manual is in hw/device/i8042.hpp. The functions here are the wires between controller and device;
// they take the whole chip, for QEMU's quirks mix the two (translation in the keyboard, for one).
#pragma once
#include <array>

#include "hw/base/bits.hpp"
#include "hw/device/clock.hpp"
#include "hw/device/scan_codes.hpp"

namespace irqlab::hw {

struct I8042;

/// A queue of bytes of fixed size.
template <unsigned Size> struct ByteQueue {
    u8 bytes[Size] = {};
    u8 head = 0;
    u8 count = 0;
    bool operator==(const ByteQueue&) const = default;

    constexpr unsigned room() const { return Size - count; }
    constexpr bool empty() const { return count == 0; }
    constexpr void clear() { *this = {}; }
    constexpr bool push(u8 byte)
    {
        if (count == Size)
            return false;
        bytes[(head + count++) % Size] = byte;
        return true;
    }
    constexpr u8 pop()
    {
        const u8 byte = bytes[head];
        bytes[head] = 0; // equal queues compare equal
        head = static_cast<u8>((head + 1) % Size);
        --count;
        return byte;
    }
    constexpr u8& back() { return bytes[(head + count - 1u) % Size]; }
    constexpr bool valid() const { return head < Size && count <= Size; }
};

struct Ps2Keyboard {
    u64 repeat_ns = never_ns;           // when the held key repeats
    ByteQueue<4> replies;               // go before scan codes
    ByteQueue<16> scancodes;            // in the set that the keyboard is told to use
    KeyTypes types = default_key_types; // F7h-FDh: what the keys of set 3 send
    u8 argument_of = 0;                 // the command whose argument comes next
    u8 set = 2;
    u8 leds = 0; // scroll, num, caps
    u8 typematic = 0x2B;
    u8 last = 0; // for FEh
    u8 scanning = 1;
    u8 prefix = 0;      // E0h or E1h, while the key's code comes
    u8 repeats = 0;     // typematic repeat is modelled. A choice of the host's: outlives reset
    u8 held = 0;        // the key that went down last, in set 1; 0 none
    u8 held_prefix = 0; //   its prefix
    u8 unused[6] = {};
    bool operator==(const Ps2Keyboard&) const = default;
};

struct Ps2Mouse {
    int dx = 0; // moved, not yet reported
    int dy = 0;
    int dz = 0; // the wheel
    ByteQueue<6> replies;
    ByteQueue<16> packets; // whole packets only
    u8 argument_of = 0;
    u8 sample_rate = 100; // reports a second; kept, not enforced
    u8 resolution = 2;    // 1 << n counts a millimetre; kept
    u8 buttons = 0;       // left, right, middle, fourth, fifth
    u8 reported = 0;      // buttons as last reported
    u8 last = 0;
    u8 type = 0;    // 0, 3 with a wheel, 4 with five buttons
    u8 knock = 0;   // rates of the secret sequence that have come: 1 200; 2 200, 100; 3 200, 200
    u8 refused = 0; // the last byte was answered with FEh
    u8 reporting = 0;
    u8 remote = 0;
    u8 wrap = 0;
    u8 scaling = 0; // 2:1
    u8 unused[1] = {};
    bool operator==(const Ps2Mouse&) const = default;
};

namespace ps2 {

/// A byte from the host, command or argument. Its answer waits in the device.
void to_keyboard(I8042& chip, u8 byte);
void to_mouse(I8042& chip, u8 byte);

/// The device has a byte for the host. from_... takes it.
inline bool has_byte(const Ps2Keyboard& keyboard)
{
    return !keyboard.replies.empty() || !keyboard.scancodes.empty();
}
u8 from_keyboard(I8042& chip);
inline bool has_byte(const Ps2Mouse& mouse) { return !mouse.replies.empty() || !mouse.packets.empty(); }
u8 from_mouse(I8042& chip);

/// One byte of a key's set 1 code. @return false when scanning is off or the buffer is full.
bool press(I8042& chip, u8 set1_byte);
/// Typematic repeat up to chip.now_ns.
void repeat(I8042& chip);

/// The controller's translation of a byte from the keyboard. @return false when it keeps it back.
bool translate(I8042& chip, u8& byte);

void move(I8042& chip, int dx, int dy, u8 buttons, int wheel);

bool valid(const Ps2Keyboard& keyboard);
bool valid(const Ps2Mouse& mouse);

} // namespace ps2
} // namespace irqlab::hw
