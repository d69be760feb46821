// Fuzz target: any sequence of port accesses, keys, motion and time on the keyboard controller, with any
// quirks.
//
// The first four bytes are the quirks, the next the typematic switch and a state of bytes to restore; then
// three bytes are a step. What must hold afterwards, whatever software did, is in check_invariants().
#include <cstddef>
#include <cstring>

#include "hw/base/check.hpp"
#include "hw/device/i8042.hpp"

namespace {

using namespace irqlab;
using namespace irqlab::hw;

constexpr unsigned header = 5, step_size = 3;
constexpr u32 all_quirks = i8042_quirk::KeepsMotion::mask * 2 - 1;

void check_invariants(const I8042& chip)
{
    CHECK(valid(chip));
    CHECK(!(output(chip, 0) && output(chip, 1))); // one buffer, one owner
    CHECK(chip.obf != 0 || (!output(chip, 0) && !output(chip, 1)));
    const u64 next = next_event_ns(chip);
    CHECK(next >= chip.now_ns);
    I8042 later = chip;
    advance(later, next == never_ns ? chip.now_ns : next);
    CHECK(next != chip.now_ns || later.obf != 0 || later.keyboard.held != 0); // what is due happens
    CHECK(later.obf != 0 || next_event_ns(later) != later.now_ns);            // and is over
}

void read_as_seen(I8042& chip, u16 reg, u64 now_ns)
{
    Signals signals;
    const u8 seen = peek(chip, reg, now_ns);
    CHECK(read(chip, reg, now_ns, signals) == seen);
}

void step(I8042& chip, u64& now_ns, const unsigned char* bytes)
{
    Signals signals;
    const u8 value = bytes[1], more = bytes[2];
    switch (bytes[0] & 7) {
    case 0:
    case 1: write(chip, 0, value, now_ns, signals); break;
    case 2: write(chip, 4, value, now_ns, signals); break;
    case 3: read_as_seen(chip, 0, now_ns); break;
    case 4: read_as_seen(chip, 4, now_ns); break;
    case 5: key(chip, value); break;
    case 6:
        mouse_move(chip, static_cast<signed char>(value) * 3, static_cast<signed char>(more), more,
                   value % 16 - 8);
        break;
    default:
        if (value == 0)
            lock(chip, (more & 1) != 0);
        else
            now_ns += u64{value} << (more & 63);
        advance(chip, now_ns);
        break;
    }
}

/// Bytes that valid() lets pass are harmless.
void restore(const unsigned char* data, std::size_t size)
{
    I8042 chip;
    unsigned char bytes[sizeof chip];
    std::memcpy(bytes, &chip, sizeof chip);
    for (std::size_t i = 0; i + 1 < size; i += 2)
        bytes[(i * 7 + data[i]) % sizeof chip] = data[i + 1];
    std::memcpy(static_cast<void*>(&chip), bytes, sizeof chip);
    if (!valid(chip))
        return;
    u64 now_ns = chip.now_ns;
    for (std::size_t i = 0; i + step_size <= size; i += step_size)
        step(chip, now_ns, data + i);
    CHECK(valid(chip));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    if (size < header)
        return 0;
    if ((data[4] & 2) != 0) {
        restore(data + header, size - header);
        return 0;
    }
    I8042 chip;
    std::memcpy(&chip.quirks, data, sizeof chip.quirks);
    chip.quirks &= all_quirks;
    chip.keyboard.repeats = data[4] & 1;
    u64 now_ns = 0;
    for (std::size_t i = header; i + step_size <= size; i += step_size) {
        step(chip, now_ns, data + i);
        check_invariants(chip);
    }
    return 0;
}
