// Model-specific registers as drivers reach them: by their own instruction, and by Linux's functions.
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using enum hw::BoardId;

struct Row {
    const char* clause;
    hw::BoardId board;
    const char* arguments;         // of insmod
    std::vector<const char*> says; // in this order
    const char* never = nullptr;   // after the last of those
};

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }
void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Msr : public testing::TestWithParam<Row> {};

TEST_P(Msr, IsReachedAsOnLinux)
{
    const Row& row = GetParam();
    lab::WorldConfig config;
    config.cpus = 4;
    config.board = row.board;
    const Session session =
        run_session(config, "dmesg -C; taskset 2 insmod " + module_path("modules/msr.c") + " " +
                                row.arguments + "\nshow lapic 1; dmesg; echo still here\n");
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    const std::size_t from = expect_in_order(session.text, row.says);
    if (row.never) {
        EXPECT_EQ(std::string::npos, session.text.find(row.never, from)) << session.text;
    }
    EXPECT_TRUE(session.says("still here\n")) << session.text;
}

// [LX arch/x86/mm/extable.c]: told once, and a read gives 0.
const Row by_functions[] = {
    {"APIC base", pc, "how=read msr=0x1b", {"read 1b: error 0, value fee00800\n"}},
    {"what the CPU lacks is told once, and reads 0",
     pc,
     "how=read msr=0x802 times=2",
     {"unchecked MSR access error: RDMSR from 0x802 at rIP: 0xffffffff8", " (native_read_msr+0x",
      "Call Trace:\n", " access+0x", " [msr]\n", "msr: read 802: error 0, value 0\n",
      "msr: read 802: error 0, value 0\n"},
     "unchecked"},
    {"a write that is refused is told once",
     pc,
     "how=write msr=0x808 value=0x100000020 times=2",
     {"unchecked MSR access error: WRMSR to 0x808 (tried to write 0x0000000100000020) at rIP: 0xffffffff8",
      " (native_write_msr+0x", "Call Trace:\n", "msr: write 808: error 0", "msr: write 808: error 0"},
     "unchecked"},
    {"a safe read tells by its result",
     pc,
     "how=safe_read msr=0x802",
     {"msr: safe_read 802: error -5, value 0\n"},
     "unchecked"},
    {"a safe write does too", pc, "how=safe_write msr=0x802", {"msr: safe_write 802: error -5"}, "unchecked"},
    {"of another CPU", laptop, "how=read_on cpu=3 msr=0x802", {"msr: read_on 802: error 0, value 3\n"}},
    {"of a CPU that is not there", laptop, "how=read_on cpu=9 msr=0x802", {"msr: read_on 802: error -6"}},
    {"a write moves this CPU's task priority",
     laptop,
     "how=write msr=0x808 value=0x20",
     {"tpr            0x20\n", "msr: write 808: error 0"}},
    {"a write on another CPU", laptop, "how=write_on cpu=1 msr=0x808 value=0x20", {"tpr            0x20\n"}},
};
INSTANTIATE_TEST_SUITE_P(Function, Msr, testing::ValuesIn(by_functions), name_of);

// Nobody has made an entry in the exception table for those.
const Row by_instruction[] = {
    {"RDMSR", pc, "how=raw_read msr=0x1b", {"msr: raw_read 1b: error 0, value fee00800\n"}},
    {"RDMSR refused",
     pc,
     "how=raw_read msr=0x802",
     {"general protection fault: 0000 [#1]", "RIP: 0010:access+0x", " [msr]\n"},
     "unchecked"},
    {"WRMSR refused",
     pc,
     "how=raw_write msr=0x1b value=0xfee00c00",
     {"general protection fault: 0000 [#1]", "RIP: 0010:access+0x", "RCX: 000000000000001b\n"}},
    {"RDMSR in x2APIC mode", laptop, "how=raw_read msr=0x80d", {"msr: raw_read 80d: error 0, value 2\n"}},
    {"a self-IPI comes while the WRMSR is done",
     laptop,
     "how=raw_write msr=0x83f value=0x55",
     {"isr            -\n", "__common_interrupt: 1.85 No irq handler for vector\n", "msr: raw_write 83f"}},
    {"a reserved bit of the EOI", laptop, "how=raw_write msr=0x80b value=1", {"general protection fault"}},
};
INSTANTIATE_TEST_SUITE_P(Instruction, Msr, testing::ValuesIn(by_instruction), name_of);

const Row counters[] = {
    {"one time stamp counter",
     pc,
     "how=tsc",
     {"msr: as tsc_khz says\n", "msr: one counter\n", "msr: 2600000 kHz\n"}},
    {"the registers' page", pc, "how=page", {"msr: page 01060015\n"}},
    {"the page is gone in x2APIC mode", laptop, "how=page", {"msr: page ffffffff\n"}},
};
INSTANTIATE_TEST_SUITE_P(Other, Msr, testing::ValuesIn(counters), name_of);

TEST(Tsc, IsAsFastForTheLogAsForTheFiles)
{
    const Session session = run_session({}, "dmesg; grep MHz /proc/cpuinfo");
    EXPECT_TRUE(session.says("tsc: Detected 2600.000 MHz processor\n")) << session.text;
    EXPECT_TRUE(session.says("cpu MHz\t\t: 2600.000\n")) << session.text;
    EXPECT_TRUE(session.says("(20800.00 BogoMIPS)")) << "4 CPUs: " << session.text;
}

} // namespace
} // namespace irqlab::test
