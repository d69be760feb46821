// A machine as bytes, and back.
//
//   offset  bytes
//        0      8  "irqlabhw"
//        8      4  version of the format
//       12      4  bytes in all
//       16      8  layout: a fingerprint of all field names, orders and sizes
//       24         the board's fields, those of each edu, of the remapping unit if there is one, and of each
//       CPU:
//                  every number little-endian, in its own size
//   last 8         checksum of all before it
//
// Bytes come from anywhere: restore() takes only a state that the chips can be in, and what follows from
// other parts (levels on wires, the CPU's view of INT) is worked out anew, not believed.
#pragma once
#include <cstddef>
#include <span>

#include "hw/board/machine.hpp"

namespace irqlab::hw {

inline constexpr u32 state_version = 1;

enum class RestoreError : u8 {
    none,
    too_short,     // Cut off, or no state at all.
    not_a_state,   // Does not begin as one.
    other_version, // Of a format that this library does not know.
    other_layout,  // Of a library whose chips have other fields.
    wrong_size,    // More or fewer bytes than the number of CPUs takes.
    corrupt,       // The checksum does not fit.
    impossible,    // A chip cannot be in that state.
};
/// What is wrong and what to do, in a sentence.
const char* text(RestoreError error);

/// Bytes that save() writes for this machine.
std::size_t saved_bytes(const Machine& machine);

/// Writes the machine into `to`. @return the bytes written; 0 when `to` is smaller than saved_bytes().
std::size_t save(const Machine& machine, std::span<u8> to);

/// Makes `machine` what was saved. On an error it stays as it was.
RestoreError restore(Machine& machine, std::span<const u8> from);

/// Makes length and checksum of a saved state fit what was changed in it: for tests of what restore()
/// believes. Bytes shorter than a head stay.
void reseal(std::span<u8> state);

/// A hash of the state, equal for equal states; within one build.
u64 hash_state(const Machine& machine);

/// Where two states of one board and as many CPUs first differ: "core[1].lapic.irr[0]", and both numbers.
struct StateDifference {
    bool found = false;
    char path[80] = "";
    u64 a = 0, b = 0;
};
StateDifference first_difference(const Machine& a, const Machine& b);

} // namespace irqlab::hw
