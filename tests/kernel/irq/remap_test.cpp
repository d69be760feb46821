// Linux's side of interrupt remapping beside the modelled unit: what the kernel writes, the unit must read.
#include <cstring>
#include <gtest/gtest.h>

#include "hw/irq/ioapic.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/remap.hpp"
#include "kernel/kernel.hpp"
#include "tests/support/session.hpp"

namespace irqlab::kernel {
namespace {

constexpr u64 memory_at = 0x40000000;
constexpr u16 ioapic_source = 0xf0f8, somebody_else = 0x0018;

/// A unit with memory, reached as the kernel reaches it.
struct Unit {
    hw::Vtd vtd;
    hw::Signals signals;
    std::array<u8, remap_memory_bytes> bytes{};
    Remap remap{{read, write, this, {memory_at, bytes}}};

    static u64 read(void* context, u16 reg, unsigned width)
    {
        auto& u = *static_cast<Unit*>(context);
        return hw::read(u.vtd, reg, width, u.signals);
    }
    static void write(void* context, u16 reg, unsigned width, u64 value)
    {
        auto& u = *static_cast<Unit*>(context);
        hw::write(u.vtd, reg, width, value, u.remap.port.memory, u.signals);
    }
    hw::Remapped ask(const Message& m, u16 source = ioapic_source)
    {
        return hw::remap(vtd, {m.address, m.data, source}, {memory_at, bytes}, signals);
    }
};

Route route(u8 vector, u8 cpu)
{
    Route r;
    r.vector = vector;
    r.cpu = cpu;
    return r;
}

TEST(Remap, EnableTurnsItOn) // [VTD] "Software Initialization of Interrupt Remapping"
{
    Unit u;
    EXPECT_TRUE(remap_enable(u.remap, false));
    EXPECT_TRUE(hw::remapping(u.vtd));
    EXPECT_TRUE(hw::valid(u.vtd));
    EXPECT_EQ(0u, u.vtd.fsts);
}

TEST(Remap, AnEntryNamesVectorAndCpu) // [VTD] "Interrupt Remapping Table Entry (IRTE)"
{
    struct Row {
        const char* clause;
        Route route;
        ApicDriver driver;
        bool eim;
        hw::ApicMessage message;
    };
    using enum ApicDriver;
    constexpr hw::Delivery fixed = hw::Delivery::fixed;
    const Row rows[] = {
        {"flat: a bit for the CPU", route(0x23, 1), flat, false, {0x23, fixed, 2, true, false}},
        {"physical: its number", route(0x31, 12), physical_flat, false, {0x31, fixed, 12, false, false}},
        {"EIME: 32 bits, cluster and a bit in it",
         route(0x23, 5),
         cluster_x2apic,
         true,
         {0x23, fixed, 0x20, true, false}},
        {"EIME: the cluster is bits 31:16",
         route(0x23, 35),
         cluster_x2apic,
         true,
         {0x23, fixed, 0x20008, true, false}},
        {"EIME: the whole ID", route(0x31, 200), physical_x2apic, true, {0x31, fixed, 200, false, false}},
    };
    for (const Row& row : rows) {
        Unit u;
        ASSERT_TRUE(remap_enable(u.remap, row.eim));
        EXPECT_EQ(row.eim, hw::irta::Extended::test(u.vtd.table)) << row.clause;
        const int index = remap_allocate(u.remap);
        remap_write(u.remap, static_cast<unsigned>(index),
                    remap_entry(row.route, ioapic_source, row.driver, row.eim));
        const hw::Remapped r = u.ask(remap_message(static_cast<unsigned>(index), 0));
        EXPECT_EQ(hw::Remapped::Outcome::remapped, r.outcome) << row.clause;
        EXPECT_EQ(row.message, r.message) << row.clause;
    }
}

TEST(Remap, AWrittenEntryIsTheUnitsAtOnce) // [VTD] "Invalidation of Translation Caches"
{
    Unit u;
    ASSERT_TRUE(remap_enable(u.remap, false));
    const Message m = remap_message(0, 0);
    for (unsigned turn = 0; turn < 300; ++turn) { // more than the queue is long
        const u8 vector = static_cast<u8>(0x20 + turn % 0x80);
        remap_write(u.remap, 0, remap_entry(route(vector, 0), ioapic_source, ApicDriver::flat, false));
        ASSERT_EQ(vector, u.ask(m).message.vector);
    }
    EXPECT_EQ(0u, u.vtd.fsts);
}

TEST(Remap, OnlyItsSourceMayUseAnEntry) // [VTD] "Interrupt Request Source Validation"
{
    Unit u;
    ASSERT_TRUE(remap_enable(u.remap, false));
    remap_write(u.remap, 0, remap_entry(route(0x23, 0), ioapic_source, ApicDriver::flat, false));
    EXPECT_EQ(hw::VtdFault::source_refused, u.ask(remap_message(0, 0), somebody_else).fault);
}

TEST(Remap, AFreedEntryIsBlockedAndGivenAgain)
{
    Unit u;
    ASSERT_TRUE(remap_enable(u.remap, false));
    for (unsigned i = 0; i < remap_entries; ++i)
        EXPECT_EQ(static_cast<int>(i), remap_allocate(u.remap));
    EXPECT_EQ(-ENOSPC, remap_allocate(u.remap));
    remap_write(u.remap, 77, remap_entry(route(0x23, 0), ioapic_source, ApicDriver::flat, false));
    remap_free(u.remap, 77);
    EXPECT_EQ(hw::VtdFault::not_present, u.ask(remap_message(77, 0)).fault);
    EXPECT_EQ(77, remap_allocate(u.remap));
}

/// A redirection entry as the request that the I/O APIC makes of it. [VTD] "I/OxAPIC Programming".
Message request_of(u64 rte)
{
    const u32 index = static_cast<u32>(rte >> 49) | static_cast<u32>(rte >> 11 & 1) << 15;
    EXPECT_TRUE(rte >> 48 & 1) << "remappable format";
    return {0xfee00010 | (index & 0x7fff) << 5 | (index >> 15) << 2, static_cast<u32>(rte & 0xff)};
}

// A booted kernel whose lines are given a unit: where the core wants a line, there the unit sends it.
TEST(Remap, ALineGoesWhereTheCoreSendsIt)
{
    lab::WorldConfig config;
    config.cpus = 4;
    config.board = hw::BoardId::laptop;
    sim::NaturalChoice natural;
    test::Session session;
    lab::World world(config, natural, test::terminal_of(session));
    Kernel& k = world.kernel();
    Unit u;
    ASSERT_TRUE(k.irq->x2apic);
    ASSERT_TRUE(remap_enable(u.remap, true));
    k.irq->remap = &u.remap;
    k.irq->parent = &remap_parent;
    abi::irq_desc& desc = *irq_desc_of(k, 11);
    Kernel* const before = std::exchange(the_kernel, &k);
    ASSERT_EQ(0, irq_activate(k, desc));

    const Message first = k.irq->parent->compose(k, desc);
    EXPECT_EQ(first, request_of(entry_from_message(first)));
    EXPECT_EQ(route_of(desc).pin, first.data & 0xff) << "the vector field is the pin";
    const hw::ApicMessage sent = u.ask(first).message;
    EXPECT_EQ(route_of(desc).vector, sent.vector);
    EXPECT_EQ(1u << route_of(desc).cpu, sent.destination);

    const unsigned other = (route_of(desc).cpu + 1) % 4;
    ASSERT_EQ(0, irq_affinity_set(desc, CpuSet::only(other)));
    EXPECT_EQ(first, k.irq->parent->compose(k, desc)) << "the chip's entry stays";
    EXPECT_EQ(1u << other, u.ask(first).message.destination);

    irq_deactivate(k, desc);
    EXPECT_EQ(hw::VtdFault::not_present, u.ask(first).fault);
    the_kernel = before;
}

} // namespace
} // namespace irqlab::kernel
