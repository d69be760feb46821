// The local APIC: registers, priorities, spurious vector, LVT, IPIs. Rows name the clause they prove.
#include <gtest/gtest.h>

#include "hw/irq/lapic_accept.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

constexpr u32 to_self = 1u << 18, to_all = 2u << 18, to_others = 3u << 18;

TEST(Lapic, Registers)
{
    struct {
        const char* clause;
        u16 reg;
        u32 write, want;
    } const cases[] = {
        {"apic/ID: bits 31:24", lapic_id, 0xffffffff, 0xff000000},
        {"SDM3/TPR: 8 bits", lapic_tpr, 0xffffff35, 0x35},
        {"SDM3/LDR: bits 31:24", lapic_ldr, 0xffffffff, 0xff000000},
        {"SDM3/DFR: low bits are ones", lapic_dfr, 0x00000000, 0x0fffffff},
        {"SDM3/SVR: EOI suppression is there", lapic_svr, 0xffffffff, 0x13ff},
        {"SDM3/LVT timer: mode in bits 18:17", lapic_lvt_timer, 0xffffffff, 0x000700ff},
        {"SDM3/LVT CMCI", lapic_lvt_cmci, 0xffffffff, 0x000107ff},
        {"SDM3/LVT thermal", lapic_lvt_thermal, 0xffffffff, 0x000107ff},
        {"SDM3/LVT PMC", lapic_lvt_pmc, 0xffffffff, 0x000107ff},
        {"SDM3/LVT LINT0: status bits read-only", lapic_lvt_lint0, 0xffffffff, 0x0001a7ff},
        {"SDM3/LVT error", lapic_lvt_error, 0xffffffff, 0x000100ff},
        {"SDM3/ICR low: status bit read-only", lapic_icr_low, 0x000fb3ff, 0x000c83ff},
        {"SDM3/ICR high", lapic_icr_high, 0xffffffff, 0xff000000},
        {"SDM3/TMICT", lapic_timer_initial, 0x12345678, 0x12345678},
        {"SDM3/DCR: bits 3, 1, 0", lapic_timer_divide, 0xffffffff, 0xb},
    };
    for (const auto& c : cases) {
        Bench b;
        b.apic_write(0, c.reg, c.write);
        EXPECT_EQ(b.apic_read(0, c.reg), c.want) << c.clause;
    }
}

TEST(Lapic, VersionInRange)
{
    Bench b;
    const u32 version = b.apic_read(0, lapic_version_register);
    EXPECT_GE(version & 0xff, 0x10u) << "apic/version 10h to 15h";
    EXPECT_LE(version & 0xff, 0x15u) << "apic/version 10h to 15h";
    EXPECT_EQ(version >> 16 & 0xff, lvt_entries - 1) << "SDM3/version: max LVT entry";
    EXPECT_EQ(version >> 24 & 1, 1u) << "SDM3/version: EOI-broadcast suppression";
}

TEST(Lapic, IllegalRegister)
{
    Bench b;
    b.apic_write(0, lapic_version_register, 0);
    b.apic_write(0, lapic_esr, 0);
    EXPECT_EQ(b.apic_read(0, lapic_esr), 0u) << "SDM3/ESR: read-only is not reserved";
    for (const u16 reg : {u16{0x40}, u16{0x84}, u16{0x3f0}})
        EXPECT_EQ(b.apic_read(0, reg), 0u);
    EXPECT_TRUE(b.diagnosed(Diagnosis::lapic_bad_register));
    EXPECT_EQ(b.apic_read(0, lapic_esr), 0u) << "SDM3/ESR: software writes before it reads";
    b.apic_write(0, lapic_esr, 0);
    EXPECT_EQ(b.apic_read(0, lapic_esr), esr::IllegalRegister::mask) << "SDM3/ESR";
    b.apic_write(0, lapic_esr, 0);
    EXPECT_EQ(b.apic_read(0, lapic_esr), 0u) << "SDM3/ESR: each write latches what is new";
}

TEST(Lapic, ErrorInterruptOncePerArming)
{
    Bench b;
    b.apic_write(0, lapic_lvt_error, 0xfe);
    b.apic_read(0, 0x40);
    b.apic_read(0, 0x40);
    EXPECT_EQ(b.drain(0), std::vector<int>{0xfe}) << "SDM3/error handling";
    b.apic_read(0, 0x40);
    EXPECT_EQ(b.take(0), -1) << "SDM3/error handling: ESR must be written to arm it again";
    b.apic_write(0, lapic_esr, 0);
    b.apic_read(0, 0x40);
    EXPECT_EQ(b.take(0), 0xfe) << "SDM3/error handling";
}

// --- priorities
// ------------------------------------------------------------------------------------------------------

/// Every TPR class against every class in service and requested: [SDM3] "Task and Processor Priorities".
TEST(Lapic, PriorityExhaustive)
{
    Bench b;
    Lapic& apic = b.m.core[0].lapic;
    for (unsigned tpr = 0; tpr < 256; tpr += 8)
        for (unsigned isr = 0; isr < 16; ++isr)
            for (unsigned irr = 1; irr < 16; ++irr) {
                apic.isr = apic.irr = {};
                apic.tpr = static_cast<u8>(tpr);
                if (isr != 0)
                    apic.isr.set(static_cast<u8>(isr << 4 | 3));
                apic.irr.set(static_cast<u8>(irr << 4 | 5));
                const unsigned ppr = tpr >> 4 >= isr ? tpr : isr << 4;
                ASSERT_EQ(b.apic_read(0, lapic_ppr), ppr) << "SDM3/PPR " << tpr << " " << isr;
                ASSERT_EQ(b.pending(0), irr > ppr >> 4)
                    << "SDM3/priority " << tpr << " " << isr << " " << irr;
            }
}

TEST(Lapic, HighestVectorExhaustive)
{
    for (unsigned high = 0; high < 256; ++high)
        for (unsigned low = 0; low <= high; ++low) {
            Vectors v{};
            v.set(static_cast<u8>(high));
            v.set(static_cast<u8>(low));
            ASSERT_EQ(v.highest(), static_cast<int>(high)) << "SDM3/IRR " << high << " " << low;
        }
    EXPECT_EQ(Vectors{}.highest(), -1);
}

TEST(Lapic, NestsByClass)
{
    Bench b;
    for (const u32 v : {0x31u, 0x35u, 0x41u})
        b.ipi(0, v | to_self);
    EXPECT_EQ(b.take(0), 0x41) << "SDM3/priority: highest first";
    EXPECT_EQ(b.take(0), -1) << "SDM3/priority: a lower class waits";
    b.eoi(0);
    EXPECT_EQ(b.take(0), 0x35);
    EXPECT_EQ(b.take(0), -1) << "SDM3/priority: the same class waits";
    b.ipi(0, 0x91 | to_self);
    EXPECT_EQ(b.take(0), 0x91) << "SDM3/priority: a higher class nests";
    b.eoi(0);
    EXPECT_TRUE(b.m.core[0].lapic.isr.test(0x35)) << "SDM3/EOI: ends the highest in service";
    b.eoi(0);
    EXPECT_EQ(b.take(0), 0x31);
}

TEST(Lapic, SpuriousWhenTheRequestFellBelowPpr)
{
    Bench b;
    b.ipi(0, 0x41 | to_self);
    ASSERT_TRUE(b.pending(0));
    b.apic_write(0, lapic_tpr, 0x50); // INTR was up; by INTA the request is masked.
    EXPECT_EQ(accept(b.m, 0, b.signals), 0xff) << "D10, A12";
    EXPECT_FALSE(b.m.core[0].lapic.isr.any()) << "A17: no ISR bit";
    b.apic_write(0, lapic_tpr, 0);
    EXPECT_EQ(b.take(0), 0x41) << "A15: the request is not lost";
}

TEST(Lapic, NothingRequestedIsNotSpurious)
{
    Bench b;
    EXPECT_EQ(accept(b.m, 1, b.signals), -1);
    b.eoi(1);
    EXPECT_EQ(b.count(SignalKind::ioapic_eoi), 0) << "A17: an EOI with nothing in service ends nothing";
}

TEST(Lapic, SoftwareDisabled)
{
    Bench b;
    b.ipi(0, 0x41 | to_self);
    b.apic_write(0, lapic_lvt_timer, 0x31);
    b.apic_write(0, lapic_svr, 0xff);
    EXPECT_EQ(b.apic_read(0, lapic_lvt_timer), flag_masked | 0x31) << "SDM3/disabled: LVT masked";
    b.apic_write(0, lapic_lvt_timer, 0x31);
    EXPECT_EQ(b.apic_read(0, lapic_lvt_timer), flag_masked | 0x31) << "SDM3/disabled: and stays so";
    b.ipi(1, 0x61, 0);
    EXPECT_EQ(b.take(0), 0x41) << "SDM3/disabled: what is in IRR is held";
    EXPECT_EQ(b.take(0), -1) << "SDM3/disabled: no fixed interrupt is accepted";
    b.ipi(1, 0x400, 0);
    EXPECT_TRUE(nmi_pending(b.m, 0)) << "SDM3/disabled: NMI is heeded";
}

TEST(Lapic, HardwareDisabled)
{
    Bench b;
    const u64 base = b.m.core[1].lapic.base;
    ASSERT_TRUE(write_apic_base(b.m, 1, base & ~apic_base::Enabled::mask));
    EXPECT_EQ(b.apic_read(1, lapic_version_register), 0xffffffffu) << "apic/disabled: reads all ones";
    write_cr8(b.m, 1, 5);
    EXPECT_EQ(read_cr8(b.m, 1), 5) << "apic/disabled: CR8 works on";
    EXPECT_FALSE(write_apic_base(b.m, 1, base | 1)) << "apic/reserved bits: #GP";
    ASSERT_TRUE(write_apic_base(b.m, 1, base));
    EXPECT_EQ(b.apic_read(1, lapic_svr), 0xffu) << "SDM3/re-enabled: as after INIT";
    EXPECT_EQ(b.apic_read(1, lapic_id), 0x01000000u);
}

TEST(Lapic, BaseRelocation)
{
    Bench b;
    constexpr u64 elsewhere = 0xfed00000;
    ASSERT_TRUE(write_apic_base(b.m, 1, elsewhere | apic_base::Enabled::mask));
    EXPECT_EQ(mmio_read(b.m, 1, elsewhere + lapic_id, b.signals), 0x01000000u) << "apic/base relocation";
    EXPECT_EQ(b.apic_read(1, lapic_id), 0xffffffffu) << "apic/base relocation: gone from the old page";
    EXPECT_EQ(b.apic_read(0, lapic_id), 0u) << "apic/base relocation: other CPUs keep theirs";
}

// --- IPIs
// ----------------------------------------------------------------------------------------------------------

TEST(Lapic, IpiDestinations)
{
    struct {
        const char* clause;
        u32 icr;
        unsigned to;
        unsigned reached;
    } const cases[] = {
        {"apic/self-IPI", 0xf1 | to_self, 0, 0b0010},
        {"apic/all including self", 0xf1 | to_all, 0, 0b1111},
        {"SDM3/all but self", 0xf1 | to_others, 0, 0b1101},
        {"apic/physical", 0xf1, 3, 0b1000},
        {"apic/physical broadcast FFh", 0xf1, 0xff, 0b1111},
        {"apic/logical flat, one", 0xf1 | 0x800, 0x04, 0b0100},
        {"apic/logical flat, several", 0xf1 | 0x800, 0x09, 0b1001},
        {"apic/logical flat, absent ignored", 0xf1 | 0x800, 0x31, 0b0001},
        {"apic/absent", 0xf1, 0x20, 0},
    };
    for (const auto& c : cases) {
        Bench b;
        for (unsigned cpu = 0; cpu < 4; ++cpu)
            b.apic_write(cpu, lapic_ldr, 1u << (24 + cpu));
        b.ipi(1, c.icr, c.to);
        for (unsigned cpu = 0; cpu < 4; ++cpu) {
            const std::vector<int> want((c.reached >> cpu) & 1u, 0xf1);
            EXPECT_EQ(b.drain(cpu), want) << c.clause << ", CPU " << cpu;
        }
    }
}

TEST(Lapic, TwoCpusOfOneId)
{
    Bench b;
    b.apic_write(2, lapic_id, 0x01000000);
    b.ipi(0, 0x41, 1);
    EXPECT_EQ(b.take(1), 0x41) << "apic/two CPUs of one ID: both";
    EXPECT_EQ(b.take(2), 0x41) << "apic/two CPUs of one ID: both";
}

TEST(Lapic, SendIllegalVector)
{
    Bench b;
    b.ipi(0, 0x0f, 1);
    EXPECT_EQ(b.count(SignalKind::ipi_send), 0);
    b.apic_write(0, lapic_esr, 0);
    EXPECT_EQ(b.apic_read(0, lapic_esr), esr::SendIllegalVector::mask) << "SDM3/ESR: send illegal vector";
}

TEST(Lapic, InitAndStartup)
{
    Bench b;
    b.apic_write(1, lapic_tpr, 0x20);
    b.ipi(0, 0xc500, 1); // INIT, assert, level.
    EXPECT_EQ(b.m.core[1].cpu.state, CpuState::wait_for_sipi) << "D9: INIT";
    EXPECT_EQ(b.apic_read(1, lapic_tpr), 0u) << "SDM3/INIT: APIC reset";
    EXPECT_EQ(b.apic_read(1, lapic_id), 0x01000000u) << "SDM3/INIT: but for its ID";
    b.ipi(0, 0x8500, 1); // De-assert.
    b.ipi(0, 0x0699, 1);
    EXPECT_EQ(b.m.core[1].cpu.state, CpuState::running) << "SDM3/SIPI";
    EXPECT_EQ(b.m.core[1].cpu.startup_vector, 0x99) << "SDM3/SIPI: vector";
    b.ipi(0, 0x0655, 1);
    EXPECT_EQ(b.m.core[1].cpu.startup_vector, 0x99) << "SDM3/SIPI: ignored by a running CPU";
}

TEST(Lapic, Nmis)
{
    Bench b;
    b.ipi(0, 0x400, 2);
    b.ipi(1, 0x400, 2);
    int taken = 0;
    const auto handle = [&](int during) {
        if (!nmi_pending(b.m, 2))
            return;
        ++taken;
        const Delivered d = deliver(b.m, 2, 2, Event::nmi, 0, 0, 0);
        for (int i = 0; i < during; ++i)
            b.ipi(0, 0x400, 2);
        EXPECT_FALSE(nmi_pending(b.m, 2)) << "U3: blocked until IRET";
        iret(b.m.core[2].cpu, d.frame);
    };
    b.m.core[2].cpu.idtr = {idt_page_address, 0xfff};
    write_gate(std::span<u8, gate_bytes>(b.m.idt_page.data() + 2 * gate_bytes, gate_bytes),
               {0x1000, 0x10, 0, Gate::Type::interrupt, 0, true});
    handle(0);
    handle(0);
    handle(0);
    EXPECT_EQ(taken, 2) << "apic/NMI: two from two senders are two";
    b.ipi(0, 0x400, 2);
    handle(10);
    handle(0);
    handle(0);
    EXPECT_EQ(taken, 4) << "apic/NMI: ten during the handler are one more";
}

// --- LINT pins
// -----------------------------------------------------------------------------------------------------

TEST(Lapic, Lint1)
{
    Bench b;
    drive_nmi(b.m, true, b.signals);
    EXPECT_TRUE(nmi_pending(b.m, 0)) << "MP/virtual wire: LINT1 is NMI";
    EXPECT_FALSE(nmi_pending(b.m, 1)) << "SDM3/LVT: masked after reset";
    drive_nmi(b.m, false, b.signals);
    b.apic_write(1, lapic_lvt_lint1, 0x8000 | 0x55); // Fixed, and level, which LINT1 does not have.
    drive_nmi(b.m, true, b.signals);
    EXPECT_EQ(b.drain(1), std::vector<int>{0x55}) << "A19: LINT1 is edge only";
    port_write(b.m, 0, 0x70, 1, 0x80, b.signals);
    port_write(b.m, 0, 0x70, 1, 0x00, b.signals);
    EXPECT_EQ(b.drain(1), std::vector<int>{0x55}) << "PIIX/NMI enable: the pin rises again";
}

TEST(Lapic, Lint0FixedLevel)
{
    Bench b;
    b.apic_write(0, lapic_lvt_lint0, 0x8000 | 0x61);
    b.pic_mask(0xfffb & ~(1u << 5));
    b.line(5, true);
    EXPECT_EQ(b.take(0), 0x61) << "SDM3/LINT0: fixed level";
    EXPECT_EQ(b.apic_read(0, lapic_lvt_lint0) & lvt::RemoteIrr::mask, lvt::RemoteIrr::mask)
        << "SDM3/LVT remote IRR";
    b.eoi(0);
    EXPECT_EQ(b.take(0), 0x61) << "SDM3/LINT0: still high, again";
    b.line(5, false);
    b.eoi(0);
    EXPECT_EQ(b.take(0), -1) << "SDM3/LINT0";
}

TEST(Lapic, VirtualWire)
{
    Bench b;
    b.pic_mask(0xffff & ~(1u << 3));
    b.line(3, true);
    EXPECT_TRUE(b.pending(0)) << "MP/virtual wire";
    EXPECT_FALSE(b.pending(1)) << "MP/virtual wire: bootstrap CPU only";
    EXPECT_EQ(b.take(0), 0x0b) << "MP/virtual wire: the 8259's vector";
    EXPECT_FALSE(b.pending(0));
    EXPECT_FALSE(b.m.core[0].lapic.isr.any()) << "SDM3/ExtINT: no ISR bit";
    port_write(b.m, 0, 0x20, 1, 0x20, b.signals);
    b.line(3, false);
    b.line(3, true);
    b.apic_write(0, lapic_lvt_lint0, 0x10700);
    EXPECT_FALSE(b.pending(0)) << "SDM3/LVT: masked";
    b.apic_write(0, lapic_lvt_lint0, 0x700);
    EXPECT_TRUE(b.pending(0)) << "A19: ExtINT is a level";
}

TEST(Lapic, PicWithdraws)
{
    Bench b;
    b.pic_mask(0xffff & ~(1u << 3));
    b.line(3, true);
    b.pic_mask(0xffff);
    EXPECT_FALSE(b.pending(0)) << "P3: INT drops with the mask";
}

TEST(Lapic, ExtIntByBothWays)
{
    Bench b;
    b.pic_mask(0xffff & ~(1u << 3));
    send_msi(b.m, 0xfee00000, 0x700, b.signals);
    b.line(3, true);
    EXPECT_EQ(b.take(0), 0x0b) << "A16";
    EXPECT_EQ(b.take(0), 0x0f) << "A16: delivered twice; the 8259 has nothing left but its default IR7";
    EXPECT_TRUE(b.diagnosed(Diagnosis::spurious_vector)) << "A16";
    EXPECT_EQ(b.take(0), -1);
}

} // namespace
} // namespace irqlab::hw::test
