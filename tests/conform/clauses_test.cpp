// Each clause of conformance/clauses.json has a case, each case a clause; each quirk has its row in
// docs/fidelity.md.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "hw/board/quirks.hpp"
#include "tests/conform/cases.hpp"

namespace irqlab::conform {
namespace {

namespace fs = std::filesystem;
const fs::path directory = IRQLAB_CONFORMANCE_DIR;

/// The clauses that the cases of a file name: a list, or the one of a case of Linux's.
void collect(const fs::path& path, std::set<std::string>& named)
{
    std::ifstream in(path);
    const nlohmann::json file = nlohmann::json::parse(in);
    for (const nlohmann::json& c : file.at("cases")) {
        const nlohmann::json clauses =
            c.contains("clauses") ? c["clauses"] : nlohmann::json::array({c.at("clause")});
        EXPECT_FALSE(clauses.empty()) << path << ": " << c.at("name") << " names no clause";
        for (const std::string clause : clauses)
            named.insert(clause);
    }
}

std::set<std::string> named_by_cases()
{
    std::set<std::string> named;
    for (const auto& entry : fs::recursive_directory_iterator(directory))
        if (entry.path().extension() == ".json" && entry.path().filename() != "clauses.json")
            collect(entry.path(), named);
    return named;
}

TEST(Clauses, EachHasACaseAndEachCaseAClause)
{
    std::vector<Clause> clauses;
    std::string error;
    ASSERT_TRUE(load_clauses((directory / "clauses.json").string(), clauses, error)) << error;
    std::set<std::string> listed;
    for (const Clause& clause : clauses) {
        EXPECT_TRUE(listed.insert(clause.id).second) << clause.id << " is listed twice";
        EXPECT_FALSE(clause.source.empty() || clause.rule.empty()) << clause.id;
    }
    const std::set<std::string> named = named_by_cases();
    const std::vector<std::string> none;
    std::vector<std::string> bare, unknown;
    std::ranges::set_difference(listed, named, std::back_inserter(bare));
    std::ranges::set_difference(named, listed, std::back_inserter(unknown));
    EXPECT_EQ(bare, none) << "clauses without a case";
    EXPECT_EQ(unknown, none) << "cases of a clause that is not listed";
}

TEST(Quirks, EachIsWrittenDown)
{
    std::ifstream in(directory.parent_path() / "docs" / "fidelity.md");
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    for (const hw::QuirkedChip& chip : hw::quirked_chips())
        for (const hw::Quirk& quirk : chip.rows)
            EXPECT_NE(page.find('`' + std::string(quirk.name) + '`'), std::string::npos)
                << quirk.name << " has no row in docs/fidelity.md: | `" << quirk.name << "` | "
                << quirk.clause << " | "
                << (quirk.qemu && quirk.kvm ? "QEMU, KVM"
                    : quirk.qemu            ? "QEMU"
                                            : "KVM")
                << " | " << quirk.theirs << " |";
}

} // namespace
} // namespace irqlab::conform
