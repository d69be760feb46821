// The tables of firmware: what they say, and that their bytes are well-formed.
#include "hw/board/tables.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

u8 sum(std::span<const u8> bytes) { return static_cast<u8>(std::accumulate(bytes.begin(), bytes.end(), 0u)); }

std::string text(std::span<const u8> bytes, std::size_t at, std::size_t length)
{
    return {bytes.begin() + static_cast<std::ptrdiff_t>(at),
            bytes.begin() + static_cast<std::ptrdiff_t>(at + length)};
}

u32 word(std::span<const u8> bytes, std::size_t at)
{
    return bytes[at] | u32{bytes[at + 1]} << 8 | u32{bytes[at + 2]} << 16 | u32{bytes[at + 3]} << 24;
}

std::vector<u8> madt(const Machine& m)
{
    std::vector<u8> bytes(madt_bytes(m, {}));
    madt_bytes(m, bytes);
    return bytes;
}

std::vector<u8> mp(const Machine& m)
{
    std::vector<u8> bytes(mp_table_bytes(m, 0xf5b90, {}));
    mp_table_bytes(m, 0xf5b90, bytes);
    return bytes;
}

constexpr unsigned cpu_counts[] = {1, 2, 8, 64, 255};

TEST(Madt, IsWellFormed)
{
    for (const BoardId board : {BoardId::pc, BoardId::q35, BoardId::laptop})
        for (const unsigned cpus : cpu_counts) {
            Bench b(board, cpus);
            const std::vector<u8> t = madt(b.m);
            EXPECT_EQ(text(t, 0, 4), "APIC") << "ACPI/signature";
            EXPECT_EQ(word(t, 4), t.size()) << "ACPI/length";
            EXPECT_EQ(sum(t), 0) << "ACPI/checksum";
            EXPECT_EQ(word(t, 36), 0xfee00000u) << "ACPI/local APIC address";
            std::size_t at = 44, seen[10] = {};
            while (at < t.size()) {
                ASSERT_LT(t[at], 10);
                ASSERT_GE(t[at + 1], 2);
                ++seen[t[at]];
                at += t[at + 1];
            }
            EXPECT_EQ(at, t.size()) << "ACPI/the entries end where the table does";
            EXPECT_EQ(seen[0], cpus) << "ACPI/Processor Local APIC";
            EXPECT_EQ(seen[1], 1u) << "ACPI/I/O APIC";
            EXPECT_EQ(seen[2], overrides(board).size()) << "ACPI/Interrupt Source Override";
            EXPECT_EQ(seen[4], 1u) << "ACPI/Local APIC NMI";
        }
}

TEST(Madt, AsQemuHasIt)
{
    Bench b(BoardId::pc, 2);
    const std::vector<u8> t = madt(b.m);
    EXPECT_EQ(t.size(), 0x80u) << "the length that Linux prints of QEMU's with two CPUs";
    const u8 tail[] = {2, 10, 0, 11, 11, 0, 0, 0, 0x0d, 0, 4, 6, 0xff, 0, 0, 1};
    EXPECT_TRUE(std::equal(std::begin(tail), std::end(tail), t.end() - std::ssize(tail)))
        << "INT_SRC_OVR 11 high level; LAPIC_NMI (acpi_id[0xff] dfl dfl lint[0x1])";
}

TEST(Madt, Flags)
{
    EXPECT_EQ(madt_flags({0, 2, false, false}), 0x0) << "ACPI/MPS INTI: conforms";
    EXPECT_EQ(madt_flags({9, 9, true, false}), 0xd) << "ACPI/MPS INTI: level, active high";
    EXPECT_EQ(madt_flags({9, 9, true, true}), 0xf) << "ACPI/MPS INTI: level, active low";
}

TEST(MpTable, IsWellFormed)
{
    for (const BoardId board : {BoardId::pc, BoardId::q35, BoardId::laptop})
        for (const unsigned cpus : cpu_counts) {
            Bench b(board, cpus);
            const std::vector<u8> t = mp(b.m);
            const std::span<const u8> pointer(t.data(), 16), table(t.data() + 16, t.size() - 16);
            EXPECT_EQ(text(t, 0, 4), "_MP_") << "MP/floating pointer";
            EXPECT_EQ(sum(pointer), 0) << "MP/floating pointer";
            EXPECT_EQ(word(t, 4), 0xf5ba0u) << "MP/floating pointer: the table follows";
            EXPECT_EQ(text(table, 0, 4), "PCMP") << "MP/signature";
            EXPECT_EQ(word(table, 4) & 0xffff, table.size()) << "MP/length";
            EXPECT_EQ(sum(table), 0) << "MP/checksum";
            std::size_t at = 44, entries = 0;
            for (; at < table.size(); ++entries)
                at += table[at] == 0 ? 20 : 8;
            EXPECT_EQ(at, table.size());
            EXPECT_EQ(word(table, 34) & 0xffff, entries) << "MP/entry count";
        }
}

TEST(MpTable, AsLinuxPrintsQemus)
{
    struct Row {
        u8 irq, pin;
    };
    constexpr Row isa[] = {{0, 2}, {1, 1},   {3, 3},   {4, 4},   {6, 6},  {7, 7},
                           {8, 8}, {12, 12}, {13, 13}, {14, 14}, {15, 15}};
    const MpAssignments all = io_assignments(BoardId::pc);
    ASSERT_EQ(all.count, std::size(isa));
    for (unsigned i = 0; i < all.count; ++i)
        EXPECT_EQ(all.entry[i], (MpAssignment{MpInterrupt::vectored, MpPolarity::conforms,
                                              MpTrigger::conforms, 1, isa[i].irq, 0, isa[i].pin}))
            << "Int: type 0, pol 0, trig 0, bus 01, IRQ " << int{isa[i].irq};
    const auto lint = local_assignments();
    EXPECT_EQ(lint[0], (MpAssignment{MpInterrupt::ext_int, {}, {}, 1, 0, 0, 0}))
        << "Lint: type 3, pol 0, trig 0, bus 01, IRQ 00, APIC ID 0, APIC LINT 00";
    EXPECT_EQ(lint[1], (MpAssignment{MpInterrupt::nmi, {}, {}, 1, 0, 0xff, 1}))
        << "Lint: type 1, pol 0, trig 0, bus 01, IRQ 00, APIC ID ff, APIC LINT 01";
}

TEST(MpTable, TheNotebooksPic)
{
    const MpAssignments all = io_assignments(BoardId::laptop);
    EXPECT_EQ(all.entry[0].type, MpInterrupt::ext_int) << "MP/ExtINT at pin 0, where INT is wired";
    for (const MpAssignment& a : all)
        if (a.bus_irq == 9 && a.type == MpInterrupt::vectored) {
            EXPECT_EQ(a.trigger, MpTrigger::level);
        }
}

TEST(MpTable, ImcrFlag)
{
    Bench b;
    EXPECT_EQ(mp(b.m)[12], 0x00) << "MP/IMCRP: virtual wire mode";
    fit_imcr(b.m, b.signals);
    EXPECT_EQ(mp(b.m)[12], 0x80) << "MP/IMCRP: PIC mode";
    EXPECT_EQ(sum(std::span<const u8>(mp(b.m)).first(16)), 0);
}

TEST(Tables, ShortSpansAreLeftAlone)
{
    Bench b;
    std::vector<u8> bytes(20, 0xaa);
    EXPECT_GT(madt_bytes(b.m, bytes), 20u);
    EXPECT_GT(mp_table_bytes(b.m, 0, bytes), 20u);
    EXPECT_EQ(bytes, std::vector<u8>(20, 0xaa));
}

// --- 255 CPUs
// -----------------------------------------------------------------------------------------------------------

TEST(ManyCpus, PhysicalDestinationsReachTheLast)
{
    Bench b(BoardId::pc, 255);
    b.entry(4, 0x34 | destination(254));
    b.line(4, true);
    EXPECT_EQ(b.take(254), 0x34) << "SDM3/physical destination";
    b.ipi(254, 0x51, 0);
    EXPECT_EQ(b.take(0), 0x51);
    b.signals.clear();
    b.ipi(3, 0x52, 0xfe);
    EXPECT_EQ(b.take(254), 0x52);
}

TEST(ManyCpus, ACopyOfFourIsCheap)
{
    Bench four(BoardId::pc, 4), many(BoardId::pc, 255);
    EXPECT_LT(used_bytes(four.m) * 8, used_bytes(many.m)) << "a copy stops after the last CPU";
    auto copy = std::make_unique<Machine>();
    copy_state(*copy, four.m);
    EXPECT_TRUE(same_state(*copy, four.m));
}

} // namespace
} // namespace irqlab::hw::test
