// Who comes first, and what two exceptions in a row become: small spaces, exhausted.
#include <gtest/gtest.h>

#include "hw/cpu/priority.hpp"
#include "tests/hw/cpu/rig.hpp"

namespace irqlab::hw::test {
namespace {

constexpr unsigned events = static_cast<unsigned>(Concurrent::none);

TEST(Priority, TableOfConcurrentEvents)
{
    // [SDM3] "Prioritization of Concurrent Events", row by row.
    const std::pair<const char*, std::vector<Concurrent>> table[] = {
        {"SDM3/priority 1: reset and machine check", {Concurrent::reset, Concurrent::machine_check}},
        {"SDM3/priority 2: trap on task switch", {Concurrent::task_switch_trap}},
        {"SDM3/priority 3: FLUSH, STOPCLK, SMI, INIT",
         {Concurrent::flush, Concurrent::stop_clock, Concurrent::smi, Concurrent::init}},
        {"SDM3/priority 4: traps on the previous instruction", {Concurrent::debug_trap}},
        {"SDM3/priority 5: NMI", {Concurrent::nmi}},
        {"SDM3/priority 6: maskable interrupts", {Concurrent::interrupt}},
        {"SDM3/priority 7: code breakpoint", {Concurrent::code_breakpoint}},
        {"SDM3/priority 8: faults of the fetch", {Concurrent::fetch_fault}},
        {"SDM3/priority 9: faults of decoding", {Concurrent::decode_fault}},
        {"SDM3/priority 10: faults of execution", {Concurrent::execution_fault}},
    };
    Rig r;
    std::vector<Concurrent> earlier;
    for (const auto& [clause, row] : table) {
        for (const Concurrent event : row)
            for (const Concurrent higher : earlier)
                EXPECT_EQ(next_event(r.cpu, one(event) | one(higher)), higher) << clause;
        earlier.insert(earlier.end(), row.begin(), row.end());
    }
    EXPECT_EQ(earlier.size(), events) << "SDM3/priority: every event has its row";
}

TEST(Priority, EverySetOnAFreeCpu)
{
    Rig r;
    r.cpu.nmi_latched = 1;
    for (u32 set = 0; set < 1u << events; ++set) {
        unsigned first = 0;
        const u32 with_nmi = set | one(Concurrent::nmi);
        while (!(with_nmi >> first & 1))
            ++first;
        ASSERT_EQ(next_event(r.cpu, static_cast<ConcurrentSet>(set)), static_cast<Concurrent>(first)) << set;
    }
    EXPECT_EQ(first_of(0), Concurrent::none);
}

/// What each state of the CPU holds back.
TEST(Priority, HeldBack)
{
    struct {
        const char* clause;
        void (*set)(Cpu&);
        std::vector<Concurrent> held;
    } const rows[] = {
        {"SDM3/IF", [](Cpu& c) { c.rflags &= ~rflags::If::mask; }, {Concurrent::interrupt}},
        {"U1: STI", [](Cpu& c) { cli(c), sti(c); }, {Concurrent::interrupt, Concurrent::nmi}},
        {"U2: MOV SS",
         [](Cpu& c) { mov_ss(c); },
         {Concurrent::debug_trap, Concurrent::nmi, Concurrent::interrupt, Concurrent::code_breakpoint}},
        {"U3: NMI blocked", [](Cpu& c) { c.nmi_blocked = true; }, {Concurrent::nmi}},
        {"SDM3/RF", [](Cpu& c) { c.rflags |= rflags::Rf::mask; }, {Concurrent::code_breakpoint}},
        {"SDM2/HLT",
         [](Cpu& c) { hlt(c); },
         {Concurrent::code_breakpoint, Concurrent::fetch_fault, Concurrent::decode_fault,
          Concurrent::execution_fault}},
        {"SDM3/shutdown: NMI, SMI, INIT and reset only",
         [](Cpu& c) { c.state = CpuState::shutdown; },
         {Concurrent::machine_check, Concurrent::task_switch_trap, Concurrent::debug_trap,
          Concurrent::interrupt, Concurrent::code_breakpoint, Concurrent::fetch_fault,
          Concurrent::decode_fault, Concurrent::execution_fault}},
        {"MP/wait for SIPI",
         [](Cpu& c) { c.state = CpuState::wait_for_sipi; },
         {Concurrent::machine_check, Concurrent::task_switch_trap, Concurrent::flush, Concurrent::stop_clock,
          Concurrent::smi, Concurrent::init, Concurrent::debug_trap, Concurrent::nmi, Concurrent::interrupt,
          Concurrent::code_breakpoint, Concurrent::fetch_fault, Concurrent::decode_fault,
          Concurrent::execution_fault}},
    };
    for (const auto& row : rows)
        for (unsigned n = 0; n < events; ++n) {
            Rig r;
            row.set(r.cpu);
            const auto event = static_cast<Concurrent>(n);
            const bool held = std::find(row.held.begin(), row.held.end(), event) != row.held.end();
            EXPECT_EQ(next_event(r.cpu, one(event)), held ? Concurrent::none : event)
                << row.clause << ", event " << n;
        }
}

TEST(Priority, WhatWaitsInTheCpu)
{
    Rig r;
    EXPECT_EQ(next_event(r.cpu, 0), Concurrent::none);
    r.cpu.nmi_latched = 1;
    EXPECT_EQ(next_event(r.cpu, one(Concurrent::interrupt)), Concurrent::nmi)
        << "SDM3/priority: NMI before INTR";
    note_debug(r.cpu, 1);
    EXPECT_EQ(next_event(r.cpu, 0), Concurrent::debug_trap);
    r.cpu.init_pending = true;
    EXPECT_EQ(next_event(r.cpu, 0), Concurrent::init);
    r.cpu.smi_pending = true;
    EXPECT_EQ(next_event(r.cpu, 0), Concurrent::smi);
}

/// [SDM3] "Conditions for Generating a Double Fault", as a table of rows by first event.
TEST(DoubleFault, TableExhaustive)
{
    using enum Escalation;
    using C = EventClass;
    const Escalation want[4][4] = {
        // second: benign, contributory, page fault, double fault
        {serial, serial, serial, serial},             // benign
        {serial, double_fault, serial, serial},       // contributory
        {serial, double_fault, double_fault, serial}, // page fault
        {serial, shutdown, shutdown, shutdown},       // double fault
    };
    for (const C first : {C::benign, C::contributory, C::page_fault, C::double_fault})
        for (const C second : {C::benign, C::contributory, C::page_fault, C::double_fault})
            EXPECT_EQ(escalate(first, second), want[static_cast<int>(first)][static_cast<int>(second)])
                << static_cast<int>(first) << " then " << static_cast<int>(second);
}

TEST(DoubleFault, Classes)
{
    for (unsigned v = 0; v < 256; ++v) {
        const bool contributory = v == 0 || (v >= 10 && v <= 13) || v == 21;
        const auto want = contributory         ? EventClass::contributory
                          : v == 14 || v == 20 ? EventClass::page_fault
                          : v == 8             ? EventClass::double_fault
                                               : EventClass::benign;
        EXPECT_EQ(class_of(static_cast<u8>(v), Event::exception), want) << "SDM3/classes: " << v;
        for (const Event e :
             {Event::external, Event::nmi, Event::software_int, Event::software_exception, Event::icebp})
            EXPECT_EQ(class_of(static_cast<u8>(v), e), EventClass::benign) << "SDM3/classes: interrupts";
    }
}

/// Every vector against each fault that its delivery can meet: not present (#NP), not mapped (#PF).
TEST(DoubleFault, DeliveredForEachVector)
{
    for (unsigned v = 0; v < 32; ++v)
        for (const bool page_fault : {false, true}) {
            Rig r;
            if (page_fault) {
                Gate g = r.usual(v);
                g.selector = 0x100; // a descriptor that no memory is behind
                r.gate(v, g);
                r.cpu.gdtr.limit = 0x1ff;
            } else {
                r.absent(v);
            }
            const Delivered d = r.send(static_cast<u8>(v), Event::exception);
            const Escalation e = escalate(class_of(static_cast<u8>(v), Event::exception),
                                          page_fault ? EventClass::page_fault : EventClass::contributory);
            const auto want = e == Escalation::shutdown       ? Delivered::Outcome::triple_fault
                              : e == Escalation::double_fault ? Delivered::Outcome::double_fault
                              : page_fault && v == 14         ? Delivered::Outcome::double_fault
                                                              : Delivered::Outcome::entered;
            EXPECT_EQ(d.outcome, want)
                << "SDM3/double fault: vector " << v << (page_fault ? " then #PF" : " then #NP");
        }
}

TEST(DoubleFault, SeriesOfFaults)
{
    struct {
        const char* clause;
        u8 vector;
        Event event;
        std::vector<u8> absent;
        Delivered::Outcome outcome;
        u8 entered;
        u32 error_code;
    } const rows[] = {
        {"SDM3/benign then contributory: serially",
         1,
         Event::exception,
         {1},
         Delivered::Outcome::entered,
         11,
         1 * 8 + 3},
        {"SDM3/#UD then #NP: serially", 6, Event::exception, {6}, Delivered::Outcome::entered, 11, 6 * 8 + 3},
        {"SDM3/external, #NP, #NP: #DF",
         0x41,
         Event::external,
         {0x41, 11},
         Delivered::Outcome::double_fault,
         8,
         0},
        {"SDM3/NMI then #NP: serially", 2, Event::nmi, {2}, Delivered::Outcome::entered, 11, 2 * 8 + 3},
        {"SDM3/INT 14 is no page fault",
         14,
         Event::software_int,
         {14},
         Delivered::Outcome::entered,
         11,
         14 * 8 + 2},
        {"SDM3/#DF fails: shutdown", 13, Event::exception, {13, 8}, Delivered::Outcome::triple_fault, 8, 0},
        {"SDM3/INT 8 is no double fault",
         8,
         Event::software_int,
         {8},
         Delivered::Outcome::entered,
         11,
         8 * 8 + 2},
    };
    for (const auto& row : rows) {
        Rig r;
        for (const u8 v : row.absent)
            r.absent(v);
        const Delivered d = r.send(row.vector, row.event);
        EXPECT_EQ(d.outcome, row.outcome) << row.clause;
        EXPECT_EQ(d.vector, row.entered) << row.clause;
        EXPECT_EQ(d.frame.error_code, row.error_code) << row.clause;
        EXPECT_EQ(r.cpu.state,
                  row.outcome == Delivered::Outcome::triple_fault ? CpuState::shutdown : CpuState::running)
            << row.clause;
    }
}

} // namespace
} // namespace irqlab::hw::test
