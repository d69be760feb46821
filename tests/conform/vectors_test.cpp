// The published cases of conformance/ on our machine.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "tests/conform/cases.hpp"

namespace irqlab::conform {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_in(const fs::path& directory)
{
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(directory))
        if (entry.path().extension() == ".json" && entry.path().filename() != "clauses.json" &&
            entry.path().parent_path().filename() != "linux") // those need a kernel
            found.push_back(entry.path().string());
    std::sort(found.begin(), found.end());
    return found;
}

const fs::path directory = IRQLAB_CONFORMANCE_DIR;

class Vectors : public testing::TestWithParam<std::string> {};

TEST_P(Vectors, Pass)
{
    CaseFile file;
    std::string error;
    ASSERT_TRUE(load_cases(GetParam(), file, error)) << error;
    EXPECT_FALSE(file.cases.empty());
    for (const Case& c : file.cases)
        EXPECT_EQ(run_case(c), "") << file.path << ": " << c.name;
}

TEST_P(Vectors, AreWrittenAsTheyAreRead)
{
    CaseFile file, again;
    std::string error;
    ASSERT_TRUE(load_cases(GetParam(), file, error)) << error;
    const fs::path copy = fs::temp_directory_path() / ("irqlab-" + fs::path(GetParam()).filename().string());
    std::ofstream(copy) << to_json(file);
    EXPECT_TRUE(load_cases(copy.string(), again, error)) << error;
    EXPECT_EQ(to_json(file), to_json(again));
    fs::remove(copy);
}

std::string test_name(const testing::TestParamInfo<std::string>& info)
{
    std::string name = fs::path(info.param).stem().string();
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c)))
            c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Conformance, Vectors, testing::ValuesIn(files_in(directory)), test_name);

} // namespace
} // namespace irqlab::conform
