// The kernel's local APICs in x2APIC mode: when Linux turns it on, what it says, and that interrupts of every
// kind arrive in it.
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using enum hw::BoardId;
using kernel::Release;

struct Row {
    const char* clause;
    hw::BoardId board;
    Release release;
    unsigned cpus;
    const char* cmdline;
    const char* script;
    std::vector<const char*> says; // in this order
    const char* never = nullptr;
};

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }
void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class X2apic : public testing::TestWithParam<Row> {};

TEST_P(X2apic, DoesAsLinux)
{
    const Row& row = GetParam();
    lab::WorldConfig config;
    config.board = row.board;
    config.release = row.release;
    config.cpus = row.cpus;
    config.cmdline = row.cmdline;
    const Session session = run_session(config, row.script);
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    expect_in_order(session.text, row.says);
    if (row.never) {
        EXPECT_FALSE(session.says(row.never)) << session.text;
    }
}

constexpr Release v5_4 = Release::v5_4, v6_1 = Release::v6_1, v6_6 = Release::v6_6, v6_12 = Release::v6_12;
constexpr const char* unsupported = "x2apic: IRQ remapping doesn't support X2APIC mode";

const Row boots[] = {
    {"6.1 on the notebook",
     laptop,
     v6_1,
     8,
     "",
     "dmesg; show lapic 7",
     {"APIC: Switch to symmetric I/O mode setup\n", "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 ",
      "DMAR-IR: IOAPIC id 0 under DRHD base  0xfed90000 IOMMU 0\n",
      "DMAR-IR: HPET id 0 under DRHD base 0xfed90000\n",
      "DMAR-IR: Queued invalidation will be enabled to support x2apic and Intr-remapping.\n",
      "DMAR-IR: Enabled IRQ remapping in x2apic mode\n", "x2apic enabled\n",
      "Switched APIC routing to cluster x2apic.\n", "..TIMER: ", "mode           x2APIC\n",
      "base           0xfee00c00\n", "id             7\n", "ldr            0x00000080\n"}},
    {"5.4",
     laptop,
     v5_4,
     2,
     "",
     "dmesg",
     {"] x2apic enabled\n", "] Switched APIC routing to cluster x2apic.\n"}},
    {"6.6",
     laptop,
     v6_6,
     2,
     "",
     "dmesg",
     {"] x2apic enabled\n", "] APIC: Switched APIC routing to: cluster x2apic\n"}},
    {"6.12 by ID",
     laptop,
     v6_12,
     2,
     "x2apic_phys",
     "dmesg",
     {"] APIC: Switched APIC routing to: physical x2apic\n"}},
    {"nox2apic",
     laptop,
     v6_1,
     4,
     "nox2apic",
     "dmesg; show lapic 3; grep -c x2apic /proc/cpuinfo",
     {"DMAR-IR: Enabled IRQ remapping in xapic mode\n", "mode           xAPIC\n",
      "ldr            0x08000000\n", "0\n"},
     "x2apic enabled"},
    {"without remapping",
     laptop,
     v6_1,
     2,
     "intremap=off",
     "dmesg; show lapic",
     {unsupported, "xAPIC\n"},
     "DMAR"},
    {"without either",
     laptop,
     v6_1,
     2,
     "intremap=off nox2apic",
     "show lapic; dmesg",
     {"xAPIC\n"},
     unsupported},
    {"noapic",
     laptop,
     v6_1,
     2,
     "noapic",
     "dmesg; show lapic 1",
     {"Not enabling interrupt remapping", "xAPIC\n"}},
    {"a CPU without it",
     pc,
     v6_1,
     2,
     "intremap=on",
     "dmesg; show lapic 1; cat /proc/cpuinfo",
     {"xAPIC\n"},
     "x2apic"},
    {"IDs as they are read back",
     laptop,
     v6_1,
     3,
     "apic=debug show_lapic=all",
     "dmesg",
     {"... APIC ID:      00000000 (0)\n", "... APIC ID:      00000001 (1)\n",
      "... APIC ID:      00000002 (2)\n"}},
};
INSTANTIATE_TEST_SUITE_P(Boot, X2apic, testing::ValuesIn(boots), name_of);

// A line, a timer and an IPI of each kind, at a CPU of the third cluster.
constexpr const char* all_kinds = "echo 35 > /proc/irq/1/smp_affinity_list; kbd press 0x1e; kbd press 0x9e\n"
                                  "cat /proc/irq/1/effective_affinity_list\n"
                                  "grep i8042 /proc/interrupts | grep ' 1:' | tr -s ' ' | cut -d ' ' -f 38\n"
                                  "taskset -c 35 sleep 0.01; (sleep 0.01; echo) | taskset -c 35 cat > "
                                  "/dev/null; cpu nmi 35; for row in LOC RES NMI; do\n"
                                  "test $(grep $row: /proc/interrupts | tr -s ' ' | cut -d ' ' -f 37) -gt 0 "
                                  "&& echo $row came; done; show lapic 35";

const Row arrivals[] = {
    {"in a cluster",
     laptop,
     v6_1,
     40,
     "",
     all_kinds,
     {"35\n2\n", "LOC came\n", "RES came\n", "NMI came\n", "isr            -\n",
      "ldr            0x00020008\n"}},
    {"by ID",
     laptop,
     v6_1,
     40,
     "x2apic_phys",
     all_kinds,
     {"35\n2\n", "LOC came\n", "RES came\n", "NMI came\n", "isr            -\n"}},
    {"by ID in xAPIC mode",
     laptop,
     v6_1,
     40,
     "nox2apic",
     all_kinds,
     {"35\n2\n", "LOC came\n", "RES came\n", "NMI came\n", "isr            -\n"}},
    {"a level line is ended at the I/O APIC",
     laptop,
     v6_1,
     4,
     "",
     "irq pulse 9 3; grep acpi /proc/interrupts; show ioapic",
     {"IR-IO-APIC   9-fasteoi   acpi\n", "\n9    low   no      0x09    level    high      fixed     "}},
};
INSTANTIATE_TEST_SUITE_P(Arrival, X2apic, testing::ValuesIn(arrivals), name_of);

} // namespace
} // namespace irqlab::test
