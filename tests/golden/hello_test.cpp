// interrupt.ko on IRQ 11 with `int $0x3B` in read(): our session beside seven recordings of Linux 6.1.
//
// The steps are those of the guest. What two runs of one Linux do not share is masked: times, counters that
// the boot and the clock drive, the CPU that a line is sent to. All else is compared byte for byte.
#include <algorithm>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

enum class Form { plain, interrupts, irq_files, listing, counters, statistics };

struct Step {
    const char* name;
    Form form;
};

constexpr Step steps[] = {
    {"interrupts_boot", Form::interrupts},
    {"irq11_before", Form::irq_files},
    {"insmod", Form::plain},
    {"dmesg_insmod", Form::plain},
    {"interrupts_loaded", Form::interrupts},
    {"irq11_loaded", Form::irq_files},
    {"devices", Form::plain},
    {"ls", Form::listing},
    {"cat", Form::plain},
    {"dmesg_cat", Form::plain},
    {"interrupts_after", Form::interrupts},
    {"cat2", Form::plain},
    {"dmesg_cat2", Form::plain},
    {"rmmod", Form::plain},
    {"dmesg_rmmod", Form::plain},
    {"interrupts_end", Form::interrupts},
    {"irq11_end", Form::irq_files},
    {"softirqs", Form::counters},
    {"stat", Form::statistics},
};

/// Where we differ on purpose: what stands for what, in which step (null: in all), and why.
struct Difference {
    const char* step;
    const char* theirs;
    const char* ours;
    const char* why;
};

constexpr Difference differences[] = {
    {"ls", " 0 0 ", " root root ", "the guest's ls is busybox's, without /etc/passwd; ours is GNU's"},
};

/// The row of IRQ 11 stays as it is: its interrupts are the session's own.
std::string mask_interrupts(const std::string& text)
{
    std::string out;
    for (const std::string& line : lines_of(text))
        out += line.starts_with(" 11:") ? line + "\n" : mask_counters(line + "\n");
    return out;
}

/// With the IO-APIC the line goes to the CPU that has most vectors free, which depends on what else the guest
/// had. The directory's list is in columns there and in lines here: its words count.
std::string mask_irq_files(const std::string& text)
{
    const bool routed = text.find("IO-APIC") != std::string::npos;
    std::string out;
    std::vector<std::string> names;
    for (const std::string& line : lines_of(text)) {
        const std::size_t value = line.find(": ");
        if (value == std::string::npos && !line.starts_with("@@@")) {
            std::istringstream words(line);
            for (std::string word; words >> word;)
                names.push_back(word);
        } else if (routed && line.find("/effective_affinity") != std::string::npos) {
            out += line.substr(0, value) + ": CPU\n";
        } else {
            out += line + "\n";
        }
    }
    std::sort(names.begin(), names.end());
    return out + joined(names);
}

/// The date is that of the run.
std::string mask_listing(const std::string& text)
{
    static const std::regex date("[A-Z][a-z]{2} [0-9]+ [0-9]{2}:[0-9]{2}");
    return std::regex_replace(squeeze(text), date, "DATE");
}

std::string masked(Form form, const std::string& text)
{
    switch (form) {
    case Form::plain: return mask_times(text);
    case Form::interrupts: return mask_interrupts(text);
    case Form::irq_files: return mask_irq_files(text);
    case Form::listing: return mask_listing(text);
    case Form::counters: return mask_counters(text);
    case Form::statistics: return mask_numbers(text);
    }
    return text;
}

std::string with_differences(std::string text, const std::string& step)
{
    for (const Difference& d : differences) {
        if (d.step && step != d.step)
            continue;
        for (std::size_t at = 0; (at = text.find(d.theirs, at)) != std::string::npos;
             at += std::string_view(d.ours).size())
            text.replace(at, std::string_view(d.theirs).size(), d.ours);
    }
    return text;
}

std::string script_of(const Recording& r)
{
    const auto cat = [&](unsigned n) {
        return "taskset " + std::to_string(1u << r.cat_cpu[n]) + " cat /dev/lothars_device\n";
    };
    return guest_functions() +
           "sleep 2; dmesg -c > /dev/null\n"
           "S interrupts_boot cat /proc/interrupts\n"
           "S irq11_before irqfiles 11\n"
           "S insmod insmod " +
           module_path("golden/modules/interrupt.c") +
           "\n"
           "dump dmesg_insmod\n"
           "S interrupts_loaded cat /proc/interrupts\n"
           "S irq11_loaded irqfiles 11\n"
           "S devices grep lothars /proc/devices\n"
           "S ls ls -l /dev/lothars_device\n"
           "S cat " +
           cat(0) +
           "dump dmesg_cat\n"
           "S interrupts_after cat /proc/interrupts\n"
           "S cat2 " +
           cat(1) +
           "dump dmesg_cat2\n"
           "S rmmod rmmod interrupt\n"
           "dump dmesg_rmmod\n"
           "S interrupts_end cat /proc/interrupts\n"
           "S irq11_end irqfiles 11\n"
           "S softirqs cat /proc/softirqs\n"
           "S stat grep -E '^(intr|softirq)' /proc/stat\n";
}

[[maybe_unused]] void PrintTo(const Recording& r, std::ostream* out) { *out << r.name; }

class Hello : public testing::TestWithParam<Recording> {};

TEST_P(Hello, EveryStepReadsAsOnLinux)
{
    const Recording& r = GetParam();
    const Session session = run_session(guest_like(r), script_of(r));
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    auto ours = steps_of(session);
    for (const Step& step : steps) {
        SCOPED_TRACE(step.name);
        const std::string theirs =
            with_differences(masked(step.form, recorded("hello", r.name, step.name)), step.name);
        EXPECT_SAME_TEXT(theirs, masked(step.form, ours[step.name]));
    }
}

INSTANTIATE_TEST_SUITE_P(Linux61, Hello, testing::ValuesIn(recordings),
                         [](const auto& row) { return row.param.name; });

// --- the same `int $0x3B` three times on each CPU
// -----------------------------------------------------------

class HelloPinned : public testing::TestWithParam<const char*> {};

TEST_P(HelloPinned, EachCpuAnswersAsOnLinux)
{
    const std::string name = GetParam();
    const Recording boot{nullptr, 2, name == "pc_smp2_noapic" ? "noapic" : "", {}};
    const Session session = run_session(
        guest_like(boot), guest_functions() + "insmod " + module_path("golden/modules/interrupt.c") +
                              "; dmesg -c > /dev/null\n"
                              "for c in 0 1; do for i in 1 2 3; do\n"
                              "taskset $((c+1)) cat /dev/lothars_device; dump dmesg_cpu${c}_$i; done; done\n"
                              "S interrupts cat /proc/interrupts\n");
    auto ours = steps_of(session);
    for (const char* step :
         {"dmesg_cpu0_1", "dmesg_cpu0_2", "dmesg_cpu0_3", "dmesg_cpu1_1", "dmesg_cpu1_2", "dmesg_cpu1_3"}) {
        SCOPED_TRACE(step);
        EXPECT_SAME_TEXT(mask_times(recorded("hellopin", name, step)), mask_times(ours[step]));
    }
    EXPECT_SAME_TEXT(mask_interrupts(recorded("hellopin", name, "interrupts")),
                     mask_interrupts(ours["interrupts"]));
}

INSTANTIATE_TEST_SUITE_P(Linux61, HelloPinned, testing::Values("pc_smp2", "pc_smp2_noapic"),
                         [](const auto& row) { return std::string(row.param); });

} // namespace
} // namespace irqlab::test
