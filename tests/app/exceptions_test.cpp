// Every exception of the CPU, raised in kernel mode: what Linux says of it, who dies of it, and the lab goes
// on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using kernel::Release;

constexpr int segv = 139, killed = 137, back = 0;

struct Row {
    const char* clause;
    Release release;
    const char* script; // its last command raises the exception
    int status;         // of that command
    std::vector<const char*> says;
    const char* never = nullptr;
};

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }
void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Exceptions : public testing::TestWithParam<Row> {};

TEST_P(Exceptions, IsReportedAsByLinux)
{
    const Row& row = GetParam();
    lab::WorldConfig config;
    config.release = row.release;
    config.cpus = 2;
    std::string script = row.script;
    if (const std::size_t at = script.find('@'); at != std::string::npos)
        script.replace(at, 1, module_path("../examples/exceptions/exceptions.c", {row.release}));
    const Session session =
        run_session(config, "dmesg -C\n" + script + "\nrc=$?; dmesg; echo \"still here, status $rc\"\n");
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    expect_in_order(session.text, row.says);
    if (row.never) {
        EXPECT_FALSE(session.says(row.never)) << session.text;
    }
    EXPECT_TRUE(session.says("still here, status " + std::to_string(row.status) + "\n")) << session.text;
}

constexpr Release v5_4 = Release::v5_4, v5_10 = Release::v5_10, v6_1 = Release::v6_1, v6_12 = Release::v6_12;
constexpr const char* fatal = "Kernel panic - not syncing: Fatal exception in interrupt";

const Row all[] = {
    {"vector 0", v6_1, "cpu exception 0", segv, {"divide error: 0000 [#1] PREEMPT SMP NOPTI", "Comm: cpu"}},
    {"vector 1 without a reason", v6_1, "cpu exception 1", back, {}, "WARNING"},
    {"vector 1 of a step",
     v6_1,
     "cpu exception 1 0x4000",
     back,
     {"WARNING: CPU: ", "arch/x86/kernel/traps.c", "exc_debug"}},
    {"vector 2",
     v6_1,
     "cpu exception 2",
     back,
     {"Uhhuh. NMI received for unknown reason ", " on CPU ", "Dazed and confused, but trying to continue"}},
    {"vector 3", v6_1, "cpu exception 3", killed, {"int3: 0000 [#1] PREEMPT SMP", fatal}},
    {"vector 4", v6_1, "cpu exception 4", segv, {"overflow: 0000 [#1] PREEMPT SMP"}},
    {"vector 5", v6_1, "cpu exception 5", segv, {"bounds: 0000 [#1] PREEMPT SMP"}},
    {"vector 6", v6_1, "cpu exception 6", segv, {"invalid opcode: 0000 [#1] PREEMPT SMP"}},
    {"vector 7", v6_1, "cpu exception 7", segv, {"unexpected #NM exception: 0000 [#1] PREEMPT SMP"}},
    {"vector 8",
     v6_1,
     "cpu exception 8",
     killed,
     {"PANIC: double fault, error_code: 0x0", "double fault: 0000 [#1] PREEMPT SMP", fatal}},
    {"vector 9", v6_1, "cpu exception 9", segv, {"coprocessor segment overrun: 0000 [#1] PREEMPT SMP"}},
    {"vector 10", v6_1, "cpu exception 10 0x40", segv, {"invalid TSS: 0040 [#1] PREEMPT SMP"}},
    {"vector 11", v6_1, "cpu exception 11 0x18", segv, {"segment not present: 0018 [#1] PREEMPT SMP"}},
    {"vector 12", v6_1, "cpu exception 12", segv, {"stack segment: 0000 [#1] PREEMPT SMP"}},
    {"vector 13", v6_1, "cpu exception 13", segv, {"general protection fault: 0000 [#1] PREEMPT SMP"}},
    {"vector 13 with a selector",
     v6_1,
     "cpu exception 13 0x28",
     segv,
     {"segment-related general protection fault: 0028 [#1] PREEMPT SMP"}},
    {"vector 14",
     v6_1,
     "cpu exception 14 2",
     killed,
     {"BUG: kernel NULL pointer dereference, address: 0000000000000000",
      "#PF: supervisor write access in kernel mode", "#PF: error_code(0x0002) - not-present page",
      "Oops: 0002 [#1] PREEMPT SMP"}},
    {"vector 15", v6_1, "cpu exception 15", back, {}, "#1"},
    {"vector 16", v6_1, "cpu exception 16", segv, {"fpu exception: 0000 [#1] PREEMPT SMP"}},
    {"vector 17", v6_1, "cpu exception 17", segv, {"Split lock detected\n", ": 0000 [#1] PREEMPT SMP"}},
    {"vector 18",
     v6_1,
     "cpu exception 18; rc=$?; grep MCE /proc/interrupts; (exit $rc)",
     killed,
     {"Kernel panic - not syncing: Fatal machine check from unknown source", "Machine check exceptions"}},
    {"vector 19", v6_1, "cpu exception 19", segv, {"simd exception: 0000 [#1] PREEMPT SMP"}},
    {"vector 20 has no gate", v6_1, "cpu exception 20", killed, {"double fault: 0000 [#1]"}},
    {"vector 21 has no gate", v6_1, "cpu exception 21", killed, {"double fault: 0000 [#1]"}},
    {"vector 22 has no gate",
     v6_1,
     "cpu exception 22",
     segv,
     {"segment-related general protection fault: 00b3 [#1]"}},
    {"vector 23 has no gate",
     v6_1,
     "cpu exception 23",
     segv,
     {"segment-related general protection fault: 00bb [#1]"}},
    {"vector 24 has no gate",
     v6_1,
     "cpu exception 24",
     segv,
     {"segment-related general protection fault: 00c3 [#1]"}},
    {"vector 25 has no gate",
     v6_1,
     "cpu exception 25",
     segv,
     {"segment-related general protection fault: 00cb [#1]"}},
    {"vector 26 has no gate",
     v6_1,
     "cpu exception 26",
     segv,
     {"segment-related general protection fault: 00d3 [#1]"}},
    {"vector 27 has no gate",
     v6_1,
     "cpu exception 27",
     segv,
     {"segment-related general protection fault: 00db [#1]"}},
    {"vector 28 has no gate",
     v6_1,
     "cpu exception 28",
     segv,
     {"segment-related general protection fault: 00e3 [#1]"}},
    {"vector 29 has no gate",
     v6_1,
     "cpu exception 29",
     segv,
     {"segment-related general protection fault: 00eb [#1]"}},
    {"vector 30 has no gate",
     v6_1,
     "cpu exception 30",
     segv,
     {"segment-related general protection fault: 00f3 [#1]"}},
    {"vector 31 has no gate",
     v6_1,
     "cpu exception 31",
     segv,
     {"segment-related general protection fault: 00fb [#1]"}},
};
INSTANTIATE_TEST_SUITE_P(Vector, Exceptions, testing::ValuesIn(all), name_of);

const Row releases[] = {
    {"alignment check, 5.4", v5_4, "cpu exception 17", segv, {"alignment check: 0000 [#1] SMP"}},
    {"int3 kills only its task, 5.4", v5_4, "cpu exception 3", segv, {"int3: 0000 [#1] SMP"}, "Kernel panic"},
    {"NMI, 5.10",
     v5_10,
     "cpu nmi",
     back,
     {"Uhhuh. NMI received", "Do you have a strange power saving mode enabled?", "Dazed"}},
    {"division, 6.12", v6_12, "cpu exception 0", segv, {"Oops: divide error: 0000 [#1] PREEMPT SMP"}},
};
INSTANTIATE_TEST_SUITE_P(Release, Exceptions, testing::ValuesIn(releases), name_of);

const Row by_instruction[] = {
    {"DIV",
     v6_1,
     "insmod @; sh -c 'echo divide > /dev/exceptions'",
     segv,
     {"divide error: 0000 [#1]", "RIP: 0010:execute+0x"}},
    {"INT1 comes back",
     v6_1,
     "insmod @; sh -c 'echo step > /dev/exceptions'",
     back,
     {"exceptions: after step"}},
    {"INT 2 is served as an NMI",
     v6_1,
     "insmod @; sh -c 'echo int2 > /dev/exceptions'",
     back,
     {"Dazed", "exceptions: after int2"}},
    {"INT3", v6_1, "insmod @; sh -c 'echo int3 > /dev/exceptions'", killed, {"int3: 0000 [#1]", fatal}},
    {"INT 4", v6_1, "insmod @; sh -c 'echo overflow > /dev/exceptions'", segv, {"overflow: 0000 [#1]"}},
    {"INT 5", v6_1, "insmod @; sh -c 'echo bounds > /dev/exceptions'", segv, {"bounds: 0000 [#1]"}},
    {"UD2", v6_1, "insmod @; sh -c 'echo opcode > /dev/exceptions'", segv, {"invalid opcode: 0000 [#1]"}},
    {"INT 7",
     v6_1,
     "insmod @; sh -c 'echo device > /dev/exceptions'",
     segv,
     {"unexpected #NM exception: 0000 [#1]"}},
    {"an address that is not canonical",
     v6_1,
     "insmod @; sh -c 'echo gp > /dev/exceptions'",
     segv,
     {"general protection fault, probably for non-canonical address 0x1234000000000000: 0000 [#1]"}},
    {"NULL",
     v6_1,
     "insmod @; sh -c 'echo page > /dev/exceptions'",
     killed,
     {"BUG: kernel NULL pointer dereference"}},
    {"INT 16", v6_1, "insmod @; sh -c 'echo float > /dev/exceptions'", segv, {"fpu exception: 0000 [#1]"}},
    {"INT 19", v6_1, "insmod @; sh -c 'echo simd > /dev/exceptions'", segv, {"simd exception: 0000 [#1]"}},
    {"INT 22 has no gate, and no EXT",
     v6_1,
     "insmod @; sh -c 'echo reserved > /dev/exceptions'",
     segv,
     {"segment-related general protection fault: 00b2 [#1]"}},
};
INSTANTIATE_TEST_SUITE_P(Instruction, Exceptions, testing::ValuesIn(by_instruction), name_of);

const Row messages[] = {
    {"NMI pin",
     v6_1,
     "taskset 2 cpu nmi; grep NMI /proc/interrupts; true",
     back,
     {"NMI:          1          0   Non-maskable interrupts", "unknown reason", " on CPU 0."}},
    {"NMI to another CPU",
     v6_1,
     "taskset 1 cpu nmi 1; grep NMI /proc/interrupts; true",
     back,
     {"NMI:          0          1   Non-maskable interrupts", "unknown reason", " on CPU 1."}},
    {"NMI to itself",
     v6_1,
     "taskset 2 cpu nmi 1; grep NMI /proc/interrupts; true",
     back,
     {"NMI:          0          1"}},
    {"NMI to nobody", v6_1, "cpu nmi 7", 1, {"cpu: there is no CPU 7"}},
    {"two NMIs are two",
     v6_1,
     "cpu nmi; cpu nmi; grep NMI /proc/interrupts; true",
     back,
     {"NMI:          2"}},
    {"SMI is not seen", v6_1, "cpu smi; cpu smi 1; true", back, {}, "Uhhuh"},
};
INSTANTIATE_TEST_SUITE_P(Message, Exceptions, testing::ValuesIn(messages), name_of);

} // namespace
} // namespace irqlab::test
