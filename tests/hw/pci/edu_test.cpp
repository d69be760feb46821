// The educational device: registers, time, transfers, and its place in a machine.
#include <gtest/gtest.h>
#include <numeric>

#include "tests/hw/pci/bench_pci.hpp"

namespace irqlab::hw::test {
namespace {

constexpr u64 ones = ~u64{0};

TEST(Edu, AccessSizes)
{
    const struct {
        const char* clause;
        u32 offset;
        unsigned width;
        u64 want;
    } rows[] = {
        {"EDU/00h: identification", 0x00, 4, 0x010000ed},
        {"EDU/sizes: below 80h only 4 bytes", 0x00, 8, ones},
        {"QEMU/edu: narrower ones do not reach it", 0x00, 2, 0},
        {"QEMU/edu: narrower ones do not reach it", 0x00, 1, 0},
        {"QEMU/edu: nor do unaligned ones", 0x02, 4, 0},
        {"EDU/sizes: from 80h on 4 bytes", 0x80, 4, 0x55667788},
        {"EDU/sizes: or 8", 0x80, 8, 0x1122334455667788},
        {"QEMU/edu: the upper half alone is nothing", 0x84, 4, 0xffffffff},
        {"QEMU/edu: between the registers", 0x0c, 4, 0xffffffff},
        {"QEMU/edu: 60h is write-only", 0x60, 4, 0xffffffff},
        {"EDU: the buffer is not in the window", 0x40000, 4, 0xffffffff},
    };
    for (const auto& row : rows) {
        PciBench b;
        b.reg_write(0x80, 0x1122334455667788, 8);
        EXPECT_EQ(b.reg(row.offset, row.width), row.want) << row.clause << " " << row.offset;
    }
}

TEST(Edu, Liveness)
{
    PciBench b;
    b.reg_write(0x04, 0x12345678);
    EXPECT_EQ(b.reg(0x04), 0xedcba987u) << "EDU/04h: the inverse";
    b.reg_write(0x04, 0, 2);
    EXPECT_EQ(b.reg(0x04), 0xedcba987u) << "QEMU/edu: a narrow write does nothing";
}

TEST(Edu, Factorial)
{
    const struct {
        const char* clause;
        u32 n, want;
    } rows[] = {
        {"EDU/08h: 0!", 0, 1},
        {"EDU/08h: 5!", 5, 120},
        {"EDU/08h: 12! is the last that fits", 12, 479001600},
        {"EDU/08h: 13! modulo 2^32", 13, 1932053504},
        {"EDU/08h: 34! is divisible by 2^32", 34, 0},
        {"EDU/08h: any greater, too", 0xffffffff, 0},
    };
    for (const auto& row : rows) {
        PciBench b;
        b.reg_write(0x08, row.n);
        EXPECT_EQ(b.reg(0x20), 1u) << row.clause << ", computing";
        const u64 due = next_event_ns(b.m.edu[0]);
        EXPECT_EQ(due - b.m.now_ns, edu::fact_start_ns + row.n * edu::fact_factor_ns) << row.clause;
        b.wait(due - 1 - b.m.now_ns);
        EXPECT_EQ(b.reg(0x20), 1u) << row.clause << ", 1 ns before";
        b.reg_write(0x08, 3);
        b.wait(1);
        EXPECT_EQ(b.reg(0x20), 0u) << row.clause << ", done";
        EXPECT_EQ(b.reg(0x08), row.want) << row.clause << ": a write in between does nothing";
        EXPECT_EQ(b.reg(0x24), 0u) << row.clause << ", no interrupt was asked for";
        EXPECT_TRUE(valid(b.m.edu[0]));
    }
}

TEST(Edu, FactorialInterrupt)
{
    PciBench b;
    b.reg_write(0x20, 0xffffffff);
    EXPECT_EQ(b.reg(0x20), 0x80u) << "EDU/20h: bit 7 alone can be written";
    b.reg_write(0x08, 3);
    EXPECT_EQ(next_event_ns(b.m), next_event_ns(b.m.edu[0])) << "the machine knows of it";
    b.wait(edu::fact_start_ns + 3);
    EXPECT_EQ(b.reg(0x24), 1u) << "EDU/24h: 1 is the factorial's";
    EXPECT_TRUE(b.level(11));
    b.acknowledge_edu(1);
    EXPECT_FALSE(b.level(11)) << "EDU/64h";
}

TEST(Edu, InterruptStatus)
{
    PciBench b;
    b.raise(0x10);
    b.raise(0x03);
    EXPECT_EQ(b.reg(0x24), 0x13u) << "EDU/60h: bits are set";
    b.acknowledge_edu(0x01);
    EXPECT_EQ(b.reg(0x24), 0x12u) << "EDU/64h: bits are cleared";
    EXPECT_TRUE(b.level(11)) << "INTx while any bit is set";
    b.acknowledge_edu(0x12);
    EXPECT_FALSE(b.level(11));
    b.raise(0);
    EXPECT_FALSE(b.level(11)) << "EDU/60h: nothing raised";
}

// --- transfers
// ------------------------------------------------------------------------------------------------

struct Dma : PciBench {
    std::array<u8, 64> memory_bytes{};

    Dma()
    {
        config_write(edu(), 4, 2, 0x0106);
        std::iota(memory_bytes.begin(), memory_bytes.end(), u8{1});
    }
    void begin(u64 source, u64 destination, u64 count, u64 command)
    {
        reg_write(0x80, source, 8);
        reg_write(0x88, destination, 8);
        reg_write(0x90, count, 8);
        reg_write(0x98, command, 8);
        signals.clear();
        wait(edu::transfer_ns);
    }
    EduTransfer waits() const { return transfer(m.edu[0]); }
};

TEST(EduDma, FromMemoryAndBack)
{
    Dma b;
    b.begin(0x1234, 0x40010, 64, 1 | 4);
    ASSERT_NE(b.find(SignalKind::dma), nullptr) << "EDU/98h: after 100 ms";
    EXPECT_EQ(b.find(SignalKind::dma)->value, 64u);
    EXPECT_EQ(b.waits().address, 0x1234u);
    EXPECT_FALSE(b.waits().to_memory);
    EXPECT_EQ(b.reg(0x98), 5u) << "EDU/98h: RUN until it is done";
    finish_edu_transfer(b.m, 0, b.memory_bytes, b.signals);
    EXPECT_EQ(b.reg(0x98), 4u);
    EXPECT_EQ(b.reg(0x24), 0x100u) << "EDU/24h: 100h is the transfer's";
    EXPECT_TRUE(b.level(11));
    b.acknowledge_edu();

    b.begin(0x40018, 0x9000, 16, 1 | 2);
    EXPECT_TRUE(b.waits().to_memory);
    EXPECT_EQ(b.waits().address, 0x9000u);
    const auto bytes = edu_transfer_bytes(b.m, 0);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), b.memory_bytes.begin() + 8));
    EXPECT_TRUE(valid(b.m.edu[0]));
    finish_edu_transfer(b.m, 0, {}, b.signals);
    EXPECT_EQ(b.waits().bytes, 0u);
    EXPECT_EQ(b.reg(0x24), 0u) << "EDU/98h: no interrupt was asked for";
}

TEST(EduDma, RegistersAreLockedWhileItRuns)
{
    Dma b;
    b.reg_write(0x98, 2, 8);
    EXPECT_EQ(b.reg(0x98), 0u) << "QEMU/edu: a command without RUN is none";
    b.reg_write(0x88, 0x40000, 8);
    b.reg_write(0x90, 8, 8);
    b.reg_write(0x98, 1, 8);
    b.reg_write(0x90, 99, 8);
    b.reg_write(0x98, 7, 8);
    EXPECT_EQ(b.reg(0x90), 8u) << "EDU/90h: not while a transfer runs";
    EXPECT_EQ(b.reg(0x98), 1u);
    b.wait(edu::transfer_ns - 1);
    EXPECT_EQ(b.waits().bytes, 0u) << "EDU: 100 ms";
    b.wait(1);
    EXPECT_EQ(b.waits().bytes, 8u);
    finish_edu_transfer(b.m, 0, b.memory_bytes, b.signals);
    b.reg_write(0x90, 99);
    EXPECT_EQ(b.reg(0x90, 8), 99u);
}

TEST(EduDma, WhatDoesNotMove)
{
    const struct {
        const char* clause;
        u64 destination, count;
        u16 command;
        Diagnosis diagnosed;
        u32 bytes;
    } rows[] = {
        {"EDU/DMA: the whole buffer", 0x40000, 4096, 0x0106, Diagnosis::none, 4096},
        {"EDU/DMA: one byte too long", 0x40000, 4097, 0x0106, Diagnosis::dma_out_of_range, 0},
        {"EDU/DMA: beyond the end", 0x40fff, 2, 0x0106, Diagnosis::dma_out_of_range, 0},
        {"EDU/DMA: before the buffer", 0x3ffff, 1, 0x0106, Diagnosis::dma_out_of_range, 0},
        {"EDU/DMA: a count that wraps", 0x40000, ~u64{0}, 0x0106, Diagnosis::dma_out_of_range, 0},
        {"EDU/DMA: nothing at all", 0x41000, 0, 0x0106, Diagnosis::none, 0},
        {"PCI/command: no bus master", 0x40000, 8, 0x0102, Diagnosis::not_bus_master, 0},
    };
    for (const auto& row : rows) {
        Dma b;
        b.config_write(b.edu(), 4, 2, row.command);
        b.begin(0x1000, row.destination, row.count, 1 | 4);
        EXPECT_EQ(b.waits().bytes, row.bytes) << row.clause;
        EXPECT_TRUE(row.diagnosed == Diagnosis::none || b.diagnosed(row.diagnosed)) << row.clause;
        EXPECT_EQ(b.reg(0x24) == 0x100, row.bytes == 0) << row.clause << ": it ends";
        EXPECT_TRUE(valid(b.m.edu[0])) << row.clause;
    }
}

TEST(EduDma, AddressesHave28Bits)
{
    Dma b;
    b.begin(0x123456789, 0x40000, 4, 1);
    EXPECT_EQ(b.waits().address, 0x03456789u) << "EDU/dma_mask";
    EXPECT_TRUE(b.diagnosed(Diagnosis::dma_address_cut));
}

TEST(EduDma, AnOwnerThatGivesTooLittle)
{
    Dma b;
    b.begin(0x1000, 0x40000, 64, 1);
    finish_edu_transfer(b.m, 0, std::span<const u8>(b.memory_bytes).first(2), b.signals);
    EXPECT_EQ(b.m.edu[0].buffer[1], 2u);
    EXPECT_EQ(b.m.edu[0].buffer[2], 0u);
    finish_edu_transfer(b.m, 0, b.memory_bytes, b.signals);
    EXPECT_EQ(b.m.edu[0].buffer[2], 0u) << "nothing waits any more";
}

// --- several, and copies
// ---------------------------------------------------------------------------------------

TEST(Edu, FourOnABoard)
{
    PciBench b(BoardId::q35, 4);
    for (unsigned n = 0; n < 4; ++n)
        b.reg_write(0x04, n, 4, n);
    for (unsigned n = 0; n < 4; ++n)
        EXPECT_EQ(b.reg(0x04, 4, n), 0xffffffff - n);
    b.raise(1, 2);
    EXPECT_TRUE(b.level(21)) << "slot 5: PIRQF";
    EXPECT_FALSE(b.level(23));
}

TEST(Edu, BelongsToTheMachinesState)
{
    PciBench a, b;
    EXPECT_TRUE(same_state(a.m, b.m));
    b.m.edu[0].buffer[4095] = 1;
    EXPECT_FALSE(same_state(a.m, b.m));
    copy_state(a.m, b.m);
    EXPECT_TRUE(same_state(a.m, b.m));
    EXPECT_EQ(used_bytes(a.m), used_bytes(PciBench(BoardId::pc, 0).m) + sizeof(Edu))
        << "only those that are there";
}

TEST(Edu, StatesThatCannotBe)
{
    PciBench b;
    Edu bad = b.m.edu[0];
    bad.status = 2;
    EXPECT_FALSE(valid(bad));
    bad = b.m.edu[0];
    bad.waits = 1;
    EXPECT_FALSE(valid(bad)) << "no command runs";
    bad = b.m.edu[0];
    bad.dma_command = 1;
    EXPECT_FALSE(valid(bad)) << "nothing would end it";
    bad = b.m.edu[0];
    bad.config.byte[0] = 0;
    EXPECT_FALSE(valid(bad));
    EXPECT_TRUE(valid(b.m.pci, b.m.board));
    PciHost host = b.m.pci;
    host.edus = 5;
    EXPECT_FALSE(valid(host, b.m.board));
}

} // namespace
} // namespace irqlab::hw::test
