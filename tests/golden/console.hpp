// What a console holds beside plain lines: reports of Oops, WARN, BUG and dump_stack(), cut down to what two builds of
// Linux share.
#pragma once
#include <cstddef>
#include <regex>
#include <string>

namespace irqlab::test {

/// Where we differ on purpose: the regular expression that their line matches, what stands for the match in ours, and
/// why. A line of which nothing is left goes.
struct Difference {
    const char* theirs;
    const char* ours;
    const char* why;
};

template <std::size_t N> std::string with_differences(const std::string& text, const Difference (&rows)[N]);

/// Times, PIDs, addresses, offsets in functions and the release are masked. Of reports these lines go: the machine's
/// name, registers, code bytes, page table entries, and frames of the kernel's own functions, for they are those of one
/// compiler's run. A driver's frames stay.
std::string mask_console(const std::string& text);

/// The lines behind `begin` up to and with `end`; all that follow when there is no `end`.
std::string between(const std::string& text, const std::string& begin, const std::string& end);

// --- inside ---------------------------------------------------------------------------------------------------------

std::string with_difference(const std::string& text, const Difference& row);

template <std::size_t N> std::string with_differences(const std::string& text, const Difference (&rows)[N])
{
    std::string out = text;
    for (const Difference& row : rows)
        out = with_difference(out, row);
    return out;
}

} // namespace irqlab::test
