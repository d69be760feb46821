// How consoles are masked, with a test of it.
#include "tests/golden/console.hpp"

#include <gtest/gtest.h>

#include "tests/support/text.hpp"

namespace irqlab::test {

namespace {

/// Behind the stamp.
constexpr const char* dropped =
    "^(Hardware name|Code|RSP|FS|CS|CR2|R[0-9A-D][0-9XIPS]|R[BS]P|RIP: 0033): ?.*|^RIP: 0010:[^\\[]*$|"
    "^PGD .*|^ (\\? )?[A-Za-z0-9_.]+\\+0x[^\\[]*$|^ \\? .*|^ *</?(TASK|IRQ)>$|^Call Trace:$";

constexpr Difference masks[] = {
    {"CPU: [0-9]+ PID: [0-9]+", "CPU: C PID: P", "who runs where"},
    {" [0-9]\\.[0-9]+\\.[0-9]+[-a-z0-9]* #1.*$", " RELEASE", "the build"},
    {"\\+0x[0-9a-f]+/0x[0-9a-f]+", "", "the compiler's"},
    {"address: [0-9a-f]{16}", "address: ADDRESS", "where things lie"},
    {"0x[0-9a-f]{9,16}|\\b[0-9a-f]{16}\\b", "ADDRESS", "the same"},
    {"\\[<[^>]*>\\]", "[<ADDRESS>]", "the same"},
    {"note: ([a-z]+)\\[[0-9]+\\]", "note: $1[P]", "its PID"},
    {"atomic: ([^/]+)/[0-9]+/", "atomic: $1/P/", "the same"},
};

} // namespace

std::string with_difference(const std::string& text, const Difference& row)
{
    static const std::string stamp = "[ TIME] ";
    const std::regex theirs(row.theirs);
    std::string out;
    for (const std::string& line : lines_of(text)) {
        const bool stamped = line.starts_with(stamp);
        const std::string words = stamped ? line.substr(stamp.size()) : line;
        const std::string ours = std::regex_replace(words, theirs, row.ours);
        if (!ours.empty() || words.empty())
            out += (stamped ? stamp : "") + ours + "\n";
    }
    return out;
}

std::string mask_console(const std::string& text)
{
    static const std::string stamp = "[ TIME] ";
    static const std::regex goes(dropped);
    std::string kept;
    for (const std::string& line : lines_of(mask_times(text)))
        if (!line.starts_with(stamp) || !std::regex_match(line.substr(stamp.size()), goes))
            kept += line + "\n";
    return with_differences(kept, masks);
}

std::string between(const std::string& text, const std::string& begin, const std::string& end)
{
    const std::size_t from = text.find(begin);
    if (from == std::string::npos)
        return {};
    const std::size_t to = text.find(end, from);
    return text.substr(from, to == std::string::npos ? to : to + end.size() - from);
}

namespace {

TEST(Console, OfAReportWhatItSaysStays)
{
    const char* report = "[    3.527044] BUG: unable to handle page fault for address: ffffffffc02021cd\n"
                         "[    3.527840] Oops: 0000 [#1] PREEMPT SMP NOPTI\n"
                         "[    3.527984] CPU: 0 PID: 90 Comm: cat Tainted: G           OE      6.1.0-56-amd64 #1  Debian 6\n"
                         "[    3.528174] Hardware name: QEMU Standard PC\n"
                         "[    3.528359] RIP: 0010:string+0x48/0xe0\n"
                         "[    3.528603] Code: 3b 45\n"
                         "[    3.529063] RAX: ffffffffc02011cd RBX: ffffffff8236bec5 RCX: ffff0a00ffffff04\n"
                         "[    3.530082] Call Trace:\n"
                         "[    3.530462]  <TASK>\n"
                         "[    3.530794]  scnprintf+0x5a/0x90\n"
                         "[    3.530795]  edu_write+0x2f2/0x620 [edudrv]\n"
                         "[    3.533591]  </TASK>\n"
                         "[    3.540443] note: cat[90] exited with irqs disabled\n"
                         "Killed\n";
    EXPECT_SAME_TEXT("[ TIME] BUG: unable to handle page fault for address: ADDRESS\n"
                     "[ TIME] Oops: 0000 [#1] PREEMPT SMP NOPTI\n"
                     "[ TIME] CPU: C PID: P Comm: cat Tainted: G           OE      RELEASE\n"
                     "[ TIME]  edu_write [edudrv]\n"
                     "[ TIME] note: cat[P] exited with irqs disabled\n"
                     "Killed\n",
                     mask_console(report));
}

TEST(Console, ADifferenceTakesALineOrAPartOfIt)
{
    constexpr Difference rows[] = {{"^one$", "", "gone"}, {"two", "2", "another word"}};
    EXPECT_SAME_TEXT("[ TIME] a 2\n\nthree\n", with_differences("[ TIME] one\n[ TIME] a two\n\nthree\n", rows));
}

} // namespace
} // namespace irqlab::test
