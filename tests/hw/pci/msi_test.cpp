// Message-signalled interrupts: the capability by itself, MSI-X by itself, and MSI on the machine.
#include <gtest/gtest.h>
#include <vector>

#include "hw/pci/msi.hpp"
#include "tests/hw/pci/bench_pci.hpp"

namespace irqlab::hw::test {
namespace {

// --- the capability alone: four vectors, maskable
// ------------------------------------------------------------

struct Msi {
    PciLayout layout = [] {
        PciLayout l = pci_layout({0x1234, 1, 0xff0000, 0, 0, 0}, 0, 0x0507, 0x10);
        add_msi(l, 0x50, 2, true);
        return l;
    }();
    PciConfig config;

    Msi()
    {
        reset(config, layout);
        store(0x54, 4, 0xfee01000);
        store(0x5c, 2, 0x4043);
    }
    void store(unsigned offset, unsigned width, u32 value)
    {
        write(config, layout, offset, width, value, 0);
        settle_msi(config, layout);
    }
    void enable(unsigned order) { store(0x52, 2, 1 | order << 4); }
    u32 load(unsigned offset) { return read(config, layout, offset, 4, 0); }
    /// All that is due, as data.
    std::vector<u32> due()
    {
        std::vector<u32> data;
        for (PciMessage m = take_due_msi(config, layout); m.due != 0; m = take_due_msi(config, layout))
            data.push_back(m.data);
        return data;
    }
};

TEST(MsiCapability, VectorsInTheData)
{
    const struct {
        const char* clause;
        unsigned order, vector;
        u32 data;
    } rows[] = {
        {"PCI/MSI data: one vector, all bits are software's", 0, 0, 0x4043},
        {"PCI/MSI data: two, bit 0 is the device's", 1, 0, 0x4042},
        {"PCI/MSI data: two, bit 0 is the device's", 1, 1, 0x4043},
        {"PCI/MSI data: four, bits 1:0 are", 2, 2, 0x4042},
        {"PCI/MSI multiple message enable: a vector beyond those enabled folds", 1, 3, 0x4043},
        {"PCI/MSI multiple message enable: more than capable is four", 5, 1, 0x4041},
    };
    for (const auto& row : rows) {
        Msi m;
        m.enable(row.order);
        const PciMessage sent = request_msi(m.config, m.layout, row.vector);
        EXPECT_EQ(sent.due, 1u) << row.clause;
        EXPECT_EQ(sent.address, 0xfee01000u) << row.clause;
        EXPECT_EQ(sent.data, row.data) << row.clause;
    }
}

TEST(MsiCapability, MaskedIsPendingAndUnmaskingSends)
{
    Msi m;
    m.enable(2);
    m.store(0x60, 4, 0b0110);
    EXPECT_EQ(request_msi(m.config, m.layout, 1).due, 0u);
    EXPECT_EQ(request_msi(m.config, m.layout, 2).due, 0u);
    EXPECT_EQ(request_msi(m.config, m.layout, 1).due, 0u);
    EXPECT_EQ(m.load(0x64), 0b0110u) << "PCI/MSI pending bits";
    EXPECT_TRUE(m.due().empty());
    m.store(0x60, 4, 0b0100);
    EXPECT_EQ(m.due(), std::vector<u32>{0x4041}) << "PCI/MSI masking: once, however often it was asked for";
    EXPECT_EQ(m.load(0x64), 0b0100u);
    m.store(0x60, 4, 0);
    EXPECT_EQ(m.due(), std::vector<u32>{0x4042});
    EXPECT_EQ(m.load(0x64), 0u);
}

TEST(MsiCapability, Registers)
{
    Msi m;
    m.store(0x60, 4, 0xffffffff);
    EXPECT_EQ(m.load(0x60), 0xfu) << "PCI/MSI mask bits: those of the vectors there are";
    m.store(0x64, 4, 0xffffffff);
    EXPECT_EQ(m.load(0x64), 0u) << "PCI/MSI pending bits are read-only";
    m.store(0x54, 4, 0xffffffff);
    EXPECT_EQ(m.load(0x54), 0xfffffffcu) << "PCI/MSI address: a dword";
    EXPECT_EQ(m.load(0x50), 0x01840005u) << "PCI/MSI control: 64 bits, maskable, four vectors";
    EXPECT_TRUE(valid(m.config, m.layout));
}

TEST(MsiCapability, FewerVectorsDropWhatIsPendingBeyondThem)
{
    Msi m;
    m.enable(2);
    m.store(0x60, 4, 0xf);
    request_msi(m.config, m.layout, 3);
    m.enable(0);
    EXPECT_EQ(m.load(0x64), 0u);
}

// --- MSI-X alone
// ------------------------------------------------------------------------------------------------

struct Msix {
    PciLayout layout = [] {
        PciLayout l = pci_layout({0x1234, 1, 0xff0000, 0, 0, 0}, 0, 0x0507, 0x10);
        add_msix(l, 0x70, 3, 1, 0x0, 0x800);
        return l;
    }();
    PciConfig config;
    std::array<MsixEntry, 3> entries;
    u64 pending = 0;
    MsixTable table{entries, pending};

    Msix()
    {
        reset(config, layout);
        reset(table);
        for (u32 v = 0; v < 3; ++v) {
            write_table(table, 16 * v, 0xfee00000 + 0x1000 * v);
            write_table(table, 16 * v + 8, 0x30 + v);
        }
    }
    void control(u16 value) { write(config, layout, 0x72, 2, value, 0); }
    void mask(u32 vector, u32 value) { write_table(table, 16 * vector + 12, value); }
    u32 request(unsigned vector)
    {
        const PciMessage m = request_msix(config, layout, table, vector);
        return m.due ? m.data : 0;
    }
    std::vector<u32> due()
    {
        std::vector<u32> data;
        for (PciMessage m = take_due_msix(config, layout, table); m.due != 0;
             m = take_due_msix(config, layout, table))
            data.push_back(m.data);
        return data;
    }
};

TEST(MsixTable, Registers)
{
    Msix x;
    EXPECT_EQ(read(x.config, x.layout, 0x70, 4, 0), 0x00020011u) << "PCI/MSI-X control: size less one";
    EXPECT_EQ(read(x.config, x.layout, 0x74, 4, 0), 0x1u) << "PCI/MSI-X table: BAR 1";
    EXPECT_EQ(read(x.config, x.layout, 0x78, 4, 0), 0x801u) << "PCI/MSI-X pending bits";
    x.control(0xffff);
    EXPECT_EQ(read(x.config, x.layout, 0x72, 2, 0), 0xc002u);
    EXPECT_EQ(read_table(x.entries, 12), 1u) << "PCI/MSI-X vector control: masked at reset";
    x.mask(0, 0xfffffffe);
    EXPECT_EQ(read_table(x.entries, 12), 0u) << "PCI/MSI-X vector control: reserved bits are zero";
    EXPECT_EQ(read_table(x.entries, 16 + 8), 0x31u);
    EXPECT_EQ(read_table(x.entries, 48), 0u) << "beyond the table";
}

TEST(MsixTable, MasksAndPendingBits)
{
    Msix x;
    x.control(0x8000);
    EXPECT_EQ(x.request(1), 0u) << "PCI/MSI-X: masked";
    EXPECT_EQ(read_pending(x.pending, 0), 0b010u);
    x.mask(1, 0);
    EXPECT_EQ(x.due(), std::vector<u32>{0x31}) << "PCI/MSI-X: unmasking sends";
    EXPECT_EQ(x.pending, 0u);
    EXPECT_EQ(x.request(1), 0x31u);
    x.control(0xc000);
    EXPECT_EQ(x.request(1), 0u) << "PCI/MSI-X function mask: all are masked";
    EXPECT_EQ(x.request(2), 0u);
    x.control(0x8000);
    EXPECT_EQ(x.due(), std::vector<u32>{0x31})
        << "PCI/MSI-X function mask: vectors with a mask of their own stay";
    EXPECT_EQ(x.pending, 0b100u);
    EXPECT_EQ(x.request(3), 0u) << "no such vector";
    EXPECT_EQ(x.pending, 0b100u);
}

// --- on the machine
// ---------------------------------------------------------------------------------------------

struct EduMsi : PciBench {
    EduMsi()
    {
        config_write(edu(), 0x44, 4, 0xfee00000);
        config_write(edu(), 0x4c, 2, 0x41);
        config_write(edu(), 4, 2, 0x0106);
        config_write(edu(), 0x42, 2, 1);
        signals.clear();
    }
};

TEST(EduMsi, EachRaiseIsAMessage)
{
    EduMsi b;
    b.raise();
    EXPECT_EQ(b.count(SignalKind::msi_send), 1);
    EXPECT_EQ(b.take(0), 0x41);
    b.eoi(0);
    b.raise(0);
    EXPECT_EQ(b.count(SignalKind::msi_send), 2) << "EDU/60h: while the status is not zero";
    EXPECT_EQ(b.drain(0), std::vector<int>{0x41});
    EXPECT_FALSE(b.level(11)) << "PCI/MSI: INTx is not used";
    EXPECT_EQ(b.config(b.edu(), 6, 2) & 8, 0u);
}

TEST(EduMsi, IntxAndMsiChangePlaces)
{
    EduMsi b;
    b.raise();
    b.config_write(b.edu(), 0x42, 2, 0);
    EXPECT_TRUE(b.level(11)) << "PCI/MSI disabled: the request goes to the pin";
    b.config_write(b.edu(), 0x42, 2, 1);
    EXPECT_FALSE(b.level(11)) << "PCI/MSI enabled";
}

TEST(EduMsi, LatchedIntxStaysAway)
{
    EduMsi b;
    b.m.pci.quirks = pci_quirk::IntxIsLatched::mask;
    b.raise();
    b.config_write(b.edu(), 0x42, 2, 0);
    EXPECT_FALSE(b.level(11)) << "QEMU/edu: until it is raised again";
    b.raise();
    EXPECT_TRUE(b.level(11));
}

TEST(EduMsi, OnlyABusMasterSends)
{
    EduMsi b;
    b.config_write(b.edu(), 4, 2, 0x0102);
    b.raise();
    EXPECT_EQ(b.count(SignalKind::msi_send), 0) << "PCI/command bit 2";
    EXPECT_TRUE(b.diagnosed(Diagnosis::not_bus_master));
}

TEST(EduMsi, AMessageToMemoryIsItsOwners)
{
    EduMsi b;
    b.config_write(b.edu(), 0x44, 4, 0x2000);
    b.raise();
    ASSERT_NE(b.find(SignalKind::msi_memory), nullptr);
    EXPECT_EQ(b.find(SignalKind::msi_memory)->value, 0x41u);
    EXPECT_TRUE(b.diagnosed(Diagnosis::mmio_unclaimed));
    b.signals.clear();
    b.config_write(b.edu(), 0x44, 4, 0xfee00000);
    b.config_write(b.edu(), 0x48, 4, 1);
    b.raise();
    EXPECT_EQ(b.count(SignalKind::msi_send), 0) << "SDM3/MSI: the local APICs are below 4 GiB";
}

} // namespace
} // namespace irqlab::hw::test
