// The VT-d unit on a board: what I/O APIC pins and devices send goes through it.
#include <cstring>
#include <gtest/gtest.h>

#include "hw/board/remapping.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

/// A notebook whose unit remaps, as Linux sets it up: the table, the queue a page behind it.
struct RemapBench : Bench {
    explicit RemapBench(u32 more = 0) : Bench(BoardId::laptop)
    {
        set(vtd_irta, 8, vtd_memory_address | 7);
        set(vtd_iqa, 8, vtd_memory_address + 0x1000);
        set(vtd_gcmd, 4, gcmd::SetTable::mask);
        set(vtd_gcmd, 4, gcmd::QueuedInvalidation::mask | gcmd::Remapping::mask | more);
    }
    void set(u16 reg, unsigned width, u64 value)
    {
        mmio_write(m, 0, vtd_address + reg, width, value, signals);
    }
    u64 get(u16 reg, unsigned width) { return mmio_read(m, 0, vtd_address + reg, width, signals); }
    void table(unsigned index, u64 low, u64 high = 0)
    {
        std::memcpy(m.remap.memory.data() + 16 * index, &low, 8);
        std::memcpy(m.remap.memory.data() + 16 * index + 8, &high, 8);
    }
};

constexpr u64 irte_for(u8 vector, unsigned cpu)
{
    return irte::Present::mask | u64{vector} << 16 | u64{cpu} << 40;
}
constexpr u64 remappable(unsigned index) { return rte::Remappable::mask | u64{index & 0x7fff} << 49; }

TEST(Remapping, APinGoesWhereItsEntryInMemorySays) // [VTD] "I/OxAPIC Programming"
{
    RemapBench b;
    b.table(9, irte_for(0x51, 2), irte::SourceCheck::put(ioapic_source, 1));
    b.entry(3, remappable(9) | 3); // the vector field is the pin's number
    b.pulse(3);
    EXPECT_EQ(b.drain(2), std::vector<int>{0x51});
    EXPECT_TRUE(b.drain(0).empty());
}

TEST(Remapping, ALevelIsEndedByTheEoiRegister) // [VTD] "I/OxAPIC Programming"; [ICH9] "EOI Register"
{
    RemapBench b;
    b.table(4, irte_for(0x52, 1));
    b.entry(9, remappable(4) | flag_level | 9);
    b.line(9, true);
    EXPECT_EQ(b.take(1), 0x52);
    b.eoi(1);
    EXPECT_TRUE(rte::RemoteIrr::test(b.entry(9))) << "the CPU's EOI names a vector that the entry has not";
    mmio_write(b.m, 0, ioapic_address + 0x40, 9, b.signals);
    EXPECT_EQ(b.take(1), 0x52) << "still active: sent again";
    b.line(9, false);
    b.eoi(1);
    mmio_write(b.m, 0, ioapic_address + 0x40, 9, b.signals);
    EXPECT_FALSE(rte::RemoteIrr::test(b.entry(9)));
    EXPECT_TRUE(b.drain(1).empty());
}

TEST(Remapping, ADevicesMessageIsCheckedByItsSource) // [VTD] "Interrupt Remapping Table Entry (IRTE)": SID
{
    RemapBench b;
    constexpr u16 device = 0x0018, other = 0x0020;
    b.table(6, irte_for(0x61, 3), irte::SourceCheck::put(device, 1));
    const u32 address = 0xfee00010 | 6 << 5;
    send_message(b.m, other, address, 0, b.signals);
    EXPECT_TRUE(b.drain(3).empty());
    EXPECT_TRUE(b.diagnosed(Diagnosis::vtd_fault));
    EXPECT_EQ(b.get(vtd_frcd + 8, 8) & 0xffff, other);
    send_message(b.m, device, address, 0, b.signals);
    EXPECT_EQ(b.drain(3), std::vector<int>{0x61});
}

TEST(Remapping, CompatibilityFormatIsBlocked) // [VTD] "Interrupt Requests in Intel 64 Compatibility Format"
{
    RemapBench blocked, passing(gcmd::Compatibility::mask);
    for (RemapBench* b : {&blocked, &passing}) {
        b->entry(3, destination(1) | 0x71);
        b->pulse(3);
    }
    EXPECT_TRUE(blocked.drain(1).empty());
    EXPECT_EQ(passing.drain(1), std::vector<int>{0x71});
}

TEST(Remapping, AFaultInterruptsByItsOwnMessage) // [VTD] "Fault Event Data Register"
{
    RemapBench b;
    b.set(vtd_fedata, 4, 0x44);
    b.set(vtd_feaddr, 4, 0xfee01000);
    b.set(vtd_fectl, 4, 0);
    b.entry(3, remappable(200));
    b.pulse(3);
    EXPECT_EQ(b.drain(1), std::vector<int>{0x44});
}

TEST(Remapping, OtherBoardsHaveNoUnit)
{
    Bench b(BoardId::pc);
    EXPECT_EQ(mmio_read(b.m, 0, vtd_address, 4, b.signals), 0xffffffffu);
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_unclaimed));
    fit_vtd(b.m);
    EXPECT_EQ(mmio_read(b.m, 0, vtd_address, 4, b.signals), 0x10u);
}

TEST(Remapping, CopiesAndComparisonsTakeTheUnitAlong)
{
    RemapBench a;
    const auto copy = std::make_unique<Machine>();
    copy_state(*copy, a.m);
    EXPECT_TRUE(same_state(a.m, *copy));
    a.table(100, irte_for(0x31, 0));
    EXPECT_FALSE(same_state(a.m, *copy)) << "its memory is part of the machine";
}

} // namespace
} // namespace irqlab::hw::test
