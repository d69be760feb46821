// Every name that many public modules use is used by a driver of ours, which a test loads.
#include <cctype>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

namespace fs = std::filesystem;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Where a comment or a text in quotes that begins at `at` ends; `at` where there is none.
std::size_t end_of_aside(const std::string& code, std::size_t at)
{
    const auto behind = [&](const char* end, std::size_t from) {
        const std::size_t found = code.find(end, from);
        return found == std::string::npos ? code.size() : found + std::string_view(end).size();
    };
    if (code.compare(at, 2, "/*") == 0)
        return behind("*/", at + 2);
    if (code.compare(at, 2, "//") == 0)
        return behind("\n", at);
    if (code[at] != '"')
        return at;
    std::size_t end = at + 1;
    while (end < code.size() && code[end] != '"')
        end += code[end] == '\\' ? 2 : 1;
    return std::min(end + 1, code.size());
}

/// The words of a C file with one blank before and behind each; comments and texts in quotes are left out.
std::string words_of(const std::string& code)
{
    std::string words = " ";
    for (std::size_t i = 0; i < code.size();) {
        if (const std::size_t end = end_of_aside(code, i); end != i) {
            i = end;
        } else if (is_word(code[i])) {
            for (; i < code.size() && is_word(code[i]); ++i)
                words += code[i];
            words += ' ';
        } else {
            ++i;
        }
    }
    return words;
}

/// All that our drivers say.
std::string drivers_words()
{
    std::string words;
    for (const char* folder : {"/modules", "/../examples"})
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(tests_directory() + folder))
            if (entry.path().extension() == ".c" || entry.path().extension() == ".h")
                words += words_of(file_text(entry.path()));
    return words;
}

TEST(Words, AreThoseOfTheCode)
{
    EXPECT_EQ(" int a b ", words_of("int a/*c*/b // d\n"));
    EXPECT_EQ(" f struct x x ", words_of("f(\"a \\\" b\", (struct x *)x); /* struct y"));
}

TEST(Symbols, ThatManyModulesUseAreUsedByADriverOfOurs)
{
    const std::set<std::string> later{"gpio", "tty", "block", "usb", "pwm"};
    const std::string words = drivers_words();
    unsigned asked_for = 0;
    for (const std::string& line : lines_of(file_text(tests_directory() + "/modules/api/symbols.txt"))) {
        if (line.empty() || line[0] == '#')
            continue;
        std::istringstream columns(line);
        std::string name, modules, subject;
        std::getline(columns, name, '\t');
        std::getline(columns, modules, '\t');
        if (std::getline(columns, subject)) {
            EXPECT_TRUE(later.contains(subject)) << line;
            continue;
        }
        ++asked_for;
        EXPECT_NE(std::string::npos, words.find(" " + name + " "))
            << name << ", used by " << modules << " modules";
    }
    EXPECT_GT(asked_for, 300u); // the list was read
}

} // namespace
} // namespace irqlab::test
