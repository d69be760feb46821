// Fuzz target: any sequence of port accesses, line changes and acknowledgements on the PC's pair of 8259A, or
// on a chip that stands alone and may be in MCS-80 mode.
//
// The first two bytes are the quirks, most often none, and which of the two it is; then two bytes are one
// step. What must hold afterwards, whatever software did, is in check_invariants().
#include <cstddef>

#include "hw/base/check.hpp"
#include "hw/irq/i8259.hpp"

namespace {

using namespace irqlab;
using namespace irqlab::hw;

constexpr u16 ports[] = {0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1};

void check_invariants(const PicPair& pair)
{
    CHECK(valid(pair) && valid(pair.master) && valid(pair.slave));
    if (pair.master.quirks != 0)
        return;
    for (const I8259* chip : {&pair.master, &pair.slave}) {
        CHECK((chip->edge & ~chip->lines) == 0); // an edge lives while its line is high
        CHECK(chip->lowest < 8 && chip->inta == 0);
        CHECK(!intr(*chip) || (irr(*chip) & ~chip->imr) != 0);
        CHECK(chip->poll || chip->frozen == 0);
    }
    CHECK(((pair.master.lines & 4) != 0) == intr(pair.slave)); // the cascade is carried
    CHECK((pair.master.elcr & 0x07) == 0 && (pair.slave.elcr & 0x21) == 0);
    const u16 before = isr(pair);
    PicPair taken = pair;
    Signals signals;
    const bool asked = intr(taken);
    acknowledge(taken, signals);
    CHECK(!signals.empty() && signals[0].kind == SignalKind::pic_inta);
    CHECK(asked || isr(taken.master) == static_cast<u8>(before)); // a default level leaves ISR alone
}

void step(PicPair& pair, u8 what, u8 value)
{
    Signals signals;
    const unsigned line = value & 15;
    const u16 port = ports[what / 8 % 6];
    switch (what & 7) {
    case 0:
    case 1:
    case 2: write(pair, port, value, signals); break;
    case 3: {
        const u8 seen = peek(pair, port);
        CHECK(read(pair, port, signals) == seen);
        break;
    }
    case 4:
    case 5:
        if (line != 2)
            drive(pair, line, (what & 1) != 0, signals);
        break;
    case 6: acknowledge(pair, signals); break;
    default:
        first_inta(pair);
        if (line != 2)
            drive(pair, line, (value & 16) != 0, signals);
        second_inta(pair, signals);
        break;
    }
}

/// The next pulse of a sequence, the first of which names a level. A default level sets no ISR bit.
void pulse(I8259& chip)
{
    switch (chip.inta) {
    case 0: {
        const u8 before = isr(chip);
        const u8 level = first_inta(chip);
        CHECK(level < 8 && chip.inta == 1);
        CHECK(chip.quirks != 0 || isr(chip) == (chip.by_default ? before : before | 1 << level));
        break;
    }
    case 1:
        second_inta(chip);
        CHECK(chip.inta == (icw4::Upm::test(chip.icw4) ? 0 : 2));
        break;
    default:
        third_inta(chip);
        CHECK(chip.inta == 0);
        break;
    }
}

void step(I8259& chip, u8 what, u8 value)
{
    Signals signals;
    const bool a0 = (what & 8) != 0;
    switch (what & 7) {
    case 0:
    case 1:
    case 2: write(chip, a0, value, signals); break;
    case 3: {
        const u8 seen = peek(chip, a0);
        CHECK(read(chip, a0, signals) == seen);
        break;
    }
    case 4:
    case 5: drive(chip, value & 7, (what & 1) != 0); break;
    default: pulse(chip); break;
    }
    CHECK(valid(chip));
    CHECK(chip.quirks != 0 || chip.inta != 0 || !intr(chip) || (irr(chip) & ~chip.imr) != 0);
}

void fuzz_lone(const unsigned char* data, std::size_t size)
{
    I8259 chip{.sp = (data[0] & 0x40) == 0};
    for (std::size_t i = 2; i + 1 < size; i += 2)
        step(chip, data[i], data[i + 1]);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    if (size >= 2 && data[0] >= 0x80) {
        fuzz_lone(data, size);
        return 0;
    }
    PicPair pair;
    if (size >= 2 && data[0] < 0x40) {
        pair.master.quirks = irqlab::u32{data[0]} << 8 | data[1];
        follow_quirks(pair);
    }
    for (std::size_t i = 2; i + 1 < size; i += 2) {
        step(pair, data[i], data[i + 1]);
        check_invariants(pair);
    }
    return 0;
}
