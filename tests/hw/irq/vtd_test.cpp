// VT-d against the clauses of its specification: registers, the queue, remapping, faults.
#include <cstring>
#include <gtest/gtest.h>

#include "hw/irq/vtd.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 memory_at = 0x100000;
constexpr u64 queue_offset = 0x1000, status_offset = 0x2000;
constexpr u16 ioapic_source = 0xf0f8, device_source = 0x0018;

/// A unit with its table at 100000h, its queue a page later, and remapping on.
struct Bench {
    Vtd unit;
    Signals signals;
    std::array<u8, 0x3000> bytes{};
    VtdMemory memory{memory_at, bytes};
    unsigned queued = 0;

    explicit Bench(bool extended = false, u32 more = 0)
    {
        set(vtd_irta, 8, memory_at | (extended ? irta::Extended::mask : 0) | 7); // 256 entries
        set(vtd_iqa, 8, memory_at + queue_offset);
        set(vtd_fectl, 4, 0);
        set(vtd_fedata, 4, 0x51);
        set(vtd_feaddr, 4, 0xfee00000);
        set(vtd_gcmd, 4, gcmd::SetTable::mask);
        set(vtd_gcmd, 4, gcmd::QueuedInvalidation::mask | gcmd::Remapping::mask | more);
    }
    VtdEvent set(u16 offset, unsigned width, u64 value)
    {
        return write(unit, offset, width, value, memory, signals);
    }
    u64 get(u16 offset, unsigned width = 4) { return read(unit, offset, width, signals); }
    void entry(unsigned index, u64 low, u64 high = 0)
    {
        std::memcpy(bytes.data() + 16 * index, &low, 8);
        std::memcpy(bytes.data() + 16 * index + 8, &high, 8);
    }
    VtdEvent submit(u64 low, u64 high = 0)
    {
        std::memcpy(bytes.data() + queue_offset + 16 * queued, &low, 8);
        std::memcpy(bytes.data() + queue_offset + 16 * queued + 8, &high, 8);
        queued = (queued + 1) % 256;
        return set(vtd_iqt, 4, 16 * queued);
    }
    Remapped ask(unsigned index, u16 source = device_source, u32 data = 0, u32 flags = 0)
    {
        const u32 address = 0xfee00010 | (index & 0x7fff) << 5 | (index >> 15) << 2 | flags;
        return remap(unit, {address, data, source}, memory, signals);
    }
    u32 status()
    {
        u32 word = 0;
        std::memcpy(&word, bytes.data() + status_offset, 4);
        return word;
    }
};

constexpr u64 present = irte::Present::mask;
constexpr u64 vector(u64 v) { return irte::Vector::put(0, v); }

TEST(Vtd, EntryNamesVectorModeAndDestination) // [VTD] "Interrupt Remapping Table Entry (IRTE)"
{
    struct Row {
        const char* clause;
        bool extended;
        u64 low;
        ApicMessage message;
    };
    const Row rows[] = {
        {"IRTE/V: the vector", false, present | vector(0x31), {0x31, Delivery::fixed, 0, false, false}},
        {"IRTE/TM: level",
         false,
         present | vector(0x31) | irte::Level::mask,
         {0x31, Delivery::fixed, 0, false, true}},
        {"IRTE/DM: logical",
         false,
         present | vector(0x31) | irte::Logical::mask | u64{0x0300} << 32,
         {0x31, Delivery::fixed, 3, true, false}},
        {"IRTE/DST: bits 47:40 without extended mode",
         false,
         present | vector(0x40) | u64{0xa500} << 32,
         {0x40, Delivery::fixed, 0xa5, false, false}},
        {"IRTE/DLM: NMI",
         false,
         present | irte::DeliveryMode::put(0, 4),
         {0, Delivery::nmi, 0, false, false}},
        {"IRTE/DLM: lowest priority",
         false,
         present | vector(0x50) | irte::DeliveryMode::put(0, 1),
         {0x50, Delivery::lowest, 0, false, false}},
        {"IRTE/DST: 32 bits in extended mode",
         true,
         present | vector(0x41) | u64{0x7f} << 32,
         {0x41, Delivery::fixed, 0x7f, false, false}},
    };
    for (const Row& row : rows) {
        Bench b(row.extended);
        b.entry(5, row.low);
        const Remapped r = b.ask(5);
        EXPECT_EQ(r.outcome, Remapped::Outcome::remapped) << row.clause;
        EXPECT_EQ(r.message, row.message) << row.clause;
    }
}

TEST(Vtd, IndexIsHandlePlusSubhandle) // [VTD] "Interrupt Requests in Remappable Format"
{
    Bench b;
    b.entry(9, present | vector(0x39));
    constexpr u32 shv = 1 << 3;
    EXPECT_EQ(b.ask(7, device_source, 2, shv).message.vector, 0x39);
    EXPECT_EQ(b.ask(9, device_source, 2).message.vector, 0x39) << "without SHV the subhandle does not count";
}

TEST(Vtd, FaultsBlockAndAreRecorded) // [VTD] "Interrupt Remapping Fault Reasons", "Fault Recording Registers"
{
    struct Row {
        const char* clause;
        u64 low, high;
        unsigned index;
        u32 data;
        VtdFault fault;
    };
    const Row rows[] = {
        {"20h: reserved bits of the request", present, 0, 3, 0x10000, VtdFault::reserved_in_request},
        {"21h: index beyond the table", present, 0, 256, 0, VtdFault::index_beyond_table},
        {"21h: the highest index", present, 0, 0xffff, 0, VtdFault::index_beyond_table},
        {"22h: not present", 0, 0, 3, 0, VtdFault::not_present},
        {"24h: reserved bit 12", present | 1 << 12, 0, 3, 0, VtdFault::reserved_in_entry},
        {"24h: posted format, which is not offered", present | irte::Posted::mask, 0, 3, 0,
         VtdFault::reserved_in_entry},
        {"24h: reserved SVT 11b", present, irte::SourceCheck::put(0, 3), 3, 0, VtdFault::reserved_in_entry},
        {"26h: another source", present, irte::SourceCheck::put(0, 1) | ioapic_source, 3, 0,
         VtdFault::source_refused},
    };
    for (const Row& row : rows) {
        Bench b;
        if (row.index < 256)
            b.entry(row.index, row.low, row.high);
        const Remapped r = b.ask(row.index, device_source, row.data);
        EXPECT_EQ(r.outcome, Remapped::Outcome::blocked) << row.clause;
        EXPECT_EQ(r.fault, row.fault) << row.clause;
        EXPECT_TRUE(r.event.sends && r.event.data == 0x51) << row.clause;
        EXPECT_EQ(b.get(vtd_frcd, 8), u64{row.index} << 48) << row.clause;
        EXPECT_EQ(b.get(vtd_frcd + 8, 8),
                  u64{1} << 63 | u64{static_cast<u8>(row.fault)} << 32 | device_source)
            << row.clause;
        EXPECT_EQ(b.get(vtd_fsts), fsts::Pending::mask) << row.clause;
        EXPECT_TRUE(valid(b.unit));
    }
}

TEST(Vtd, FaultDisableKeepsTheRecordEmpty) // [VTD] "Interrupt Remapping Fault Conditions": qualified faults
{
    Bench b;
    b.entry(3, irte::FaultDisable::mask);
    EXPECT_EQ(b.ask(3).fault, VtdFault::not_present);
    EXPECT_EQ(b.get(vtd_fsts), 0u);
}

TEST(Vtd, SecondFaultOverflows) // [VTD] "Primary Fault Logging"
{
    Bench b;
    EXPECT_TRUE(b.ask(3).event.sends);
    EXPECT_FALSE(b.ask(4).event.sends) << "one message until software has cleared all causes";
    EXPECT_EQ(b.get(vtd_fsts), fsts::Pending::mask | fsts::Overflow::mask);
    EXPECT_EQ(b.get(vtd_frcd, 8) >> 48, 3u) << "the first record stays";
    b.set(vtd_frcd + 12, 4, 0x80000000);
    b.set(vtd_fsts, 4, fsts::Overflow::mask);
    EXPECT_EQ(b.get(vtd_fsts), 0u);
    EXPECT_TRUE(b.ask(4).event.sends);
}

TEST(Vtd, MaskedFaultEventWaits) // [VTD] "Fault Event Control Register": IM, IP
{
    Bench b;
    b.set(vtd_fectl, 4, event_control::Masked::mask);
    EXPECT_FALSE(b.ask(3).event.sends);
    EXPECT_EQ(b.get(vtd_fectl), event_control::Masked::mask | event_control::Pending::mask);
    EXPECT_TRUE(b.set(vtd_fectl, 4, 0).sends);
    EXPECT_EQ(b.get(vtd_fectl), 0u);
}

TEST(Vtd, CompatibilityFormat) // [VTD] "Interrupt Requests in Intel 64 Compatibility Format"
{
    const InterruptRequest request{0xfee03000, 0x4051, device_source};
    Bench blocked, passing(false, gcmd::Compatibility::mask), extended(true, gcmd::Compatibility::mask);
    EXPECT_EQ(remap(blocked.unit, request, blocked.memory, blocked.signals).fault,
              VtdFault::compatibility_blocked);
    EXPECT_EQ(remap(extended.unit, request, extended.memory, extended.signals).fault,
              VtdFault::compatibility_blocked);
    const Remapped r = remap(passing.unit, request, passing.memory, passing.signals);
    EXPECT_EQ(r.outcome, Remapped::Outcome::passes);
    EXPECT_EQ(r.message, (ApicMessage{0x51, Delivery::fixed, 3, false, false}));
    passing.set(vtd_gcmd, 4, 0);
    EXPECT_EQ(passing.ask(1).outcome, Remapped::Outcome::passes) << "remapping is off";
}

TEST(Vtd, SourceValidation) // [VTD] "Interrupt Remapping Table Entry (IRTE)": SVT, SQ
{
    struct Row {
        const char* clause;
        u64 check, qualifier, id;
        u16 source;
        bool allowed;
    };
    const Row rows[] = {
        {"SVT 00: anybody", 0, 0, 0, 0x1234, true},
        {"SVT 01, SQ 00: all bits", 1, 0, 0x0018, 0x0019, false},
        {"SVT 01, SQ 01: function bit 2 ignored", 1, 1, 0x0018, 0x001c, true},
        {"SVT 01, SQ 01: bits 1:0 count", 1, 1, 0x0018, 0x0019, false},
        {"SVT 01, SQ 10: bits 2:1 ignored", 1, 2, 0x0018, 0x001e, true},
        {"SVT 01, SQ 11: the function ignored", 1, 3, 0x0018, 0x001f, true},
        {"SVT 01, SQ 11: the device counts", 1, 3, 0x0018, 0x0020, false},
        {"SVT 10: first bus", 2, 0, 0x0205, 0x0200, true},
        {"SVT 10: last bus", 2, 0, 0x0205, 0x05ff, true},
        {"SVT 10: beyond", 2, 0, 0x0205, 0x0600, false},
    };
    for (const Row& row : rows) {
        Bench b;
        b.entry(1, present | vector(0x33),
                irte::SourceCheck::put(0, row.check) | irte::SourceQualifier::put(0, row.qualifier) | row.id);
        EXPECT_EQ(b.ask(1, row.source).outcome == Remapped::Outcome::remapped, row.allowed) << row.clause;
    }
}

TEST(Vtd, AnEntryLivesInTheCacheUntilInvalidated) // [VTD] "Interrupt Entry Cache"
{
    Bench b;
    b.entry(5, present | vector(0x31));
    EXPECT_EQ(b.ask(5).message.vector, 0x31);
    b.entry(5, present | vector(0x32));
    EXPECT_EQ(b.ask(5).message.vector, 0x31) << "nobody has invalidated it";
    b.submit(4 | 1 << 4 | u64{6} << 32); // index 6 only
    EXPECT_EQ(b.ask(5).message.vector, 0x31);
    b.submit(4 | 1 << 4 | u64{1} << 27 | u64{4} << 32); // 4 and 5
    EXPECT_EQ(b.ask(5).message.vector, 0x32);
    b.entry(5, present | vector(0x33));
    b.submit(4); // all
    EXPECT_EQ(b.ask(5).message.vector, 0x33);
}

TEST(Vtd, AnAbsentEntryIsNotCached) // [VTD] "Interrupt Entry Cache", caching mode 0
{
    Bench b;
    EXPECT_EQ(b.ask(5).fault, VtdFault::not_present);
    b.entry(5, present | vector(0x31));
    EXPECT_EQ(b.ask(5).outcome, Remapped::Outcome::remapped);
}

TEST(Vtd, WaitWritesItsStatus) // [VTD] "Invalidation Wait Descriptor"
{
    Bench b;
    b.submit(5 | 1 << 5 | u64{0xcafe} << 32, memory_at + status_offset);
    EXPECT_EQ(b.status(), 0xcafeu);
    EXPECT_EQ(b.get(vtd_iqh), 16u);
    EXPECT_EQ(b.get(vtd_ics), 0u);
}

TEST(Vtd, WaitInterrupts) // [VTD] "Invalidation Wait Descriptor": IF; "Invalidation Event Control Register"
{
    Bench b;
    b.set(vtd_iedata, 4, 0x52);
    b.set(vtd_ieaddr, 4, 0xfee01000);
    EXPECT_FALSE(b.submit(5 | 1 << 4).sends) << "masked after reset";
    EXPECT_EQ(b.get(vtd_ics), 1u);
    const VtdEvent event = b.set(vtd_iectl, 4, 0);
    EXPECT_TRUE(event.sends && event.data == 0x52 && event.address == 0xfee01000);
    EXPECT_FALSE(b.submit(5 | 1 << 4).sends) << "the last one has not been seen yet";
    b.set(vtd_ics, 4, 1);
    EXPECT_TRUE(b.submit(5 | 1 << 4).sends);
}

TEST(Vtd, QueueStopsAtWhatItDoesNotKnow) // [VTD] "Queued Invalidation Errors"
{
    Bench b;
    EXPECT_TRUE(b.submit(15).sends);
    EXPECT_EQ(b.get(vtd_fsts), fsts::QueueError::mask);
    EXPECT_EQ(b.get(vtd_iqh), 0u);
    const u64 good = 4;
    std::memcpy(b.bytes.data() + queue_offset, &good, 8);
    b.set(vtd_fsts, 4, fsts::QueueError::mask);
    EXPECT_EQ(b.get(vtd_iqh), 16u) << "goes on when the error is cleared";
}

TEST(Vtd, QueueWrapsAround) // [VTD] "Queued Invalidation Interface"
{
    Bench b;
    for (unsigned i = 0; i < 600; ++i)
        b.submit(4);
    EXPECT_EQ(b.get(vtd_iqh), 16u * (600 % 256));
    b.set(vtd_gcmd, 4, gcmd::Remapping::mask);
    EXPECT_EQ(b.get(vtd_iqh), 0u) << "turned off, it starts over";
}

TEST(Vtd, TableIsTakenOverByCommand) // [VTD] "Interrupt Remapping Table Address Register": SIRTP
{
    Bench b;
    b.entry(0, present | vector(0x31));
    b.set(vtd_irta, 8, (memory_at + 0x2000) | 0);
    EXPECT_EQ(b.ask(0).message.vector, 0x31) << "not before SIRTP";
    b.submit(4);
    b.set(vtd_gcmd, 4, gcmd::SetTable::mask | gcmd::QueuedInvalidation::mask | gcmd::Remapping::mask);
    EXPECT_EQ(b.ask(0).fault, VtdFault::not_present);
    EXPECT_EQ(b.ask(2).fault, VtdFault::index_beyond_table) << "size 0 is two entries";
}

TEST(Vtd, RegistersByHalvesAndWidths) // [VTD] "Software Access to Registers"
{
    Bench b;
    b.set(vtd_irta, 4, 0x12345007);
    b.set(vtd_irta + 4, 4, 0x9);
    EXPECT_EQ(b.get(vtd_irta, 8), 0x912345007u);
    EXPECT_EQ(b.get(vtd_irta + 4), 9u);
    b.set(vtd_fedata, 8, u64{0xfee02000} << 32 | 0x60); // FEDATA and FEADDR at once: not aligned to 8
    EXPECT_EQ(b.get(vtd_feaddr), 0xfee00000u);
    b.set(vtd_feaddr, 8, u64{7} << 32 | 0xfee03001);
    EXPECT_EQ(b.get(vtd_feaddr), 0xfee03000u);
    EXPECT_EQ(b.get(vtd_feuaddr), 7u);
    EXPECT_EQ(b.get(vtd_ver), 0x10u);
    EXPECT_EQ(b.get(vtd_gcmd), 0u) << "write-only";
    b.signals.clear();
    EXPECT_EQ(b.get(2, 2), 0u);
    EXPECT_EQ(b.signals.size(), 1u) << "16 bits: said";
}

} // namespace
} // namespace irqlab::hw
