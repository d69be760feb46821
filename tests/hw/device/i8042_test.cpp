// 8042: controller commands, keyboard, mouse, translation and the two interrupt lines.
#include "hw/device/i8042.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<I8042>);

struct Bench {
    I8042 chip;
    Signals signals;
    u64 now = 0;

    void command(u8 value) { write(chip, 4, value, now, signals); }
    void data(u8 value) { write(chip, 0, value, now, signals); }
    u8 status() { return read(chip, 4, now, signals); }
    /// All bytes that come, as a polling driver sees them.
    std::vector<u8> drain()
    {
        std::vector<u8> bytes;
        while ((status() & kbc::Obf::mask) != 0)
            bytes.push_back(read(chip, 0, now, signals));
        return bytes;
    }
    void to_mouse(u8 value)
    {
        command(0xD4);
        data(value);
    }
};

using Bytes = std::vector<u8>;

struct Row {
    const char* clause;
    Bytes commands, data, want; // to 64h, then to 60h, then what 60h gives
};

TEST(I8042, ControllerCommands)
{
    const Row rows[] = {
        {"PS2/AAh: self-test", {0xAA}, {}, {0x55}},
        {"PS2/ABh: keyboard interface test", {0xAB}, {}, {0x00}},
        {"PS2/A9h: aux interface test", {0xA9}, {}, {0x00}},
        {"PS2/A4h: no password", {0xA4}, {}, {0xF1}},
        {"PS2/20h: the command byte", {0x20}, {}, {0x03}},
        {"PS2/A7h: aux off", {0xA7, 0x20}, {}, {0x23}},
        {"PS2/A8h: aux on", {0xA7, 0xA8, 0x20}, {}, {0x03}},
        {"PS2/ADh: keyboard off", {0xAD, 0x20}, {}, {0x13}},
        {"PS2/AEh: keyboard on", {0xAD, 0xAE, 0x20}, {}, {0x03}},
        {"PS2/C0h: input port", {0xC0}, {}, {0x80}},
        {"PS2/D0h: output port", {0xD0}, {}, {0xCF}},
        {"PS2/D2h: as from the keyboard, untranslated", {0xD2}, {0x1C}, {0x1C}},
        {"PS2/D3h: as from the mouse", {0xD3}, {0x7E}, {0x7E}},
        {"PS2/E0h: test inputs", {0xE0}, {}, {0x00}},
    };
    for (const Row& row : rows) {
        Bench b;
        for (u8 byte : row.commands)
            b.command(byte);
        for (u8 byte : row.data)
            b.data(byte);
        EXPECT_EQ(b.drain(), row.want) << row.clause;
    }
}

TEST(I8042, MemoryAndOutputPort)
{
    Bench b;
    b.command(0x60);
    b.data(0x45);
    b.command(0x20);
    EXPECT_EQ(b.drain(), Bytes{0x45}) << "PS2/60h";
    EXPECT_NE(b.status() & kbc::Sys::mask, 0) << "PS2/status: SYS follows the command byte";
    b.command(0x7F);
    b.data(0xA5);
    b.command(0x3F);
    EXPECT_EQ(b.drain(), Bytes{0xA5}) << "PS2/60h-7Fh: internal memory";
    b.command(0xD1);
    b.data(0xDD);
    EXPECT_FALSE(output(b.chip, 2)) << "PS2/D1h: A20";
    EXPECT_TRUE(b.signals.empty());
}

TEST(I8042, ResetPulses)
{
    struct Pulse {
        const char* clause;
        u8 command;
        int data; // -1: none
        bool resets;
    };
    const Pulse rows[] = {
        {"PS2/FEh: pulse bit 0", 0xFE, -1, true},    {"PS2/FFh: pulse nothing", 0xFF, -1, false},
        {"PS2/F0h: pulse all four", 0xF0, -1, true}, {"PS2/D1h: bit 0 low", 0xD1, 0xCE, true},
        {"PS2/D1h: bit 0 high", 0xD1, 0xCF, false},
    };
    for (const Pulse& row : rows) {
        Bench b;
        b.command(row.command);
        if (row.data >= 0)
            b.data(static_cast<u8>(row.data));
        EXPECT_EQ(!b.signals.empty() && b.signals[0].kind == SignalKind::reset, row.resets) << row.clause;
    }
}

TEST(I8042, KeyboardCommands)
{
    const Row rows[] = {
        {"PS2/keyboard FFh: reset", {}, {0xFF}, {0xFA, 0xAA}},
        {"PS2/keyboard F2h: identify", {}, {0xF2}, {0xFA, 0xAB, 0x83}},
        {"PS2/keyboard EEh: echo", {}, {0xEE}, {0xEE}},
        {"PS2/keyboard EDh: LEDs", {}, {0xED}, {0xFA}},
        {"PS2/keyboard F4h, F5h, F6h", {}, {0xF4}, {0xFA}},
        {"PS2/keyboard F3h: typematic", {}, {0xF3}, {0xFA}},
        {"PS2/keyboard: an unknown one is asked for again", {}, {0xEF}, {0xFE}},
    };
    for (const Row& row : rows) {
        Bench b;
        for (u8 byte : row.data)
            b.data(byte);
        EXPECT_EQ(b.drain(), row.want) << row.clause;
    }
    Bench b;
    const auto say = [&](u8 byte) {
        b.data(byte);
        return b.drain();
    };
    say(0xED);
    EXPECT_EQ(say(0x07), Bytes{0xFA});
    EXPECT_EQ(b.chip.keyboard.leds, 7) << "PS2/keyboard EDh";
    say(0xF0);
    EXPECT_EQ(say(0x00), (Bytes{0xFA, 0x02})) << "PS2/keyboard F0h: which set";
    say(0xF0);
    EXPECT_EQ(say(0x03), Bytes{0xFE}) << "set 3 is not modelled, and says so";
    EXPECT_EQ(say(0xEE), Bytes{0xEE});
    EXPECT_EQ(say(0xFE), Bytes{0xEE}) << "PS2/keyboard FEh: the last byte again";
    say(0xED);
    EXPECT_EQ(say(0xF4), Bytes{0xFA}) << "PS2/keyboard: a command in place of the argument";
    EXPECT_EQ(b.chip.keyboard.leds, 7);
}

TEST(I8042, ScanCodesAndTranslation)
{
    struct Key {
        const char* clause;
        Bytes set1, set2;
    };
    const Key rows[] = {
        {"PS2/scan codes: A", {0x1E}, {0x1C}},
        {"PS2/scan codes: A released", {0x9E}, {0xF0, 0x1C}},
        {"PS2/scan codes: F7", {0x41, 0xC1}, {0x83, 0xF0, 0x83}},
        {"PS2/scan codes: right Ctrl", {0xE0, 0x1D, 0xE0, 0x9D}, {0xE0, 0x14, 0xE0, 0xF0, 0x14}},
        {"PS2/scan codes: Pause",
         {0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5},
         {0xE1, 0x14, 0x77, 0xE1, 0xF0, 0x14, 0xF0, 0x77}},
        {"PS2/scan codes: Enter, Esc, Space, F11, F12",
         {0x1C, 0x01, 0x39, 0x57, 0x58},
         {0x5A, 0x76, 0x29, 0x78, 0x07}},
    };
    for (const Key& row : rows) {
        for (bool translated : {false, true}) {
            Bench b;
            b.command(0x60);
            b.data(translated ? 0x43 : 0x03);
            for (u8 byte : row.set1)
                EXPECT_TRUE(key(b.chip, byte));
            EXPECT_EQ(b.drain(), translated ? row.set1 : row.set2) << row.clause;
        }
    }
    for (u8 code = 1; code < 0x80; ++code)
        EXPECT_EQ(set1_of_set2(set2_of_set1(code)), code) << "PS2/translation: there and back";
    Bench b;
    b.command(0x60);
    b.data(0x43);
    b.data(0xF2);
    EXPECT_EQ(b.drain(), (Bytes{0xFA, 0xAB, 0x41})) << "PS2/translation: the identity is translated, too";
    b.data(0xF0);
    b.data(0x01);
    b.drain();
    b.command(0x60);
    b.data(0x03);
    key(b.chip, 0x9E);
    EXPECT_EQ(b.drain(), Bytes{0x9E}) << "PS2/keyboard F0h: set 1 is sent as it is";
}

TEST(I8042, LinesFallBetweenTwoBytes)
{
    Bench b;
    key(b.chip, 0x1E);
    key(b.chip, 0x9E);
    EXPECT_TRUE(output(b.chip, 0));
    EXPECT_FALSE(output(b.chip, 1));
    b.now = 1000;
    EXPECT_EQ(peek(b.chip, 0, b.now), 0x1C) << "peek takes nothing";
    EXPECT_EQ(read(b.chip, 0, b.now, b.signals), 0x1C);
    EXPECT_FALSE(output(b.chip, 0)) << "PS2/IRQ 1 falls as the buffer is read";
    EXPECT_EQ(next_event_ns(b.chip), 1000u);
    advance(b.chip, 1000);
    EXPECT_TRUE(output(b.chip, 0)) << "and rises with the next byte";
    EXPECT_EQ(b.drain(), (Bytes{0xF0, 0x1C}));
    EXPECT_EQ(next_event_ns(b.chip), never_ns);
    EXPECT_EQ(read(b.chip, 0, b.now, b.signals), 0x1C) << "PS2: an empty buffer gives the last byte again";
}

TEST(I8042, InterruptEnables)
{
    for (u8 command_byte : {u8{0}, u8{1}, u8{2}, u8{3}}) {
        Bench b;
        b.command(0x60);
        b.data(command_byte);
        key(b.chip, 0x1E);
        EXPECT_EQ(output(b.chip, 0), (command_byte & 1) != 0) << "PS2/command byte: bit 0";
        b.drain();
        b.command(0xD3);
        b.data(0x55);
        EXPECT_EQ(output(b.chip, 1), (command_byte & 2) != 0) << "PS2/command byte: bit 1";
        EXPECT_EQ(b.status() & 0x21, 0x21) << "PS2/status: AUXOBF with OBF";
    }
}

TEST(I8042, DisabledInterfacesHold)
{
    Bench b;
    b.command(0xAD);
    key(b.chip, 0x1E);
    EXPECT_EQ(b.drain(), Bytes{}) << "PS2/ADh: the keyboard keeps its bytes";
    b.command(0xAE);
    EXPECT_EQ(b.drain(), Bytes{0x1C});
    b.data(0xF5);
    b.drain();
    EXPECT_FALSE(key(b.chip, 0x1E)) << "PS2/keyboard F5h: no scanning";
}

TEST(I8042, KeyboardBufferIsSixteenBytes)
{
    Bench b;
    b.command(0xAD);
    for (int i = 0; i < 16; ++i)
        EXPECT_TRUE(key(b.chip, 0x1E));
    EXPECT_FALSE(key(b.chip, 0x1E));
    b.command(0xAE);
    const Bytes got = b.drain();
    ASSERT_EQ(got.size(), 16u);
    EXPECT_EQ(got[14], 0x1C);
    EXPECT_EQ(got[15], 0x00) << "PS2/keyboard: the overrun code of set 2";
}

TEST(I8042, MouseCommands)
{
    const Row rows[] = {
        {"PS2/mouse FFh: reset", {}, {0xFF}, {0xFA, 0xAA, 0x00}},
        {"PS2/mouse F2h: identify", {}, {0xF2}, {0xFA, 0x00}},
        {"PS2/mouse E9h: status", {}, {0xE9}, {0xFA, 0x00, 0x02, 100}},
        {"PS2/mouse E8h, F3h, E7h, F4h, then status",
         {},
         {0xE8, 3, 0xF3, 40, 0xE7, 0xF4, 0xE9},
         {0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0x30, 3, 40}},
        {"PS2/mouse F6h: defaults", {}, {0xE7, 0xF4, 0xF6, 0xE9}, {0xFA, 0xFA, 0xFA, 0xFA, 0x00, 0x02, 100}},
        {"PS2/mouse EEh, ECh: wrap",
         {},
         {0xEE, 0x12, 0xF4, 0xEC, 0xF2},
         {0xFA, 0x12, 0xF4, 0xFA, 0xFA, 0x00}},
        {"PS2/mouse EBh: read data", {}, {0xEB}, {0xFA, 0x08, 0x00, 0x00}},
        {"PS2/mouse FEh: the last byte again", {}, {0xF2, 0xFE}, {0xFA, 0x00, 0x00}},
        {"PS2/mouse: an unknown one", {}, {0xE1}, {0xFE}},
    };
    for (const Row& row : rows) {
        Bench b;
        Bytes got;
        for (u8 byte : row.data) {
            b.to_mouse(byte);
            EXPECT_TRUE(output(b.chip, 1)) << row.clause;
            const Bytes some = b.drain();
            got.insert(got.end(), some.begin(), some.end());
        }
        EXPECT_EQ(got, row.want) << row.clause;
    }
}

TEST(I8042, MousePackets)
{
    struct Move {
        const char* clause;
        int dx, dy;
        u8 buttons;
        Bytes want;
    };
    const Move rows[] = {
        {"PS2/packet: right and up", 5, 3, 0, {0x08, 5, 3}},
        {"PS2/packet: left and down: signs in byte 0", -1, -2, 0, {0x38, 0xFF, 0xFE}},
        {"PS2/packet: buttons", 0, 0, 7, {0x0F, 0, 0}},
        {"PS2/packet: farther than nine bits goes into two", 300, 0, 1, {0x09, 255, 0, 0x09, 45, 0}},
        {"PS2/packet: nothing changed, nothing sent", 0, 0, 0, {}},
    };
    for (const Move& row : rows) {
        Bench b;
        mouse_move(b.chip, 9, 9, 0);
        EXPECT_EQ(b.drain(), Bytes{}) << "PS2/mouse: silent until F4h";
        b.to_mouse(0xF4);
        b.drain();
        mouse_move(b.chip, row.dx, row.dy, row.buttons);
        EXPECT_EQ(b.drain(), row.want) << row.clause;
    }
}

TEST(I8042, MouseRemoteScalingAndFullBuffer)
{
    Bench b;
    b.to_mouse(0xF0);
    b.drain();
    mouse_move(b.chip, 4, 0, 2);
    EXPECT_EQ(b.drain(), Bytes{}) << "PS2/mouse F0h: remote mode speaks when asked";
    b.to_mouse(0xEB);
    EXPECT_EQ(b.drain(), (Bytes{0xFA, 0x0A, 4, 0}));
    b.to_mouse(0xEA);
    b.drain();
    b.to_mouse(0xE7);
    b.drain();
    b.to_mouse(0xF4);
    b.drain();
    mouse_move(b.chip, 3, -10, 2);
    EXPECT_EQ(b.drain(), (Bytes{0x2A, 3, static_cast<u8>(-20)})) << "PS2/mouse E7h: 2:1";
    b.to_mouse(0xE6);
    b.drain();
    for (int i = 0; i < 20; ++i)
        mouse_move(b.chip, 1, 0, 2);
    int sum = 0;
    const Bytes got = b.drain();
    for (std::size_t i = 1; i < got.size(); i += 3)
        sum += got[i];
    EXPECT_EQ(sum, 20) << "motion that found no room is in a later packet";
    EXPECT_EQ(got.size() % 3, 0u);
}

TEST(I8042, FirmwareState)
{
    I8042 chip;
    firmware_ready(chip);
    Signals signals;
    EXPECT_EQ(peek(chip, 4, 0), kbc::Sys::mask | kbc::Inh::mask);
    key(chip, 0x1E);
    EXPECT_TRUE(output(chip, 0));
    EXPECT_EQ(read(chip, 0, 0, signals), 0x1E) << "set 1, as a driver on IRQ 1 expects it";
}

} // namespace
} // namespace irqlab::hw
