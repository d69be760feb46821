// Every state of one 8259A's priority resolver, and every OCW2 in every state of its registers, against the
// datasheet's rules said in another way: here as a walk from the highest level to the lowest, there as
// arithmetic on bit masks.
//
// Optimised builds look at all states: 2^24 of IRR, IMR and ISR for each of the 8 rotations and 4 modes.
// Others take every 37th, which is odd, so that all values of each register come.
#include <gtest/gtest.h>

#include "hw/irq/i8259.hpp"

namespace irqlab::hw {
namespace {

#ifdef NDEBUG
constexpr u32 stride = 1;
#else
constexpr u32 stride = 37;
#endif

constexpr int nobody = -1;

struct State {
    u8 irr, imr, isr;
    unsigned lowest;
    bool special_mask;
    u8 slaves; // Levels that special fully nested mode lets in again; 0 in the other modes.
};

/// [8259A] "Fully Nested Mode", "Interrupt Masks", "Special Mask Mode", "The Special Fully Nested Mode".
int winner(const State& s)
{
    for (unsigned step = 1; step <= 8; ++step) {
        const unsigned level = (s.lowest + step) % 8;
        const unsigned me = 1u << level;
        const bool masked = (s.imr & me) != 0;
        const bool asks = (s.irr & me) != 0 && !masked;
        const bool in_service = (s.isr & me) != 0 && !(s.special_mask && masked);
        if (in_service)
            return asks && (s.slaves & me) != 0 ? static_cast<int>(level) : nobody;
        if (asks)
            return static_cast<int>(level);
    }
    return nobody;
}

/// The chip in that state: requests are edges whose lines are high still.
void put(I8259& chip, const State& s)
{
    chip.lines = chip.edge = s.irr;
    chip.imr = s.imr;
    chip.isr = s.isr;
    chip.inta = 0;
    chip.by_default = false;
}

/// What is wrong after the first INTA in that state, or null.
const char* wrong(I8259& chip, const State& s)
{
    const int level = winner(s);
    if (intr(chip) != (level != nobody))
        return "INT";
    const u8 on_cascade = first_inta(chip);
    if (level == nobody) {
        if (on_cascade != 7 || !chip.by_default)
            return "the default level is 7";
        return chip.isr == s.isr && chip.edge == s.irr ? nullptr : "a default level changes nothing";
    }
    const unsigned me = 1u << level;
    if (on_cascade != level || chip.by_default)
        return "the level";
    if (chip.isr != (s.isr | me) || chip.edge != (s.irr & ~me))
        return "INTA sets the ISR bit and uses up the edge";
    return nullptr;
}

constexpr u8 cascade = 4;

I8259 ready(unsigned lowest, bool special_mask, u8 slaves)
{
    I8259 chip;
    chip.icw1 = 0x11;
    chip.icw3 = cascade;
    chip.icw4 = icw4::Upm::put(icw4::Sfnm::put(0, slaves != 0), 1);
    chip.expect = I8259::Expect::ready;
    chip.lowest = static_cast<u8>(lowest);
    chip.smm = special_mask;
    return chip;
}

/// All states of one rotation and mode; the first that is wrong is told.
void every_state(unsigned lowest, bool special_mask, u8 slaves)
{
    I8259 chip = ready(lowest, special_mask, slaves);
    for (u32 i = lowest; i < 1u << 24; i += stride) {
        const State s{static_cast<u8>(i),
                      static_cast<u8>(i >> 8),
                      static_cast<u8>(i >> 16),
                      lowest,
                      special_mask,
                      slaves};
        put(chip, s);
        if (const char* what = wrong(chip, s)) {
            ADD_FAILURE() << what << ": IRR " << +s.irr << ", IMR " << +s.imr << ", ISR " << +s.isr
                          << ", lowest " << lowest;
            return;
        }
    }
}

TEST(I8259States, FullyNested)
{
    for (unsigned lowest = 0; lowest < 8; ++lowest)
        every_state(lowest, false, 0);
}

TEST(I8259States, SpecialMask)
{
    for (unsigned lowest = 0; lowest < 8; ++lowest)
        every_state(lowest, true, 0);
}

TEST(I8259States, SpecialFullyNested)
{
    for (unsigned lowest = 0; lowest < 8; ++lowest)
        every_state(lowest, false, cascade);
}

TEST(I8259States, SpecialFullyNestedAndMask)
{
    for (unsigned lowest = 0; lowest < 8; ++lowest)
        every_state(lowest, true, cascade);
}

// --- OCW2
// ---------------------------------------------------------------------------------------------------------

/// The level that a non-specific EOI ends: the highest in service, but for those that special mask mode
/// hides.
int ended(const State& s)
{
    for (unsigned step = 1; step <= 8; ++step) {
        const unsigned level = (s.lowest + step) % 8, me = 1u << level;
        if ((s.isr & me) != 0 && !(s.special_mask && (s.imr & me) != 0))
            return static_cast<int>(level);
    }
    return nobody;
}

struct After {
    u8 isr;
    unsigned lowest;
    bool rotate_in_aeoi;
};

/// [8259A] "Operation Command Word 2 (OCW2)", its table of R, SL and EOI.
After ocw2(const State& s, u8 word)
{
    const bool rotate = (word & 0x80) != 0, specific = (word & 0x40) != 0, eoi = (word & 0x20) != 0;
    After after{s.isr, s.lowest, true};
    if (!eoi && !specific) {
        after.rotate_in_aeoi = rotate;
        return after;
    }
    const int level = specific ? word & 7 : ended(s);
    if (level == nobody)
        return after;
    if (eoi)
        after.isr = static_cast<u8>(s.isr & ~(1u << level));
    if (rotate)
        after.lowest = static_cast<unsigned>(level);
    return after;
}

TEST(I8259States, EveryOcw2)
{
    constexpr u32 all = 1u << 26; // OCW2 6 bits, IMR 8, ISR 8, rotation 3, special mask 1.
    Signals signals;
    for (u32 i = 0; i < all; i += stride) {
        // The word's bits 4 and 3 are 0: that makes it an OCW2.
        const u8 word = static_cast<u8>((i & 7) | (i & 0x38) << 2);
        const State s{0,           static_cast<u8>(i >> 6), static_cast<u8>(i >> 14),
                      i >> 22 & 7, (i >> 25 & 1) != 0,      0};
        I8259 chip = ready(s.lowest, s.special_mask, 0);
        put(chip, s);
        chip.rotate_in_aeoi = true;
        write(chip, false, word, signals);
        const After want = ocw2(s, word);
        ASSERT_TRUE(chip.isr == want.isr && chip.lowest == want.lowest &&
                    chip.rotate_in_aeoi == want.rotate_in_aeoi && chip.imr == s.imr)
            << "C12: OCW2 " << +word << ", ISR " << +s.isr << ", IMR " << +s.imr << ", lowest " << s.lowest
            << ", special mask " << s.special_mask;
    }
}

} // namespace
} // namespace irqlab::hw
