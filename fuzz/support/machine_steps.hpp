// What the targets of whole machines share: a machine to begin with, operations on it, and what must hold
// after each.
#pragma once
#include "fuzz/support/input.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

/// A machine of any board with one to three CPUs, as power_on() leaves it; with or without an IMCR, a
/// remapping unit and devices, and with the quirks of a profile or any.
void start_machine(Machine& machine, Input& in);

/// One operation of software, of the devices or of time. What it reads is returned, so that two machines can
/// be compared by it.
u64 step_machine(Machine& machine, Input& in, Signals& signals);

/// CHECKs what no operation can break: chips are valid, and the wires between them carried.
void check_machine(const Machine& machine);

/// Saves `from` and restores it into `to`: it must be believed, and be the same. `to` is any machine that has
/// been powered on.
void check_round_trip(const Machine& from, Machine& to);

} // namespace irqlab::hw
