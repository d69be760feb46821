// The order of handler, tasklets, works, timer and thread after one interrupt, and in which context each runs, beside
// Linux 6.1's: line by line of the driver's log.
//
// The guest's driver served a PCI message or line; ours, the same but for its device, the ISA line 3: an edge, and where
// it counts that the line is masked until the thread has run, a level behind the 8259.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/golden/console.hpp"
#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

struct Order {
    const char* name; // of the recording
    const char* arguments;
    const char* cmdline = "";
};
constexpr Order orders[] = {{"msi_smp1", ""},
                            {"intx_thread_smp1", "thread=1"},
                            {"intx_thread_oneshot_smp1", "thread=1 oneshot=1 level=1", "noapic"}};

constexpr Difference masks[] = {
    {"#[0-9]+ ", "#N ", "ours has no step `fact`, whose lines count too"},
    {"comm=init", "comm=sh", "the guest's shell is its init"},
    {"comm=kworker/0:[0-9]", "comm=kworker/0:W", "which worker of the pool"},
    {"comm=irq/[0-9]+-edu", "comm=irq/I-edu", "the line"},
    {"(timer  +cpu=0) comm=ksoftirqd/0 pc=00000100", "$1 comm=swapper/0 pc=00000101",
     "once the guest's RCU kept that tick's softirqs busy, and ksoftirqd had the rest"},
};

const char* const commands[] = {"raise", "raise2", "irqoffraise", "bhoffraise", "maskedraise"};

std::map<std::string, std::string> session_of(const Order& order)
{
    const Recording boot{nullptr, 1, order.cmdline, {}};
    std::string script = guest_functions() + "sleep 2\ninsmod " + module_path("golden/modules/isa/edudrv.c") + " " +
                         order.arguments + "\ndmesg -c > /dev/null\n";
    for (const std::string command : commands)
        script += "echo " + (command == "raise" ? "raise 1" : command == "raise2" ? "raise 0x10 2" : command) +
                  " > /dev/edu0\ndump dmesg_" + command + "\n";
    return steps_of(run_session(guest_like(boot), script + "rmmod edudrv\ndump dmesg_rmmod\n"));
}

/// Lines of the two works' workers in the order of their names: which worker runs first is not fixed on Linux either.
std::string sorted_works(const std::string& text)
{
    static const std::regex work("edu: #N work_(own|sys|hi) ");
    std::vector<std::string> lines = lines_of(text);
    for (auto from = lines.begin(); from != lines.end();) {
        const auto is_work = [](const std::string& line) { return std::regex_search(line, work); };
        from = std::find_if(from, lines.end(), is_work);
        const auto to = std::find_if_not(from, lines.end(), is_work);
        std::sort(from, to);
        from = to;
    }
    return joined(lines);
}

std::string masked(const std::string& text) { return sorted_works(with_differences(mask_times(text), masks)); }

[[maybe_unused]] void PrintTo(const Order& order, std::ostream* out) { *out << order.name; }

class DriverOrder : public testing::TestWithParam<Order> {};

TEST_P(DriverOrder, EachLineIsLinuxs)
{
    auto ours = session_of(GetParam());
    for (const std::string command : {"raise", "raise2", "irqoffraise", "bhoffraise", "maskedraise", "rmmod"}) {
        SCOPED_TRACE(command);
        EXPECT_SAME_TEXT(masked(recorded("edu", GetParam().name, "dmesg_" + command)), masked(ours["dmesg_" + command]));
    }
}

INSTANTIATE_TEST_SUITE_P(Linux61, DriverOrder, testing::ValuesIn(orders),
                         [](const auto& row) { return std::string(row.param.name); });

// --- determinism: what five boots of Linux did, and which pairs have no order ---------------------------------------

/// The places of a driver's log: `raise hard hard-end ...`.
std::string places_of(const std::string& log)
{
    static const std::regex place("edu: #[0-9]+ ([a-z_-]+)");
    std::string places;
    for (const std::string& line : lines_of(log))
        if (std::smatch m; std::regex_search(line, m, place))
            places += m.str(1) + " ";
    return places;
}

TEST(DriverOrder, IsOneOfThoseThatLinuxHad)
{
    const std::vector<std::string> theirs = lines_of(recorded("determinism", "msi", "smp1"));
    const std::string ours = places_of(session_of(orders[0])["dmesg_raise"]);
    EXPECT_NE(theirs.end(), std::find(theirs.begin(), theirs.end(), ours)) << ours;
}

TEST(DriverOrder, IsTheSameInEachRun)
{
    const auto first = session_of(orders[1]), second = session_of(orders[1]);
    EXPECT_EQ(first, second);
}

using Pair = std::pair<std::string, std::string>;

/// `either order: hard before none 2, after 2`
std::set<Pair> free_pairs()
{
    static const std::regex row("either order: ([a-z_-]+) before ([a-z_-]+) .*");
    std::set<Pair> pairs;
    for (const std::string& line : lines_of(recorded("determinism", "order", "invariants")))
        if (std::smatch m; std::regex_match(line, m, row)) {
            pairs.insert({m.str(1), m.str(2)});
            pairs.insert({m.str(2), m.str(1)});
        }
    return pairs;
}

/// Which place's first line comes before which other's.
std::set<Pair> order_in(const std::string& log)
{
    std::istringstream words(places_of(log));
    std::vector<std::string> seen;
    for (std::string word; words >> word;)
        if (std::find(seen.begin(), seen.end(), word) == seen.end())
            seen.push_back(word);
    std::set<Pair> pairs;
    for (std::size_t i = 0; i < seen.size(); ++i)
        for (std::size_t j = i + 1; j < seen.size(); ++j)
            pairs.insert({seen[i], seen[j]});
    return pairs;
}

// Every pair that kept one order in Linux's logs keeps it in ours.
TEST(DriverOrder, OnlyPairsWithoutAnOrderMayTurn)
{
    const std::set<Pair> loose = free_pairs();
    ASSERT_EQ(16u, loose.size());
    for (const Order& order : orders) {
        auto ours = session_of(order);
        for (const std::string command : commands) {
            const std::string step = "dmesg_" + command;
            const std::set<Pair> theirs = order_in(recorded("edu", order.name, step));
            for (const auto& [first, second] : order_in(ours[step]))
                EXPECT_TRUE(loose.contains({first, second}) || !theirs.contains({second, first}))
                    << order.name << " " << step << ": " << first << " before " << second;
        }
    }
}

} // namespace
} // namespace irqlab::test
