// edudrv.ko on QEMU's edu: INTx and MSI, tasklets, works, timers and threads behind it, beside recordings of Linux 6.1.
//
// One CPU, where the order of what happens is Linux's own. What two runs of one Linux do not share is masked: times,
// the number of a worker, and whether the worker of high priority came before the other.
#include <algorithm>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

struct Case {
    const char* name; // of the recording
    const char* parameters;
    const char* cmdline;
    hw::BoardId board;
    unsigned irq;
};

constexpr Case cases[] = {
    {"intx_smp1", "", "", hw::BoardId::pc, 11},
    {"msi_smp1", "msi=1", "", hw::BoardId::pc, 24},
    {"intx_noapic_smp1", "", "noapic", hw::BoardId::pc, 11},
    {"intx_q35_smp1", "", "", hw::BoardId::q35, 23},
    {"intx_second_first_smp1", "second=1", "", hw::BoardId::pc, 11},
    {"intx_second_last_smp1", "second=2", "", hw::BoardId::pc, 11},
    {"intx_thread_smp1", "thread=1", "", hw::BoardId::pc, 11},
    {"intx_thread_oneshot_smp1", "thread=1 oneshot=1", "", hw::BoardId::pc, 11},
};

enum class Form { plain, log, interrupts, irq_files };
struct Step {
    const char* name;
    Form form;
};
constexpr Step steps[] = {
    {"insmod", Form::plain},          {"dmesg_insmod", Form::log},      {"proc_before", Form::interrupts},
    {"irqfiles", Form::irq_files},    {"dmesg_raise", Form::log},       {"proc_after", Form::interrupts},
    {"dmesg_raise2", Form::log},      {"dmesg_fact", Form::log},        {"dmesg_irqoffraise", Form::log},
    {"dmesg_bhoffraise", Form::log},  {"dmesg_maskedraise", Form::log}, {"proc_end", Form::interrupts},
    {"spurious", Form::plain},        {"rmmod", Form::plain},           {"dmesg_rmmod", Form::log},
};

/// Where a recording holds an accident of its boot, which another of the same kernel does not have.
struct Accident {
    const char* name;
    const char* step;
    const char* why;
};
constexpr Accident accidents[] = {
    {"msi_smp1", "dmesg_fact", "the factorial ended while a softirq of the shell's ran: the tasklets are ksoftirqd's"},
    {"intx_second_last_smp1", "dmesg_fact", "the factorial ended when the shell slept already"},
    {"intx_second_last_smp1", "dmesg_raise", "the tick came while ksoftirqd ran"},
    {"intx_thread_smp1", "dmesg_raise", "the same"},
    {"intx_thread_oneshot_smp1", "dmesg_raise", "the same"},
};

bool is_accident(const Case& c, const Step& step)
{
    return std::ranges::any_of(accidents, [&](const Accident& a) {
        return std::string_view(a.name) == c.name && std::string_view(a.step) == step.name;
    });
}

bool is_work(const std::string& line) { return line.find("comm=kworker/") != std::string::npos; }
bool is_high(const std::string& line) { return line.find(" work_hi ") != std::string::npos; }

/// Without times, sequence numbers and the number of a worker; a shell is a shell by whatever name.
std::string mask_line(const std::string& line)
{
    static const std::regex number("edu: #[0-9]+ +"), worker("kworker/([0-9]+):[0-9]+"),
        shell("comm=(init|sh) ");
    std::string text = std::regex_replace(mask_times(line + "\n"), number, "edu: ");
    text = std::regex_replace(text, worker, "kworker/$1:N");
    return std::regex_replace(text, shell, "comm=shell ");
}

/// Two pools of workers have no order between them: in a run of works those of high priority go last.
std::string mask_log(const std::string& text)
{
    std::vector<std::string> lines = lines_of(text);
    for (auto first = lines.begin(); first != lines.end();) {
        const auto end = std::find_if_not(first, lines.end(), is_work);
        std::stable_partition(first, end, [](const std::string& line) { return !is_high(line); });
        first = end == lines.end() ? end : end + 1;
    }
    std::string out;
    for (const std::string& line : lines)
        out += mask_line(line);
    return out;
}

/// RES is in the guest's grep by chance ("Rescheduling"): its count is boot's.
std::string mask_interrupts(const std::string& text)
{
    std::string out;
    for (const std::string& line : lines_of(text))
        out += line.starts_with("RES:") ? mask_counters(line + "\n") : line + "\n";
    return out;
}

/// The directory's list is in columns there and in lines here: its words count.
std::string mask_irq_files(const std::string& text)
{
    std::string out;
    std::vector<std::string> names;
    for (const std::string& line : lines_of(text)) {
        if (line.find(": ") != std::string::npos || line.starts_with("@@@")) {
            out += line + "\n";
            continue;
        }
        std::istringstream words(line);
        for (std::string word; words >> word;)
            names.push_back(word);
    }
    std::sort(names.begin(), names.end());
    return out + joined(names);
}

std::string masked(Form form, const std::string& text)
{
    static const std::regex last_unhandled("last_unhandled [1-9][0-9]{0,9} ms"); // a time, in 32 bits
    switch (form) {
    case Form::plain: return std::regex_replace(text, last_unhandled, "last_unhandled N ms");
    case Form::log: return mask_log(text);
    case Form::interrupts: return mask_interrupts(text);
    case Form::irq_files: return mask_irq_files(text);
    }
    return text;
}

std::string script_of(const Case& c)
{
    std::string script = guest_functions() + "p_edu() { cat /proc/interrupts | grep -E 'CPU|edu'; }\n"
                                             "sleep 2; dmesg -c > /dev/null\n";
    const std::string irq = std::to_string(c.irq);
    script += "S insmod insmod " + module_path("golden/modules/edudrv.c") + " " + c.parameters + "\n";
    script += "dump dmesg_insmod\nS proc_before p_edu\nS irqfiles irqfiles " + irq + "\n";
    script += "echo raise 1 > /dev/edu0\ndump dmesg_raise\nS proc_after p_edu\n";
    script += "echo raise 0x10 2 > /dev/edu0\ndump dmesg_raise2\n";
    script += "echo fact 5 > /dev/edu0\ndump dmesg_fact\n";
    for (const char* command : {"irqoffraise", "bhoffraise", "maskedraise"})
        script += std::string("echo ") + command + " > /dev/edu0\ndump dmesg_" + command + "\n";
    script += "S proc_end p_edu\nS spurious cat /proc/irq/" + irq + "/spurious\n";
    return script + "S rmmod rmmod edudrv\ndump dmesg_rmmod\n";
}

[[maybe_unused]] void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Edu : public testing::TestWithParam<Case> {};

TEST_P(Edu, EveryStepReadsAsOnLinux)
{
    const Case& c = GetParam();
    lab::WorldConfig config = guest_like({nullptr, 1, c.cmdline, {}});
    config.board = c.board;
    config.devices.emplace_back();
    const Session session = run_session(config, script_of(c));
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    auto ours = steps_of(session);
    for (const Step& step : steps) {
        if (is_accident(c, step))
            continue;
        SCOPED_TRACE(step.name);
        EXPECT_SAME_TEXT(masked(step.form, recorded("edu", c.name, step.name)),
                         masked(step.form, ours[step.name]));
    }
}

INSTANTIATE_TEST_SUITE_P(Linux61, Edu, testing::ValuesIn(cases), [](const auto& row) { return row.param.name; });

} // namespace
} // namespace irqlab::test
