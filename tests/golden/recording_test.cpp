// How recordings are read and sessions cut, with a test of the cutting itself.
#include "tests/golden/recording.hpp"

#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {

std::string recorded(const std::string& group, const std::string& name, const std::string& step)
{
    return file_text(tests_directory() + "/golden/recorded/" + group + "/" + name + "_" + step + ".txt");
}

std::string guest_functions()
{
    return R"sh(S() { step=$1; shift; echo "@@@BEGIN $step"; "$@" 2>&1; echo "@@@RC $?"; echo "@@@END"; }
dump() { echo "@@@BEGIN $1"; dmesg -c; echo "@@@END"; }
irqfiles() {
  for f in /proc/irq/$1/* /sys/kernel/irq/$1/*; do [ -f $f ] && echo "$f: $(cat $f 2>&1 | tr '\n' '|')"; done
  ls /proc/irq/$1
}
)sh";
}

std::map<std::string, std::string> steps_of(const Session& session)
{
    std::map<std::string, std::string> steps;
    std::string* step = nullptr;
    for (const std::string& line : lines_of(session.text)) {
        if (line.starts_with("@@@BEGIN "))
            step = &steps[line.substr(9)];
        else if (line == "@@@END")
            step = nullptr;
        else if (step)
            *step += line + "\n";
    }
    return steps;
}

lab::WorldConfig guest_like(const Recording& recording)
{
    lab::WorldConfig config;
    config.cpus = recording.cpus;
    config.cmdline = recording.cmdline;
    config.release = kernel::Release::v6_1;
    config.board = hw::BoardId::pc;
    return config;
}

namespace {

TEST(Recording, StepsAreCutAtTheMarks)
{
    Session session;
    session.text = "noise\n@@@BEGIN a\nx\n@@@RC 0\n@@@END\nbetween\n@@@BEGIN b\n@@@END\n";
    const auto steps = steps_of(session);
    ASSERT_EQ(2u, steps.size());
    EXPECT_EQ("x\n@@@RC 0\n", steps.at("a"));
    EXPECT_EQ("", steps.at("b"));
}

TEST(Recording, EachSaysWhichProcessorsTheCatsRanOn)
{
    for (const Recording& r : recordings) {
        const std::string first = recorded("hello", r.name, "dmesg_cat"),
                          second = recorded("hello", r.name, "dmesg_cat2");
        for (const auto& [text, cpu] : {std::pair{first, r.cat_cpu[0]}, {second, r.cat_cpu[1]}}) {
            const std::size_t at = text.find(".59 No irq handler");
            if (at == std::string::npos)
                continue;
            EXPECT_EQ(std::to_string(cpu), text.substr(at - 1, 1)) << r.name;
        }
    }
}

} // namespace
} // namespace irqlab::test
