// Priorities, exhausted against the rules of [SDM3] "Interrupt, Task, and Processor Priority" stated a second
// time, plainly: classes are vector / 16, PPR is the higher of TPR's and the highest one in service, and a
// vector is delivered when its class is above PPR's.
#include <gtest/gtest.h>
#include <set>

#include "hw/irq/lapic_accept.hpp"

namespace irqlab::hw::test {
namespace {

/// The second statement: sets of numbers, no bits.
struct Plain {
    unsigned tpr;
    std::set<unsigned> requested, in_service;

    unsigned isr_class() const { return in_service.empty() ? 0 : *in_service.rbegin() / 16; }
    unsigned ppr() const { return tpr / 16 >= isr_class() ? tpr : isr_class() * 16; }
    int next() const
    {
        if (requested.empty() || *requested.rbegin() / 16 <= ppr() / 16)
            return -1;
        return static_cast<int>(*requested.rbegin());
    }
};

Lapic made(const Plain& plain)
{
    Lapic apic{};
    reset(apic, 0, true);
    apic.svr = 0x1ff;
    apic.tpr = static_cast<u8>(plain.tpr);
    for (const unsigned v : plain.requested)
        apic.irr.set(static_cast<u8>(v));
    for (const unsigned v : plain.in_service)
        apic.isr.set(static_cast<u8>(v));
    return apic;
}

/// INTA and EOI until nothing moves, both ways.
void compare(Plain plain)
{
    Lapic apic = made(plain);
    Signals signals;
    ASSERT_EQ(processor_priority(apic), plain.ppr());
    ASSERT_EQ(deliverable(apic), plain.next());
    if (const int vector = plain.next(); vector >= 0) {
        ASSERT_EQ(acknowledge(apic, 0, signals), vector);
        plain.requested.erase(static_cast<unsigned>(vector));
        plain.in_service.insert(static_cast<unsigned>(vector));
    } else {
        ASSERT_EQ(acknowledge(apic, 0, signals), plain.requested.empty() ? -1 : 0xff)
            << "the spurious vector, or none";
    }
    ASSERT_EQ(apic, made(plain));
    end_of_interrupt(apic, 0, signals);
    if (!plain.in_service.empty())
        plain.in_service.erase(*plain.in_service.rbegin());
    ASSERT_EQ(apic, made(plain)) << "EOI ends the highest in service";
    ASSERT_EQ(deliverable(apic), plain.next());
}

/// 16 classes of TPR by 16 in service by 16 requested; vectors 0 to 15 are class 0, and stand for none.
TEST(LapicPriority, ClassesExhaustive)
{
    for (unsigned tpr = 0; tpr < 16; ++tpr)
        for (unsigned in_service = 0; in_service < 16; ++in_service)
            for (unsigned requested = 0; requested < 16; ++requested) {
                Plain plain{tpr * 16 + 9, {}, {}};
                if (in_service != 0)
                    plain.in_service.insert(in_service * 16 + 7);
                if (requested != 0)
                    plain.requested.insert(requested * 16 + 4);
                compare(plain);
                if (HasFatalFailure())
                    FAIL() << "TPR " << tpr << ", ISR " << in_service << ", IRR " << requested;
            }
}

/// Within one class every vector in service against every one requested, and TPR below, in and above the
/// class.
TEST(LapicPriority, WithinAClassExhaustive)
{
    for (unsigned in_service = 0x50; in_service < 0x60; ++in_service)
        for (unsigned requested = 0x50; requested < 0x60; ++requested)
            for (const unsigned tpr : {0x00u, 0x4fu, 0x50u, 0x5fu, 0x60u}) {
                compare({tpr, {requested}, {in_service}});
                compare({tpr, {requested, 0x61}, {in_service}});
                compare({tpr, {requested}, {in_service, 0x31}});
                compare({tpr, {requested, in_service}, {}});
                if (HasFatalFailure())
                    FAIL() << "TPR " << tpr << ", ISR " << in_service << ", IRR " << requested;
            }
}

/// Every TPR against every vector.
TEST(LapicPriority, TprExhaustive)
{
    for (unsigned tpr = 0; tpr < 256; ++tpr)
        for (unsigned vector = 16; vector < 256; ++vector) {
            compare({tpr, {vector}, {}});
            if (HasFatalFailure())
                FAIL() << "TPR " << tpr << ", vector " << vector;
        }
}

/// APR as the SDM has it for those processors that use it.
TEST(LapicPriority, ArbitrationPriority)
{
    struct {
        unsigned tpr, isr, irr, want;
    } const cases[] = {
        {0x35, 0x00, 0x00, 0x35}, {0x35, 0x00, 0x21, 0x35}, {0x35, 0x00, 0x41, 0x40},
        {0x35, 0x51, 0x00, 0x50}, {0x35, 0x51, 0x61, 0x60}, {0x35, 0x21, 0x31, 0x35},
    };
    for (const auto& c : cases) {
        Plain plain{c.tpr, {}, {}};
        if (c.isr != 0)
            plain.in_service.insert(c.isr);
        if (c.irr != 0)
            plain.requested.insert(c.irr);
        EXPECT_EQ(arbitration_priority(made(plain)), c.want)
            << "SDM3/APR " << c.tpr << " " << c.isr << " " << c.irr;
    }
}

/// A18: IRR and ISR queue two of a vector; a third merges.
TEST(LapicPriority, TwoAreQueuedAThirdMerges)
{
    Lapic apic{};
    reset(apic, 0, true);
    apic.svr = 0x1ff;
    Signals signals;
    request(apic, 0x51, false, 0, signals);
    ASSERT_EQ(acknowledge(apic, 0, signals), 0x51);
    request(apic, 0x51, false, 0, signals);
    request(apic, 0x51, false, 0, signals);
    EXPECT_EQ(deliverable(apic), -1);
    end_of_interrupt(apic, 0, signals);
    EXPECT_EQ(acknowledge(apic, 0, signals), 0x51) << "A18";
    end_of_interrupt(apic, 0, signals);
    EXPECT_EQ(deliverable(apic), -1) << "A18";
}

} // namespace
} // namespace irqlab::hw::test
