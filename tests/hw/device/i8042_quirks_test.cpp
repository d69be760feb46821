// Each quirk of QEMU's keyboard controller: what software sees without it and with it.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/hw/device/kbc_bench.hpp"

namespace irqlab::hw {
namespace {

namespace quirk = i8042_quirk;

struct Row {
    u32 mask;
    Bytes (*run)(KbcBench&);
    Bytes ours, theirs;
};

/// The keys of a full buffer, and one that finds room for a part only.
Bytes overfill(KbcBench& b)
{
    b.command(0xAD);
    for (int i = 0; i < 15; ++i)
        key(b.chip, 0x1E);
    key(b.chip, 0x9E);
    b.command(0xAE);
    const Bytes got = b.drain();
    return {got[14], static_cast<u8>(got.size())};
}

Bytes moved_by(KbcBench& b, int dx)
{
    mouse_move(b.chip, dx, 0, 0);
    return b.drain();
}

const Row rows[] = {
    {quirk::AnswerWaits::mask,
     [](KbcBench& b) {
         key(b.chip, 0x1E);
         b.command(0xAA);
         b.command(0xAB);
         return b.drain();
     },
     {0x00},
     {0x1C, 0x00}},
    {quirk::TakenAtRead::mask,
     [](KbcBench& b) {
         key(b.chip, 0x1E);
         b.data(0xEE);
         return b.drain();
     },
     {0x1C, 0xEE},
     {0xEE, 0x1C}},
    {quirk::TakesTurns::mask,
     [](KbcBench& b) {
         b.say_to_mouse({0xF4});
         b.command(0x60, 0x30);
         b.type({0x1E, 0x30});
         mouse_move(b.chip, 1, 2, 0);
         b.command(0x60, 0x00);
         return b.drain();
     },
     {0x1C, 0x32, 8, 1, 2},
     {0x1C, 8, 0x32, 1, 2}},
    {quirk::OffMasksIrq::mask,
     [](KbcBench& b) {
         b.command(0xAD);
         b.command(0xD2, 0);
         return Bytes{b.irq1()};
     },
     {1},
     {0}},
    {quirk::StuckA2::mask,
     [](KbcBench& b) {
         b.say({0xEE});
         return Bytes{static_cast<u8>(b.status() & kbc::A2::mask)};
     },
     {0},
     {8}},
    {quirk::SysApart::mask,
     [](KbcBench& b) {
         b.command(0x60, 0x04);
         const u8 before = b.status() & kbc::Sys::mask;
         b.command(0x60, 0x00);
         b.command(0xAA);
         b.drain();
         b.command(0x20);
         return Bytes{before, b.take()};
     },
     {4, 4},
     {0, 0}},
    {quirk::BufferFlags::mask,
     [](KbcBench& b) {
         b.command(0x60, 0x00);
         key(b.chip, 0x1E);
         b.command(0xD0);
         return b.drain();
     },
     {0xCF},
     {0xDF}},
    {quirk::DataOutlives::mask,
     [](KbcBench& b) {
         b.command(0xD2);
         b.command(0xAE);
         b.data(0xF2);
         return b.drain();
     },
     {0xFA, 0xAB, 0x83},
     {0xF2}},
    {quirk::FewCommands::mask,
     [](KbcBench& b) {
         b.command(0xDD);
         b.command(0xA4);
         const Bytes got = b.drain();
         return Bytes{static_cast<u8>(got.size()), output(b.chip, 2)};
     },
     {1, 1},
     {0, 0}},
    {quirk::TranslatesEarly::mask,
     [](KbcBench& b) {
         b.command(0x60, 0x50);
         key(b.chip, 0x1E);
         b.command(0x60, 0x00);
         return b.drain();
     },
     {0x1C},
     {0x1E}},
    {quirk::NoOverrun::mask, overfill, {0x00, 15}, {0x1C, 16}},
    {quirk::AnyArgument::mask,
     [](KbcBench& b) {
         return b.say({0xED, 0xF2});
     },
     {0xFA, 0xFA, 0xAB, 0x83},
     {0xFA, 0xFA}},
    {quirk::KeyboardCommands::mask,
     [](KbcBench& b) {
         return b.say({0xF8, 0x00, 0xEE, 0xFE});
     },
     {0xFA, 0xFE, 0xEE, 0xEE},
     {0xFE, 0xFA, 0xEE, 0xFE}},
    {quirk::Set3Plain::mask,
     [](KbcBench& b) {
         b.say({0xF0, 3});
         b.type({0x4A, 0xCA, 0xE0, 0x35});
         return b.drain();
     },
     {0x84, 0x77},
     {0x4E, 0xF0, 0x4E, 0x4A}},
    {quirk::MouseQueue::mask,
     [](KbcBench& b) {
         b.say_to_mouse({0xF4});
         b.command(0xA7);
         mouse_move(b.chip, 1, 0, 0);
         return b.say_to_mouse({0xF2});
     },
     {0xFA, 0},
     {8, 1, 0, 0xFA, 0}},
    {quirk::MouseCommands::mask,
     [](KbcBench& b) {
         return b.say_to_mouse({0xE1, 0xEC, 0xEE, 0xFF, 0xF2});
     },
     {0xFE, 0xFA, 0xFA, 0xFA, 0xAA, 0, 0xFA, 0},
     {0xFA, 0xFA, 0xAA, 0, 0xF2}},
    {quirk::StatusNoButtons::mask,
     [](KbcBench& b) {
         mouse_move(b.chip, 0, 0, 1);
         return b.say_to_mouse({0xE9});
     },
     {0xFA, 4, 2, 100},
     {0xFA, 0, 2, 100}},
    {quirk::NoScaling::mask,
     [](KbcBench& b) {
         b.say_to_mouse({0xF4, 0xE7});
         return moved_by(b, 10);
     },
     {8, 20, 0},
     {8, 10, 0}},
    {quirk::SmallMotion::mask,
     [](KbcBench& b) {
         b.say_to_mouse({0xF4});
         return moved_by(b, 200);
     },
     {8, 200, 0},
     {8, 127, 0, 8, 73, 0}},
    {quirk::EveryEvent::mask,
     [](KbcBench& b) {
         b.say_to_mouse({0xF4});
         return moved_by(b, 0);
     },
     {},
     {8, 0, 0}},
    {quirk::DeafWhenOff::mask,
     [](KbcBench& b) {
         b.say_to_mouse({0xF0});
         mouse_move(b.chip, 5, 0, 1);
         return b.say_to_mouse({0xEB});
     },
     {0xFA, 9, 5, 0},
     {0xFA, 8, 0, 0}},
    {quirk::KeepsMotion::mask,
     [](KbcBench& b) {
         b.say_to_mouse({0xF0});
         mouse_move(b.chip, 5, 0, 0);
         return b.say_to_mouse({0xFF, 0xEB});
     },
     {0xFA, 0xAA, 0, 0xFA, 8, 0, 0},
     {0xFA, 0xAA, 0, 0xFA, 8, 5, 0}},
};

TEST(I8042Quirks, EachShows)
{
    ASSERT_EQ(std::size(rows), i8042_quirks().size());
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        const Quirk& listed = i8042_quirks()[i];
        ASSERT_EQ(rows[i].mask, listed.mask) << "in the order of the list";
        KbcBench ours, theirs;
        theirs.chip.quirks = listed.mask;
        EXPECT_EQ(rows[i].run(ours), rows[i].ours) << listed.clause;
        EXPECT_EQ(rows[i].run(theirs), rows[i].theirs) << listed.name;
        EXPECT_TRUE(valid(theirs.chip));
    }
}

TEST(I8042Quirks, AreQemus)
{
    std::set<std::string> names;
    u32 all = 0;
    for (const Quirk& row : i8042_quirks()) {
        EXPECT_TRUE(names.insert(row.name).second);
        EXPECT_EQ(all & row.mask, 0u);
        all |= row.mask;
    }
    EXPECT_EQ(quirks_of(i8042_quirks(), Profile::qemu), all);
    EXPECT_EQ(quirks_of(i8042_quirks(), Profile::kvm), 0u); // KVM has no such controller
}

} // namespace
} // namespace irqlab::hw
