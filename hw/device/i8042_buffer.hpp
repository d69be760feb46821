// Inside the 8042: its output buffer, where the controller's answers, the keyboard and the mouse meet.
#pragma once
#include "hw/device/i8042.hpp"

namespace irqlab::hw::kbc {

/// Places of the internal memory. [8042] "Keyboard Password".
inline constexpr u8 guard_begins = 0x13, guard_ends = 0x14, overlooked_1 = 0x16, overlooked_2 = 0x17;

inline u8& command_byte(I8042& chip) { return chip.memory[0]; }
inline u8 command_byte(const I8042& chip) { return chip.memory[0]; }

/// The key lock keeps what is typed from the system. [AT] "Keyboard Controller", inhibit switch and override.
inline bool inhibited(const I8042& chip) { return chip.locked != 0 && !Override::test(command_byte(chip)); }

/// The controller's own byte: it is in the buffer at once.
void answer(I8042& chip, u8 byte, bool for_aux = false);

/// Fills the empty output buffer: the controller's own answer, then the keyboard, then the mouse.
void pump(I8042& chip);

/// pump() would fill it.
bool byte_waits(const I8042& chip);

/// Empties it. When it is empty, the last byte again.
u8 take(I8042& chip);

} // namespace irqlab::hw::kbc
