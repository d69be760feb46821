// Every gate of a mode: type, S, DPL, P, of each CPL and event, against a second statement of the rules.
#include <gtest/gtest.h>

#include "tests/hw/cpu/rig.hpp"

namespace irqlab::hw::test {
namespace {

struct Case {
    CpuMode mode;
    unsigned type; // 0 to 15
    bool system_bit;
    u8 dpl;
    bool present;
    unsigned cpl;
    Event event;
};

struct Want {
    unsigned vector;
    u32 error_code;
    bool task;
};

constexpr unsigned vector = 0x80;
constexpr u32 in_idt = vector * 8 + 2;

/// The rules of [SDM2] "INT n" in its words and order, for a gate whose target is good.
Want expected(const Case& c)
{
    const bool by_program = c.event == Event::software_int || c.event == Event::software_exception;
    const u32 external_bit = by_program ? 0 : 1;
    bool is_gate = !c.system_bit;
    if (c.mode == CpuMode::ia32e)
        is_gate = is_gate && (c.type == 0xe || c.type == 0xf);
    else
        is_gate = is_gate && (c.type == 5 || c.type == 6 || c.type == 7 || c.type == 0xe || c.type == 0xf);
    if (!is_gate)
        return {exc_gp, in_idt + external_bit, false};
    if (by_program && c.cpl > c.dpl)
        return {exc_gp, in_idt, false};
    if (!c.present)
        return {exc_np, in_idt + external_bit, false};
    return {vector, 0, c.type == 5};
}

void check(const Case& c)
{
    Rig r(c.mode);
    if (c.cpl == 3)
        r.to_user();
    const bool is_task = c.type == 5 && !c.system_bit && c.mode == CpuMode::protected_mode;
    const u16 selector = is_task ? u16{task} : r.usual(0).selector;
    Gate g{0x5000, selector, 0, static_cast<Gate::Type>(c.type), c.dpl, c.present};
    r.gate(vector, g);
    const unsigned stride = c.mode == CpuMode::ia32e ? gate_bytes : gate32_bytes;
    r.idt[vector * stride + 5] |= static_cast<u8>(c.system_bit ? 0x10 : 0);
    const Delivered d = r.send(vector, c.event);
    const Want want = expected(c);
    const auto text = [&] {
        return testing::Message() << "mode " << static_cast<int>(c.mode) << " type " << c.type << " S "
                                  << c.system_bit << " DPL " << int{c.dpl} << " P " << c.present << " CPL "
                                  << c.cpl << " event " << static_cast<int>(c.event);
    };
    ASSERT_EQ(d.vector, want.vector) << text();
    ASSERT_EQ(d.frame.error_code, want.error_code) << text();
    ASSERT_EQ(d.outcome == Delivered::Outcome::task_gate, want.task) << text();
    if (want.task || want.vector != vector)
        return;
    ASSERT_EQ(cpl(r.cpu), 0u) << text();
    ASSERT_EQ(interrupts_on(r.cpu), (c.type & 1) != 0) << text();
    ASSERT_EQ(d.frame.width, c.mode == CpuMode::ia32e ? 8 : c.type < 8 ? 2 : 4) << text();
    ASSERT_EQ(d.frame.has_stack, c.mode == CpuMode::ia32e || c.cpl != 0) << text();
}

TEST(Gates, Exhaustive)
{
    for (const CpuMode mode : {CpuMode::ia32e, CpuMode::protected_mode})
        for (unsigned type = 0; type < 16; ++type)
            for (const bool system_bit : {false, true})
                for (u8 dpl = 0; dpl < 4; ++dpl)
                    for (const bool present : {false, true})
                        for (const unsigned cpl : {0u, 3u})
                            for (const Event event :
                                 {Event::external, Event::nmi, Event::software_int, Event::exception,
                                  Event::software_exception, Event::icebp})
                                check({mode, type, system_bit, dpl, present, cpl, event});
}

/// Every code segment that a gate can name, of each CPL. [SDM2] "INT n", TRAP-OR-INTERRUPT-GATE
TEST(Gates, TargetsExhaustive)
{
    for (const CpuMode mode : {CpuMode::ia32e, CpuMode::protected_mode})
        for (unsigned bits = 0; bits < 1024; ++bits)
            for (const unsigned cpl : {0u, 3u}) {
                const u8 type = bits & 15, dpl = bits >> 4 & 3;
                const bool user = bits & 64, present = bits & 128, long_code = bits & 256, big = bits & 512;
                Rig r(mode);
                constexpr u16 selector = 0xb0;
                r.put(selector, {0, 0xffffffff, type, dpl, user, present, long_code, big});
                if (cpl == 3)
                    r.to_user();
                Gate g = r.usual(vector);
                g.selector = selector;
                r.gate(vector, g);
                const Delivered d = r.send(vector, Event::external);
                const bool code_segment = user && type >= 8;
                const bool conforming = code_segment && (type & 4);
                const bool right_size = mode == CpuMode::protected_mode || (long_code && !big);
                const bool good = code_segment && dpl <= cpl && right_size;
                const unsigned want = !good ? unsigned{exc_gp} : !present ? unsigned{exc_np} : vector;
                // In protected mode the TSS has a stack for level 0, and one of ring 1 where it should be 2.
                if (mode == CpuMode::protected_mode && want == vector && !conforming && dpl == 2 &&
                    cpl == 3) {
                    EXPECT_EQ(d.vector, exc_ts);
                    continue;
                }
                ASSERT_EQ(d.vector, want)
                    << "bits " << bits << " CPL " << cpl << " mode " << static_cast<int>(mode);
                ASSERT_EQ(d.frame.error_code, want == vector ? 0u : selector + 1u) << bits;
                if (want == vector) {
                    ASSERT_EQ(r.cpu.cs & 3u, conforming ? cpl : dpl) << bits;
                }
            }
}

} // namespace
} // namespace irqlab::hw::test
