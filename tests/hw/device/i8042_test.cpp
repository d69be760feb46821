// 8042: controller commands, the output buffer, the two interrupt lines, the password and the key lock.
#include <gtest/gtest.h>

#include <type_traits>

#include "tests/hw/device/kbc_bench.hpp"

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<I8042>);

struct Row {
    const char* clause;
    Bytes commands, data, want; // to 64h, then to 60h, then what 60h gives
};

TEST(I8042, ControllerCommands)
{
    const Row rows[] = {
        {"8042/AAh: self-test", {0xAA}, {}, {0x55}},
        {"8042/AAh: sets the system flag", {0xAA, 0x20}, {}, {0x07}},
        {"8042/ABh: keyboard interface test", {0xAB}, {}, {0x00}},
        {"8042/A9h: aux interface test", {0xA9}, {}, {0x00}},
        {"8042/A4h: no password", {0xA4}, {}, {0xF1}},
        {"8042/A6h: nothing to guard with", {0xA6}, {}, {}},
        {"8042/20h: the command byte", {0x20}, {}, {0x03}},
        {"8042/A7h: aux off", {0xA7, 0x20}, {}, {0x23}},
        {"8042/A8h: aux on", {0xA7, 0xA8, 0x20}, {}, {0x03}},
        {"8042/ADh: keyboard off", {0xAD, 0x20}, {}, {0x13}},
        {"8042/AEh: keyboard on", {0xAD, 0xAE, 0x20}, {}, {0x03}},
        {"8042/C0h: input port", {0xC0}, {}, {0x80}},
        {"8042/D0h: output port", {0xD0}, {}, {0xCF}},
        {"8042/D2h: as from the keyboard, untranslated", {0xD2}, {0x1C}, {0x1C}},
        {"8042/D3h: as from the mouse", {0xD3}, {0x7E}, {0x7E}},
        {"8042/E0h: test inputs", {0xE0}, {}, {0x00}},
        {"8042/60h: a command instead of its data ends it", {0x60, 0xAA}, {0xEE}, {0x55, 0xEE}},
        {"8042/C0h, D0h: an answer takes the buffer's place", {0xAA, 0xAB}, {}, {0x00}},
        {"8042/F1h: pulses that reset nothing", {0xF1}, {}, {}},
    };
    for (const Row& row : rows) {
        KbcBench b;
        for (u8 byte : row.commands)
            b.command(byte);
        for (u8 byte : row.data)
            b.data(byte);
        EXPECT_EQ(b.drain(), row.want) << row.clause;
        EXPECT_TRUE(b.signals.empty()) << row.clause;
    }
}

TEST(I8042, UnknownCommandsAreNotSilent)
{
    for (const u8 command : Bytes{0x00, 0x40, 0x80, 0xA1, 0xAC, 0xC3, 0xDD, 0xDF, 0xE1}) {
        KbcBench b;
        b.command(command);
        EXPECT_EQ(b.drain(), Bytes{});
        ASSERT_EQ(b.signals.size(), 1u);
        EXPECT_EQ(b.signals[0].number, static_cast<u16>(Diagnosis::kbc_not_modelled));
        EXPECT_EQ(b.signals[0].value, command);
    }
}

TEST(I8042, MemoryAndOutputPort)
{
    KbcBench b;
    b.command(0x60, 0x45);
    b.command(0x20);
    EXPECT_EQ(b.drain(), Bytes{0x45}) << "8042/60h";
    EXPECT_NE(b.status() & kbc::Sys::mask, 0) << "8042/status: SYS follows the command byte";
    for (u8 at = 1; at < 32; ++at)
        b.command(static_cast<u8>(0x60 + at), static_cast<u8>(0xA0 + at));
    for (u8 at = 1; at < 32; ++at) {
        b.command(static_cast<u8>(0x20 + at));
        EXPECT_EQ(b.drain(), Bytes{static_cast<u8>(0xA0 + at)}) << "8042/21h-3Fh, 61h-7Fh: internal memory";
    }
    b.command(0xD1, 0xDD);
    EXPECT_FALSE(output(b.chip, 2)) << "8042/D1h: A20";
    b.command(0xD0);
    EXPECT_EQ(b.drain(), Bytes{0xCD}) << "8042/D0h: bits 4 and 5 are the interrupts, not what was written";
    key(b.chip, 0x1E);
    b.command(0xD0);
    EXPECT_EQ(b.drain()[0], 0xDD) << "8042/output port bit 4: IRQ 1";
    b.command(0xD3, 0x00);
    b.command(0x60, 0x02);
    b.command(0xD0);
    EXPECT_EQ(b.drain()[0], 0xED) << "8042/output port bit 5: IRQ 12";
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
        {"8042/FEh: pulse bit 0", 0xFE, -1, true},    {"8042/FFh: pulse nothing", 0xFF, -1, false},
        {"8042/F0h: pulse all four", 0xF0, -1, true}, {"8042/D1h: bit 0 low", 0xD1, 0xCE, true},
        {"8042/D1h: bit 0 high", 0xD1, 0xCF, false},
    };
    for (const Pulse& row : rows) {
        KbcBench b;
        b.command(row.command);
        if (row.data >= 0)
            b.data(static_cast<u8>(row.data));
        EXPECT_EQ(!b.signals.empty() && b.signals[0].kind == SignalKind::reset, row.resets) << row.clause;
    }
}

TEST(I8042, LastWriteIsInTheStatus)
{
    KbcBench b;
    b.command(0xAE);
    EXPECT_EQ(b.status() & kbc::A2::mask, kbc::A2::mask) << "8042/status bit 3: a command";
    b.data(0xEE);
    EXPECT_EQ(b.status() & kbc::A2::mask, 0) << "8042/status bit 3: data";
}

TEST(I8042, PolledInputPort)
{
    KbcBench b;
    b.command(0xC2);
    EXPECT_EQ(b.status() >> 4, 8) << "8042/C2h: input port bits 7-4";
    b.command(0xC1);
    EXPECT_EQ(b.status() >> 4, 0) << "8042/C1h: input port bits 3-0";
    b.command(0xAE);
    EXPECT_EQ(b.status() >> 4, 1) << "8042/C1h: until the next command";
}

/// Every command byte, with every set of sources that have a byte: who gets the buffer, and which line is
/// high.
TEST(I8042, CommandBytesAndSources)
{
    for (unsigned command_byte = 0; command_byte < 256; ++command_byte)
        for (unsigned sources = 0; sources < 4; ++sources) {
            KbcBench b;
            b.to_mouse(0xF4);
            b.drain();
            b.command(0x60, 0x30);
            if ((sources & 1) != 0)
                key(b.chip, 0x1E);
            if ((sources & 2) != 0)
                mouse_move(b.chip, 1, 0, 0);
            b.command(0x60, static_cast<u8>(command_byte));
            const bool from_keyboard = (sources & 1) != 0 && (command_byte & 0x10) == 0;
            const bool from_mouse = !from_keyboard && (sources & 2) != 0 && (command_byte & 0x20) == 0;
            EXPECT_EQ(b.irq1(), from_keyboard && (command_byte & 1) != 0) << command_byte << " " << sources;
            EXPECT_EQ(b.irq12(), from_mouse && (command_byte & 2) != 0) << command_byte << " " << sources;
            const unsigned status = 0x10u | (command_byte & 4) | (from_keyboard || from_mouse ? 1u : 0u) |
                                    (from_mouse ? 0x20u : 0u);
            EXPECT_EQ(b.status(), status) << command_byte << " " << sources;
            const u8 byte = b.take();
            EXPECT_TRUE(!from_keyboard || byte == ((command_byte & 0x40) != 0 ? 0x1E : 0x1C));
            EXPECT_TRUE(!from_mouse || byte == 0x08);
        }
}

/// The same for bytes that D2h and D3h put there: the interfaces need not be on.
TEST(I8042, CommandBytesAndWrittenBytes)
{
    for (unsigned command_byte = 0; command_byte < 256; ++command_byte)
        for (const bool aux : {false, true}) {
            KbcBench b;
            b.command(0x60, static_cast<u8>(command_byte));
            b.command(aux ? 0xD3 : 0xD2, 0xF0);
            EXPECT_EQ(b.irq1(), !aux && (command_byte & 1) != 0);
            EXPECT_EQ(b.irq12(), aux && (command_byte & 2) != 0);
            EXPECT_EQ(b.status(), 0x11u | (command_byte & 4) | (aux ? 0x20u : 0u));
            EXPECT_EQ(b.drain(), Bytes{0xF0}) << "8042/D2h: not translated";
        }
}

TEST(I8042, LinesFallBetweenTwoBytes)
{
    KbcBench b;
    b.type({0x1E, 0x9E});
    EXPECT_TRUE(b.irq1());
    EXPECT_FALSE(b.irq12());
    b.now = 1000;
    EXPECT_EQ(peek(b.chip, 0, b.now), 0x1C) << "peek takes nothing";
    EXPECT_EQ(b.take(), 0x1C);
    EXPECT_FALSE(b.irq1()) << "8042/IRQ 1 falls as the buffer is read";
    EXPECT_EQ(next_event_ns(b.chip), 1000u);
    advance(b.chip, 1000);
    EXPECT_TRUE(b.irq1()) << "and rises with the next byte";
    EXPECT_EQ(b.drain(), (Bytes{0xF0, 0x1C}));
    EXPECT_EQ(next_event_ns(b.chip), never_ns);
    EXPECT_EQ(b.take(), 0x1C) << "8042: an empty buffer gives the last byte again";
}

TEST(I8042, DisabledInterfacesHold)
{
    KbcBench b;
    b.command(0xAD);
    key(b.chip, 0x1E);
    EXPECT_EQ(b.drain(), Bytes{}) << "8042/ADh: the keyboard keeps its bytes";
    b.command(0xAE);
    EXPECT_EQ(b.drain(), Bytes{0x1C});
    b.command(0xAD);
    EXPECT_EQ(b.say({0xEE}), Bytes{0xEE}) << "8042/ADh: a byte to the keyboard switches it on";
    b.command(0xA7);
    EXPECT_EQ(b.say_to_mouse({0xF2}), (Bytes{0xFA, 0x00})) << "8042/A7h: so does D4h for the mouse";
}

TEST(I8042, PasswordGuards)
{
    KbcBench b;
    b.command(0x60, 0x43); // translated
    b.command(0x73, 0x5A);
    b.command(0x74, 0xA5);
    b.command(0x76, 0x2A); // Shift is overlooked
    b.command(0xA5);
    for (const u8 code : Bytes{0x1E, 0x30, 0x1E, 0x2E, 0x00}) // abac
        b.data(code);
    b.command(0xA4);
    EXPECT_EQ(b.drain(), Bytes{0xFA}) << "8042/A4h: loaded";
    b.command(0xA6);
    EXPECT_EQ(b.drain(), Bytes{0x5A}) << "8042/A6h: memory 13h";
    EXPECT_EQ(b.status() & kbc::Inh::mask, 0) << "8042/status bit 4: inhibited by the password";
    b.type({0x1E, 0x9E, 0x10, 0x90});
    EXPECT_EQ(b.drain(), Bytes{}) << "8042/password: what is typed does not reach the system";
    EXPECT_EQ(b.say({0xEE}), Bytes{0xEE}) << "8042/password: what the keyboard answers does";
    b.type({0x1E, 0x9E, 0x2A, 0x30, 0xB0, 0xAA, 0x1E, 0x9E});
    EXPECT_EQ(b.drain(), Bytes{});
    b.type({0x2E, 0xAE});
    EXPECT_EQ(b.drain(), (Bytes{0xA5, 0xAE})) << "8042/password: memory 14h, and the keyboard again";
    EXPECT_NE(b.status() & kbc::Inh::mask, 0);
    b.command(0xA5, 0x00);
    b.command(0xA4);
    EXPECT_EQ(b.drain(), Bytes{0xF1}) << "8042/A5h: an empty one is none";
}

TEST(I8042, PasswordInSet2AndTooLong)
{
    KbcBench b;
    b.command(0xA5);
    for (const u8 code :
         Bytes{0x1C, 0x32, 0x21, 0x23, 0x24, 0x2B, 0x34, 0x33, 0x43, 0x00}) // abcdefghi: cut after g
        b.data(code);
    b.command(0xA6);
    b.type({0x1E, 0x9E, 0x30, 0xB0, 0x2E, 0xAE, 0x20, 0xA0, 0x12, 0x92, 0x21, 0xA1});
    EXPECT_EQ(b.chip.guarding, 1);
    b.type({0x22, 0xA2});
    EXPECT_EQ(b.chip.guarding, 0) << "8042/password: releases do not count";
}

TEST(I8042, KeyLock)
{
    KbcBench b;
    lock(b.chip, true);
    EXPECT_EQ(b.status() & kbc::Inh::mask, 0) << "AT/status bit 4: inhibited";
    b.command(0xC0);
    EXPECT_EQ(b.drain(), Bytes{0x00}) << "AT/input port bit 7";
    key(b.chip, 0x1E);
    EXPECT_EQ(b.drain(), Bytes{}) << "AT/inhibit switch: scan codes are lost";
    EXPECT_EQ(b.say({0xEE}), Bytes{0xEE}) << "AT/inhibit switch: answers are not";
    b.command(0x60, 0x0B);
    EXPECT_NE(b.status() & kbc::Inh::mask, 0) << "AT/command byte bit 3: inhibit override";
    key(b.chip, 0x1E);
    EXPECT_EQ(b.drain(), Bytes{0x1C});
    lock(b.chip, false);
    EXPECT_NE(b.status() & kbc::Inh::mask, 0);
}

TEST(I8042, FirmwareState)
{
    I8042 chip;
    chip.quirks = 5;
    firmware_ready(chip);
    EXPECT_EQ(chip.quirks, 5u);
    chip.quirks = 0;
    Signals signals;
    EXPECT_EQ(peek(chip, 4, 0), kbc::Sys::mask | kbc::Inh::mask);
    key(chip, 0x1E);
    EXPECT_TRUE(output(chip, 0));
    EXPECT_EQ(read(chip, 0, 0, signals), 0x1E) << "set 1, as a driver on IRQ 1 expects it";
}

TEST(I8042, InvalidStates)
{
    using Break = void (*)(I8042&);
    const Break breaks[] = {
        [](I8042& c) { c.obf = 2; },
        [](I8042& c) { c.source = static_cast<KbcSource>(3); },
        [](I8042& c) { c.yields = 3; },
        [](I8042& c) { c.argument_of = 0x20; },
        [](I8042& c) { c.polled = 1; },
        [](I8042& c) { c.loaded = 8; },
        [](I8042& c) { c.guarding = 1; },
        [](I8042& c) { c.matched = 1; },
        [](I8042& c) { c.locked = 255; },
        [](I8042& c) { c.quirks = u32{1} << 22; },
        [](I8042& c) { c.keyboard.scancodes.head = 16; },
        [](I8042& c) { c.keyboard.replies.count = 5; },
        [](I8042& c) { c.keyboard.set = 0; },
        [](I8042& c) { c.keyboard.held = 0x1E; },
        [](I8042& c) { c.keyboard.types[7] = 4; },
        [](I8042& c) { c.keyboard.argument_of = 0xFF; },
        [](I8042& c) { c.mouse.packets.count = 17; },
        [](I8042& c) { c.mouse.type = 1; },
        [](I8042& c) { c.mouse.dx = 1 << 17; },
        [](I8042& c) { c.mouse.argument_of = 0xE9; },
    };
    EXPECT_TRUE(valid(I8042{}));
    for (const Break& broken : breaks) {
        I8042 chip;
        broken(chip);
        EXPECT_FALSE(valid(chip)) << &broken - breaks;
    }
}

} // namespace
} // namespace irqlab::hw
