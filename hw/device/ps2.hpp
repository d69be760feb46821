// The keyboard and the mouse behind the 8042: what they answer, and what they send by themselves.
//
// Their state and manual are in hw/device/i8042.hpp; nobody but the controller includes this.
#pragma once
#include "hw/device/i8042.hpp"

namespace irqlab::hw::ps2 {

/// A byte from the host, command or argument. Its answer waits in the device.
void receive(Ps2Keyboard& keyboard, u8 byte);
void receive(Ps2Mouse& mouse, u8 byte);

/// The next byte that the device has for the host. @return false when it has none.
bool send(Ps2Keyboard& keyboard, u8& byte);
bool send(Ps2Mouse& mouse, u8& byte);

/// One byte of a key's set 1 code. @return false when scanning is off or the buffer is full.
bool press(Ps2Keyboard& keyboard, u8 set1_byte);

void move(Ps2Mouse& mouse, int dx, int dy, u8 buttons);

} // namespace irqlab::hw::ps2
