// INTx, the PIRQ routers and the lines behind them.
#include <gtest/gtest.h>

#include "hw/board/pci_tables.hpp"
#include "tests/hw/pci/bench_pci.hpp"

namespace irqlab::hw::test {
namespace {

TEST(Pirq, SlotsToPirqs)
{
    const struct {
        const char* clause;
        BoardId board;
        unsigned slot, pin, pirq;
    } rows[] = {
        {"QEMU/i440fx: slot 1 INTA is PIRQA", BoardId::pc, 1, 0, 0},
        {"QEMU/i440fx: slot 4 INTA is PIRQD", BoardId::pc, 4, 0, 3},
        {"QEMU/i440fx: slot 4 INTB is PIRQA", BoardId::pc, 4, 1, 0},
        {"QEMU/q35: slot 0 INTA is PIRQE", BoardId::q35, 0, 0, 4},
        {"golden/edu q35: slot 3 INTA is PIRQH, GSI 23", BoardId::q35, 3, 0, 7},
        {"QEMU/q35: slot 24 INTD is PIRQH", BoardId::q35, 24, 3, 7},
        {"ICH9/D25IR: pins are PIRQA to D", BoardId::q35, 25, 2, 2},
        {"QEMU/q35: the PCI bridge's pins are PIRQE to H", BoardId::q35, 30, 1, 5},
        {"ICH9/D31IR", BoardId::q35, 31, 3, 3},
    };
    for (const auto& row : rows)
        EXPECT_EQ(pirq_of(row.board, row.slot, row.pin), row.pirq) << row.clause;
}

TEST(Pirq, IntxReachesItsLines)
{
    const struct {
        const char* clause;
        BoardId board;
        u32 lines;
    } rows[] = {
        {"golden/edu pc: IRQ 11 and nothing else", BoardId::pc, 1u << 11},
        {"golden/edu q35: GSI 23, and IRQ 11 for the 8259", BoardId::q35, 1u << 23 | 1u << 11},
        {"laptop: as q35", BoardId::laptop, 1u << 23 | 1u << 11},
    };
    for (const auto& row : rows) {
        PciBench b(row.board);
        b.raise();
        for (unsigned line = 1; line < lines_max; ++line)
            EXPECT_EQ(b.level(line), (row.lines >> line & 1) != 0) << row.clause << ", line " << line;
        b.acknowledge_edu();
        EXPECT_EQ(b.m.pci.lines, 0u) << row.clause;
    }
}

TEST(Pirq, RoutingRegister)
{
    const struct {
        const char* clause;
        u8 route;
        int line; // -1: none
    } rows[] = {
        {"PIIX/PIRQRC: bits 3:0 are the line", 0x05, 5}, {"PIIX/PIRQRC: bit 7 ends the routing", 0x85, -1},
        {"PIIX/PIRQRC: bits 6:4 are reserved", 0x75, 5}, {"PIIX/PIRQRC: 0 is reserved", 0x00, -1},
        {"PIIX/PIRQRC: 2 is reserved", 0x02, -1},        {"PIIX/PIRQRC: 8 is reserved", 0x08, -1},
        {"PIIX/PIRQRC: 13 is reserved", 0x0d, -1},       {"PIIX/PIRQRC: 15", 0x0f, 15},
    };
    for (const BoardId board : {BoardId::pc, BoardId::q35})
        for (const auto& row : rows) {
            PciBench b(board);
            b.raise();
            const unsigned pirq = pirq_of(board, slot_of(b.edu()), 0);
            b.config_write(isa_devfn(board), pirq_register(pirq), 1, row.route);
            for (int line = 3; line < 16; ++line)
                EXPECT_EQ(b.level(static_cast<unsigned>(line)), line == row.line)
                    << row.clause << ", line " << line;
            EXPECT_EQ(b.diagnosed(Diagnosis::pirq_reserved_line), row.line < 0 && (row.route & 0x80) == 0)
                << row.clause;
        }
}

TEST(Pirq, AssertedLinesMoveWithTheRouting)
{
    PciBench b;
    b.raise();
    b.config_write(isa_devfn(BoardId::pc), 0x63, 1, 0x05);
    EXPECT_TRUE(b.level(5));
    EXPECT_FALSE(b.level(11)) << "PIIX/PIRQRC";
}

TEST(Pirq, SharedLineIsWiredOr)
{
    PciBench b(BoardId::pc, 3); // Slots 4, 5, 6: PIRQD, A, B. A and B are on line 10.
    b.raise(1, 1);
    b.raise(1, 2);
    drive_line(b.m, 10, Source::hand, true, b.signals);
    b.acknowledge_edu(1, 1);
    EXPECT_TRUE(b.level(10));
    b.acknowledge_edu(1, 2);
    EXPECT_TRUE(b.level(10)) << "PIIX/PIRQ: others on the line hold it too";
    drive_line(b.m, 10, Source::hand, false, b.signals);
    EXPECT_FALSE(b.level(10));
}

TEST(Pirq, InterruptDisableGatesThePin)
{
    PciBench b;
    b.config_write(b.edu(), 4, 2, 0x0502);
    b.raise();
    EXPECT_FALSE(b.level(11)) << "PCI/command bit 10";
    EXPECT_EQ(b.config(b.edu(), 6, 2), 0x0018u) << "PCI/status bit 3: the request, gate or no gate";
    b.config_write(b.edu(), 4, 2, 0x0102);
    EXPECT_TRUE(b.level(11));
    b.acknowledge_edu();
    EXPECT_EQ(b.config(b.edu(), 6, 2), 0x0010u);
}

/// Level all the way: the 8259 asks again after EOI while the device does.
TEST(Pirq, LevelThroughThe8259)
{
    PciBench b;
    port_write(b.m, 0, 0x21, 1, 0xfb, b.signals);
    port_write(b.m, 0, 0xa1, 1, 0xf7, b.signals);
    b.raise();
    EXPECT_EQ(b.take(0), 0x73) << "IR 3 of the slave, at vector 70h";
    port_write(b.m, 0, 0xa0, 1, 0x20, b.signals);
    port_write(b.m, 0, 0x20, 1, 0x20, b.signals);
    EXPECT_EQ(b.take(0), 0x73) << "8259A/C9: not lowered before EOI, a second one";
    b.acknowledge_edu();
    port_write(b.m, 0, 0xa0, 1, 0x20, b.signals);
    port_write(b.m, 0, 0x20, 1, 0x20, b.signals);
    EXPECT_EQ(b.take(0), -1);
}

TEST(Pirq, LevelThroughTheIoApic)
{
    for (const auto& [board, pin] :
         {std::pair{BoardId::pc, 11u}, {BoardId::q35, 23u}, {BoardId::laptop, 23u}}) {
        PciBench b(board);
        b.entry(pin, 0x51 | flag_level | (gsi_active_low(board, pin) ? flag_active_low : 0));
        b.raise();
        EXPECT_EQ(b.take(0), 0x51) << name(board);
        b.acknowledge_edu();
        b.eoi(0);
        EXPECT_EQ(b.take(0), -1) << name(board);
        b.raise();
        EXPECT_EQ(b.take(0), 0x51) << name(board);
    }
}

// --- what firmware says of it
// ---------------------------------------------------------------------------------

TEST(PirTable, LinksOfTheSlots)
{
    const struct {
        const char* clause;
        BoardId board;
        unsigned slot;
        std::array<u8, 4> links;
    } rows[] = {
        {"SeaBIOS/pirtable: slot 1", BoardId::pc, 1, {0x60, 0x61, 0x62, 0x63}},
        {"SeaBIOS/pirtable: slot 2", BoardId::pc, 2, {0x61, 0x62, 0x63, 0x60}},
        {"SeaBIOS/pirtable: slot 6", BoardId::pc, 6, {0x61, 0x62, 0x63, 0x60}},
        {"QEMU/q35: slot 3", BoardId::q35, 3, {0x6b, 0x68, 0x69, 0x6a}},
        {"QEMU/q35: slot 31", BoardId::q35, 31, {0x60, 0x61, 0x62, 0x63}},
    };
    for (const auto& row : rows) {
        const PirSlot& slot = pir_table(row.board)[row.slot - 1];
        EXPECT_EQ(slot.devfn, devfn(row.slot, 0)) << row.clause;
        for (unsigned pin = 0; pin < 4; ++pin)
            EXPECT_EQ(slot.pin[pin], (PirLink{row.links[pin], 0xdef8})) << row.clause;
    }
}

/// An interrupt of any pin comes out where _PRT says.
TEST(Prt, IsWhereInterruptsComeOut)
{
    for (const BoardId board : {BoardId::pc, BoardId::q35, BoardId::laptop})
        for (const PrtRow& row : prt_table(board)) {
            if (row.pin != 0 || row.device < 2 || row.device == 31)
                continue;
            Bench b(board, 1);
            attach_edu(b.m, row.device);
            const u64 memory = get32(b.m.edu[0].config, 0x10);
            mmio_write(b.m, 0, memory + 0x60, 1, b.signals);
            EXPECT_TRUE(line_level(b.m, row.gsi)) << name(board) << " device " << unsigned{row.device};
        }
}

// --- quirks
// ---------------------------------------------------------------------------------------------------

TEST(PirqQuirk, AnyLineRoutes)
{
    PciBench b;
    b.m.pci.quirks = pci_quirk::AnyLineRoutes::mask | pci_quirk::ConfigIsRam::mask;
    b.raise();
    b.config_write(isa_devfn(BoardId::pc), 0x63, 1, 0x1b);
    EXPECT_FALSE(b.level(11)) << "QEMU/piix3: 16 and more is no line";
    b.config_write(isa_devfn(BoardId::pc), 0x63, 1, 0x0d);
    EXPECT_TRUE(b.level(13));
}

TEST(PirqQuirk, RouteIsStale)
{
    PciBench b(BoardId::q35);
    b.m.pci.quirks = pci_quirk::RouteIsStale::mask;
    b.raise();
    b.config_write(isa_devfn(BoardId::q35), 0x6b, 1, 0x05);
    EXPECT_TRUE(b.level(11)) << "QEMU/lpc_ich9: left behind";
    EXPECT_FALSE(b.level(5));
    b.acknowledge_edu();
    b.raise();
    EXPECT_TRUE(b.level(5));
    EXPECT_TRUE(b.level(11));
}

} // namespace
} // namespace irqlab::hw::test
