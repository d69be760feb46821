// Masks and the diff (longest common subsequence; the texts are a few hundred lines).
#include "tests/support/text.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace irqlab::test {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Length of `[    4.326290] ` at the begin of the line; 0: there is none.
std::size_t stamp_length(std::string_view line)
{
    if (!line.starts_with('['))
        return 0;
    const std::size_t stop = line.find("] ");
    if (stop == std::string_view::npos)
        return 0;
    const std::string_view inside = line.substr(1, stop - 1);
    const bool time =
        inside.find('.') != std::string_view::npos &&
        std::all_of(inside.begin(), inside.end(), [](char c) { return digit(c) || c == ' ' || c == '.'; });
    return time ? stop + 2 : 0;
}

/// The counters behind `name:`, as many as there are.
std::string mask_row(const std::string& line)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || line.find_first_not_of(' ') == colon)
        return line;
    std::string out = line.substr(0, colon + 1);
    std::size_t at = colon + 1;
    while (at + 11 <= line.size() && line[at] == ' ') {
        const std::string_view field = std::string_view(line).substr(at, 11);
        const std::size_t first = field.find_first_not_of(' ');
        if (first == std::string_view::npos ||
            !std::all_of(field.begin() + static_cast<std::ptrdiff_t>(first), field.end(), digit))
            break;
        out += "          N";
        at += 11;
    }
    return out + line.substr(at);
}

template <class Change> std::string each_line(std::string_view text, Change change)
{
    std::string out;
    for (const std::string& line : lines_of(text))
        out += change(line) + "\n";
    return out;
}

} // namespace

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t stop = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, stop));
        text.remove_prefix(std::min(stop + 1, text.size()));
    }
    return lines;
}

std::string test_name(std::string_view words)
{
    std::string name;
    for (const char c : words)
        if (std::isalnum(static_cast<unsigned char>(c)))
            name += c;
        else if (!name.ends_with('_'))
            name += '_';
    return name;
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

std::string file_text(const std::string& path)
{
    std::ifstream file(path);
    EXPECT_TRUE(file.good()) << "cannot read " << path;
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string mask_times(std::string_view text)
{
    return each_line(text, [](const std::string& line) {
        const std::size_t length = stamp_length(line);
        return length ? "[ TIME] " + line.substr(length) : line;
    });
}

std::string mask_counters(std::string_view text) { return each_line(text, mask_row); }

std::string mask_numbers(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t first = i;
        while (i < text.size() && digit(text[i]))
            ++i;
        const auto word = [&](std::size_t at) {
            return at < text.size() &&
                   (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
        };
        if (i > first && !(first > 0 && word(first - 1)) && !word(i))
            out += 'N';
        else if (i > first)
            out += text.substr(first, i - first);
        else
            out += text[i++];
    }
    return out;
}

std::string squeeze(std::string_view text)
{
    return each_line(text, [](const std::string& line) {
        std::string out;
        for (const char c : line)
            if (c != ' ' || (!out.empty() && out.back() != ' '))
                out += c;
        while (out.ends_with(' '))
            out.pop_back();
        return out;
    });
}

std::string diff(std::string_view want, std::string_view got)
{
    if (want == got)
        return {};
    const std::vector<std::string> a = lines_of(want), b = lines_of(got);
    std::vector<std::vector<unsigned>> common(a.size() + 1, std::vector<unsigned>(b.size() + 1));
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            common[i][j] =
                a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    std::string out = "\n--- want\n+++ got\n";
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j])
            out += "  " + a[i++] + "\n", ++j;
        else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1]))
            out += "- " + a[i++] + "\n";
        else
            out += "+ " + b[j++] + "\n";
    }
    return out;
}

std::size_t expect_in_order(std::string_view text, std::span<const char* const> parts)
{
    std::size_t from = 0;
    for (const char* part : parts) {
        const std::size_t at = text.find(part, from);
        if (at == std::string_view::npos)
            ADD_FAILURE() << "missing: " << part << "\nin:\n" << text;
        else
            from = at + 1;
    }
    return from;
}

} // namespace irqlab::test
