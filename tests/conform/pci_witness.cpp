// Steps on PCI as qtest commands, and the state that they begin with. See the header.
#include "tests/conform/pci_witness.hpp"

#include <fmt/format.h>

#include "hw/board/pci.hpp"
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

const char* letter(unsigned width)
{
    switch (width) {
    case 1: return "b";
    case 2: return "w";
    case 8: return "q";
    default: return "l";
    }
}

void select(Qtest& qtest, const Step& s)
{
    qtest.queue(
        fmt::format("outl 0xcf8 {:#x}", 0x80000000 | (s.argument[0] & 0xff) << 8 | (s.argument[1] & 0xfc)));
}

Reply translate(Qtest& qtest, const Step& s)
{
    const u64 port = hw::pci_data_port + (s.argument[1] & 3);
    if (s.name() == "edu") {
        qtest.queue("inb 0x80"); // It is on the command line.
        return Reply::nothing;
    }
    if (s.name() == "config_write") {
        select(qtest, s);
        qtest.queue(fmt::format("out{} {:#x} {:#x}", letter(s.width), port, s.argument[2]));
        return Reply::nothing;
    }
    if (s.name() == "config_read") {
        select(qtest, s);
        qtest.queue(fmt::format("in{} {:#x}", letter(s.width), port));
        return Reply::value;
    }
    if (s.name() == "ioapic_inputs")
        return Reply::levels;
    if (s.name() == "dma_start") {
        for (unsigned i = 0; i < 4; ++i)
            qtest.queue(fmt::format("writeq {:#x} {:#x}", edu_memory(0) + 0x80 + 8 * i, s.argument[i]));
        return Reply::nothing;
    }
    if (s.name() == "dma_wait") {
        qtest.queue(fmt::format("memset {:#x} {:#x} 0", dma_out_address, dma_out_bytes));
        qtest.advance_clock(s.argument[0]);
        for (u64 at = 0; at < dma_out_bytes; at += 8)
            qtest.queue(fmt::format("readq {:#x}", dma_out_address + at));
        qtest.queue("inb 0x80"); // Its distance is none.
        return Reply::digest;
    }
    if (s.name() == "watched_write") {
        qtest.queue(fmt::format("writel {:#x} {:#x}", s.argument[2], nothing_written));
        qtest.queue(fmt::format("write{} {:#x} {:#x}", letter(s.width), s.argument[0], s.argument[1]));
        qtest.queue(fmt::format("readl {:#x}", s.argument[2]));
        return Reply::value;
    }
    return Reply::nothing;
}

/// QEMU's q35 may have left lines behind, high: each is routed to once more while one of the host bridge's
/// pins, which are low, moves.
void release_lines(std::vector<Step>& steps)
{
    const u64 isa = hw::isa_devfn(hw::BoardId::q35);
    for (unsigned line = 0; line < hw::isa_lines; ++line) {
        if ((hw::pirq_route::lines >> line & 1) == 0)
            continue;
        steps.push_back(step("config_write", {isa, hw::pirq_register(4), line}, 1));
        for (const u64 command : {0x0506, 0x0106})
            steps.push_back(step("config_write", {hw::host_devfn, 4, command}, 2));
    }
    steps.push_back(step("config_write", {isa, hw::pirq_register(4), 0x80}, 1));
}

void fill_memory(Qtest& qtest)
{
    std::string bytes;
    for (u64 at = 0; at < dma_in_bytes; ++at)
        bytes += fmt::format("{:02x}", memory_pattern(dma_in_address + at));
    qtest.queue(fmt::format("write {:#x} {:#x} 0x{}", dma_in_address, dma_in_bytes, bytes));
    qtest.flush();
}

void add_pic(std::vector<Step>& steps)
{
    for (const auto& [port, value] :
         std::initializer_list<std::pair<u16, u8>>{{0x20, 0x11},
                                                   {0x21, 0x30},
                                                   {0x21, 0x04},
                                                   {0x21, 0x01},
                                                   {0x21, 0xff},
                                                   {0xa0, 0x11},
                                                   {0xa1, 0x38},
                                                   {0xa1, 0x02},
                                                   {0xa1, 0x01},
                                                   {0xa1, 0xff},
                                                   // ELCR: all that a PIRQ can be routed to.
                                                   {0x4d0, hw::pirq_route::lines & 0xff},
                                                   {0x4d1, hw::pirq_route::lines >> 8}})
        steps.push_back(step("out", {port, value}));
}

} // namespace

std::unique_ptr<Witness> start_pci_witness(hw::BoardId board, std::span<const u8> slots, Qtest::Clock clock)
{
    std::vector<std::string> arguments{"-M", hw::name(board)};
    for (const u8 slot : slots) {
        arguments.push_back("-device");
        arguments.push_back(fmt::format("edu,addr={:#x}", slot));
    }
    auto witness = std::make_unique<QemuWitness>(arguments, translate, clock);
    witness->qtest().intercept_inputs(witness->qtest().paths_of("ioapic").at(0));
    if (clock == Qtest::Clock::ours)
        fill_memory(witness->qtest());
    return witness;
}

std::vector<Step> pci_preamble(hw::BoardId board, std::span<const u8> slots)
{
    std::vector<Step> steps;
    const auto config = [&](u8 devfn, u64 offset, u64 value, u8 width) {
        steps.push_back(step("config_write", {devfn, offset, value}, width));
    };
    for (const u8 slot : slots)
        steps.push_back(step("edu", {slot}));
    for (const u8 bridge : {hw::host_devfn, hw::isa_devfn(board)})
        config(bridge, 4, 0x0103, 2);
    unsigned n = 0;
    for (const u8 slot : slots) {
        const u8 devfn = hw::devfn(slot, 0);
        config(devfn, 4, 0, 2);
        for (const u64 zero : {0x0c, 0x3c, 0x40, 0x44, 0x48, 0x4c})
            config(devfn, zero, 0, 4);
        config(devfn, 0x10, edu_memory(n), 4);
        config(devfn, 4, 0x0106, 2);
        for (const auto& [reg, value] : std::initializer_list<std::pair<u64, u64>>{
                 {0x64, 0xffffffff}, {0x04, 0}, {0x20, 0}, {0x80, 0}, {0x88, 0}, {0x90, 0}})
            steps.push_back(step("write", {edu_memory(n) + reg, value}));
        ++n;
    }
    for (unsigned pirq = 0; pirq < hw::pirq_count(board); ++pirq)
        config(hw::isa_devfn(board), hw::pirq_register(pirq), 0x80, 1);
    if (board == hw::BoardId::q35)
        release_lines(steps);
    add_pic(steps);
    return steps;
}

} // namespace irqlab::conform
