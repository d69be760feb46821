// Short programs as drivers have them: what single accesses hardly ever come upon.
#pragma once
#include "fuzz/support/input.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

/// One of them, on `cpu`: a local APIC that is switched on, a timer that is started, an entry of the I/O
/// APIC, the remapping unit with a table, an HPET comparator, a device with MSI, a transfer.
void follow_recipe(Machine& machine, unsigned cpu, Input& in, Signals& signals);

} // namespace irqlab::hw
