// The published cases of conformance/linux on our kernel; and that each of Linux's clauses has one.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "app/host/paths.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Expectation {
    std::string command;
    std::vector<std::string> contains, lacks; // `contains` in this order
};

struct LinuxCase {
    std::string file, clause, name, module, script;
    lab::WorldConfig config;
    std::vector<Expectation> expect;
};

hw::BoardId board_of(const std::string& name)
{
    for (const hw::BoardId board : {hw::BoardId::pc, hw::BoardId::q35, hw::BoardId::laptop})
        if (name == hw::name(board))
            return board;
    ADD_FAILURE() << "no board " << name;
    return hw::BoardId::pc;
}

lab::WorldConfig config_of(const Json& json)
{
    lab::WorldConfig config;
    config.cpus = json.value("cpus", 2u);
    config.cmdline = json.value("cmdline", "");
    config.board = board_of(json.value("board", "pc"));
    config.options = json.value("config", std::vector<std::string>{});
    EXPECT_TRUE(kernel::release_from(json.value("kernel", "6.1"), config.release));
    return config;
}

LinuxCase case_of(const std::string& file, const Json& json)
{
    LinuxCase c{file, json.at("clause"), json.at("name"), json.at("module"), {}, config_of(json), {}};
    for (const std::string line : json.at("script"))
        c.script += line + "\n";
    for (const Json& e : json.at("expect"))
        c.expect.push_back({e.at("command"), e.value("contains", std::vector<std::string>{}),
                            e.value("lacks", std::vector<std::string>{})});
    return c;
}

std::vector<LinuxCase> all_cases()
{
    std::vector<LinuxCase> cases;
    for (const auto& entry : fs::directory_iterator(tests_directory() + "/../conformance/linux")) {
        if (entry.path().extension() != ".json")
            continue;
        const Json json = Json::parse(std::ifstream(entry.path()));
        EXPECT_EQ(1, json.at("format"));
        for (const Json& c : json.at("cases"))
            cases.push_back(case_of(entry.path().stem(), c));
    }
    std::stable_sort(cases.begin(), cases.end(), [](const LinuxCase& a, const LinuxCase& b) {
        return std::stoi(a.clause.substr(1)) < std::stoi(b.clause.substr(1));
    });
    return cases;
}

/// Each line of the script stays one; the expectations' commands follow, each behind a mark.
std::string whole_script(const LinuxCase& c)
{
    std::string text = c.script;
    for (std::size_t i = 0; i < c.expect.size(); ++i)
        text += "echo '@@@" + std::to_string(i) + "'\n" + c.expect[i].command + "\n";
    return text + "echo '@@@" + std::to_string(c.expect.size()) + "'\n";
}

std::string answer(const std::string& text, std::size_t index)
{
    const auto mark = [&](std::size_t i) { return "@@@" + std::to_string(i) + "\n"; };
    const std::size_t from = text.find(mark(index)), to = text.find(mark(index + 1));
    if (from == std::string::npos || to == std::string::npos)
        return "no answer: the script ended early\n";
    return text.substr(from + mark(index).size(), to - from - mark(index).size());
}

void check(const Expectation& e, const std::string& text)
{
    std::size_t at = 0;
    for (const std::string& part : e.contains) {
        const std::size_t found = text.find(part, at);
        EXPECT_NE(std::string::npos, found) << e.command << ": missing: " << part << "\nin:\n" << text;
        at = found == std::string::npos ? at : found + part.size();
    }
    for (const std::string& part : e.lacks)
        EXPECT_EQ(std::string::npos, text.find(part)) << e.command << ": there is: " << part << "\nin:\n"
                                                      << text;
}

[[maybe_unused]] void PrintTo(const LinuxCase& c, std::ostream* out) { *out << c.clause << ": " << c.name; }

class ConformanceLinux : public testing::TestWithParam<LinuxCase> {};

TEST_P(ConformanceLinux, Holds)
{
    LinuxCase c = GetParam();
    const std::string module =
        module_path("../conformance/linux/" + c.module, {c.config.release, app::kbuild::Optimize::o0, true});
    c.config.directory = fs::path(module).parent_path();
    const Session session = run_session(c.config, whole_script(c));
    EXPECT_EQ(kernel::RunEnd::finished, session.end) << session.text;
    for (std::size_t i = 0; i < c.expect.size(); ++i)
        check(c.expect[i], answer(session.text, i));
}

INSTANTIATE_TEST_SUITE_P(Cases, ConformanceLinux, testing::ValuesIn(all_cases()),
                         [](const auto& row) { return row.param.clause + "_" + test_name(row.param.name); });

TEST(ConformanceLinuxClauses, EachHasACaseAndEachCaseAClause)
{
    std::set<std::string> clauses, proven;
    const Json json = Json::parse(std::ifstream(tests_directory() + "/../conformance/clauses.json"));
    for (const Json& clause : json.at("clauses"))
        if (const std::string id = clause.at("id"); id.starts_with("L"))
            clauses.insert(id);
    for (const LinuxCase& c : all_cases())
        proven.insert(c.clause);
    EXPECT_EQ(clauses, proven);
}

} // namespace
} // namespace irqlab::test
