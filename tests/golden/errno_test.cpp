// The table of request_irq() and its relatives by argument, made from our session of irqcases.ko, beside the table that
// Linux 6.1's two sessions give.
//
// cases_test.cpp compares the logs; here each answer stands in one row, so that a difference names its case.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <regex>

#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

const char* errno_word(int rc)
{
    switch (rc) {
    case 0: return "ok";
    case -6: return "ENXIO";
    case -16: return "EBUSY";
    case -22: return "EINVAL";
    case -107: return "ENOTCONN";
    default: return "?";
    }
}

/// The cases of the table are those that ask for something and have one answer.
bool in_table(const std::string& name) { return name.starts_with("request_") || name.starts_with("irq_set_"); }

/// Rows `case   rc  errno  what genirq or the case said`, from a log of irqcases.ko.
std::string table_of(const std::string& log)
{
    static const std::regex answer("^case: (.+?) += (-?[0-9]+)$"), words("^(genirq: .*|name '.*')$");
    std::string table, said;
    for (const std::string& stamped : lines_of(log)) {
        const std::string line = stamped.substr(std::min(stamped.size(), stamped.find("] ") + 2));
        std::smatch m;
        if (std::regex_match(line, m, answer)) {
            const int rc = std::stoi(m.str(2));
            if (in_table(m.str(1)))
                table += fmt::format("{:<58} {:>5} {:<9} {}\n", m.str(1), rc, errno_word(rc), said);
            said.clear();
        } else if (std::regex_match(line, words)) {
            said = line;
        }
    }
    return table;
}

std::string our_log(const char* cmdline)
{
    const Recording boot{nullptr, 2, cmdline, {}};
    const Session session = run_session(guest_like(boot), guest_functions() + "sleep 2; dmesg -c > /dev/null\n"
                                                                              "insmod " +
                                                              module_path("golden/modules/irqcases.c") +
                                                              "\ndump dmesg\n");
    return steps_of(session)["dmesg"];
}

TEST(ErrnoTable, EachRowIsLinuxs)
{
    const std::string ours = "# golden/cases_pc_dmesg.txt\n" + table_of(our_log("")) +
                             "# golden/cases_pc_noapic_dmesg.txt\n" + table_of(our_log("noapic"));
    EXPECT_SAME_TEXT(recorded("cases", "errno", "table"), ours);
}

TEST(ErrnoTable, IsMadeAsTheRecordedOneWas)
{
    const std::string theirs = "# golden/cases_pc_dmesg.txt\n" + table_of(recorded("cases", "pc", "dmesg")) +
                               "# golden/cases_pc_noapic_dmesg.txt\n" +
                               table_of(recorded("cases", "pc_noapic", "dmesg"));
    EXPECT_SAME_TEXT(recorded("cases", "errno", "table"), theirs);
}

} // namespace
} // namespace irqlab::test
