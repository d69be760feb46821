// Configuration space: mechanism 1 at its ports, headers, base address registers, the memory window.
#include <gtest/gtest.h>

#include "hw/pci/msi.hpp"
#include "tests/hw/pci/bench_pci.hpp"

namespace irqlab::hw::test {
namespace {

// --- the ports
// ------------------------------------------------------------------------------------------------

TEST(PciPorts, AccessesByLaneAndWidth)
{
    constexpr u32 ids = 0x12378086; // 82441FX
    const struct {
        const char* clause;
        u16 port;
        unsigned width;
        u32 want;
    } rows[] = {
        {"440FX/CONFDATA: dword", 0xcfc, 4, ids},
        {"440FX/CONFDATA: word, low half", 0xcfc, 2, ids & 0xffff},
        {"440FX/CONFDATA: word, high half", 0xcfe, 2, ids >> 16},
        {"440FX/CONFDATA: byte 1", 0xcfd, 1, 0x80},
        {"440FX/CONFDATA: byte 3", 0xcff, 1, 0x12},
        {"440FX/CONFDATA: a word inside", 0xcfd, 2, 0x3780},
        {"440FX/CONFDATA: what crosses its end is nobody's", 0xcfe, 4, 0xffff1237},
        {"440FX/CONFDATA: what begins before it, too", 0xcfa, 4, 0x8086ffff},
        {"440FX/CONFADD: only as a dword", 0xcf8, 2, 0xffff},
        {"440FX/CONFADD: only as a dword", 0xcf8, 1, 0xff},
    };
    for (const auto& row : rows) {
        PciBench b;
        b.select(host_devfn, 0);
        EXPECT_EQ(port_read(b.m, 0, row.port, row.width, b.signals), row.want)
            << row.clause << " " << row.port;
        EXPECT_EQ(port_peek(b.m, row.port, row.width), row.want) << row.clause << " (peek)";
    }
}

TEST(PciPorts, AddressRegister)
{
    const struct {
        const char* clause;
        u32 written, address, data;
    } rows[] = {
        {"440FX/CONFADD: bit 31 clear, nobody answers", 0x00000000, 0x00000000, 0xffffffff},
        {"440FX/CONFADD: bits 30:24 and 1:0 are reserved", 0xff000003, 0x80000000, 0x12378086},
        {"440FX/CONFADD: an empty slot reads as ones", 0x80003800, 0x80003800, 0xffffffff},
        {"440FX/CONFADD: so does another bus", 0x80010000, 0x80010000, 0xffffffff},
        {"440FX/CONFADD: and another function", 0x80000100, 0x80000100, 0xffffffff},
        {"PIIX/VID and DID", 0x80000800, 0x80000800, 0x70008086},
        {"EDU: 1234:11e8", 0x80002000, 0x80002000, 0x11e81234},
    };
    for (const auto& row : rows) {
        PciBench b;
        port_write(b.m, 0, 0xcf8, 4, row.written, b.signals);
        EXPECT_EQ(port_read(b.m, 0, 0xcf8, 4, b.signals), row.address) << row.clause;
        EXPECT_EQ(port_read(b.m, 0, 0xcfc, 4, b.signals), row.data) << row.clause;
    }
}

TEST(PciPorts, ResetRegisterIsItsOwnByte)
{
    PciBench b;
    b.select(host_devfn, 0x40);
    port_write(b.m, 0, 0xcf9, 1, 0x02, b.signals);
    EXPECT_EQ(port_read(b.m, 0, 0xcf9, 1, b.signals), 0x02u) << "PIIX/RC";
    EXPECT_EQ(port_read(b.m, 0, 0xcf8, 4, b.signals), 0x80000040u) << "440FX/CONFADD: a byte leaves it alone";
    port_write(b.m, 0, 0xcf8, 4, 0x80000600, b.signals);
    EXPECT_EQ(b.count(SignalKind::reset), 0) << "PIIX/RC: a dword does not reach it";
    port_write(b.m, 0, 0xcf9, 1, 0x06, b.signals);
    EXPECT_EQ(b.count(SignalKind::reset), 1) << "PIIX/RC: bit 2 rises";
}

TEST(PciPorts, UnalignedWriteIsOneAccess)
{
    PciBench b;
    b.config_write(b.edu(), 0x0c, 4, 0);
    b.select(b.edu(), 0x44);
    port_write(b.m, 0, 0xcfd, 4, 0xaabbccdd, b.signals);
    EXPECT_EQ(b.config(b.edu(), 0x44), 0xbbccdd00u) << "PCI/byte enables: three lanes, the fourth is lost";
}

// --- headers
// --------------------------------------------------------------------------------------------------

TEST(PciHeader, WhatSoftwareCanChange)
{
    const struct {
        const char* clause;
        BoardId board;
        u8 devfn;
        unsigned offset;
        u32 zeros, ones; // what reads back after writing all zeros, all ones
    } rows[] = {
        {"PCI/vendor and device are read-only", BoardId::pc, devfn(4, 0), 0x00, 0x11e81234, 0x11e81234},
        {"PCI/command: what the device has; status: capabilities", BoardId::pc, devfn(4, 0), 0x04, 0x00100000,
         0x00100507},
        {"PCI/class and revision are read-only", BoardId::pc, devfn(4, 0), 0x08, 0x00ff0010, 0x00ff0010},
        {"PCI/BAR: the size of a megabyte", BoardId::pc, devfn(4, 0), 0x10, 0, 0xfff00000},
        {"PCI/BAR: what is not there is zero", BoardId::pc, devfn(4, 0), 0x14, 0, 0},
        {"PCI/expansion ROM: none", BoardId::pc, devfn(4, 0), 0x30, 0, 0},
        {"PCI/capabilities pointer is read-only", BoardId::pc, devfn(4, 0), 0x34, 0x40, 0x40},
        {"PCI/interrupt line is software's, the pin is not", BoardId::pc, devfn(4, 0), 0x3c, 0x100, 0x1ff},
        {"PCI/MSI: control", BoardId::pc, devfn(4, 0), 0x40, 0x00800005, 0x00810005},
        {"PCI/MSI: address, its low bits are zero", BoardId::pc, devfn(4, 0), 0x44, 0, 0xfffffffc},
        {"PCI/MSI: data has 16 bits", BoardId::pc, devfn(4, 0), 0x4c, 0, 0xffff},
        {"440FX/PCICMD and PCISTS", BoardId::pc, devfn(0, 0), 0x04, 0x02800006, 0x02800146},
        {"PIIX/PCICMD and PCISTS", BoardId::pc, devfn(1, 0), 0x04, 0x02800007, 0x0280010f},
        {"PIIX/header type: several functions", BoardId::pc, devfn(1, 0), 0x0c, 0x00800000, 0x00800000},
        {"PIIX/PIRQRC: bits 6:4 are reserved", BoardId::pc, devfn(1, 0), 0x60, 0, 0x8f8f8f8f},
        {"ICH9/PIRQ[n]_ROUT: bits 6:4 are reserved", BoardId::q35, devfn(31, 0), 0x68, 0, 0x8f8f8f8f},
        {"ICH9/PMBASE: bit 0 is one", BoardId::q35, devfn(31, 0), 0x40, 1, 0x0000ff81},
        {"ICH9/RCBA", BoardId::q35, devfn(31, 0), 0xf0, 0, 0xffffc001},
        {"PCI/reserved registers are zero", BoardId::q35, devfn(31, 0), 0xf8, 0, 0},
        {"Q35/VID and DID", BoardId::q35, devfn(0, 0), 0x00, 0x29c08086, 0x29c08086},
    };
    for (const auto& row : rows) {
        PciBench b(row.board);
        b.config_write(row.devfn, row.offset, 4, 0);
        EXPECT_EQ(b.config(row.devfn, row.offset), row.zeros) << row.clause;
        b.config_write(row.devfn, row.offset, 4, 0xffffffff);
        EXPECT_EQ(b.config(row.devfn, row.offset), row.ones) << row.clause;
    }
}

TEST(PciHeader, StatusErrorsClearByWritingOne)
{
    PciBench b;
    put(b.m.edu[0].config, pci_config::status, 2, 0xf910);
    b.config_write(b.edu(), 6, 2, 0x2000);
    EXPECT_EQ(b.config(b.edu(), 6, 2), 0xd910u) << "PCI/status: a one clears, a zero keeps";
}

TEST(PciHeader, AsFirmwareLeavesIt)
{
    const struct {
        const char* clause;
        BoardId board;
        unsigned edus;
        u8 devfn;
        unsigned offset, width;
        u32 want;
    } rows[] = {
        {"golden/boot q35: BAR 0 at fea00000", BoardId::q35, 1, devfn(3, 0), 0x10, 4, 0xfea00000},
        {"SeaBIOS: memory in the order of slots", BoardId::pc, 2, devfn(4, 0), 0x10, 4, 0xfe900000},
        {"SeaBIOS: memory in the order of slots", BoardId::pc, 2, devfn(5, 0), 0x10, 4, 0xfea00000},
        {"golden/edu pc: IRQ 11", BoardId::pc, 1, devfn(4, 0), 0x3c, 2, 0x010b},
        {"SeaBIOS: the next slot has IRQ 10", BoardId::pc, 2, devfn(5, 0), 0x3c, 2, 0x010a},
        {"SeaBIOS q35: slot 3 has IRQ 11", BoardId::q35, 1, devfn(3, 0), 0x3c, 2, 0x010b},
        {"SeaBIOS q35: slot 4 has IRQ 10", BoardId::q35, 2, devfn(4, 0), 0x3c, 2, 0x010a},
        {"SeaBIOS: decodes memory, is not bus master", BoardId::pc, 1, devfn(4, 0), 0x04, 2, 0x0103},
        {"SeaBIOS: PIRQRC", BoardId::pc, 0, devfn(1, 0), 0x60, 4, 0x0b0b0a0a},
        {"SeaBIOS q35: PIRQA to D", BoardId::q35, 0, devfn(31, 0), 0x60, 4, 0x0b0b0a0a},
        {"SeaBIOS q35: PIRQE to H", BoardId::q35, 0, devfn(31, 0), 0x68, 4, 0x0b0b0a0a},
        {"golden/boot q35: MMCONFIG at b0000000", BoardId::q35, 0, devfn(0, 0), 0x60, 4, 0xb0000001},
    };
    for (const auto& row : rows) {
        PciBench b(row.board, row.edus);
        EXPECT_EQ(b.config(row.devfn, row.offset, row.width), row.want) << row.clause;
    }
}

TEST(PciHeader, SlotsThatAreTaken)
{
    PciBench b(BoardId::pc, 0);
    EXPECT_EQ(attach_edu(b.m, 1), -1) << "the ISA bridge";
    EXPECT_EQ(attach_edu(b.m, 32), -1);
    for (int n = 0; n < static_cast<int>(edus_max); ++n)
        EXPECT_EQ(attach_edu(b.m, 4u + static_cast<unsigned>(n)), n);
    EXPECT_EQ(attach_edu(b.m, 20), -1) << "full";
}

// --- base address registers
// ----------------------------------------------------------------------------------

TEST(PciBar, Decoding)
{
    const struct {
        const char* clause;
        u32 base;
        u16 command;
        u64 address;
        bool claimed;
    } rows[] = {
        {"PCI/memory space off: silent", 0xe0000000, 0x0000, 0xe0000000, false},
        {"PCI/memory space on", 0xe0000000, 0x0002, 0xe0000000, true},
        {"PCI/I/O space alone is not enough", 0xe0000000, 0x0001, 0xe0000000, false},
        {"PCI/the last dword", 0xe0000000, 0x0002, 0xe00ffffc, true},
        {"PCI/one beyond", 0xe0000000, 0x0002, 0xe0100000, false},
        {"PCI/low bits of the base do not exist", 0xe0012345, 0x0002, 0xe0000000, true},
        {"PCI/sizing: all ones do not decode", 0xffffffff, 0x0002, 0xfff00000, false},
        {"PCI/zero does not decode", 0x00000000, 0x0002, 0x00000000, false},
        {"SDM3/APIC: the local APIC is in front", 0xfee00000, 0x0002, 0xfee00100, false},
    };
    for (const auto& row : rows) {
        PciBench b;
        b.config_write(b.edu(), 0x10, 4, row.base);
        b.config_write(b.edu(), 4, 2, row.command);
        b.signals.clear();
        const u32 value = mmio_read(b.m, 0, row.address, b.signals);
        const bool answered = row.address >> 20 != 0xfee && !b.diagnosed(Diagnosis::mmio_unclaimed);
        EXPECT_EQ(answered, row.claimed) << row.clause;
        EXPECT_EQ(value == edu::identification, row.claimed && (row.address & 0xfffff) == 0) << row.clause;
    }
}

/// A function with registers in I/O space: no board has one, so the bytes are looked at alone.
TEST(PciBar, InIoSpace)
{
    PciLayout layout = pci_layout({0x1234, 1, 0xff0000, 0, 0, 0}, 0, 7, 0);
    layout.set_bar(1, PciSpace::io, 32);
    layout.set_bar(4, PciSpace::memory, 16);
    PciConfig c;
    reset(c, layout);
    write(c, layout, 0x14, 4, 0xffffffff, 0);
    EXPECT_EQ(read(c, layout, 0x14, 4, 0), 0xffffffe1u) << "PCI/BAR: bit 0 says I/O, 32 ports";
    write(c, layout, 0x14, 4, 0xc041, 0);
    write(c, layout, 0x20, 4, 0xc040, 0);
    write(c, layout, 4, 2, 1, 0);
    EXPECT_EQ(decode(c, layout, PciSpace::io, 0xc05f).bar, 1u);
    EXPECT_EQ(decode(c, layout, PciSpace::io, 0xc05f).offset, 31u);
    EXPECT_EQ(decode(c, layout, PciSpace::io, 0xc060).bar, pci_bars);
    EXPECT_EQ(decode(c, layout, PciSpace::memory, 0xc040).bar, pci_bars)
        << "PCI/command: memory space is off";
    EXPECT_TRUE(valid(c, layout));
    c.byte[0x30] = 1;
    EXPECT_FALSE(valid(c, layout)) << "nothing can write there";
}

// --- the memory window
// ---------------------------------------------------------------------------------------

TEST(Ecam, WindowOfQ35)
{
    PciBench b(BoardId::q35);
    const u64 base = 0xb0000000;
    EXPECT_EQ(mmio_read(b.m, 0, base, b.signals), 0x29c08086u) << "Q35/PCIEXBAR";
    EXPECT_EQ(mmio_read(b.m, 0, base + (u64{devfn(31, 0)} << 12) + 2, 2, b.signals), 0x2918u);
    EXPECT_EQ(mmio_read(b.m, 0, base + (u64{devfn(31, 0)} << 12) + 0x100, b.signals), 0xffffffffu)
        << "extended space: a conventional function has none";
    EXPECT_EQ(mmio_read(b.m, 0, base + 0x100000, b.signals), 0xffffffffu) << "bus 1";
    mmio_write(b.m, 0, base + (u64{b.edu()} << 12) + 0x3c, 1, 0x55, b.signals);
    EXPECT_EQ(b.config(b.edu(), 0x3c, 1), 0x55u) << "a byte of it";
    EXPECT_FALSE(b.diagnosed(Diagnosis::mmio_unclaimed));
    b.config_write(host_devfn, 0x60, 4, 0xe0000003); // 128 MiB at E0000000h
    EXPECT_EQ(mmio_read(b.m, 0, 0xe0000000, b.signals), 0x29c08086u) << "Q35/PCIEXBAR: it moves";
    mmio_read(b.m, 0, base, b.signals);
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_unclaimed));
}

TEST(Ecam, PcHasNone)
{
    PciBench b;
    b.config_write(host_devfn, 0x60, 4, 0xb0000001);
    EXPECT_EQ(mmio_read(b.m, 0, 0xb0000000, b.signals), 0xffffffffu);
}

} // namespace
} // namespace irqlab::hw::test
