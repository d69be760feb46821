// Boot with `apic=debug`: what the log says of interrupts, /proc/interrupts, and the chips' registers, beside
// recordings of Linux 6.1.
//
// All lines about interrupts are compared, in their order. Masked is what two boots of one Linux do not
// share: times, counters, what was measured, the date, and whether the timer happens to wait in IRR.
#include <algorithm>
#include <cstdio>
#include <gtest/gtest.h>
#include <regex>

#include "kernel/kernel.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

struct Boot {
    const char* name;
    hw::BoardId board;
};
constexpr Boot boots[] = {{"pc_smp2", hw::BoardId::pc},
                          {"pc_smp2_noapic", hw::BoardId::pc},
                          {"pc_smp2_nolapic", hw::BoardId::pc},
                          {"q35_smp2", hw::BoardId::q35}};

constexpr const char* about_interrupts =
    "apic|pic|irq|interrupt|extint|elcr|int_src_ovr|^int: |^lint: |^smp|for smp config|booting smp|^mptable|"
    "multiprocessor spec|^bus #|^processor|^\\.{3}|^ pin[0-9a-f]{2},|^[0-9a-f]{64}$";

/// Where we differ: what stands for what, and why.
struct Difference {
    const char* theirs;
    const char* ours;
    const char* why;
};
constexpr Difference differences[] = {
    {"^hpet0: .*", "", "Linux's HPET driver is not there: its tick is the 8254's"},
    {"^rtc_cmos .*, hpet irqs$", "", "the same"},
    {"^Probably due to long platform interrupts\\. .*", "", "of one boot: its host was slow"},
    {"^\\.\\.\\. PM-Timer .*", "", "the boards have no ACPI timer"},
    {"^smpboot: CPU0: .*", "", "the CPU's name and family"},
};

constexpr Difference masks[] = {
    {"(delta =?|mult:|result:) ?[0-9]+$", "$1 N", "measured"},
    {"speed is [0-9.]+ MHz", "speed is N MHz", "measured"},
    {"\\([0-9.]+ BogoMIPS\\)", "(N BogoMIPS)", "measured"},
    {"^([0-9a-f]{56})00001000$", "$0100000000", "the timer's vector, ECh, may wait in IRR"},
};

std::string without_stamp(const std::string& line)
{
    static const std::regex stamp("^\\[ *[0-9]+\\.[0-9]+\\] ?");
    return std::regex_replace(line, stamp, "");
}

/// @return false when nothing is left of the line.
template <std::size_t N> bool replace(std::string& line, const Difference (&rows)[N])
{
    const bool was_empty = line.empty();
    for (const Difference& row : rows)
        line = std::regex_replace(line, std::regex(row.theirs), row.ours);
    return was_empty || !line.empty();
}

std::vector<std::string> lines_about_interrupts(const std::string& log)
{
    static const std::regex wanted(about_interrupts, std::regex::icase);
    std::vector<std::string> lines;
    for (const std::string& stamped : lines_of(log))
        if (std::string line = without_stamp(stamped);
            !line.starts_with("Linux version") && std::regex_search(line, wanted)) {
            replace(line, masks);
            lines.push_back(line);
        }
    return lines;
}

/// The recorded lines as we should have them.
std::string wanted_log(const char* name)
{
    std::string text;
    for (std::string& line : lines_about_interrupts(recorded("boot", name, "dmesg")))
        if (replace(line, differences))
            text += line + "\n";
    return text;
}

lab::WorldConfig guest_of(const Boot& boot)
{
    lab::WorldConfig config;
    config.cpus = 2;
    config.board = boot.board;
    config.quirks = hw::Profile::qemu; // the guest's chips: its local APIC is of version 14h
    config.cmdline = lines_of(recorded("boot", boot.name, "cmdline"))[0];
    return config;
}

[[maybe_unused]] void PrintTo(const Boot& boot, std::ostream* out) { *out << boot.name; }

class BootLog : public testing::TestWithParam<Boot> {};

TEST_P(BootLog, EachLineAboutInterruptsIsLinuxs)
{
    const Session session = run_session(guest_of(GetParam()), "dmesg");
    EXPECT_SAME_TEXT(wanted_log(GetParam().name), joined(lines_about_interrupts(session.text)));
}

TEST_P(BootLog, ProcInterruptsIsLinuxs)
{
    const Session session =
        run_session(guest_of(GetParam()), guest_functions() + "S i cat /proc/interrupts\n");
    EXPECT_SAME_TEXT(mask_counters(recorded("boot", GetParam().name, "interrupts")),
                     mask_counters(steps_of(session)["i"]));
}

INSTANTIATE_TEST_SUITE_P(Linux61, BootLog, testing::ValuesIn(boots),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BootLog, EachDifferenceIsThere)
{
    for (const Difference& d : differences) {
        bool found = false;
        for (const Boot& boot : boots)
            for (const std::string& line : lines_about_interrupts(recorded("boot", boot.name, "dmesg")))
                found |= std::regex_search(line, std::regex(d.theirs));
        EXPECT_TRUE(found) << d.theirs << ": " << d.why;
    }
}

TEST(BootLog, WithoutDebugOnlyTheWordsThatAreAlwaysThere)
{
    lab::WorldConfig config;
    const Session session = run_session(config, "dmesg");
    EXPECT_FALSE(session.says("redirection table")) << session.text;
    EXPECT_FALSE(session.says("ExtINT")) << session.text;
    EXPECT_TRUE(session.says("..TIMER: vector=0x30 apic1=0 pin1=2 apic2=-1 pin2=-1")) << session.text;
}

// [LX admin-guide/kernel-parameters] show_lapic
TEST(BootLog, AsManyLocalApicsAsAskedFor)
{
    lab::WorldConfig config;
    config.cpus = 3;
    for (const auto& [words, shown] : {std::pair{"apic=verbose", 1},
                                       {"apic=debug show_lapic=2", 2},
                                       {"apic=debug show_lapic=all", 3},
                                       {"show_lapic=all", 0}}) {
        config.cmdline = words;
        const Session session = run_session(config, "dmesg");
        int count = 0;
        for (std::size_t at = 0; (at = session.text.find("... APIC ID: ", at)) != std::string::npos; ++at)
            ++count;
        EXPECT_EQ(shown, count) << words;
    }
}

// --- registers, beside QEMU's monitor in the same guest
// ------------------------------------------------------

/// The monitor's words on a machine that has booted, with edu on an MSI: `info pic`, `info lapic 0`, `info
/// lapic 1`.
const std::string& monitor()
{
    static const std::string text = recorded("monitor", "pc_msi", "idle");
    return text;
}

struct Registers {
    std::string text;
    template <class... Args> void line(const char* format, Args... args)
    {
        char buffer[160];
        std::snprintf(buffer, sizeof buffer, format, args...);
        text += buffer;
        text += '\n';
    }
};

std::string found_in(const std::string& text, const char* pattern)
{
    std::string out;
    for (const std::string& line : lines_of(text))
        if (std::smatch m; std::regex_search(line, m, std::regex(pattern))) {
            for (std::size_t i = 1; i < m.size(); ++i)
                out += (i > 1 ? " " : "") + m.str(i);
            out += "\n";
        }
    return out;
}

class BootRegisters : public testing::Test {
protected:
    sim::NaturalChoice natural;
    Session session;
    lab::World world{guest_of(boots[0]), natural, terminal_of(session)};
    const hw::Machine& machine = world.machine();
};

TEST_F(BootRegisters, RedirectionEntries)
{
    Registers ours;
    for (unsigned pin = 0; pin < hw::ioapic_pins; ++pin)
        ours.line("%u 0x%016llx", pin, static_cast<unsigned long long>(machine.ioapic.entry[pin]));
    EXPECT_SAME_TEXT(found_in(monitor(), "^ *pin ([0-9]+) +(0x[0-9a-f]{16}) "), ours.text);
}

// Not IRR: QEMU keeps an edge whose line has fallen, against [8259A] "Interrupt Sequence".
TEST_F(BootRegisters, BothPics)
{
    Registers ours;
    const auto chip = [&](unsigned n, const hw::I8259& c) {
        ours.line("%u imr=%02x isr=%02x irq_base=%02x elcr=%02x", n, c.imr, c.isr, c.icw2 & 0xf8u, c.elcr);
    };
    chip(1, machine.pic.slave);
    chip(0, machine.pic.master);
    EXPECT_SAME_TEXT(found_in(monitor(), "^pic([01]): .*(imr=..) (isr=..) .*(irq_base=..) .*(elcr=..)"),
                     ours.text);
}

TEST_F(BootRegisters, LocalApics)
{
    using hw::LvtEntry;
    Registers ours;
    for (unsigned cpu = 0; cpu < 2; ++cpu) {
        const hw::Lapic& apic = machine.core[cpu].lapic;
        const auto lvt = [&](const char* name, LvtEntry entry) {
            ours.line("%s 0x%08x", name, apic.lvt[static_cast<unsigned>(entry)] & ~hw::lvt::Pending::mask);
        };
        lvt("LVT0", LvtEntry::lint0);
        lvt("LVT1", LvtEntry::lint1);
        lvt("LVTPC", LvtEntry::pmc);
        lvt("LVTERR", LvtEntry::error);
        lvt("LVTTHMR", LvtEntry::thermal);
        lvt("LVTT", LvtEntry::timer);
        ours.line("SPIV 0x%08x", apic.svr);
        ours.line("ESR 0x%08x", apic.esr);
    }
    EXPECT_SAME_TEXT(found_in(monitor(), "^(LVT[A-Z0-9]*|SPIV|ESR)\\s+(0x[0-9a-f]{8})"), ours.text);

    ours.text.clear();
    for (unsigned cpu = 0; cpu < 2; ++cpu) {
        const hw::Lapic& apic = machine.core[cpu].lapic;
        ours.line("TPR 0x%02x DFR 0x%02x LDR 0x%02x", apic.tpr, apic.dfr >> 28, apic.ldr >> 24);
    }
    EXPECT_SAME_TEXT(found_in(monitor(), "(TPR 0x..) (DFR 0x..) (LDR 0x..)"), ours.text);
}

} // namespace
} // namespace irqlab::test
