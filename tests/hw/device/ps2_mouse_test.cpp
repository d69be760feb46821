// PS/2 mouse: its commands, its packets, and the wheel.
#include <gtest/gtest.h>

#include "tests/hw/device/kbc_bench.hpp"

namespace irqlab::hw {
namespace {

struct Row {
    const char* clause;
    Bytes said, answered;
};

TEST(Ps2Mouse, Commands)
{
    const Row rows[] = {
        {"PS2/mouse FFh: reset", {0xFF}, {0xFA, 0xAA, 0x00}},
        {"PS2/mouse F2h: identify", {0xF2}, {0xFA, 0x00}},
        {"PS2/mouse E9h: status", {0xE9}, {0xFA, 0x00, 0x02, 100}},
        {"PS2/mouse E8h, F3h, E7h, F4h, then status",
         {0xE8, 3, 0xF3, 40, 0xE7, 0xF4, 0xE9},
         {0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0x30, 3, 40}},
        {"PS2/mouse F0h: remote, in the status", {0xF0, 0xE9}, {0xFA, 0xFA, 0x40, 2, 100}},
        {"PS2/mouse EAh: stream again", {0xF0, 0xEA, 0xE9}, {0xFA, 0xFA, 0xFA, 0x00, 2, 100}},
        {"PS2/mouse E6h: scaling off", {0xE7, 0xE6, 0xE9}, {0xFA, 0xFA, 0xFA, 0x00, 2, 100}},
        {"PS2/mouse F5h: off", {0xF4, 0xF5, 0xE9}, {0xFA, 0xFA, 0xFA, 0x00, 2, 100}},
        {"PS2/mouse F6h: defaults", {0xE7, 0xF4, 0xF6, 0xE9}, {0xFA, 0xFA, 0xFA, 0xFA, 0x00, 0x02, 100}},
        {"PS2/mouse EEh, ECh: wrap",
         {0xEE, 0x12, 0xF4, 0xFE, 0xEC, 0xF2},
         {0xFA, 0x12, 0xF4, 0xFE, 0xFA, 0xFA, 0}},
        {"PS2/mouse FFh: ends wrap mode, too", {0xEE, 0xFF, 0xF2}, {0xFA, 0xFA, 0xAA, 0x00, 0xFA, 0x00}},
        {"PS2/mouse EBh: read data", {0xEB}, {0xFA, 0x08, 0x00, 0x00}},
        {"PS2/mouse FEh: the last byte again", {0xF2, 0xFE}, {0xFA, 0x00, 0x00}},
        {"PS2/mouse: an unknown one, and another", {0xE1, 0xE1, 0xF4, 0xE1}, {0xFE, 0xFC, 0xFA, 0xFE}},
        {"PS2/mouse E8h: there is no resolution 4", {0xE8, 4, 0xE9}, {0xFA, 0xFE, 0xFA, 0, 2, 100}},
        {"PS2/mouse F3h: there is no rate 50", {0xF3, 50, 0xE9}, {0xFA, 0xFE, 0xFA, 0, 2, 100}},
        {"PS2/mouse: a command in place of the argument", {0xF3, 0xF2}, {0xFA, 0xFA, 0x00}},
        {"IMOUSE: 200, 100, 80 makes a wheel",
         {0xF3, 200, 0xF3, 100, 0xF3, 80, 0xF2},
         {0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0x03}},
        {"IMOUSE: 200, 200, 80 makes five buttons",
         {0xF3, 200, 0xF3, 200, 0xF3, 80, 0xF2},
         {0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0x04}},
        {"IMOUSE: 200, 100, 100, 80 makes nothing",
         {0xF3, 200, 0xF3, 100, 0xF3, 100, 0xF3, 80, 0xF2},
         {0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0x00}},
    };
    for (const Row& row : rows) {
        KbcBench b;
        EXPECT_EQ(b.say_to_mouse(row.said), row.answered) << row.clause;
    }
    KbcBench b;
    b.to_mouse(0xF2);
    EXPECT_TRUE(b.irq12()) << "8042/D4h: what it answers raises IRQ 12";
}

struct Move {
    const char* clause;
    int dx, dy;
    u8 buttons;
    int wheel;
    Bytes want;
};

TEST(Ps2Mouse, Packets)
{
    const Move rows[] = {
        {"PS2/packet: right and up", 5, 3, 0, 0, {0x08, 5, 3}},
        {"PS2/packet: left and down: signs in byte 0", -1, -2, 0, 0, {0x38, 0xFF, 0xFE}},
        {"PS2/packet: buttons", 0, 0, 7, 0, {0x0F, 0, 0}},
        {"PS2/packet: nine bits", 255, -255, 0, 0, {0x28, 255, 1}},
        {"PS2/packet: farther than nine bits goes into two", 300, 0, 1, 0, {0x09, 255, 0, 0x09, 45, 0}},
        {"PS2/packet: nothing changed, nothing sent", 0, 0, 0, 0, {}},
        {"PS2/packet: no wheel, no thumb", 0, 0, 0x18, 3, {}},
    };
    for (const Move& row : rows) {
        KbcBench b;
        mouse_move(b.chip, 9, 9, 0);
        EXPECT_EQ(b.drain(), Bytes{}) << "PS2/mouse: silent until F4h";
        b.say_to_mouse({0xF4});
        mouse_move(b.chip, row.dx, row.dy, row.buttons, row.wheel);
        EXPECT_EQ(b.drain(), row.want) << row.clause;
    }
}

TEST(Ps2Mouse, Wheel)
{
    const Move type3[] = {
        {"IMOUSE: the wheel towards the hand", 0, 0, 0, 1, {0x08, 0, 0, 1}},
        {"IMOUSE: the wheel away", 1, 2, 1, -2, {0x09, 1, 2, 0xFE}},
        {"IMOUSE: farther than a byte", 0, 0, 0, 130, {0x08, 0, 0, 127, 0x08, 0, 0, 3}},
        {"IMOUSE: no thumb", 0, 0, 0x18, 0, {}},
    };
    const Move type4[] = {
        {"IMOUSE: four bits of wheel", 0, 0, 0, -1, {0x08, 0, 0, 0x0F}},
        {"IMOUSE: fourth and fifth button", 0, 0, 0x18, 0, {0x08, 0, 0, 0x30}},
        {"IMOUSE: farther than four bits", 0, 0, 0x08, 9, {0x08, 0, 0, 0x17, 0x08, 0, 0, 0x12}},
    };
    const auto run = [](u8 middle, const Move& row) {
        KbcBench b;
        b.say_to_mouse({0xF3, 200, 0xF3, middle, 0xF3, 80, 0xF4});
        mouse_move(b.chip, row.dx, row.dy, row.buttons, row.wheel);
        EXPECT_EQ(b.drain(), row.want) << row.clause;
        EXPECT_EQ(b.say_to_mouse({0xF6, 0xF2})[2], middle == 100 ? 3 : 4) << "IMOUSE: F6h keeps the type";
        EXPECT_EQ(b.say_to_mouse({0xFF, 0xF2})[4], 0) << "IMOUSE: FFh ends it";
    };
    for (const Move& row : type3)
        run(100, row);
    for (const Move& row : type4)
        run(200, row);
}

TEST(Ps2Mouse, StatusShowsButtons)
{
    for (unsigned buttons = 0; buttons < 8; ++buttons) {
        KbcBench b;
        mouse_move(b.chip, 0, 0, static_cast<u8>(buttons));
        const unsigned order = (buttons & 1) << 2 | (buttons & 4) >> 1 | (buttons & 2) >> 1;
        EXPECT_EQ(b.say_to_mouse({0xE9})[1], order) << "PS2/mouse E9h: left, middle, right in bits 2-0";
    }
}

TEST(Ps2Mouse, RemoteModeAndScaling)
{
    KbcBench b;
    b.say_to_mouse({0xF0});
    mouse_move(b.chip, 4, 0, 2);
    EXPECT_EQ(b.drain(), Bytes{}) << "PS2/mouse F0h: remote mode speaks when asked";
    EXPECT_EQ(b.say_to_mouse({0xEB}), (Bytes{0xFA, 0x0A, 4, 0}));
    b.say_to_mouse({0xE7});
    mouse_move(b.chip, 4, 0, 2);
    EXPECT_EQ(b.say_to_mouse({0xEB}), (Bytes{0xFA, 0x0A, 4, 0})) << "PS2/mouse E7h: in stream mode only";
    mouse_move(b.chip, 4, 0, 2);
    b.say_to_mouse({0xEA, 0xF4});
    EXPECT_EQ(b.drain(), Bytes{}) << "PS2/mouse EAh: motion of the other mode is forgotten";
    constexpr u8 want[] = {0, 1, 1, 3, 6, 9, 12, 14};
    for (int counts = 1; counts < 8; ++counts) {
        mouse_move(b.chip, counts, -counts, 2);
        EXPECT_EQ(b.drain(), (Bytes{0x2A, want[counts], static_cast<u8>(-want[counts])}))
            << "PS2/mouse E7h: 2:1";
    }
}

TEST(Ps2Mouse, FullBufferKeepsMotion)
{
    KbcBench b;
    b.say_to_mouse({0xF4});
    for (int i = 0; i < 20; ++i)
        mouse_move(b.chip, 1, 0, 0);
    int sum = 0;
    const Bytes got = b.drain();
    for (std::size_t i = 1; i < got.size(); i += 3)
        sum += got[i];
    EXPECT_EQ(sum, 20) << "motion that found no room is in a later packet";
    EXPECT_EQ(got.size() % 3, 0u);
    b.command(0xA7);
    mouse_move(b.chip, 1, 0, 0);
    EXPECT_EQ(b.say_to_mouse({0xF2}), (Bytes{0xFA, 0x00})) << "PS2/mouse: a command clears unsent reports";
}

} // namespace
} // namespace irqlab::hw
