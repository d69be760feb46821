// The board's own registers and its later timers: HPET, parallel port, NMI sources, resets, IMCR, access
// widths.
#include <gtest/gtest.h>

#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr u64 hpet_timer(unsigned n) { return hpet::address + 0x100 + 0x20 * n; }
constexpr u64 edge_on = hpet::IntEnable::mask;
constexpr u64 level_on = hpet::IntEnable::mask | hpet::Level::mask;

void put64(Bench& b, u64 address, u64 value) { mmio_write(b.m, 0, address, 8, value, b.signals); }
u64 get64(Bench& b, u64 address) { return mmio_read(b.m, 0, address, 8, b.signals); }
void out(Bench& b, u16 port, u8 value) { port_write(b.m, 0, port, 1, value, b.signals); }
u8 in(Bench& b, u16 port) { return static_cast<u8>(port_read(b.m, 0, port, 1, b.signals)); }

// --- HPET
// ------------------------------------------------------------------------------------------------------------

TEST(BoardHpet, IsWhereQemuHasIt)
{
    Bench b;
    EXPECT_EQ(get64(b, hpet::address), 0x009896808086a201u) << "HPET/id, as Linux prints QEMU's";
    EXPECT_EQ(mmio_read(b.m, 0, hpet::address + 4, b.signals), 10'000'000u) << "HPET/100 MHz";
    EXPECT_EQ(get64(b, hpet::address + 0x10), 0u) << "HPET/firmware leaves it halted";
}

TEST(BoardHpet, Routes)
{
    struct Row {
        const char* clause;
        BoardId board;
        unsigned timer;
        u64 config;
    };
    const Row rows[] = {
        {"QEMU/pc: IRQ 2 only, no messages", BoardId::pc, 2, 0x00000004'00000030},
        {"QEMU/q35: IRQs 2, 8, 16 to 23", BoardId::q35, 0, 0x00ff0104'00000030},
        {"ICH9/timer 0: IRQs 20 to 23", BoardId::laptop, 0, 0x00f00000'00008030},
        {"ICH9/timer 2: IRQ 11 too", BoardId::laptop, 2, 0x00f00800'00008030},
    };
    for (const Row& row : rows) {
        Bench b(row.board);
        EXPECT_EQ(get64(b, hpet_timer(row.timer)), row.config) << row.clause;
    }
}

TEST(BoardHpet, LegacyReplacement)
{
    Bench b;
    b.entry(2, 0x30);
    b.entry(8, 0x38);
    put64(b, hpet_timer(0), edge_on | hpet::Periodic::mask | hpet::ValueSet::mask);
    put64(b, hpet_timer(0) + 8, 100'000);
    put64(b, hpet_timer(1), edge_on);
    put64(b, hpet_timer(1) + 8, 150'000);
    put64(b, hpet::address + 0x10, 3);
    EXPECT_EQ(next_event_ns(b.m), 1'000'000u) << "HPET/LEG_RT: the 8254 has no line any more";
    std::vector<int> vectors;
    for (u64 us = 500; us <= 4000; us += 500) {
        b.signals.clear();
        advance(b.m, us * 1000, b.signals);
        for (const int v : b.drain(0))
            vectors.push_back(v);
    }
    EXPECT_EQ(vectors, (std::vector<int>{0x30, 0x38, 0x30, 0x30, 0x30})) << "HPET/LEG_RT: GSI 2 and IRQ 8";
    put64(b, hpet::address + 0x10, 0);
    int ticks = 0;
    for (u64 ms = 5; ms <= 1004; ++ms) {
        b.signals.clear();
        advance(b.m, ms * 1'000'000, b.signals);
        ticks += static_cast<int>(b.drain(0).size());
    }
    EXPECT_EQ(ticks, 19) << "HPET/LEG_RT off: the 8254's again, and OUT0 is high at once";
}

TEST(BoardHpet, LegacyReplacementAtThe8259)
{
    Bench b;
    b.pic_mask(0xffff & ~1u);
    put64(b, hpet_timer(0), edge_on);
    put64(b, hpet_timer(0) + 8, 1000);
    put64(b, hpet::address + 0x10, 3);
    advance(b.m, 100'000, b.signals);
    EXPECT_EQ(b.take(0), 0x08) << "HPET/LEG_RT: IRQ 0, though INTA comes much later";
}

TEST(BoardHpet, LevelAndEdgeByRoute)
{
    Bench b(BoardId::q35);
    b.entry(20, 0x44 | flag_level);
    b.entry(21, 0x45);
    put64(b, hpet_timer(0), level_on | hpet::Route::put(0, 20));
    put64(b, hpet_timer(0) + 8, 100);
    put64(b, hpet_timer(1), edge_on | hpet::Periodic::mask | hpet::ValueSet::mask | hpet::Route::put(0, 21));
    put64(b, hpet_timer(1) + 8, 200);
    put64(b, hpet::address + 0x10, 1);
    advance(b.m, 1000, b.signals);
    EXPECT_EQ(b.take(0), 0x44);
    b.eoi(0);
    EXPECT_EQ(b.take(0), 0x44) << "HPET/level: until the status is cleared";
    put64(b, hpet::address + 0x20, 1);
    b.eoi(0);
    EXPECT_FALSE(b.pending(0));
    for (const u64 ns : {2000u, 4000u, 6000u}) {
        advance(b.m, ns, b.signals);
        EXPECT_EQ(b.drain(0), std::vector<int>{0x45}) << "HPET/edge: one for each match";
    }
}

TEST(BoardHpet, ALaptopsTimerSendsMessages)
{
    Bench b(BoardId::laptop);
    put64(b, hpet_timer(2) + 0x10, 0xfee02000'00000071);
    put64(b, hpet_timer(2), edge_on | hpet::FsbEnable::mask);
    put64(b, hpet_timer(2) + 8, 100);
    put64(b, hpet::address + 0x10, 1);
    advance(b.m, 1000, b.signals);
    EXPECT_EQ(b.count(SignalKind::msi_send), 1);
    EXPECT_EQ(b.take(2), 0x71) << "HPET/FSB: to CPU 2";
}

TEST(BoardHpet, MaskedLinesCostNoEvents)
{
    Bench b(BoardId::q35);
    put64(b, hpet_timer(0), edge_on | hpet::Periodic::mask | hpet::ValueSet::mask | hpet::Route::put(0, 20));
    put64(b, hpet_timer(0) + 8, 1);
    put64(b, hpet::address + 0x10, 1);
    EXPECT_EQ(next_event_ns(b.m), never_ns);
    advance(b.m, 3600 * ns_per_second, b.signals);
    EXPECT_EQ(get64(b, hpet::address + 0xf0), 3600 * ns_per_second / 10);
    EXPECT_EQ(get64(b, hpet_timer(0) + 8), 3600 * ns_per_second / 10 + 1);
}

// --- widths and ends of the address spaces
// ---------------------------------------------------------------------------

TEST(BoardAccess, MemoryWidths)
{
    struct Row {
        const char* clause;
        u64 address;
        unsigned width;
        u64 want;
        bool diagnosed;
    };
    const Row rows[] = {
        {"lapic/a byte of the version", lapic_address + 0x30, 1, lapic_version & 0xff, true},
        {"lapic/a half word", lapic_address + 0x32, 2, lapic_version >> 16, true},
        {"lapic/64 bits: the register, and nothing above it", lapic_address + 0x30, 8, lapic_version, true},
        {"lapic/misaligned", lapic_address + 0x2e, 4, (lapic_version & 0xffffull) << 16, true},
        {"lapic/the page's last byte and beyond", lapic_address + 0xfff, 8, 0, true},
        {"ioapic/index as a byte", ioapic_address, 1, 1, false},
        {"ioapic/data as a byte", ioapic_address + 0x10, 1, ioapic_version_eoi, true},
        {"ioapic/data", ioapic_address + 0x10, 4, 0x00170020, false},
        {"ioapic/data, 64 bits", ioapic_address + 0x10, 8, 0x00170020, true},
        {"hpet/a byte", hpet::address + 1, 1, 0xa2, true},
        {"nobody/64 bits", 0xfed40000, 8, ~0ull, true},
        {"nobody/a byte", 0xfed40001, 1, 0xff, true},
    };
    for (const Row& row : rows) {
        Bench b;
        mmio_write(b.m, 0, ioapic_address, 1, 1, b.signals);
        EXPECT_TRUE(b.signals.empty()) << "ioapic/index by a byte";
        EXPECT_EQ(mmio_peek(b.m, 0, row.address, row.width), row.want) << row.clause;
        EXPECT_EQ(mmio_read(b.m, 0, row.address, row.width, b.signals), row.want) << row.clause;
        EXPECT_EQ(!b.signals.empty(), row.diagnosed) << row.clause;
    }
}

TEST(BoardAccess, NarrowWritesGoNowhere)
{
    Bench b;
    const Machine before = b.m;
    for (const unsigned width : {1u, 2u, 8u})
        for (const u64 address : {lapic_address + 0x80, ioapic_address + 0x10, hpet::address + 0x10})
            if (width != 8 || address != hpet::address + 0x10)
                mmio_write(b.m, 0, address, width, 0x33, b.signals);
    mmio_write(b.m, 0, lapic_address + 0x82, 4, 0x33, b.signals);
    EXPECT_EQ(b.count(SignalKind::diagnosis), 9);
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_width));
    b.m.deadline_ns = before.deadline_ns;
    EXPECT_TRUE(same_state(b.m, before));
}

TEST(BoardAccess, PortsEndAtFFFF)
{
    Bench b;
    EXPECT_EQ(port_read(b.m, 0, 0xffff, 4, b.signals), 0xffffffffu) << "ISA/sixteen address lines, no wrap";
    EXPECT_TRUE(b.diagnosed(Diagnosis::port_unclaimed));
    port_write(b.m, 0, 0xffff, 4, 0, b.signals);
    EXPECT_EQ(port_read(b.m, 0, 0x37f, 2, b.signals), 0xffffu);
    EXPECT_EQ(port_read(b.m, 0, 0x93, 2, b.signals) & 0xff, 0xffu) << "ISA/straddling: nobody's byte is ones";
    EXPECT_EQ(port_read(b.m, 0, 0x379, 4, b.signals), 0xffffccdfu) << "ISA/straddling two and nobody";
}

// --- port 61h, NMI
// -------------------------------------------------------------------------------------------------------------

TEST(BoardNmi, ErrorsOfTheBuses)
{
    Bench b;
    out(b, 0x61, 0x0c);
    io_check(b.m, b.signals);
    system_error(b.m, b.signals);
    EXPECT_EQ(in(b, 0x61) & 0xc0, 0) << "PIIX/61h: disabled, not latched";
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 0);
    out(b, 0x61, 0x00);
    io_check(b.m, b.signals);
    EXPECT_EQ(in(b, 0x61) & 0xc0, 0x40) << "PIIX/61h bit 6: IOCHK#";
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 1);
    system_error(b.m, b.signals);
    EXPECT_EQ(in(b, 0x61) & 0xc0, 0xc0) << "PIIX/61h bit 7: SERR#";
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 1) << "the NMI line is high already";
    out(b, 0x61, 0x08);
    EXPECT_EQ(in(b, 0x61) & 0xc8, 0x88) << "PIIX/61h bit 3 clears bit 6";
    out(b, 0x61, 0x04);
    EXPECT_EQ(in(b, 0x61) & 0xc4, 0x04) << "PIIX/61h bit 2 clears bit 7";
    out(b, 0x61, 0x00);
    system_error(b.m, b.signals);
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 2) << "a new edge";
}

TEST(BoardNmi, Port70HoldsItBack)
{
    Bench b;
    out(b, 0x70, 0x8f);
    io_check(b.m, b.signals);
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 0) << "PIIX/70h bit 7";
    EXPECT_EQ(in(b, 0x61) & 0x40, 0x40) << "the status is there all the same";
    out(b, 0x70, 0x0f);
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 1) << "PIIX/70h bit 7: the level comes through";
}

TEST(BoardNmi, TheRefreshBitFollowsChannel1)
{
    Bench b;
    const u8 first = in(b, 0x61) & 0x10;
    advance(b.m, 16'000, b.signals);
    EXPECT_NE(in(b, 0x61) & 0x10, first) << "PIIX/61h bit 4: after 18 clocks";
    out(b, 0x43, 0x50); // channel 1 in mode 0: no refresh any more
    const u8 still = in(b, 0x61) & 0x10;
    advance(b.m, 16'000'000, b.signals);
    EXPECT_EQ(in(b, 0x61) & 0x10, still);
}

// --- resets
// ------------------------------------------------------------------------------------------------------------

TEST(BoardReset, CausesAndScopes)
{
    struct Row {
        const char* clause;
        BoardId board;
        u16 port;
        std::vector<u8> values;
        ResetCause cause;
        ResetScope scope;
    };
    const Row rows[] = {
        {"PIIX/92h bit 0", BoardId::pc, 0x92, {0x03}, ResetCause::port_92, ResetScope::cpu},
        {"PIIX/CF9h: bit 2 alone, soft", BoardId::pc, 0xcf9, {0x04}, ResetCause::port_cf9, ResetScope::cpu},
        {"PIIX/CF9h: with bit 1, hard",
         BoardId::pc,
         0xcf9,
         {0x02, 0x06},
         ResetCause::port_cf9,
         ResetScope::system},
        {"PIIX/CF9h: no bit 3", BoardId::pc, 0xcf9, {0x0e}, ResetCause::port_cf9, ResetScope::system},
        {"ICH9/CF9h: bit 3, full",
         BoardId::q35,
         0xcf9,
         {0x0e},
         ResetCause::port_cf9,
         ResetScope::power_cycle},
        {"8042/pulse", BoardId::pc, 0x64, {0xfe}, ResetCause::keyboard_controller, ResetScope::cpu},
    };
    for (const Row& row : rows) {
        Bench b(row.board);
        for (const u8 value : row.values)
            out(b, row.port, value);
        ASSERT_EQ(b.count(SignalKind::reset), 1) << row.clause;
        for (const Signal& s : b.signals)
            if (s.kind == SignalKind::reset) {
                EXPECT_EQ(s.number, static_cast<u16>(row.cause)) << row.clause;
                EXPECT_EQ(s.value, static_cast<u32>(row.scope)) << row.clause;
            }
    }
}

TEST(BoardReset, WhatAResetDoes)
{
    Bench b;
    out(b, 0x70, 0x40);
    out(b, 0x71, 0x5a); // memory
    out(b, 0x70, 0x0b);
    out(b, 0x71, 0x72); // PIE, AIE, UIE
    b.entry(4, 0x34);
    b.line(4, true);
    b.line(10, true);
    put64(b, hpet::address + 0x10, 3);
    b.m.hpet.quirks = 1;
    advance(b.m, 5 * ns_per_second, b.signals);
    const u64 rtc_tick = b.m.rtc.tick;
    reset_machine(b.m, ResetScope::system, b.signals);
    EXPECT_EQ(b.m.now_ns, 5 * ns_per_second) << "time goes on";
    EXPECT_EQ(b.m.rtc.ram[0x40], 0x5a) << "MC146818/RESET: memory stays";
    EXPECT_EQ(b.m.rtc.ram[rtc::reg_b], 0x02) << "MC146818/RESET: interrupts off, 24 hours stay";
    EXPECT_GE(b.m.rtc.tick, rtc_tick);
    EXPECT_FALSE(intr(b.m.pic)) << "8259A: not initialised";
    EXPECT_EQ(b.m.pic.master.lines & 0x10, 0x10) << "pins are not state";
    EXPECT_TRUE(rte::Masked::test(b.m.ioapic.entry[4])) << "82093AA/reset: masked";
    EXPECT_EQ(b.m.ioapic.lines >> 10 & 1, 1u);
    EXPECT_EQ(b.m.hpet.config, 0) << "HPET/reset";
    EXPECT_EQ(b.m.hpet.quirks, 1u);
    EXPECT_FALSE(software_enabled(b.m.core[0].lapic));
    EXPECT_EQ(b.m.core[0].cpu.state, CpuState::running);
    EXPECT_EQ(b.m.core[1].cpu.state, CpuState::wait_for_sipi);
    run_firmware(b.m);
    b.signals.clear();
    b.pic_mask(0xffff & ~(1u << 3));
    b.line(3, true);
    EXPECT_EQ(b.take(0), 0x0b) << "as after power-on";
}

TEST(BoardReset, ResetAndFirmwareAreAsPowerOn)
{
    for (const BoardId board : {BoardId::pc, BoardId::q35, BoardId::laptop}) {
        Bench b(board, 2);
        Machine& fresh = b.m;
        power_on(fresh, board, 2, 1'700'000'000);
        auto again = std::make_unique<Machine>();
        copy_state(*again, fresh);
        Signals signals;
        again->pit = {}; // it has no reset pin
        reset_machine(*again, ResetScope::system, signals);
        run_firmware(*again);
        again->rtc = fresh.rtc;
        EXPECT_TRUE(same_state(*again, fresh)) << name(board);
    }
}

TEST(BoardReset, OfTheCpusOnly)
{
    Bench b;
    b.entry(4, 0x34);
    reset_machine(b.m, ResetScope::cpu, b.signals);
    EXPECT_EQ(b.count(SignalKind::init), 4);
    EXPECT_EQ(b.entry(4) & 0xff, 0x34u) << "PIIX/soft reset: the chips stay";
}

TEST(BoardReset, A20)
{
    Bench b;
    EXPECT_TRUE(a20(b.m)) << "firmware has it on";
    out(b, 0x92, 0x00);
    out(b, 0x64, 0xd1);
    out(b, 0x60, 0xcd);
    EXPECT_FALSE(a20(b.m)) << "PIIX/A20: both are off";
    out(b, 0x64, 0xd1);
    out(b, 0x60, 0xcf);
    EXPECT_TRUE(a20(b.m)) << "8042/P21";
}

// --- IMCR
// --------------------------------------------------------------------------------------------------------------

TEST(BoardImcr, NoBoardHasOne)
{
    for (const BoardId board : {BoardId::pc, BoardId::q35, BoardId::laptop}) {
        Bench b(board);
        out(b, 0x22, 0x70);
        EXPECT_EQ(in(b, 0x23), 0xff) << "MP/IMCRP clear: virtual wire";
        EXPECT_TRUE(b.diagnosed(Diagnosis::port_unclaimed));
    }
}

TEST(BoardImcr, PicModeGoesPastTheApics)
{
    Bench b;
    fit_imcr(b.m, b.signals);
    b.apic_write(0, lapic_lvt_lint0, 0x10000);
    b.apic_write(0, lapic_lvt_lint1, 0x10000);
    b.pic_mask(0xffff & ~(1u << 3));
    b.line(3, true);
    EXPECT_EQ(b.take(0), 0x0b) << "MP/PIC mode: INT reaches the CPU though LINT0 is masked";
    reset_machine(b.m, ResetScope::cpu, b.signals);
    b.line(3, false);
    out(b, 0x20, 0x20);
    b.line(3, true);
    EXPECT_EQ(b.take(0), 0x0b) << "INIT leaves the wires";
    b.line(3, false);
    out(b, 0x20, 0x20);
    drive_nmi(b.m, true, b.signals);
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 1) << "MP/PIC mode: NMI too";
    drive_nmi(b.m, false, b.signals);
    out(b, 0x22, 0x70);
    EXPECT_EQ(in(b, 0x23), 0x00);
    out(b, 0x23, 0x01);
    EXPECT_EQ(in(b, 0x23), 0x01);
    b.line(3, true);
    EXPECT_FALSE(b.pending(0)) << "MP/symmetric mode: LINT0 is masked";
    drive_nmi(b.m, true, b.signals);
    EXPECT_EQ(b.m.core[0].cpu.nmi_latched, 1);
    b.apic_write(0, lapic_svr, 0x1ff);
    b.apic_write(0, lapic_lvt_lint0, 0x700);
    EXPECT_EQ(b.take(0), 0x0b) << "MP/virtual wire: LINT0 as ExtINT";
}

TEST(BoardImcr, OnlyTheSelectedRegister)
{
    Bench b;
    fit_imcr(b.m, b.signals);
    out(b, 0x22, 0x71);
    out(b, 0x23, 0x01);
    EXPECT_TRUE(pic_mode(b.m)) << "MP/IMCR: 70h selects it";
    reset_machine(b.m, ResetScope::system, b.signals);
    EXPECT_TRUE(pic_mode(b.m)) << "MP/IMCR: PIC mode after reset";
}

// --- parallel port
// --------------------------------------------------------------------------------------------------------------

TEST(BoardLpt, AcknowledgeIsIrq7)
{
    Bench b;
    b.entry(7, 0x37);
    lpt_drive(b.m, LptInput::ack, false, b.signals);
    lpt_drive(b.m, LptInput::ack, true, b.signals);
    EXPECT_FALSE(b.pending(0)) << "PCAT/control 4";
    out(b, 0x37a, 0x1c);
    for (int i = 0; i < 2; ++i) {
        lpt_drive(b.m, LptInput::ack, false, b.signals);
        lpt_drive(b.m, LptInput::ack, true, b.signals);
        EXPECT_EQ(b.take(0), 0x37);
        b.eoi(0);
    }
    out(b, 0x378, 0xa5);
    EXPECT_EQ(in(b, 0x378), 0xa5);
}

} // namespace
} // namespace irqlab::hw::test
