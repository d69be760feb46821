// A second I/O APIC: its own registers, lines 24 to 47, and what it shares with the first one.
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

#include "hw/board/quirks.hpp"
#include "hw/board/remapping.hpp"
#include "hw/board/tables.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

struct TwoBench : Bench {
    explicit TwoBench(BoardId board = BoardId::pc) : Bench(board) { fit_ioapic2(m); }
    u32 second_read(u8 index)
    {
        mmio_write(m, 0, ioapic2_address, index, signals);
        return mmio_read(m, 0, ioapic2_address + 0x10, signals);
    }
    void second(unsigned pin, u64 value)
    {
        for (const unsigned half : {1u, 0u}) {
            mmio_write(m, 0, ioapic2_address, 0x10 + 2 * pin + half, signals);
            mmio_write(m, 0, ioapic2_address + 0x10, static_cast<u32>(value >> 32 * half), signals);
        }
    }
};

TEST(SecondIoapic, ABoardWithoutItHasNobodyThere)
{
    Bench b;
    EXPECT_EQ(lines_of(b.m), 24u);
    EXPECT_EQ(mmio_read(b.m, 0, ioapic2_address + 0x10, b.signals), ~0u);
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_unclaimed));
}

TEST(SecondIoapic, EachPinIsALineOfItsOwn)
{
    TwoBench b;
    ASSERT_EQ(lines_of(b.m), 48u);
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        b.second(pin, destination(pin % 4) | (0x40 + pin));
    const Ioapic first = b.m.ioapic;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        b.pulse(lines_max + pin);
        EXPECT_EQ(b.drain(pin % 4), std::vector<int>{static_cast<int>(0x40 + pin)}) << pin;
    }
    EXPECT_EQ(b.m.ioapic, first);
}

TEST(SecondIoapic, ALineThatIsUpStaysSoThroughAReset) // [82093AA] "Register Description"
{
    TwoBench b;
    b.second(3, flag_level | 0x51);
    b.line(27, true);
    reset_machine(b.m, ResetScope::system, b.signals);
    EXPECT_EQ(b.second_read(0x16), rte::at_reset);
    EXPECT_EQ(b.m.ioapic2.chip.lines, bit<u32>(3));
    b.line(27, false);
    EXPECT_EQ(b.m.ioapic2.chip.lines, 0u);
}

TEST(SecondIoapic, AMessageNobodyTookIsSentWhenSomeoneIsThere) // [82093AA] IOREDTBL, delivery status
{
    TwoBench b;
    b.second(0, flag_level | flag_logical | destination(8) | 0x51);
    b.line(24, true);
    EXPECT_FALSE(rte::RemoteIrr::test(b.m.ioapic2.chip.entry[0]));
    b.apic_write(3, lapic_ldr, 8u << 24);
    EXPECT_TRUE(rte::RemoteIrr::test(b.m.ioapic2.chip.entry[0]));
    EXPECT_EQ(b.take(3), 0x51);
}

TEST(SecondIoapic, TheRemappingUnitTellsThemApart) // [VTD] "Interrupt Remapping Table Entry (IRTE)": SID
{
    TwoBench b(BoardId::laptop);
    const auto set = [&](u16 reg, unsigned width, u64 value) {
        mmio_write(b.m, 0, vtd_address + reg, width, value, b.signals);
    };
    const u64 irte[2] = {irte::Present::mask | u64{0x61} << 16, irte::SourceCheck::put(ioapic2_source, 1)};
    std::memcpy(b.m.remap.memory.data() + 16 * 5, irte, sizeof irte);
    set(vtd_irta, 8, vtd_memory_address | 7);
    set(vtd_gcmd, 4, gcmd::SetTable::mask);
    set(vtd_gcmd, 4, gcmd::Remapping::mask);
    const u64 entry = rte::Remappable::mask | u64{5} << 49;
    b.entry(3, entry | 3);
    b.pulse(3);
    EXPECT_TRUE(b.drain(0).empty()) << "the table's entry is the second one's";
    b.second(7, entry | 7);
    b.pulse(31);
    EXPECT_EQ(b.drain(0), std::vector<int>{0x61});
}

TEST(SecondIoapic, TheTablesNameIt) // [ACPI] "I/O APIC Structure"; [MP] "I/O APIC Entries"
{
    Bench one;
    TwoBench two;
    std::vector<u8> madt(madt_bytes(two.m, {}));
    EXPECT_EQ(madt.size(), madt_bytes(one.m, {}) + 12);
    madt_bytes(two.m, madt);
    const std::vector<u8> row{1, 12, mp_ioapic2_id, 0, 0x00, 0x00, 0xc1, 0xfe, 24, 0, 0, 0};
    EXPECT_NE(std::ranges::search(madt, row).begin(), madt.end());
    std::vector<u8> mp(mp_table_bytes(two.m, 0xf0000, {}));
    mp_table_bytes(two.m, 0xf0000, mp);
    const std::vector<u8> mp_row{2, mp_ioapic2_id, ioapic_version_eoi, 1, 0x00, 0x00, 0xc1, 0xfe};
    EXPECT_NE(std::ranges::search(mp, mp_row).begin(), mp.end());
}

TEST(SecondIoapic, ItsQuirksAreTheFirstOnes)
{
    TwoBench b;
    set_profile(b.m, Profile::qemu);
    EXPECT_EQ(b.m.ioapic2.chip.quirks, b.m.ioapic.quirks);
    EXPECT_NE(b.m.ioapic2.chip.quirks, 0u);
}

} // namespace
} // namespace irqlab::hw::test
