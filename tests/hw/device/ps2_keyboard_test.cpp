// PS/2 keyboard: its commands, the three sets of scan codes, translation, typematic repeat.
#include <gtest/gtest.h>

#include "tests/hw/device/kbc_bench.hpp"

namespace irqlab::hw {
namespace {

struct Row {
    const char* clause;
    Bytes said, answered;
};

TEST(Ps2Keyboard, Commands)
{
    const Row rows[] = {
        {"PS2/keyboard FFh: reset", {0xFF}, {0xFA, 0xAA}},
        {"PS2/keyboard F2h: identify", {0xF2}, {0xFA, 0xAB, 0x83}},
        {"PS2/keyboard EEh: echo", {0xEE}, {0xEE}},
        {"PS2/keyboard EDh: LEDs", {0xED, 0x07}, {0xFA, 0xFA}},
        {"PS2/keyboard F4h, F5h, F6h", {0xF4, 0xF5, 0xF6}, {0xFA, 0xFA, 0xFA}},
        {"PS2/keyboard F3h: typematic", {0xF3, 0x00}, {0xFA, 0xFA}},
        {"PS2/keyboard F0h: which set", {0xF0, 0x00}, {0xFA, 0xFA, 0x02}},
        {"PS2/keyboard F0h: sets 1 and 3",
         {0xF0, 1, 0xF0, 0, 0xF0, 3, 0xF0, 0},
         {0xFA, 0xFA, 0xFA, 0xFA, 1, 0xFA, 0xFA, 0xFA, 0xFA, 3}},
        {"PS2/keyboard F0h: there is no set 4", {0xF0, 0x04}, {0xFA, 0xFE}},
        {"PS2/keyboard F7h to FAh: types of all keys", {0xF7, 0xF8, 0xF9, 0xFA}, {0xFA, 0xFA, 0xFA, 0xFA}},
        {"PS2/keyboard FBh to FDh: keys until a command", {0xFC, 0x1C, 0x32, 0xF4}, {0xFA, 0xFA, 0xFA, 0xFA}},
        {"PS2/keyboard: an unknown one is asked for again", {0xEF}, {0xFE}},
        {"PS2/keyboard FEh: the last byte again", {0xEE, 0xFE, 0xFE}, {0xEE, 0xEE, 0xEE}},
        {"PS2/keyboard: a command in place of the argument", {0xED, 0xF2}, {0xFA, 0xFA, 0xAB, 0x83}},
    };
    for (const Row& row : rows) {
        KbcBench b;
        EXPECT_EQ(b.say(row.said), row.answered) << row.clause;
    }
}

TEST(Ps2Keyboard, StateOfCommands)
{
    KbcBench b;
    b.say({0xED, 0x07});
    EXPECT_EQ(b.chip.keyboard.leds, 7) << "PS2/keyboard EDh";
    b.say({0xED, 0xF4});
    EXPECT_EQ(b.chip.keyboard.leds, 7) << "PS2/keyboard EDh: nothing changes";
    b.say({0xF3, 0x7F, 0xF0, 0x03, 0xF9, 0xF6});
    EXPECT_EQ(b.chip.keyboard.typematic, 0x2B) << "PS2/keyboard F6h: 10.9 a second after half a second";
    EXPECT_EQ(b.chip.keyboard.set, 2);
    EXPECT_EQ(b.chip.keyboard.types, default_key_types) << "PS2/keyboard F6h: types of keys";
    b.say({0xF5});
    EXPECT_FALSE(key(b.chip, 0x1E)) << "PS2/keyboard F5h: no scanning";
    b.say({0xF4});
    EXPECT_TRUE(key(b.chip, 0x1E));
    b.command(0xAD);
    key(b.chip, 0x30);
    EXPECT_EQ(b.say({0xF4}), (Bytes{0x1C, 0xFA}))
        << "PS2/keyboard F4h: clears its buffer, not the controller's";
    b.command(0xAD);
    key(b.chip, 0x30);
    EXPECT_EQ(b.say({0xEE}), (Bytes{0xEE, 0x32})) << "PS2/keyboard: an answer goes before keys";
    b.command(0xAA);
    b.data(0xF2);
    EXPECT_EQ(b.say({0xEE}), (Bytes{0x55, 0xEE})) << "PS2/keyboard: a new byte takes unsent answers back";
}

struct Key {
    const char* clause;
    Bytes set1, set2, set3; // make and break
};

const Key keys[] = {
    {"PS2/scan codes: A", {0x1E, 0x9E}, {0x1C, 0xF0, 0x1C}, {0x1C}},
    {"PS2/scan codes: F7", {0x41, 0xC1}, {0x83, 0xF0, 0x83}, {0x37}},
    {"PS2/scan codes: left Shift", {0x2A, 0xAA}, {0x12, 0xF0, 0x12}, {0x12, 0xF0, 0x12}},
    {"PS2/scan codes: right Ctrl", {0xE0, 0x1D, 0xE0, 0x9D}, {0xE0, 0x14, 0xE0, 0xF0, 0x14}, {0x58}},
    {"PS2/scan codes: left Ctrl", {0x1D, 0x9D}, {0x14, 0xF0, 0x14}, {0x11, 0xF0, 0x11}},
    {"PS2/scan codes: Pause",
     {0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5},
     {0xE1, 0x14, 0x77, 0xE1, 0xF0, 0x14, 0xF0, 0x77},
     {0x62}},
    {"PS2/scan codes: Print, with what is around it",
     {0xE0, 0x2A, 0xE0, 0x37, 0xE0, 0xB7, 0xE0, 0xAA},
     {0xE0, 0x12, 0xE0, 0x7C, 0xE0, 0xF0, 0x7C, 0xE0, 0xF0, 0x12},
     {0x57}},
    {"PS2/scan codes: Enter, Esc, Space, F11, F12",
     {0x1C, 0x01, 0x39, 0x57, 0x58},
     {0x5A, 0x76, 0x29, 0x78, 0x07},
     {0x5A, 0x08, 0x29, 0x56, 0x5E}},
    {"PS2/scan codes: keypad - / Enter +",
     {0x4A, 0xE0, 0x35, 0xE0, 0x1C, 0x4E},
     {0x7B, 0xE0, 0x4A, 0xE0, 0x5A, 0x79},
     {0x84, 0x77, 0x79, 0x7C}},
    {"PS2/scan codes: Insert, Home, up, Delete",
     {0xE0, 0x52, 0xE0, 0x47, 0xE0, 0x48, 0xE0, 0x53},
     {0xE0, 0x70, 0xE0, 0x6C, 0xE0, 0x75, 0xE0, 0x71},
     {0x67, 0x6E, 0x63, 0x64}},
};

TEST(Ps2Keyboard, ScanCodes)
{
    for (const Key& row : keys)
        for (const u8 set : Bytes{1, 2, 3}) {
            KbcBench b;
            b.say({0xF0, set});
            b.type(row.set1);
            const Bytes& want = set == 1 ? row.set1 : set == 2 ? row.set2 : row.set3;
            EXPECT_EQ(b.drain(), want) << row.clause << ", set " << unsigned{set};
        }
}

TEST(Ps2Keyboard, TranslationGivesSet1)
{
    for (const Key& row : keys) {
        KbcBench b;
        b.command(0x60, 0x43);
        b.type(row.set1);
        EXPECT_EQ(b.drain(), row.set1) << row.clause;
    }
    KbcBench b;
    b.command(0x60, 0x43);
    EXPECT_EQ(b.say({0xF2}), (Bytes{0xFA, 0xAB, 0x41})) << "PS2/translation: the identity is translated, too";
    EXPECT_EQ(b.say({0xF0, 0x00}), (Bytes{0xFA, 0xFA, 0x41})) << "PS2/translation: and the number of the set";
}

/// [PS2] "Scan Code Translation", row by row of eight.
constexpr u8 translated[0x88] = {
    0xFF, 0x43, 0x41, 0x3F, 0x3D, 0x3B, 0x3C, 0x58, 0x64, 0x44, 0x42, 0x40, 0x3E, 0x0F, 0x29, 0x59, //
    0x65, 0x38, 0x2A, 0x70, 0x1D, 0x10, 0x02, 0x5A, 0x66, 0x71, 0x2C, 0x1F, 0x1E, 0x11, 0x03, 0x5B, //
    0x67, 0x2E, 0x2D, 0x20, 0x12, 0x05, 0x04, 0x5C, 0x68, 0x39, 0x2F, 0x21, 0x14, 0x13, 0x06, 0x5D, //
    0x69, 0x31, 0x30, 0x23, 0x22, 0x15, 0x07, 0x5E, 0x6A, 0x72, 0x32, 0x24, 0x16, 0x08, 0x09, 0x5F, //
    0x6B, 0x33, 0x25, 0x17, 0x18, 0x0B, 0x0A, 0x60, 0x6C, 0x34, 0x35, 0x26, 0x27, 0x19, 0x0C, 0x61, //
    0x6D, 0x73, 0x28, 0x74, 0x1A, 0x0D, 0x62, 0x6E, 0x3A, 0x36, 0x1C, 0x1B, 0x75, 0x2B, 0x63, 0x76, //
    0x55, 0x56, 0x77, 0x78, 0x79, 0x7A, 0x0E, 0x7B, 0x7C, 0x4F, 0x7D, 0x4B, 0x47, 0x7E, 0x7F, 0x6F, //
    0x52, 0x53, 0x50, 0x4C, 0x4D, 0x48, 0x01, 0x45, 0x57, 0x4E, 0x51, 0x4A, 0x37, 0x49, 0x46, 0x54, //
    0x80, 0x81, 0x82, 0x41, 0x54, 0x85, 0x86, 0x87,
};

TEST(Ps2Keyboard, TranslationOfEveryByte)
{
    for (unsigned code = 0; code < 256; ++code) {
        const unsigned make = code < std::size(translated) ? translated[code] : code;
        KbcBench b;
        b.command(0x60, 0x43);
        b.chip.keyboard.scancodes.push(static_cast<u8>(code));
        EXPECT_EQ(b.drain(), code == 0xF0 ? Bytes{} : Bytes{static_cast<u8>(make)}) << "PS2/translation";
        b.chip.break_next = 0;
        b.chip.keyboard.scancodes.push(0xF0);
        b.chip.keyboard.scancodes.push(static_cast<u8>(code));
        EXPECT_EQ(b.drain(), code == 0xF0 ? Bytes{} : Bytes{static_cast<u8>(make | 0x80)})
            << "PS2/translation";
    }
    for (u8 code = 1; code < 0x80; ++code)
        EXPECT_EQ(set1_of_set2(set2_of_set1(code)), code) << "PS2/translation: there and back";
}

TEST(Ps2Keyboard, TypesOfSet3)
{
    struct Type {
        const char* clause;
        u8 command;
        Bytes want; // of A pressed and released, after half a second and a bit
    };
    const Type rows[] = {
        {"PS2/keyboard F7h: repeats", 0xF7, {0x1C, 0x1C}},
        {"PS2/keyboard F8h: make and break", 0xF8, {0x1C, 0xF0, 0x1C}},
        {"PS2/keyboard F9h: make", 0xF9, {0x1C}},
        {"PS2/keyboard FAh: all of it", 0xFA, {0x1C, 0x1C, 0xF0, 0x1C}},
    };
    for (const Type& row : rows)
        for (const bool one : {false, true}) {
            if (one && row.command == 0xFA)
                continue; // there is no such command for one key
            KbcBench b;
            b.chip.keyboard.repeats = 1;
            b.say({0xF0, 3});
            if (one)
                b.say({static_cast<u8>(row.command + 4), 0x1C, 0xF4});
            else
                b.say({row.command});
            key(b.chip, 0x1E);
            advance(b.chip, 501'000'000);
            b.now = 501'000'000;
            key(b.chip, 0x9E);
            EXPECT_EQ(b.drain(), row.want) << row.clause << (one ? ", one key" : "");
            EXPECT_EQ(b.chip.keyboard.types[0x08] == b.chip.keyboard.types[0x11], !one) << row.clause;
        }
}

TEST(Ps2Keyboard, TypematicRepeat)
{
    KbcBench b;
    key(b.chip, 0x1E);
    EXPECT_EQ(next_event_ns(b.chip), never_ns) << "off unless it is asked for";
    b.drain();
    b.chip.keyboard.repeats = 1;
    b.say({0xF3, 0x00}); // 30 a second after 250 ms
    key(b.chip, 0x30);
    b.drain();
    EXPECT_EQ(next_event_ns(b.chip), 250'000'000u) << "PS2/typematic: delay";
    advance(b.chip, 250'000'000);
    EXPECT_EQ(b.chip.output_buffer, 0x32) << "PS2/typematic: the make code again";
    b.drain();
    EXPECT_EQ(next_event_ns(b.chip), 250'000'000u + 33'360'000u) << "PS2/typematic: period";
    b.type({0xE0, 0x48});
    b.drain();
    b.now = 540'000'000;
    EXPECT_EQ(b.drain(), (Bytes{0xE0, 0x75, 0xE0, 0x75})) << "PS2/typematic: the last key that went down";
    b.type({0xE0, 0xC8});
    b.drain();
    EXPECT_EQ(next_event_ns(b.chip), never_ns) << "PS2/typematic: until the key goes up";
    key(b.chip, 0x1E);
    b.drain();
    advance(b.chip, never_ns - 1);
    EXPECT_LE(b.drain().size(), 17u) << "a long time ends, with a full buffer";
    EXPECT_TRUE(valid(b.chip));
}

TEST(Ps2Keyboard, TypematicDelaysAndRates)
{
    for (unsigned value = 0; value < 128; ++value) {
        KbcBench b;
        b.chip.keyboard.repeats = 1;
        b.say({0xF3, static_cast<u8>(value)});
        key(b.chip, 0x1E);
        b.drain();
        const u64 delay = (1 + value / 32) * u64{250'000'000};
        const u64 period = (8 + value % 8) * (u64{1} << (value / 8 % 4)) * 4'170'000;
        EXPECT_EQ(next_event_ns(b.chip), delay) << "PS2/keyboard F3h: bits 6-5";
        b.now = delay;
        EXPECT_EQ(b.drain(), Bytes{0x1C});
        EXPECT_EQ(next_event_ns(b.chip), delay + period) << "PS2/keyboard F3h: bits 4-0";
    }
}

TEST(Ps2Keyboard, BufferIsSixteenBytes)
{
    for (const u8 set : Bytes{1, 2, 3}) {
        KbcBench b;
        b.say({0xF0, set});
        b.command(0xAD);
        for (int i = 0; i < 16; ++i)
            EXPECT_TRUE(key(b.chip, 0x1E));
        EXPECT_FALSE(key(b.chip, 0x1E));
        b.command(0xAE);
        const Bytes got = b.drain();
        ASSERT_EQ(got.size(), 16u);
        EXPECT_EQ(got[15], set == 1 ? 0xFF : 0x00) << "PS2/keyboard: the overrun code";
    }
}

} // namespace
} // namespace irqlab::hw
