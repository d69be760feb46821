// The boards: wiring, ports, time, and the machine as a value.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr BoardId all_boards[] = {BoardId::pc, BoardId::q35, BoardId::laptop};

// --- wiring
// ----------------------------------------------------------------------------------------------------------

TEST(Wiring, Overrides)
{
    struct {
        const char* clause;
        BoardId board;
        IsaOverride want;
    } const cases[] = {
        {"P5: the timer is GSI 2", BoardId::pc, {0, 2, false, false}},
        {"P5: the timer is GSI 2", BoardId::laptop, {0, 2, false, false}},
        {"ACPI/pc: 11 level high", BoardId::pc, {11, 11, true, false}},
        {"ACPI/q35: 5 level high", BoardId::q35, {5, 5, true, false}},
        {"ACPI/laptop: 11 edge", BoardId::laptop, {11, 11, false, false}},
        {"ACPI/laptop: 9 level", BoardId::laptop, {9, 9, true, false}},
        {"ACPI/no override: identity, edge, high", BoardId::pc, {1, 1, false, false}},
    };
    for (const auto& c : cases)
        EXPECT_EQ(isa_to_gsi(c.board, c.want.isa), c.want) << c.clause;
    EXPECT_EQ(overrides(BoardId::pc).size(), 5u);
    EXPECT_EQ(overrides(BoardId::laptop).size(), 2u);
}

/// The table is what is wired: every line of it is driven, and its pins move.
TEST(Wiring, LinesGoWhereTheSchematicSays)
{
    for (const BoardId board : all_boards)
        for (const Wire& w : schematic(board)) {
            if (w.from != Part::line)
                continue;
            Bench b(board);
            const bool before = line_level(b.m, w.from_pin);
            b.line(w.from_pin, !before); // Lines idle low but for devices that hold theirs.
            const bool high = line_level(b.m, w.from_pin);
            const bool pin_high = w.to == Part::ioapic       ? (b.m.ioapic.lines >> w.to_pin & 1) != 0
                                  : w.to == Part::pic_master ? (b.m.pic.master.lines >> w.to_pin & 1) != 0
                                                             : (b.m.pic.slave.lines >> w.to_pin & 1) != 0;
            EXPECT_EQ(pin_high, high != w.inverted) << name(board) << " line " << int{w.from_pin};
        }
}

TEST(Wiring, EveryInputHasOneWire)
{
    for (const BoardId board : all_boards) {
        const auto wires = schematic(board);
        for (const Wire& w : wires)
            EXPECT_EQ(std::ranges::count_if(
                          wires, [&](const Wire& o) { return o.to == w.to && o.to_pin == w.to_pin; }),
                      1)
                << name(board) << " " << name(w.to) << " " << int{w.to_pin};
    }
}

TEST(Machine, LinesAreWiredOr)
{
    Bench b;
    b.entry(10, 0x41 | flag_level);
    drive_line(b.m, 10, Source::pci, true, b.signals);
    drive_line(b.m, 10, Source::hand, true, b.signals);
    EXPECT_EQ(b.count(SignalKind::line), 1) << "wired-OR: one level";
    drive_line(b.m, 10, Source::pci, false, b.signals);
    EXPECT_TRUE(line_level(b.m, 10));
    ASSERT_EQ(b.take(0), 0x41);
    b.eoi(0);
    EXPECT_EQ(b.take(0), 0x41) << "wired-OR: the other source holds it";
    drive_line(b.m, 10, Source::hand, false, b.signals);
    b.eoi(0);
    EXPECT_FALSE(b.pending(0));
}

/// [PIIX] "Interrupt Controller": IRQ 2 is not on the bus. Held, it made a state that restore() refuses.
TEST(Machine, NobodyHoldsTheCascade)
{
    Bench b;
    const auto before = std::make_unique<Machine>(b.m);
    drive_line(b.m, 2, Source::hand, true, b.signals);
    EXPECT_TRUE(same_state(*before, b.m));
    EXPECT_TRUE(b.signals.empty());
}

TEST(Machine, LaptopPciIsActiveLow)
{
    Bench b(BoardId::laptop);
    EXPECT_TRUE(gsi_active_low(BoardId::laptop, 17));
    EXPECT_FALSE(gsi_active_low(BoardId::q35, 17));
    b.entry(17, 0x41 | flag_level | flag_active_low);
    EXPECT_FALSE(b.pending(0));
    b.line(17, true);
    EXPECT_EQ(b.take(0), 0x41) << "PCI/INTx is active low";
}

TEST(Machine, BothControllersSeeTheLine)
{
    Bench b;
    b.entry(4, 0x34 | destination(1));
    b.pic_mask(0xffff & ~(1u << 4));
    b.line(4, true);
    EXPECT_EQ(b.take(0), 0x0c) << "MP: the 8259 by LINT0";
    EXPECT_EQ(b.take(1), 0x34) << "MP: the IO-APIC";
}

TEST(Machine, LatchOfAMaskedPicInputIsKept)
{
    Bench b;
    b.line(3, true);
    EXPECT_FALSE(b.pending(0));
    b.pic_mask(0xffff & ~(1u << 3));
    EXPECT_EQ(b.take(0), 0x0b) << "8259A/IMR: masking does not clear the request";
}

// --- ports and memory
// ------------------------------------------------------------------------------------------------

TEST(Machine, UnclaimedAccesses)
{
    Bench b;
    EXPECT_EQ(port_read(b.m, 0, 0x300, 1, b.signals), 0xffu);
    EXPECT_EQ(port_read(b.m, 0, 0x300, 2, b.signals), 0xffffu);
    EXPECT_EQ(port_read(b.m, 0, 0xcf4, 4, b.signals), 0xffffffffu);
    EXPECT_EQ(b.count(SignalKind::diagnosis), 3);
    EXPECT_TRUE(b.diagnosed(Diagnosis::port_unclaimed));
    EXPECT_EQ(mmio_read(b.m, 0, 0xfed40000, b.signals), 0xffffffffu);
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_unclaimed));
    b.signals.clear();
    port_write(b.m, 0, 0xcf8, 4, 0x80000400, b.signals);
    EXPECT_EQ(b.count(SignalKind::reset), 0) << "PIIX/CF9h: only a byte reaches it";
}

TEST(Machine, WideAccessesAreBytes)
{
    Bench b;
    port_write(b.m, 0, 0x20, 2, 0xa50b, b.signals); // OCW3 to 20h, the mask to 21h.
    EXPECT_EQ(port_peek(b.m, 0x21, 1), 0xa5u) << "ISA/byte lanes";
}

TEST(Machine, Resets)
{
    const struct {
        u16 port;
        u32 value;
    } cases[] = {{0x92, 0x03}, {0xcf9, 0x06}};
    for (const auto& c : cases) {
        Bench b;
        port_write(b.m, 0, c.port, 1, c.value, b.signals);
        EXPECT_EQ(b.count(SignalKind::reset), 1) << "PIIX/port " << c.port;
        port_write(b.m, 0, c.port, 1, c.value, b.signals);
        EXPECT_EQ(b.count(SignalKind::reset), 1) << "PIIX: a rising bit only";
    }
}

TEST(Machine, Port61ShowsCounter2)
{
    Bench b;
    port_write(b.m, 0, 0x61, 1, 0x00, b.signals);
    port_write(b.m, 0, 0x43, 1, 0xb0, b.signals); // Counter 2, mode 0, both bytes.
    port_write(b.m, 0, 0x42, 1, 0xe8, b.signals);
    port_write(b.m, 0, 0x42, 1, 0x03, b.signals); // 1000 clocks.
    port_write(b.m, 0, 0x61, 1, 0x01, b.signals);
    advance(b.m, 800'000, b.signals);
    EXPECT_EQ(port_read(b.m, 0, 0x61, 1, b.signals) & 0x20, 0u) << "PIIX/61h: OUT2 before";
    advance(b.m, 900'000, b.signals);
    EXPECT_EQ(port_read(b.m, 0, 0x61, 1, b.signals) & 0x20, 0x20u) << "PIIX/61h: OUT2 after 838 us";
}

// --- devices and time
// ------------------------------------------------------------------------------------------------

TEST(Machine, PitTicksByGsi2)
{
    Bench b;
    EXPECT_EQ(next_event_ns(b.m), never_ns) << "masked everywhere: no event reaches software";
    b.entry(2, 0x30);
    EXPECT_LT(next_event_ns(b.m), never_ns);
    int ticks = 0;
    for (u64 ms = 1; ms <= 1000; ++ms) {
        b.signals.clear();
        advance(b.m, ms * 1'000'000, b.signals);
        ticks += static_cast<int>(b.drain(0).size());
    }
    EXPECT_EQ(ticks, 18) << "8254/mode 2: 18.2 Hz";
}

TEST(Machine, SkippedTicksLeaveOneRequest)
{
    Bench b;
    advance(b.m, 3600ull * 1'000'000'000, b.signals);
    b.pic_mask(0xffff & ~1u);
    EXPECT_EQ(b.take(0), 0x08) << "8259A/edge latch: one request of many";
    EXPECT_FALSE(b.pending(0));
}

TEST(Machine, KeyboardReachesItsLine)
{
    Bench b;
    b.entry(1, 0x31 | destination(3));
    kbd_key(b.m, 0x1e, b.signals);
    EXPECT_TRUE(line_level(b.m, 1));
    EXPECT_EQ(b.take(3), 0x31);
    EXPECT_EQ(port_read(b.m, 3, 0x60, 1, b.signals), 0x1eu);
    EXPECT_FALSE(line_level(b.m, 1)) << "8042/OBF: a read lowers the line";
}

TEST(Machine, TwoKeysAreTwoEdges)
{
    Bench b;
    b.entry(1, 0x31);
    kbd_key(b.m, 0x1e, b.signals);
    kbd_key(b.m, 0x9e, b.signals);
    for (const u32 code : {0x1eu, 0x9eu}) {
        EXPECT_EQ(b.take(0), 0x31);
        EXPECT_EQ(port_read(b.m, 0, 0x60, 1, b.signals), code);
        b.eoi(0);
        advance(b.m, b.m.now_ns, b.signals);
    }
    EXPECT_FALSE(b.pending(0)) << "A10: every edge once";
}

TEST(Machine, UartReachesItsLine)
{
    Bench b;
    for (unsigned port = 0; port < 2; ++port) {
        const u16 base = port == 0 ? 0x3f8 : 0x2f8;
        const unsigned line = port == 0 ? 4 : 3;
        b.entry(line, 0x40 + line);
        port_write(b.m, 0, base + 3, 1, 0x03, b.signals); // eight data bits
        port_write(b.m, 0, base + 1, 1, 0x01, b.signals);
        port_write(b.m, 0, base + 4, 1, 0x08, b.signals);
        uart_receive(b.m, port, 0x55, b.signals);
        EXPECT_EQ(b.take(0), static_cast<int>(0x40 + line)) << "16550/COM" << port + 1;
        EXPECT_EQ(port_read(b.m, 0, base, 1, b.signals), 0x55u);
        EXPECT_FALSE(line_level(b.m, line));
        b.eoi(0);
    }
}

TEST(Machine, RtcPeriodic)
{
    Bench b;
    b.entry(8, 0x38);
    const auto cmos = [&](u8 index, u8 value) {
        port_write(b.m, 0, 0x70, 1, index, b.signals);
        port_write(b.m, 0, 0x71, 1, value, b.signals);
    };
    cmos(0x0a, 0x26); // 1024 Hz.
    cmos(0x0b, 0x42);
    const u64 due = next_event_ns(b.m);
    ASSERT_LE(due, 976'563u * 2);
    advance(b.m, due, b.signals);
    EXPECT_EQ(b.take(0), 0x38) << "MC146818/periodic";
    b.eoi(0);
    advance(b.m, due * 3, b.signals);
    EXPECT_FALSE(b.pending(0)) << "MC146818/IRQF: high until register C is read";
    port_write(b.m, 0, 0x70, 1, 0x0c, b.signals);
    EXPECT_EQ(port_read(b.m, 0, 0x71, 1, b.signals) & 0xc0, 0xc0u);
    EXPECT_FALSE(line_level(b.m, 8));
}

TEST(Machine, TimeNeverGoesBack)
{
    Bench b;
    advance(b.m, 5000, b.signals);
    advance(b.m, 100, b.signals);
    EXPECT_EQ(b.m.now_ns, 5000u);
}

// --- the machine as a value
// ------------------------------------------------------------------------------------------

TEST(Machine, CopyAndCompare)
{
    for (const unsigned cpus : {1u, 4u, 255u}) {
        Bench b(BoardId::pc, cpus);
        auto copy = std::make_unique<Machine>();
        copy_state(*copy, b.m);
        EXPECT_TRUE(same_state(*copy, b.m));
        b.ipi(0, 0x41, cpus - 1);
        EXPECT_FALSE(same_state(*copy, b.m)) << "the last core counts";
        EXPECT_EQ(interrupt_pending(*copy, cpus - 1), false);
    }
    EXPECT_LT(used_bytes(Bench(BoardId::pc, 1).m), used_bytes(Bench(BoardId::pc, 2).m));
}

TEST(Machine, PowerOnTouchesItsCoresOnly)
{
    Bench b(BoardId::pc, 8);
    const Core core = b.m.core[4];
    power_on(b.m, BoardId::q35, 4, 0);
    EXPECT_EQ(b.m.core[4], core);
    EXPECT_EQ(b.m.core[1].cpu.state, CpuState::wait_for_sipi) << "MP/BIOS: APs wait";
}

TEST(Machine, WholePathOfAnInterrupt)
{
    Bench b;
    Cpu& cpu = b.m.core[2].cpu;
    cpu.idtr = {idt_page_address, idt_page_bytes - 1};
    write_gate(std::span<u8, gate_bytes>(b.m.idt_page.data() + 0x61 * gate_bytes, gate_bytes),
               {0xffffffff81000610, 0x10, 0, Gate::Type::interrupt, 0, true});
    sti(cpu);
    retire(cpu);
    b.entry(11, 0x61 | flag_level | destination(2));
    b.signals.clear();
    b.line(11, true);
    ASSERT_TRUE(b.pending(2) && can_take_interrupt(cpu));
    const int vector = accept(b.m, 2, b.signals);
    const Delivered d = deliver(b.m, 2, static_cast<u8>(vector), Event::external, 0, 0x1000, 0x2000);
    EXPECT_EQ(d.offset, 0xffffffff81000610u);
    b.line(11, false);
    b.eoi(2);
    iret(cpu, d.frame);
    EXPECT_TRUE(interrupts_on(cpu));
    const SignalKind want[] = {SignalKind::line,      SignalKind::ioapic_send, SignalKind::lapic_irr,
                               SignalKind::accept,    SignalKind::line,        SignalKind::lapic_eoi,
                               SignalKind::ioapic_eoi};
    ASSERT_EQ(b.signals.size(), std::size(want));
    for (std::size_t i = 0; i < std::size(want); ++i)
        EXPECT_EQ(b.signals[i].kind, want[i]) << i;
}

TEST(Machine, FaultOfDeliveryLeavesTheVectorInService)
{
    Bench b;
    b.m.core[0].cpu.idtr = {idt_page_address, idt_page_bytes - 1};
    write_gate(std::span<u8, gate_bytes>(b.m.idt_page.data() + exc_gp * gate_bytes, gate_bytes),
               {0x1000, 0x10, 0, Gate::Type::interrupt, 0, true});
    b.ipi(0, 0x41, 0);
    const int vector = accept(b.m, 0, b.signals);
    EXPECT_EQ(deliver(b.m, 0, static_cast<u8>(vector), Event::external, 0, 0, 0).vector, exc_gp);
    EXPECT_TRUE(b.m.core[0].lapic.isr.test(0x41)) << "U4: not lost; its EOI is still owed";
}

} // namespace
} // namespace irqlab::hw::test
