// The keyboard controller with its keyboard and mouse against QEMU's i8042, ps2-kbd and ps2-mouse.
//
// Keys and motion reach QEMU as input events over its monitor, which it takes only while its virtual machine
// runs: so it does, its CPU halted for good (Clock::ours). Left out are what would reset QEMU (output port
// bit 0 low), keys whose codes QEMU composes by itself (Print, Pause) and the horizontal wheel.
#include <fmt/format.h>

#include "tests/conform/operations.hpp"
#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

constexpr u8 reset = 0xFF;

/// Keys of the 104-key keyboard in set 1, without Print and Pause.
constexpr std::pair<u16, u16> key_ranges[] = {
    {0x01, 0x53},     {0x56, 0x58},     {0xE01C, 0xE01D}, {0xE035, 0xE035}, {0xE038, 0xE038},
    {0xE047, 0xE049}, {0xE04B, 0xE04B}, {0xE04D, 0xE04D}, {0xE04F, 0xE053}, {0xE05B, 0xE05D}};

constexpr u8 controller_commands[] = {
    0x20, 0x20, 0x60, 0x60, 0x60, 0x60, 0xA7, 0xA8, 0xA8, 0xA9, 0xAA, 0xAB, 0xAD, 0xAD,
    0xAD, 0xAE, 0xAE, 0xC0, 0xD0, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD4, 0xD4, 0xD4, 0xD4,
    0xD4, 0xD4, 0xD4, 0xDD, 0xDF, 0xF1, 0xFF, 0x21, 0x77, 0xA4, 0xA5, 0xE0,
};
constexpr u8 keyboard_commands[] = {0xED, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xF2, 0xF0, 0xF0, 0xF0,
                                    0xF0, 0xF2, 0xF3, 0xF4, 0xF4, 0xF5, 0xF6, 0xFF, 0x00, 0x05,
                                    0xEF, 0xF1, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE};
constexpr u8 mouse_commands[] = {0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEB, 0xEC, 0xEE, 0xF0,
                                 0xF2, 0xF3, 0xF4, 0xF4, 0xF4, 0xF5, 0xF6, 0xFF, 0xFE, 0xE1};
constexpr u8 arguments[] = {0,  1,  1,  2,   3,   3,   3,   4,   7,    10,  40,
                            60, 80, 80, 100, 100, 200, 200, 200, 0xED, 0xF4};

Step data(u8 value) { return step("out", {0x60, value}); }
Step command(u8 value) { return step("out", {0x64, value}); }

void to_mouse(std::vector<Step>& steps, std::initializer_list<u8> bytes)
{
    for (const u8 byte : bytes) {
        steps.push_back(command(0xD4));
        steps.push_back(data(byte));
    }
}

/// Both sides in one state, whatever came before: no command half given, buffers empty, nothing moved.
std::vector<Step> preamble()
{
    std::vector<Step> steps{data(reset), data(reset),
                            data(reset)}; // the first may be the data of any command
    to_mouse(steps, {reset, 0xEC, reset});
    for (int i = 0; i < 5; ++i) // motion left from remote mode, and a wheel's
        to_mouse(steps, {0xEB, 0xEB, 0xEB, reset});
    to_mouse(steps, {0xF4});
    steps.push_back(step("mouse", {0, 0, 0, 0}));
    to_mouse(steps, {0xF3, 10, reset}); // the rate ends a half knocked sequence
    steps.insert(steps.end(), {command(0xD1), data(0xCF), command(0x60), data(0x00), step("drain"),
                               command(0xAA), step("in", {0x60})});
    return steps;
}

u8 argument_for(Random& random) { return random.one_in(8) ? random.byte() : random.pick<u8>(arguments); }

/// What to write to port 60h, so that it means something where it goes.
u8 data_for(Random& random, const hw::I8042& chip)
{
    switch (chip.argument_of) {
    case 0x60: return random.one_in(2) ? random.byte() : static_cast<u8>(random.byte() & 0x47);
    case 0xD1: return random.byte() | 1;
    case 0xD2:
    case 0xD3: return random.byte();
    case 0xD4: return chip.mouse.argument_of != 0 ? argument_for(random) : random.pick<u8>(mouse_commands);
    default: break;
    }
    return chip.keyboard.argument_of != 0 ? argument_for(random) : random.pick<u8>(keyboard_commands);
}

u16 some_key(Random& random)
{
    const auto& [from, to] = random.pick<std::pair<u16, u16>>(key_ranges);
    if (random.one_in(2))
        return static_cast<u16>(0x01 + random.below(0x53));
    return static_cast<u16>(from + random.below(to - from + 1u));
}

Step some_motion(Random& random)
{
    const auto counts = [&](i64 reach) {
        return static_cast<u64>(static_cast<i64>(random.below(static_cast<u64>(2 * reach + 1))) - reach);
    };
    const i64 reach = random.one_in(4) ? 300 : 8;
    const u64 wheel = random.one_in(3) ? counts(9) : 0;
    return step("mouse", {counts(reach), counts(reach), random.below(32), wheel});
}

/// Something typed or moved. More often where it piles up or shows.
bool some_event(Random& random, const hw::I8042& chip, Step& event)
{
    const u64 what = random.below(100);
    const u64 keys = hw::kbc::KbdOff::test(chip.memory[0]) ? 40 : 3;
    const u64 motion = chip.mouse.reporting != 0 ? 6 : 2;
    if (what < keys)
        event = step("key", {some_key(random), random.below(2)});
    else if (what < keys + motion)
        event = some_motion(random);
    return what < keys + motion;
}

Step next(Random& random, const hw::Machine& ours)
{
    Step event;
    if (some_event(random, ours.kbc, event))
        return event;
    const u64 what = random.below(100);
    if (what < 30)
        return step("in", {0x60});
    const bool complete = ours.kbc.argument_of == 0;
    const bool keyboard_off = hw::kbc::KbdOff::test(ours.kbc.memory[0]); // data to it would switch it on
    if ((what < 55 || (complete && keyboard_off)) && (complete || random.one_in(8)))
        return command(random.one_in(16) ? random.byte() | 1 : random.pick<u8>(controller_commands));
    return data(data_for(random, ours.kbc));
}

std::vector<Step> observe(const Step&, const hw::Machine&) { return {step("in", {0x64}), step("kbc_lines")}; }

// --- QEMU's input events ---

std::string key_event(const Step& s)
{
    const u64 number = (s.argument[0] & 0x7F) | (s.argument[0] > 0xFF ? 0x80 : 0);
    return fmt::format(R"({{"type":"key","data":{{"down":{},"key":{{"type":"number","data":{}}}}}}})",
                       s.argument[1] != 0, number);
}

std::string motion_event(const char* axis, i64 counts)
{
    return fmt::format(R"({{"type":"rel","data":{{"axis":"{}","value":{}}}}})", axis, counts);
}

std::string button_event(const char* button, bool down)
{
    return fmt::format(R"({{"type":"btn","data":{{"button":"{}","down":{}}}}})", button, down);
}

std::string mouse_events(const Step& s)
{
    constexpr const char* buttons[] = {"left", "right", "middle", "side", "extra"};
    const auto number = [&](unsigned i) { return static_cast<i64>(s.argument[i]); };
    std::string events =
        motion_event("x", number(0)) + "," + motion_event("y", -number(1)); // down the screen
    for (unsigned i = 0; i < 5; ++i)
        events += "," + button_event(buttons[i], s.argument[2] >> i & 1);
    for (i64 i = number(3); i > 0; --i)
        events += "," + button_event("wheel-down", true);
    for (i64 i = number(3); i < 0; ++i)
        events += "," + button_event("wheel-up", true);
    return events;
}

Reply translate(Qtest& qtest, const Step& s)
{
    if (s.name() == "kbc_lines")
        return Reply::levels;
    for (unsigned i = 0; s.name() == "drain" && i < drain_reads; ++i)
        qtest.queue("inb 0x60");
    if (s.name() != "key" && s.name() != "mouse")
        return Reply::nothing;
    qtest.queue_question(fmt::format(R"({{"execute":"input-send-event","arguments":{{"events":[{}]}}}})",
                                     s.name() == "key" ? key_event(s) : mouse_events(s)));
    return Reply::nothing;
}

std::unique_ptr<Witness> start()
{
    auto witness =
        std::make_unique<QemuWitness>(std::vector<std::string>{"-M", "pc"}, translate, Qtest::Clock::ours);
    witness->qtest().intercept_outputs(witness->qtest().paths_of("i8042").at(0));
    return witness;
}

} // namespace

Chip i8042_against_qemu()
{
    return {"i8042", "qemu", hw::Profile::qemu, 400, hw::BoardId::pc, 1, start, preamble, next, observe};
}

} // namespace irqlab::conform
