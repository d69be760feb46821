// What people do wrong: each mistake gets Linux's words and status, and the lab goes on with the next
// command.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/host/paths.hpp"
#include "kernel/events.hpp"
#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using kernel::Release;
using testing::HasSubstr;

/// `@NAME` in a script stands for tests/modules/NAME.c, built for the World's release.
std::string with_modules(std::string script, Release release)
{
    for (std::size_t at; (at = script.find('@')) != std::string::npos;) {
        const std::size_t stop =
            std::min(script.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1), script.size());
        const std::string name = script.substr(at + 1, stop - at - 1);
        script.replace(at, stop - at,
                       module_path("modules/" + name + ".c", {release, app::kbuild::Optimize::o0, true}));
    }
    return script;
}

lab::WorldConfig world_of(Release release, unsigned cpus = 2)
{
    lab::WorldConfig config;
    config.release = release;
    config.cpus = cpus;
    return config;
}

struct Row {
    const char* clause;
    Release release;
    const char* script;            // its last command is the one that goes wrong
    int status;                    // of that command
    std::vector<const char*> says; // in this order, in what was printed or logged
    const char* never = nullptr;   // what must not be there
};

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Mistake : public testing::TestWithParam<Row> {};

TEST_P(Mistake, IsNamedAndTheLabGoesOn)
{
    const Row& row = GetParam();
    static const app::TemporaryDirectory files("test");
    const std::string script =
        "dmesg -c > /dev/null; TMPDIR=" + files.path() + "\n" + with_modules(row.script, row.release) +
        "\nrc=$?; dmesg; echo \"still here, status $rc\"; echo $((40 + 2)) commands later\n";
    const Session session = run_session(world_of(row.release), script);
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    expect_in_order(session.text, row.says);
    if (row.never) {
        EXPECT_FALSE(session.says(row.never)) << session.text;
    }
    EXPECT_THAT(session.text, HasSubstr("still here, status " + std::to_string(row.status) + "\n"));
    EXPECT_THAT(session.text, HasSubstr("42 commands later\n"));
}

constexpr Release v5_4 = Release::v5_4, v6_1 = Release::v6_1;

const Row loading[] = {
    {"insmod: no such file",
     v6_1,
     "insmod /nowhere/at_all.ko",
     1,
     {"insmod: ERROR: could not load module /nowhere/at_all.ko: No such file or directory"}},
    {"insmod: a text is no module",
     v6_1,
     "echo 'this is text' > $TMPDIR/text.ko; insmod $TMPDIR/text.ko",
     1,
     {"insmod: ERROR: could not insert module", "text.ko: Invalid module format"}},
    {"insmod: an empty file is no module",
     v6_1,
     ": > $TMPDIR/empty.ko; insmod $TMPDIR/empty.ko",
     1,
     {"empty.ko: Invalid module format"}},
    {"insmod: a module cut short",
     v6_1,
     "head -c 700 @misdeed > $TMPDIR/short.ko; insmod $TMPDIR/short.ko",
     1,
     {"short.ko: Invalid module format"}},
    {"insmod: a symbol that nobody exports",
     v6_1,
     "insmod @unknown",
     1,
     {"insmod: ERROR: could not insert module", "unknown.ko: Unknown symbol in module",
      "unknown: Unknown symbol surely_not_there (err -2)"}},
    {"insmod: init answers -ENODEV",
     v6_1,
     "insmod @misdeed what=enodev",
     1,
     {"insmod: ERROR: could not insert module", "misdeed.ko: No such device"}},
    {"insmod: twice", v6_1, "insmod @misdeed && insmod @misdeed", 1, {"misdeed.ko: File exists"}},
    {"insmod: an unknown parameter is ignored with a word",
     v6_1,
     "insmod @misdeed colour=red",
     0,
     {"misdeed: unknown parameter 'colour' ignored"}},
    {"rmmod: not loaded", v6_1, "rmmod misdeed", 1, {"rmmod: ERROR: Module misdeed is not currently loaded"}},
    {"rmmod: its device is open",
     v6_1,
     "insmod @waiter; cat /dev/waiter & sleep 0.1; rmmod waiter",
     1,
     {"rmmod: ERROR: Module waiter is in use"}},
    {"two modules of one class",
     v6_1,
     "insmod @twin_first && insmod @twin_second",
     1,
     {"twin_second.ko: File exists", "sysfs: cannot create duplicate filename '/class/twins'"}},
    {"two modules of one device name",
     v6_1,
     "insmod @twin_first && insmod @twin_cousin && ls /dev/twin",
     0,
     {"/dev/twin"}},
};
INSTANTIATE_TEST_SUITE_P(Loading, Mistake, testing::ValuesIn(loading), name_of);

const Row oopses[] = {
    {"oops in init",
     v6_1,
     "insmod @misdeed at=init what=null_write",
     137,
     {"misdeed: before null_write in init", "BUG: kernel NULL pointer dereference, address: 0000000000000000",
      "#PF: supervisor write access in kernel mode", "#PF: error_code(0x0002) - not-present page",
      "Oops: 0002 [#1]", "RIP: 0010:misbehave+0x", "[misdeed]", "---[ end trace"},
     "misdeed: after null_write"},
    {"oops in read",
     v6_1,
     "insmod @misdeed at=read what=null_write; cat /dev/misdeed",
     137,
     {"BUG: kernel NULL pointer dereference, address: 0000000000000000", "Comm: cat",
      "RIP: 0010:misbehave+0x"},
     "misdeed: after null_write"},
    {"oops in a handler",
     v6_1,
     "insmod @misdeed at=handler what=null_write; irq pulse 11",
     0,
     {"BUG: kernel NULL pointer dereference, address: 0000000000000000", "RIP: 0010:misbehave+0x"},
     "misdeed: after null_write"},
    {"oops in exit",
     v6_1,
     "insmod @misdeed at=exit what=null_write; rmmod misdeed",
     137,
     {"BUG: kernel NULL pointer dereference, address: 0000000000000000", "Comm: rmmod",
      "RIP: 0010:misbehave+0x"},
     "misdeed: after null_write"},
    {"ud2",
     v6_1,
     "insmod @misdeed at=read what=ud2; cat /dev/misdeed",
     139,
     {"invalid opcode: 0000 [#1]", "RIP: 0010:misbehave+0x"},
     "misdeed: after ud2"},
    {"int3",
     v6_1,
     "insmod @misdeed at=read what=int3; cat /dev/misdeed",
     137,
     {"int3: 0000 [#1]", "RIP: 0010:misbehave+0x", "Kernel panic - not syncing: Fatal exception in interrupt"},
     "misdeed: after int3"},
    {"division by zero",
     v6_1,
     "insmod @misdeed at=read what=divide; cat /dev/misdeed",
     139,
     {"divide error: 0000 [#1]", "RIP: 0010:misbehave+0x"},
     "misdeed: after divide"},
    {"recursion without end",
     v6_1,
     "insmod @misdeed at=read what=recursion; cat /dev/misdeed",
     139,
     {"stack guard page was hit at", "recurse+0x"},
     "misdeed: after recursion"},
};
INSTANTIATE_TEST_SUITE_P(Oops, Mistake, testing::ValuesIn(oopses), name_of);

const Row hangs[] = {
    {"read loops with accesses",
     v6_1,
     "insmod @misdeed at=read what=access_loop; cat /dev/misdeed",
     137,
     {"watchdog: BUG: soft lockup - CPU#", "[cat:"},
     "misdeed: after"},
    {"read loops without accesses",
     v6_1,
     "insmod @misdeed at=read what=bare_loop; cat /dev/misdeed",
     137,
     {"watchdog: BUG: soft lockup - CPU#", "[cat:"},
     "misdeed: after"},
    {"a handler loops with accesses",
     v6_1,
     "insmod @misdeed at=handler what=access_loop; irq pulse 11",
     0,
     {"misdeed: before access_loop in handler", "LOCKUP on cpu "},
     "misdeed: after"},
    {"a handler loops without accesses",
     v6_1,
     "insmod @misdeed at=handler what=bare_loop; irq pulse 11",
     0,
     {"misdeed: before bare_loop in handler", "LOCKUP on cpu "},
     "misdeed: after"},
};
INSTANTIATE_TEST_SUITE_P(Hang, Mistake, testing::ValuesIn(hangs), name_of);

const Row contexts[] = {
    {"a tasklet sleeps",
     v6_1,
     "insmod @misdeed at=tasklet what=sleep; irq pulse 11; sleep 0.1",
     0,
     {"misdeed: before sleep in tasklet", "BUG: scheduling while atomic: "}},
    {"a timer sleeps",
     v6_1,
     "insmod @misdeed at=timer what=sleep; sleep 0.2",
     0,
     {"misdeed: before sleep in timer", "BUG: scheduling while atomic: "}},
    {"a handler oopses while its level line stays up",
     v6_1,
     "insmod @misdeed at=handler what=null_write; irq raise 11; irq lower 11",
     0,
     {"RIP: 0010:misbehave+0x", "irqlab: irq 11 is still up", "Disabling IRQ #11"}},
    {"free_irq twice",
     v6_1,
     "insmod @misdeed at=exit what=double_free; rmmod misdeed",
     0,
     {"Trying to free already-free IRQ 11",
      "WARNING: CPU: ", "kernel/irq/manage.c:", "misdeed: after double_free"}},
    {"sleeping in a handler",
     v6_1,
     "insmod @misdeed at=handler what=sleep; irq pulse 11; sleep 0.1",
     0,
     {"misdeed: before sleep in handler", "BUG: scheduling while atomic: "}},
    {"init returns with interrupts off",
     v6_1,
     "insmod @misdeed at=init what=irqs_off",
     0,
     {"misdeed: after irqs_off in init", "initcall misdeed_init+0x0/", "returned with disabled interrupts"}},
    {"read returns with interrupts off",
     v6_1,
     "insmod @misdeed at=read what=irqs_off; cat /dev/misdeed; irq pulse 11",
     0,
     {"misdeed: after irqs_off in read"}},
};
INSTANTIATE_TEST_SUITE_P(Context, Mistake, testing::ValuesIn(contexts), name_of);

const Row instructions[] = {
    {"in, out, cli and sti act on the modelled CPU",
     v6_1,
     "insmod @misdeed at=read what=instructions; cat /dev/misdeed",
     0,
     {"misdeed: in 1", "misdeed: after cli irqs_disabled=1", "misdeed: after sti irqs_disabled=0",
      "misdeed: after instructions in read"}},
    {"hlt waits for the next interrupt",
     v6_1,
     "insmod @misdeed at=read what=hlt; cat /dev/misdeed",
     0,
     {"misdeed: before hlt in read", "misdeed: after hlt in read"}},
    {"int $0x38 on 5.4 reaches a vector that nobody has",
     v5_4,
     "insmod @misdeed at=read what=int38; taskset 2 cat /dev/misdeed",
     0,
     {"misdeed: before int38 in read", "do_IRQ: 1.56 No irq handler for vector",
      "misdeed: after int38 in read"}},
    {"int $0x38 on 6.1 says so with the entry's new name",
     v6_1,
     "insmod @misdeed at=read what=int38; taskset 2 cat /dev/misdeed",
     0,
     {"misdeed: before int38 in read", "__common_interrupt: 1.56 No irq handler for vector",
      "misdeed: after int38 in read"}},
};
INSTANTIATE_TEST_SUITE_P(Instruction, Mistake, testing::ValuesIn(instructions), name_of);

// --- what needs a World of its own shape
// ----------------------------------------------------------------------

TEST(WrongKernel, AModuleOfAnotherReleaseIsRefused)
{
    const std::string old = module_path("modules/misdeed.c", {v5_4, app::kbuild::Optimize::o0, true});
    const Session session =
        run_session(world_of(v6_1), "insmod " + old + "; echo status $?; dmesg; echo still here");
    EXPECT_THAT(session.text, HasSubstr("misdeed.ko: Invalid module format"));
    EXPECT_THAT(session.text, HasSubstr("misdeed: version magic '5.4."));
    EXPECT_THAT(session.text, HasSubstr("status 1\n"));
    EXPECT_THAT(session.text, HasSubstr("still here"));
}

/// What tutorials do on 5.4: the old vector of IRQ 11 is given its descriptor again, and `int $59` calls the
/// handler.
TEST(VectorIrq, AModuleThatWritesItGetsItsHandlerCalled)
{
    lab::WorldConfig config = world_of(v5_4);
    config.exports = {"vector_irq"};
    const Session session =
        run_session(config, with_modules("insmod @vector_write; taskset 2 cat /dev/vector_write\n"
                                         "echo status $?; dmesg; grep ' 11:' /proc/interrupts",
                                         v5_4));
    EXPECT_THAT(session.text, HasSubstr("status 0\n"));
    EXPECT_THAT(session.text, HasSubstr("vector_write: handler called, irq 11, hit 1"));
    EXPECT_THAT(session.text, testing::Not(HasSubstr("No irq handler for vector")));
    EXPECT_THAT(session.text, HasSubstr(" 11:          0          1   IO-APIC  11-fasteoi   vector_write"));
}

TEST(VectorIrq, WithoutTheExportItIsAnUnknownSymbol)
{
    const Session session =
        run_session(world_of(v5_4), with_modules("insmod @vector_write; echo status $?; dmesg", v5_4));
    EXPECT_THAT(session.text, HasSubstr("status 1\n"));
    EXPECT_THAT(session.text, HasSubstr("vector_write: Unknown symbol vector_irq (err -2)"));
}

// --- an interrupt by hand takes the whole way
// -----------------------------------------------------------------

const sim::Event* find_event(const Session& session, std::size_t& from, unsigned kind, unsigned number)
{
    for (; from < session.events.size(); ++from)
        if (session.events[from].kind == kind && session.events[from].number == number)
            return &session.events[from++];
    return nullptr;
}

unsigned kind(hw::SignalKind k) { return static_cast<unsigned>(k); }
unsigned kind(kernel::EventKind k) { return static_cast<unsigned>(k); }

TEST(Pulse, GoesThroughIoApicAndLocalApicToTheCpuOfEffectiveAffinity)
{
    const Session session = run_session(
        world_of(v6_1, 4),
        with_modules("insmod @misdeed at=handler\ncat /proc/irq/11/effective_affinity_list\nirq pulse 11\n"
                     "grep ' 11:' /proc/interrupts\nshow irq 11\nshow ioapic\n",
                     v6_1));
    const std::vector<std::string> lines = lines_of(session.text);
    ASSERT_GE(lines.size(), 3u) << session.text;
    const unsigned cpu = static_cast<unsigned>(std::stoul(lines[0]));
    std::string row = " 11:";
    for (unsigned i = 0; i < 4; ++i)
        row += i == cpu ? "          1" : "          0";
    EXPECT_EQ(row + "   IO-APIC  11-fasteoi   misdeed", lines[1]);

    std::size_t at = 0;
    const sim::Event* line = find_event(session, at, kind(hw::SignalKind::line), 11);
    const sim::Event* send = find_event(session, at, kind(hw::SignalKind::ioapic_send), 11);
    ASSERT_TRUE(line && send) << session.text;
    EXPECT_EQ(1u, line->value);
    const auto vector = static_cast<unsigned>(send->value);
    EXPECT_EQ(cpu, send->cpu);
    const sim::Event* entry = find_event(session, at, kind(kernel::EventKind::vector_entry), vector);
    ASSERT_TRUE(entry);
    EXPECT_EQ(cpu, entry->cpu);
    EXPECT_TRUE(find_event(session, at, kind(kernel::EventKind::irq_handler_entry), 11));
    EXPECT_TRUE(find_event(session, at, kind(kernel::EventKind::irq_handler_exit), 11));
    EXPECT_TRUE(find_event(session, at, kind(kernel::EventKind::vector_exit), vector));

    char hex[8];
    std::snprintf(hex, sizeof hex, "%02x", vector);
    EXPECT_THAT(session.text, HasSubstr(hex)) << "show does not name the vector";
}

TEST(Pulse, OfALineThatIsNotThereIsRefused)
{
    const Session session = run_session(
        world_of(v6_1), "irq pulse 99; echo status $?; irq pulse 2; echo status $?; echo still here");
    EXPECT_THAT(session.text, testing::Not(HasSubstr("status 0")));
    EXPECT_THAT(session.text, HasSubstr("still here"));
}

} // namespace
} // namespace irqlab::test
