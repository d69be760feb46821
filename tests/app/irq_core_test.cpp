// What the IRQ core offers drivers beyond request_irq(): per-CPU lines, notifiers, irq_work, calls on other CPUs;
// controllers of drivers' own with their domains; simulated lines and generic chips. Each module does what
// Documentation/core-api/ says, and each row names the guarantee that it looks for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/modules.hpp"
#include "tests/support/session.hpp"
#include "tests/support/text.hpp"

namespace irqlab::test {
namespace {

using kernel::Release;
using testing::HasSubstr;

constexpr Release all_releases[] = {Release::v5_4,  Release::v5_10, Release::v5_15,
                                    Release::v6_1, Release::v6_6,  Release::v6_12};

struct Row {
    const char* clause; // the source, and what it guarantees
    const char* module; // below tests/modules/, without .c
    const char* arguments;
    const char* script;            // between insmod and rmmod
    std::vector<const char*> says; // in this order
    const char* never = nullptr;
    Release since = Release::v5_4;
    const char* cmdline = "";
};

std::string name_of(const testing::TestParamInfo<Row>& row) { return test_name(row.param.clause); }
void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class IrqCore : public testing::TestWithParam<Row> {};

std::string run(const Row& row, Release release)
{
    lab::WorldConfig config;
    config.release = release;
    config.cpus = 4;
    config.cmdline = row.cmdline;
    if (std::string_view{row.module} == "percpu_line")
        config.exports = {"irq_set_percpu_devid", "handle_percpu_devid_irq", "request_nmi", "free_nmi"};
    const std::string module =
        module_path(std::string("modules/") + row.module + ".c", {release, app::kbuild::Optimize::o0, true});
    const Session session =
        run_session(config, "taskset 1 insmod " + module + " " + row.arguments + "\n" + row.script + "\nrmmod " +
                                row.module + "; dmesg; echo still here\n");
    EXPECT_EQ(kernel::RunEnd::finished, session.end);
    EXPECT_THAT(session.text, HasSubstr("still here\n"));
    return session.text;
}

TEST_P(IrqCore, KeepsItsWord)
{
    const Row& row = GetParam();
    const std::string text = run(row, Release::v6_1);
    expect_in_order(text, row.says);
    if (row.never) {
        EXPECT_EQ(std::string::npos, text.find(row.never)) << text;
    }
}

// The same in every other release that has it.
TEST_P(IrqCore, KeepsItInEachRelease)
{
    const Row& row = GetParam();
    for (const Release release : all_releases) {
        if (release < row.since || release == Release::v6_1)
            continue;
        SCOPED_TRACE(kernel::names_of(release).option);
        expect_in_order(run(row, release), row.says);
    }
}

const Row lines[] = {
    {"genericirq: request_any_context_irq answers IRQC_IS_HARDIRQ for a line with a handler, else an errno",
     "lines",
     "what=any",
     "",
     {"== IRQC_IS_HARDIRQ = 1", "\"other\", &runs) = -16", "&cookie) = -107", "&cookie) = -22"},
     "Call Trace"},
    {"genericirq: irqchip state is the chip's to answer, -EINVAL where it cannot",
     "lines",
     "what=state",
     "",
     {"(4000, IRQCHIP_STATE_ACTIVE, &value) = -22", "(7, IRQCHIP_STATE_LINE_LEVEL, &value) = -22",
      "(7, IRQCHIP_STATE_ACTIVE, &value) = 0", "lines: active=0", "(7, IRQCHIP_STATE_PENDING, true) = -22"}},
    {"genericirq: an affinity notifier is told in a task, and released when it is taken back",
     "lines",
     "what=notifier",
     "",
     {"(4000, &notifier) = -22", "(11, &notifier) = 0", "cpumask_of(1)) = 0",
      "lines: irq 11 now on CPU 1, told in a task", "lines: the notifier is released",
      "(11, NULL) = 0", "cpumask_of(0)) = 0"},
     "now on CPU 0"},
    {"genericirq: free_irq warns of a notifier that is left",
     "lines",
     "what=leave_notifier",
     "",
     {"WARNING: CPU: 0", "kernel/irq/manage.c:2028 free_irq"}},
    {"genericirq: a hint alone moves nothing, and warns when it outlives the line",
     "lines",
     "what=hint",
     "",
     {"irq_update_affinity_hint(11, cpumask_of(1)) = 0", "hinted alone, has CPU 0 1",
      "irq_set_affinity_and_hint(11, cpumask_of(1)) = 0", "kernel/irq/manage.c:1913"},
     nullptr,
     Release::v6_1},
    {"irq_work: once queued it runs once, in hard interrupt context on the CPU that queued it",
     "lines",
     "what=work",
     "cat /proc/interrupts",
     {"IWI:          1", "irq_work_queue(&job) = 1", "irq_work_queue(&job) = 0",
      "with interrupts off runs=0 pending=1", "runs=1 hardirq=1 here=1 busy=0", "lazy too runs=2 hardirq=1"}},
    {"irq_work: without a local APIC the tick runs it",
     "lines",
     "what=work",
     "",
     {"with interrupts off runs=0 pending=1", "runs=1 hardirq=1 here=1 busy=0", "lazy too runs=2 hardirq=1"},
     nullptr,
     Release::v5_4,
     "nolapic"},
    {"percpu: each CPU opens the line for itself and gets its own cookie; freed when it is closed everywhere",
     "percpu_line",
     "",
     "",
     {"request_percpu_irq(7, percpu_handler, \"lines\", &mine) = -22",
      "request_percpu_irq(virq, percpu_handler, \"lines\", &mine) = -22", "irq_set_percpu_devid(virq) = 0",
      "irq_set_percpu_devid(virq) = -22", "request_irq(virq, lines_handler, 0, \"lines\", &cookie) = -22",
      "request_percpu_irq(virq, percpu_handler, \"lines\", NULL) = -22",
      "request_percpu_irq(virq, percpu_handler, \"lines\", &mine) = 0", "after the request unmasks=0",
      "enabled here=0 unmasks=1", "CPU 0 has 0, CPU 1 has 11", "still enabled on CPU1!",
      "kernel/irq/manage.c:2472 ", "has action=0 masks=1",
      "request_nmi(IRQ_NOTCONNECTED, lines_handler, IRQF_PERCPU, \"lines\", &cookie) = -107",
      "IRQF_SHARED | IRQF_PERCPU, \"lines\", &cookie) = -22", "request_nmi(7, lines_handler, 0, ",
      "IRQF_PERCPU | IRQF_NO_AUTOEN, \"lines\", &cookie) = -22"},
     nullptr,
     Release::v5_15},
};
INSTANTIATE_TEST_SUITE_P(Lines, IrqCore, testing::ValuesIn(lines), name_of);

const Row calls[] = {
    {"smp: a call on any, one or each CPU runs there; one on a CPU that is not there gives -ENXIO",
     "lines",
     "what=calls",
     "",
     {"smp_call_function_any(cpumask_of(2), note_cpu, NULL, 1) = 0", "any ran on 2",
      "smp_call_function_single(200, note_cpu, NULL, 1) = -6",
      "smp_call_function_single_async(3, &csd) = 0", "async ran on 3",
      "smp_call_on_cpu(1, on_worker, &in_task, false) = 101", "in a task=1",
      "smp_call_on_cpu(200, on_worker, &in_task, false) = -6", "on each of four runs=4",
      "on the odd ones too runs=6"},
     "Call Trace"},
};
INSTANTIATE_TEST_SUITE_P(Calls, IrqCore, testing::ValuesIn(calls), name_of);

constexpr const char* raise_and_look = "echo 8 > /sys/module/controller/parameters/raise; irq pulse 7\n"
                                       "cat /proc/interrupts; cat /sys/kernel/irq/*/hwirq";

const Row domains[] = {
    {"irq-domain: a mapping is made once, found by hwirq, and the row has the controller's name and number",
     "controller",
     "domain=linear",
     "echo 72 > /sys/module/controller/parameters/raise; irq pulse 7; cat /proc/interrupts",
     {"controller   1-soft      user", "controller   3-soft      user", "controller   6-soft      user",
      "line 1 got hardirq", "line 3 got hardirq", "line 6 got hardirq",
      "again the same 1, found 1, unknown 0, refused 0", "request of the parent -22",
      "controller: hwirq 3 in an interrupt", "controller: hwirq 6 in an interrupt", "controller: unmaps hwirq 1",
      "controller: unmaps hwirq 3", "passed 0, mapped 0"},
     "Call Trace"},
    {"irq-domain: a tree maps any hwirq",
     "controller",
     "domain=tree",
     raise_and_look,
     {"controller   3-soft      user", "again the same 1, found 1, unknown 0, refused 0",
      "controller: hwirq 3 in an interrupt", "passed 0, mapped 0"},
     "Call Trace"},
    {"irq-domain: a simple domain with a first irq is mapped at once",
     "controller",
     "domain=simple",
     raise_and_look,
     {"203: ", "controller   3-soft      user", "hwirq 0x7 is too large for unknown-1",
      "controller: hwirq 3 in an interrupt", "passed 0, mapped 0"}},
    {"irq-domain: a legacy domain covers irqs that its driver allocated",
     "controller",
     "domain=legacy",
     raise_and_look,
     {"203: ", "controller   3-soft      user", "controller: hwirq 3 in an interrupt", "passed 0, mapped 0"}},
    {"irq-domain: in a hierarchy the parent is allocated and activated first, and each chip calls the one behind it",
     "controller",
     "domain=hierarchy",
     "echo 8 > /sys/module/controller/parameters/raise; irq pulse 7; cat /proc/interrupts",
     {"     upper 103-soft      user", "controller: activates 1\n", "controller: activates 101\n",
      "controller: hwirq 103 in an interrupt", "controller: deactivates 101\n", "controller: deactivates 1\n",
      "passed 1, mapped 0"},
     "Call Trace"},
};
INSTANTIATE_TEST_SUITE_P(Domains, IrqCore, testing::ValuesIn(domains), name_of);

const Row controllers[] = {
    {"genericirq: a line's resources are asked for first, a trigger that the chip refuses is the request's errno",
     "controller",
     "",
     "",
     {"Failed to request resources for busy (irq ", ") on irqchip controller",
      "genirq: Setting trigger mode 8 for irq ", "failed (controller_type", "controller: busy -16 low -22",
      "controller: state 0 pending 0 active -22 set -22"},
     "Call Trace"},
    {"genericirq: a chip is asked for resources, trigger and unmask in this order, and at the end for the converse",
     "controller",
     "",
     "cat /sys/module/controller/parameters/asked",
     {"request-1 unmask-1 request-3 falling-3 unmask-3 request-6 unmask-6 request-5 request-4 type-4 release-4"}},
    {"genericirq: what is asked of a chip on a slow bus stands between irq_bus_lock and irq_bus_sync_unlock",
     "controller",
     "bus=1 flow=nested",
     "cat /sys/module/controller/parameters/asked",
     {"lock-1 sync-1 lock-1 request-1 unmask-1 sync-1 lock-3 sync-3 lock-3 request-3 falling-3 unmask-3 sync-3"}},
    {"genericirq: masked lines of a controller do not come through, and a chained handler ends its own line",
     "controller",
     "",
     "echo 132 > /sys/module/controller/parameters/raise; irq pulse 7\n"
     "echo 8 > /sys/module/controller/parameters/raise; irq pulse 7; show irq 7",
     {"controller: hwirq 3 in an interrupt"},
     "nobody has bit"},
    {"genericirq: a chained handler works at the 8259 too",
     "controller",
     "",
     "echo 8 > /sys/module/controller/parameters/raise; irq pulse 7\n"
     "echo 2 > /sys/module/controller/parameters/raise; irq pulse 7",
     {"controller: hwirq 3 in an interrupt", "controller: hwirq 1 in an interrupt"},
     "Call Trace",
     Release::v5_4,
     "noapic"},
    {"genericirq: a nested line's handler runs in its parent's thread, without one of its own",
     "controller",
     "flow=nested",
     "echo 10 > /sys/module/controller/parameters/raise; irq pulse 7; sleep 0.01; ps; cat /proc/interrupts",
     {"controller   3-soft      user", "line 1 got nested", "controller: hwirq 1 in irq/7-controlle",
      "controller: hwirq 3 in irq/7-controlle", "passed 0, mapped 0"},
     "-user]"},
};
INSTANTIATE_TEST_SUITE_P(Controllers, IrqCore, testing::ValuesIn(controllers), name_of);

const Row soft[] = {
    {"irq_sim: a pending line is served in an interrupt, a disabled one when it is enabled, one that nobody opened never",
     "soft_lines",
     "what=sim",
     "cat /proc/interrupts",
     {"irq_sim   0", "soft0", "irq_sim   2", "soft2", "IRQF_TRIGGER_RISING, \"soft0\", &cookies[0]) = 0",
      "genirq: Setting trigger mode 4 for irq ", "IRQF_TRIGGER_HIGH, \"soft1\", &cookies[1]) = -22",
      "(sim_irqs[0], IRQCHIP_STATE_MASKED, true) = -22", "pending(sim_irqs[0]) = 1",
      "soft_lines: hwirq 0 hardirq 1 irqs_off 1", "soft_lines: hwirq 2 hardirq 1 irqs_off 1",
      "pending(sim_irqs[0]) = 0", "while disabled it is kept", "soft_lines: hwirq 0 hardirq 0 irqs_off 1",
      "nobody opened line 1"},
     "soft_lines: hwirq 1 ",
     Release::v5_10},
    {"genericirq: a generic chip writes its mask register from a cache, and acknowledges by a bit",
     "soft_lines",
     "what=generic",
     "",
     {"before mask ff", "\"generic1\", &cookies[0]) = 0", "open mask f9", "soft_lines: hwirq ", "acked 4 mask f9",
      "enable_irq_wake(first + 1) = 0", "enable_irq_wake(first + 2) = -22", "closed mask ff",
      "\"gone\", &cookies[0]) = -38"},
     "Call Trace",
     Release::v5_10},
    {"irq-domain: generic chips share a domain, each for its part of the lines",
     "soft_lines",
     "what=domain",
     "",
     {"IRQ_GC_INIT_MASK_CACHE) = 0", "0, 0, 0) = -16", "irq_get_domain_generic_chip(gc_lines, 64) == NULL = 1",
      "before mask ff", "open mask f9", "soft_lines: hwirq 34 ", "acked 4 mask f9",
      "enable_irq_wake(first + 2) = -22", "closed mask ff"},
     "Call Trace",
     Release::v5_10},
};
INSTANTIATE_TEST_SUITE_P(Soft, IrqCore, testing::ValuesIn(soft), name_of);

} // namespace
} // namespace irqlab::test
