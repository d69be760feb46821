// Texts compared line by line: what no two runs share is masked first, and a difference is shown as a diff.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::test {

std::vector<std::string> lines_of(std::string_view text);

/// A row's words as the name of its test: what is no letter or digit becomes an underscore.
std::string test_name(std::string_view words);

std::string joined(const std::vector<std::string>& lines);

/// The file's content. A file that is not there fails the test that asks.
std::string file_text(const std::string& path);

/// `[    4.326290] text` at a line's begin becomes `[ TIME] text`.
std::string mask_times(std::string_view text);

/// Counters of /proc/interrupts and /proc/softirqs: numbers right-aligned in columns of ten behind the row's
/// name become `N` right-aligned in the same columns. Columns, names and everything behind stay as they are.
std::string mask_counters(std::string_view text);

/// Every run of decimal digits that stands as a word becomes N.
std::string mask_numbers(std::string_view text);

/// Runs of blanks become one, blanks at a line's end go.
std::string squeeze(std::string_view text);

/// Fails the test for each part that does not stand in the text, behind the begin of the part before it.
/// @return where the next part could begin.
std::size_t expect_in_order(std::string_view text, std::span<const char* const> parts);

/// Lines that are only in `want` with -, only in `got` with +, the others with a blank. Empty when they are
/// equal.
std::string diff(std::string_view want, std::string_view got);

} // namespace irqlab::test

/// Fails the test with a diff.
#define EXPECT_SAME_TEXT(want, got) EXPECT_EQ("", ::irqlab::test::diff((want), (got)))
