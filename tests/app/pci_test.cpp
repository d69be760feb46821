// PCI's drivers, on each board and release: which line, which chip, whether DMA arrives, and what is given back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using hw::BoardId;
using kernel::Release;
using testing::HasSubstr;

constexpr Release v5_4 = Release::v5_4, v6_1 = Release::v6_1, v6_12 = Release::v6_12;

struct Row {
    const char* clause;
    Release release;
    BoardId board;
    bool msi;
    const char* cmdline;
    const char* arguments;
    std::vector<const char*> says; // in this order
    const char* never = nullptr;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class PciDriver : public testing::TestWithParam<Row> {};

TEST_P(PciDriver, DoesAsLinux)
{
    const Row& row = GetParam();
    lab::WorldConfig config;
    config.release = row.release;
    config.board = row.board;
    config.cpus = 2;
    config.cmdline = row.cmdline;
    config.devices.push_back({row.msi});
    const std::string module = module_path("modules/pci_edu.c", {row.release, app::kbuild::Optimize::o0, true});
    const Session session = run_session(config, "insmod " + module + " " + row.arguments +
                                                    "; grep -E 'pci_edu' /proc/interrupts\n"
                                                    "lspci -v; rmmod pci_edu; dmesg -t; cat /proc/iomem\n");
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    expect_in_order(session.text, row.says);
    if (row.never) {
        EXPECT_FALSE(session.says(row.never)) << session.text;
    }
}

constexpr const char* arrived = "pci_edu: back came 'over the bus'";

// Chips, numbers and words: recordings of 6.1 in golden/edu; [LX drivers/pci/msi/irqdomain.c] for the other releases'
// names, [LX kernel/dma/direct.c] for masks.
const Row rows[] = {
    {"MSI on pc", v6_1, BoardId::pc, true, "", "",
     {" 24: ", "PCI-MSI 65536-edge      pci_edu", "00:04.0 Unclassified device [00ff]: Device 1234:11e8 (rev 10)",
      "Kernel driver in use: pci_edu", "pci 0000:00:04.0: [1234:11e8] type 00 class 0x00ff00",
      "ACPI: \\_SB_.LNKD: Enabled at IRQ 11",
      "pci_edu: data 7, line 11, irq 11, MSI capability at 40, BAR [mem 0xfea00000-0xfeafffff]",
      "pci_edu: vectors 1, MSI 1, irq 24", arrived, "pci_edu: removed, data 1", "fea00000-feafffff : 0000:00:04.0"},
     "feafffff : pci_edu"},
    {"INTx on pc", v6_1, BoardId::pc, false, "", "",
     {" 11: ", "IO-APIC  11-fasteoi   pci_edu", "pci_edu: vectors 1, MSI 0, irq 11", arrived}},
    {"INTx at the 8259s", v6_1, BoardId::pc, false, "noapic", "",
     {" 11: ", "XT-PIC      pci_edu", "PCI: setting IRQ 11 as level-triggered", arrived}},
    {"INTx on q35", v6_1, BoardId::q35, false, "", "",
     {" 23: ", "IO-APIC  23-fasteoi   pci_edu", "ACPI: \\_SB_.GSIH: Enabled at IRQ 23", "irq 23", arrived}},
    {"MSI on laptop", v6_1, BoardId::laptop, true, "", "", {"IR-PCI-MSI 49152-edge      pci_edu", arrived}},
    {"INTx on laptop", v6_1, BoardId::laptop, false, "", "", {" 23: ", "IR-IO-APIC  23-fasteoi   pci_edu", arrived}},
    {"a chip for each function", v6_12, BoardId::laptop, true, "", "",
     {"IR-PCI-MSI-0000:00:03.0   0-edge      pci_edu", arrived}},
    {"the words of 5.4", v5_4, BoardId::pc, true, "", "",
     {"PCI-MSI 65536-edge      pci_edu", "pci 0000:00:04.0: reg 0x10: [mem 0xfea00000-0xfeafffff]",
      "ACPI: PCI Interrupt Link [LNKD] (IRQs 5 10 *11)", "ACPI: PCI Interrupt Link [LNKD] enabled at IRQ 11", arrived}},
    {"pci=nomsi", v6_1, BoardId::pc, true, "pci=nomsi", "", {"pci_edu: vectors 1, MSI 0, irq 11", arrived}},
    {"a mask below 24 bits", v6_1, BoardId::pc, true, "", "bits=20", {"mask refused: -5"}, "back came"},
    {"static memory is not for DMA", v6_1, BoardId::pc, true, "", "wrong=1", {"overflow (mask fffffff", "not mapped"},
     "back came"},
    {"who is no bus master moves nothing", v6_1, BoardId::pc, false, "", "wrong=2", {"back came ''"}},
};

INSTANTIATE_TEST_SUITE_P(Boards, PciDriver, testing::ValuesIn(rows),
                         [](const auto& row) { return test_name(row.param.clause); });

TEST(Pci, WhatIsTakenByHandIsGivenBackByHand)
{
    lab::WorldConfig config;
    config.cpus = 2;
    config.devices.emplace_back();
    const Session session = run_session(config, "insmod " + module_path("modules/pci_plain.c") +
                                                    " early=1; rmmod pci_plain; dmesg -t; cat /proc/iomem\n");
    constexpr const char* says[] = {
        "pci_plain: too early: -22", "pci_plain 0000:00:04.0: BAR 0: can't reserve [mem 0xfea00000-0xfeafffff]",
        "0000:00:04.0 is 1234, pin 1, memory 1 of 100000 at fea00000 to feafffff, says 010000ed",
        "two vectors -28, an odd place 135", "memory that it reaches 1", "3 functions, the first is a bridge: 1",
        "lost 1, restored 1", "held back 1", "came 1", "5! is 120, interrupts 2, MSI 1", "enabled 0, irq 11",
        "disabling already-disabled device", "fea00000-feafffff : 0000:00:04.0"};
    expect_in_order(session.text, says);
    EXPECT_FALSE(session.says("feafffff : pci_plain")) << session.text;
}

// On a notebook the drivers of its own devices were there first.
TEST(Pci, LinesThatTheLaptopsOwnDevicesHaveCanBeShared)
{
    lab::WorldConfig config;
    config.board = BoardId::laptop;
    config.cpus = 2;
    const Session session = run_session(config, "for n in 16 17 18 19 20; do [ -d /proc/irq/$n ] && echo line $n; done");
    EXPECT_EQ("line 16\nline 17\nline 18\nline 19\n", session.text);
}

} // namespace
} // namespace irqlab::test
