// /proc/interrupts and the files of one line, as Linux 6.1 printed them.
#include <gtest/gtest.h>

#include "tests/kernel/vfs/vfs_world.hpp"

namespace irqlab::kernel::test {
namespace {

/// A line with its counts.
struct Line {
    abi::irq_desc desc{};
    abi::irq_chip chip{};
    abi::irqaction action[2]{};
    unsigned counts[2]{};

    Line(VfsWorld& w, unsigned irq, const char* chip_name, const char* flow, unsigned c0, unsigned c1)
    {
        static char some_domain;
        w.descs[irq] = &desc;
        desc.irq_data.irq = irq;
        desc.irq_data.common = &desc.irq_common_data;
        desc.irq_data.chip = &chip;
        desc.irq_data.hwirq = irq;
        chip.name = chip_name;
        desc.name = flow;
        if (flow)
            desc.irq_data.domain = reinterpret_cast<abi::irq_domain*>(&some_domain);
        desc.kstat_irqs = counts;
        counts[0] = c0;
        counts[1] = c1;
        desc.irq_common_data.affinity[0].bits[0] = 3;
        desc.irq_common_data.effective_affinity[0].bits[0] = 1;
    }
    void name(const char* first, const char* second = nullptr)
    {
        desc.action = &action[0];
        action[0].name = first;
        action[0].dir = reinterpret_cast<abi::proc_dir_entry*>(const_cast<char*>(first)); // as request_irq() leaves it
        action[1].name = second;
        action[0].next = second ? &action[1] : nullptr;
    }
};

std::string row_of(const std::string& text, const std::string& start)
{
    const std::size_t at = text.find(start);
    return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

TEST(ProcInterrupts, Rows)
{
    VfsWorld w;
    Line timer{w, 0, "IO-APIC", "edge", 71, 0};
    timer.desc.irq_data.hwirq = 2;
    timer.name("timer");
    Line shared{w, 11, "IO-APIC", "fasteoi", 1, 0};
    shared.name("edu_none", "edu");
    Line cascade{w, 2, "XT-PIC", nullptr, 0, 0};
    cascade.name("cascade");
    Line freed{w, 12, "XT-PIC", nullptr, 2, 0};
    Line never{w, 5, "IO-APIC", "edge", 0, 0};
    Line msi{w, 24, "PCI-MSI", "edge", 1, 0};
    msi.desc.irq_data.hwirq = 65536;
    msi.name("edu");
    w.cpus[0].stats.loc = 271;
    w.cpus[1].stats.loc = 281;
    const std::string text = w.read("/proc/interrupts");

    const struct {
        const char* clause;
        const char* start;
        const char* row;
    } rows[] = {
        {"golden/hello: header", "           CPU", "           CPU0       CPU1       "},
        {"golden/hello: pin 2 is irq 0", "  0:", "  0:         71          0   IO-APIC   2-edge      timer"},
        {"golden/edu: shared line", " 11:", " 11:          1          0   IO-APIC  11-fasteoi   edu_none, edu"},
        {"golden/hello noapic: no hwirq", "  2:", "  2:          0          0    XT-PIC      cascade"},
        {"golden/hello noapic: freed, but counted", " 12:", " 12:          2          0    XT-PIC    "},
        {"golden/hello: freed, never counted", "  5:", ""},
        {"golden/edu: MSI", " 24:", " 24:          1          0   PCI-MSI 65536-edge      edu"},
        {"golden/hello: architecture row", "LOC:", "LOC:        271        281   Local timer interrupts"},
        {"golden/hello: ERR has one number", "ERR:", "ERR:          0"},
    };
    for (const auto& r : rows)
        EXPECT_EQ(row_of(text, r.start), r.row) << r.clause;
    EXPECT_TRUE(text.ends_with("PIW:          0          0   Posted-interrupt wakeup event\n"));
}

TEST(ProcInterrupts, SmallReadsGiveTheSameText)
{
    VfsWorld w;
    Line timer{w, 0, "IO-APIC", "edge", 71, 0};
    timer.name("timer");
    EXPECT_EQ(w.read("/proc/interrupts", 7), w.read("/proc/interrupts"));
}

TEST(ProcSoftirqs, HeaderAndRow)
{
    VfsWorld w;
    w.cpus[1].softirqs[6] = 1;
    const std::string text = w.read("/proc/softirqs");
    EXPECT_TRUE(text.starts_with("                    CPU0       CPU1       \n"));
    EXPECT_EQ(row_of(text, "     TASKLET:"), "     TASKLET:          0          1");
}

TEST(ProcStat, InterruptSumAndLines)
{
    VfsWorld w;
    Line timer{w, 1, "IO-APIC", "edge", 7, 2};
    w.cpus[0].stats.loc = 100;
    const std::string row = row_of(w.read("/proc/stat"), "intr ");
    EXPECT_TRUE(row.starts_with("intr 109 0 9 0")) << row;
}

TEST(ProcIrq, FilesOfALine)
{
    VfsWorld w;
    Line line{w, 11, "IO-APIC", "fasteoi", 0, 0};
    line.name("lothars_device");
    irqd(line.desc) |= irqd_level;
    const struct {
        const char* path;
        const char* text;
    } rows[] = { // golden/hello/pc_smp2_irq11_loaded
        {"/proc/irq/11/affinity_hint", "0\n"},
        {"/proc/irq/11/effective_affinity", "1\n"},
        {"/proc/irq/11/effective_affinity_list", "0\n"},
        {"/proc/irq/11/node", "0\n"},
        {"/proc/irq/11/smp_affinity", "3\n"},
        {"/proc/irq/11/smp_affinity_list", "0-1\n"},
        {"/proc/irq/11/spurious", "count 0\nunhandled 0\nlast_unhandled 0 ms\n"},
        {"/sys/kernel/irq/11/actions", "lothars_device\n"},
        {"/sys/kernel/irq/11/chip_name", "IO-APIC\n"},
        {"/sys/kernel/irq/11/hwirq", "11\n"},
        {"/sys/kernel/irq/11/name", "fasteoi\n"},
        {"/sys/kernel/irq/11/per_cpu_count", "0,0\n"},
        {"/sys/kernel/irq/11/type", "level\n"},
        {"/sys/kernel/irq/11/wakeup", "disabled\n"},
        {"/proc/irq/12/node", "error -2"},
    };
    for (const auto& r : rows)
        EXPECT_EQ(w.read(r.path), r.text) << r.path;
    EXPECT_NE(w.list("/proc/irq/11").find("lothars_device "), std::string::npos);
    line.desc.action = nullptr;
    EXPECT_EQ(w.list("/proc/irq/11").find("lothars_device "), std::string::npos);
    EXPECT_EQ(w.read("/sys/kernel/irq/11/actions"), "");
    EXPECT_EQ(w.write("/sys/kernel/irq/11/actions", "x"), -EACCES);
    EXPECT_EQ(w.write("/proc/interrupts", "x"), -EIO);
}

} // namespace
} // namespace irqlab::kernel::test
