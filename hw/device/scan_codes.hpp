// Scan codes: the three sets of a PS/2 keyboard, and the controller's translation of set 2 to set 1.
//
//   set 1   make code, break is the same with bit 7; E0h before the keys that the first PC's keyboard lacked
//   set 2   make code, break is F0h and the code; E0h before the same keys
//   set 3   make code, break is F0h and the code; no prefixes; each key has a type
//
// Sources: [PS2] "Scan Code Set 1", "Scan Code Set 2", "Scan Code Set 3", "Scan Code Translation".
#pragma once
#include <array>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

/// What the controller's translation makes of a byte of set 2. Those above 84h pass as they are.
u8 set1_of_set2(u8 byte);
/// The set 2 code of a set 1 make code, 0 when there is none. Prefixes stay.
u8 set2_of_set1(u8 code);
/// The set 3 code of a set 1 make code after `prefix` (0, E0h, E1h), 0 when there is none.
u8 set3_of_set1(u8 prefix, u8 code);

/// What a key of set 3 sends besides its make code.
namespace key_type {
using Repeats = Field<u8, 0>;
using Breaks = Field<u8, 1>;
} // namespace key_type

inline constexpr unsigned set3_codes = 0x90;
/// By set 3 code, a key_type each.
using KeyTypes = std::array<u8, set3_codes>;

namespace scan_codes {

/// [PS2] "Scan Code Set 3", column "Default Key State": letters, digits and what moves the cursor repeat;
/// what is held with another key breaks; the others only make.
constexpr KeyTypes defaults()
{
    constexpr u8 breaks[] = {0x11, 0x12, 0x14, 0x19, 0x59}; // Ctrl, Shift, Caps Lock, Alt, right Shift
    constexpr u8 only_makes[] = {
        0x07, 0x0F, 0x17, 0x1F, 0x27, 0x2F, 0x37, 0x3F, 0x47, 0x4F, 0x56, 0x5E, // F1 to F12
        0x08, 0x57, 0x5F, 0x62, 0x39, 0x58, 0x76, 0x77, // Esc, Print, Scroll, Pause, right Alt, Ctrl, Num, KP
                                                        // /
        0x67, 0x6E, 0x6F, 0x65, 0x6D, 0x6C, 0x6B, 0x69, // Insert, Home, Page Up, End, Page Down, KP 7, 4, 1
        0x75, 0x73, 0x72, 0x70, 0x7E, 0x7D, 0x74, 0x7A, // KP 8, 5, 2, 0, *, 9, 6, 3
        0x71, 0x84, 0x79, 0x8B, 0x8C, 0x8D,             // KP ., -, Enter; both Windows keys, Menu
    };
    KeyTypes types{};
    types.fill(key_type::Repeats::mask);
    for (const u8 code : breaks)
        types[code] = key_type::Breaks::mask;
    for (const u8 code : only_makes)
        types[code] = 0;
    return types;
}

} // namespace scan_codes

inline constexpr KeyTypes default_key_types = scan_codes::defaults();

} // namespace irqlab::hw
