// The drivers of tests/modules/api, each about a subject of the kernel's interface: they check by themselves
// what the kernel gives them, in init, while a script uses them, and in exit. Releases differ where a row
// says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using kernel::Release;
using testing::HasSubstr;
using testing::Not;

constexpr Release v5_4 = Release::v5_4, v6_1 = Release::v6_1, v6_12 = Release::v6_12;

struct Row {
    const char* module;
    Release release;
    const char* arguments;         // of insmod
    const char* script;            // between insmod and rmmod
    std::vector<const char*> says; // in this order, in what was printed and then in the log
};

std::string name_of(const testing::TestParamInfo<Row>& row)
{
    return test_name(std::string(row.param.module) + " " + std::string(names_of(row.param.release).option));
}
void PrintTo(const Row& row, std::ostream* out) { *out << row.module; }

std::string path_of(const std::string& module, Release release)
{
    return module_path("modules/api/" + module + ".c", {release});
}

/// What no driver here provokes, and what they say when a check failed.
void expect_no_complaint(const Session& session)
{
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    for (const char* bad : {"not so: ", "WARNING: ", "BUG: ", "Oops: ", "insmod: ", "rmmod: "})
        EXPECT_THAT(session.text, Not(HasSubstr(bad)));
}

class Driver : public testing::TestWithParam<Row> {};

TEST_P(Driver, FindsTheKernelAsDocumented)
{
    const Row& row = GetParam();
    lab::WorldConfig config;
    config.release = row.release;
    config.exports = {"open_softirq", "raise_softirq"};
    if (row.module == std::string_view("pci"))
        config.devices.push_back({}); // an edu with MSI
    std::string script =
        "insmod " + path_of(row.module, row.release) + " " + row.arguments + "\n" + row.script;
    if (const std::size_t at = script.find('@'); at != std::string::npos)
        script.replace(at, 1, path_of("platform_maker", row.release));
    const Session session =
        run_session(config, "dmesg -C\n" + script + "\nrmmod " + row.module + "; dmesg; echo still here\n");
    expect_no_complaint(session);
    expect_in_order(session.text, row.says);
    EXPECT_THAT(session.text, HasSubstr("still here\n"));
}

constexpr const char* signal_script =
    "ps | grep -c never\n"
    "echo 1 > /sys/module/waiting/parameters/wait & sleep 0.1; kill $!; wait";

constexpr const char* proc_script =
    "cat /proc/api_value; echo written > /proc/api_value; cat /proc/api_value\n"
    "cat /proc/api_text /proc/api_rows; ls -l /proc/api_value /proc/api_rows";

constexpr const char* object_script =
    "cat /sys/kernel/api_objects/level; echo 99 > /sys/kernel/api_objects/level\n"
    "cat /sys/kernel/api_objects/level /sys/module/objects/parameters/number\n"
    "echo x > /sys/kernel/api_objects/level || echo refused\n"
    "ls /sys/module/objects/parameters; cat /sys/module/objects/version";

constexpr const char* irq_script =
    "irq pulse 7; irq pulse 7; irq pulse 11; sleep 0.01; grep api_irqs /proc/interrupts | wc -l";

constexpr const char* level_script = "dmesg -t -l alert; echo -- warn; dmesg -t -l warn; echo -- debug; "
                                     "dmesg -t -l debug; echo -- all";

const Row alone[] = {
    {"lists", v6_1, "", "", {"lists: lists and rings ok"}},
    {"numbers", v6_1, "", "", {"numbers: constants and types ok"}},
    {"numbers", v5_4, "", "", {"numbers: constants and types ok"}},
    {"numbers", v6_12, "", "", {"numbers: constants and types ok"}},
    {"strings", v6_1, "", "", {"strings: strings ok"}},
    {"memory", v6_1, "", "", {"memory: memory ok"}},
    {"locks", v6_1, "", "", {"locks: locks ok"}},
    {"locks", v6_12, "", "", {"locks: locks ok"}},
    {"clocks", v6_1, "", "", {"clocks: clocks ok"}},
    {"clocks", v5_4, "", "", {"clocks: clocks ok"}},
    {"timers", v6_1, "", "", {"timers: timers ok"}},
    {"timers", v6_12, "", "", {"timers: timers ok"}},
    {"work", v6_1, "", "", {"work: workqueues ok"}},
    {"work", v5_4, "", "", {"work: workqueues ok"}},
    {"tasklets", v6_1, "", "", {"tasklets: tasklets and softirqs ok"}},
    {"tasklets", v5_4, "", "", {"tasklets: tasklets and softirqs ok"}},
    {"tasklets", v6_12, "", "", {"tasklets: tasklets and softirqs ok"}},
    {"mapping", v6_1, "", "", {"mapping: mappings ok"}},
    {"pci", v6_1, "", "", {"pci: device ok", "pci: removal ok"}},
    {"pci", v5_4, "", "", {"pci: device ok", "pci: removal ok"}},
    {"ports", v6_1, "", "", {"ports: ports and device memory ok"}},
};
INSTANTIATE_TEST_SUITE_P(Alone, Driver, testing::ValuesIn(alone), name_of);

const Row used[] = {
    {"waiting",
     v6_1,
     "",
     signal_script,
     {"0\n", "waiting: waiting ok", "a signal ended the wait", "waiting: a signal ok"}},
    {"waiting",
     v5_4,
     "",
     signal_script,
     {"0\n", "waiting: waiting ok", "a signal ended the wait", "waiting: a signal ok"}},
    {"irqs", v6_1, "", irq_script, {"irqs: lines ok", "irqs: interrupts ok"}},
    {"procfs",
     v6_1,
     "",
     proc_script,
     {"none\n", "written\n", "answer 42\n100 %d\nrow 0\nrow 1\nrow 2\n", "-r--r--r--", "/proc/api_rows",
      "-rw-r--r--", " 80 ", "/proc/api_value", "procfs: reading and writing ok"}},
    {"procfs",
     v5_4,
     "",
     proc_script,
     {"none\n", "written\n", "answer 42\n100 %d\nrow 0\nrow 1\nrow 2\n", "procfs: reading and writing ok"}},
    {"objects",
     v6_1,
     "number=12 word=given flag",
     object_script,
     {"12\n99\n99\n", "Invalid argument\nrefused\nnumber\nword\n3.14\n", "objects: objects ok",
      "objects: attributes ok"}},
    {"messages",
     v6_1,
     "",
     level_script,
     {"level 1\n-- warn\n", "level 4 by printk\n", "level 4\n", "level by default\n", "-- debug\n",
      "level 7\n-- all\n", "level 6\n", "Call Trace:", "messages_init+0x"}},
    {"misc",
     v6_1,
     "",
     "cat /dev/api_misc; ls /sys/class/misc",
     {"misc\n", "api_misc\n", "misc api_misc: hello from api_misc", "misc api_misc: no error",
      "misc: use ok"}},
    {"platform",
     v6_1,
     "",
     "insmod @; rmmod platform_maker",
     {"platform_maker: device ok", "api-board api-board.2: removed", "platform: removal ok"}},
    {"platform", v6_12, "", "insmod @; rmmod platform_maker", {"platform: probe ok", "platform: removal ok"}},
};
INSTANTIATE_TEST_SUITE_P(Used, Driver, testing::ValuesIn(used), name_of);

} // namespace
} // namespace irqlab::test
