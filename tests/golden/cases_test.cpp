// irqcases.ko: request_irq and its relatives by argument. Results, errno, messages and their order, as
// Linux 6.1's.
#include <gtest/gtest.h>

#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

/// `WARNING: CPU: 1 PID: 93 at kernel/irq/manage.c:1887 free_irq+0x1d3/0x340` without CPU, PID and offsets.
std::string mask_warning(const std::string& line)
{
    const std::size_t at = line.find(" at "), plus = line.find("+0x", at);
    return "WARNING: CPU: C PID: P" + line.substr(at, plus - at);
}

/// Of a warning's report the text, the WARNING line up to the function and the end mark stay. The rest is
/// registers, code bytes and a call trace: those of the build that was recorded.
std::string mask_reports(const std::string& text)
{
    constexpr std::string_view stamp = "[ TIME] ";
    std::string out;
    bool inside = false;
    for (const std::string& masked : lines_of(mask_times(text))) {
        const std::string line = masked.starts_with(stamp) ? masked.substr(stamp.size()) : masked;
        if (line.starts_with("---[ end trace"))
            inside = false;
        if (!inside)
            out += (line.starts_with("WARNING: CPU: ") ? mask_warning(line) : line) + "\n";
        if (line.starts_with("WARNING: CPU: "))
            inside = true;
    }
    return out;
}

class Cases : public testing::TestWithParam<const char*> {};

TEST_P(Cases, EveryAnswerAndMessageIsLinuxs)
{
    const std::string name = GetParam();
    const Recording boot{nullptr, 2, name == "pc_noapic" ? "noapic" : "", {}};
    const Session session = run_session(guest_like(boot), guest_functions() +
                                                              "sleep 2; dmesg -c > /dev/null\n"
                                                              "S insmod insmod " +
                                                              module_path("golden/modules/irqcases.c") +
                                                              "\n"
                                                              "dump dmesg\n"
                                                              "S interrupts cat /proc/interrupts\n");
    auto ours = steps_of(session);
    EXPECT_SAME_TEXT(recorded("cases", name, "insmod"), ours["insmod"]);
    EXPECT_SAME_TEXT(mask_reports(recorded("cases", name, "dmesg")), mask_reports(ours["dmesg"]));
    EXPECT_SAME_TEXT(mask_counters(recorded("cases", name, "interrupts")), mask_counters(ours["interrupts"]));
}

INSTANTIATE_TEST_SUITE_P(Linux61, Cases, testing::Values("pc", "pc_noapic"),
                         [](const auto& row) { return std::string(row.param); });

} // namespace
} // namespace irqlab::test
