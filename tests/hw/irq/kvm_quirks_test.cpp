// What KVM's 8259 pair and I/O APIC do otherwise, as the differential run against KVM saw it. Each row holds
// with KVM's quirks, and the datasheet's answer without them.
#include <gtest/gtest.h>

#include "hw/board/quirks.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr unsigned pin = 14;
constexpr u64 vector = 0x41;

u64 version(Bench& b) { return b.io_read(1); }

u64 ended_by_register(Bench& b)
{
    b.entry(pin, vector | flag_level);
    b.line(pin, true);
    b.line(pin, false);
    mmio_write(b.m, 0, ioapic_address + 0x40, vector, b.signals);
    return !rte::RemoteIrr::test(b.entry(pin));
}

u64 waits_for_nobody(Bench& b)
{
    b.entry(pin, vector | flag_level | destination(9));
    b.line(pin, true);
    return rte::Pending::test(b.entry(pin));
}

u64 nmi_in_service(Bench& b)
{
    b.entry(pin, vector | flag_level | mode(Delivery::nmi));
    b.line(pin, true);
    return rte::RemoteIrr::test(b.entry(pin));
}

u64 edge_comes_again(Bench& b)
{
    b.entry(pin, vector | flag_level);
    b.entry(pin + 1, vector);
    b.line(pin + 1, true);
    b.take(0);
    b.eoi(0);
    b.line(pin, true);
    b.take(0);
    b.line(pin, false);
    b.eoi(0);
    return b.pending(0);
}

/// The master, initialised once more with IR3 requested, in service, or both.
u64 isr_after_icw1(Bench& b, bool requested)
{
    b.pic_mask(0xfff7);
    b.line(3, true);
    Signals unheard;
    acknowledge(b.m.pic, unheard);
    b.line(3, false);
    b.line(3, requested);
    port_write(b.m, 0, 0x20, 1, 0x11, b.signals);
    return b.m.pic.master.isr;
}
u64 isr_kept(Bench& b) { return isr_after_icw1(b, false); }
u64 isr_of_an_edge(Bench& b) { return isr_after_icw1(b, true); }

u64 poll(Bench& b)
{
    port_write(b.m, 0, 0x20, 1, 0x0c, b.signals);
    return port_read(b.m, 0, 0x20, 1, b.signals);
}

u64 poll_of_nothing(Bench& b) { return poll(b); }

u64 poll_of_ir3(Bench& b)
{
    b.pic_mask(0xfff7);
    b.line(3, true);
    return poll(b) | u64{b.m.pic.master.isr} << 8;
}

struct Row {
    const char* quirk;
    u64 (*answer)(Bench&);
    u64 datasheet, kvm;
};

const Row rows[] = {
    {"ioapic.version-11h", version, 0x170020, 0x170011},
    {"ioapic.version-11h", ended_by_register, 1, 0},
    {"ioapic.no-delivery-status", waits_for_nobody, 1, 0},
    {"ioapic.service-in-any-mode", nmi_in_service, 0, 1},
    {"ioapic.eoi-resends-edges", edge_comes_again, 0, 1},
    {"pic.icw1-keeps", isr_kept, 0, 8},
    {"pic.icw1-keeps", isr_of_an_edge, 0, 0},
    {"pic.bare-poll", poll_of_nothing, 0, 7},
    {"pic.bare-poll", poll_of_ir3, 0x883, 0x083},
};

TEST(KvmQuirks, DoAsKvmDoes)
{
    for (const Row& row : rows) {
        Bench b;
        EXPECT_EQ(row.answer(b), row.datasheet) << row.quirk;
        Bench theirs;
        set_profile(theirs.m, Profile::kvm);
        EXPECT_EQ(row.answer(theirs), row.kvm) << row.quirk;
    }
}

} // namespace
} // namespace irqlab::hw::test
