// The order of handler, tasklets, works, timer and thread after one interrupt: the same in each run, one of those that five
// boots of Linux 6.1 had, and never against a pair that kept one order in all of Linux's logs.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/golden/recording.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

struct Order {
    const char* name; // of the recording
    const char* arguments;
};
constexpr Order orders[] = {{"msi_smp1", "msi=1"},
                            {"intx_thread_smp1", "thread=1"},
                            {"intx_thread_oneshot_smp1", "thread=1 oneshot=1"}};

const char* const commands[] = {"raise", "raise2", "irqoffraise", "bhoffraise", "maskedraise"};

std::map<std::string, std::string> session_of(const Order& order)
{
    lab::WorldConfig config = guest_like({nullptr, 1, "", {}});
    config.devices.emplace_back();
    std::string script = guest_functions() + "sleep 2\ninsmod " + module_path("golden/modules/edudrv.c") + " " +
                         order.arguments + "\ndmesg -c > /dev/null\n";
    for (const std::string command : commands)
        script += "echo " + (command == "raise" ? "raise 1" : command == "raise2" ? "raise 0x10 2" : command) +
                  " > /dev/edu0\ndump dmesg_" + command + "\n";
    return steps_of(run_session(config, script));
}

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
