// /proc/interrupts, /proc/softirqs, /proc/stat, column for column as Linux prints them.
// [LX filesystems/proc]; compared with recordings of Linux 6.1.
#include "kernel/vfs/proc_texts.hpp"

#include "kernel/irq/desc_lock.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched_state.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/proc.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned count_width = 10;

int irq_width(unsigned nr_irqs)
{
    int width = 3;
    for (unsigned j = 1000; width < 10 && j <= nr_irqs; j *= 10)
        ++width;
    return width;
}

template <class Visit>
void each_online(Kernel& k, Visit visit)
{
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        if (k.cpus[cpu].online)
            visit(k.cpus[cpu]);
}

/// A chip may print its own name, into a seq_file.
void print_chip(abi::irq_desc& desc, Kernel& k, TextSink& out)
{
    auto& m = *k.arena.make<abi::seq_file>();
    m.size = abi::IRQLAB_PAGE_SIZE;
    m.buf = static_cast<char*>(k.arena.take(m.size));
    desc.irq_data.chip->irq_print_chip(&desc.irq_data, &m);
    out.append({m.buf, m.count});
    k.arena.give_back(m.buf, m.size);
    k.arena.give_back(&m, sizeof m);
}

void chip_column(Kernel& k, abi::irq_desc& desc, int width, TextSink& out)
{
    const abi::irq_chip* chip = desc.irq_data.chip;
    if (chip && chip->irq_print_chip)
        print_chip(desc, k, out);
    else
        out.format(" {:>8}", !chip ? "None" : chip->name ? chip->name : "-");
    if (desc.irq_data.domain)
        out.format(" {:>{}}", desc.irq_data.hwirq, width);
    else
        out.fill(static_cast<std::size_t>(width) + 1);
    if (desc.name)
        out.format("-{:<8}", desc.name);
}

// A line is shown while it has an action, or when it ever counted.
void irq_row(Kernel& k, unsigned irq, int width, TextSink& out)
{
    abi::irq_desc* desc = irq_desc_of(k, irq);
    if (!desc || (desc->status_use_accessors & abi::IRQ_HIDDEN))
        return;
    bool counted = false;
    each_online(k, [&](const PerCpu& cpu) { counted |= desc->kstat_irqs && desc->kstat_irqs[cpu.index] != 0; });
    if ((!desc->action || desc->action == chained_action()) && !counted)
        return;
    out.format("{:>{}}: ", irq, width);
    each_online(k, [&](const PerCpu& cpu) {
        out.format("{:>{}} ", desc->kstat_irqs ? desc->kstat_irqs[cpu.index] : 0u, count_width);
    });
    chip_column(k, *desc, width, out);
    const char* separator = "  ";
    const DescLock lock;
    for (const abi::irqaction* a = desc->action; a; a = a->next) {
        out.append(separator);
        append_name(out, a->name);
        separator = ", ";
    }
    out.append('\n');
}

struct ArchRow {
    const char* name;
    const char* text;
    unsigned ArchIrqStats::*count; // null: ERR and MIS, one number each
};
constexpr ArchRow arch_rows[] = {{"NMI", "Non-maskable interrupts", &ArchIrqStats::nmi},
                                 {"LOC", "Local timer interrupts", &ArchIrqStats::loc},
                                 {"SPU", "Spurious interrupts", &ArchIrqStats::spu},
                                 {"PMI", "Performance monitoring interrupts", &ArchIrqStats::pmi},
                                 {"IWI", "IRQ work interrupts", &ArchIrqStats::iwi},
                                 {"RTR", "APIC ICR read retries", &ArchIrqStats::rtr},
                                 {"RES", "Rescheduling interrupts", &ArchIrqStats::res},
                                 {"CAL", "Function call interrupts", &ArchIrqStats::cal},
                                 {"TLB", "TLB shootdowns", &ArchIrqStats::tlb},
                                 {"TRM", "Thermal event interrupts", &ArchIrqStats::trm},
                                 {"THR", "Threshold APIC interrupts", &ArchIrqStats::thr},
                                 {"DFR", "Deferred Error APIC interrupts", &ArchIrqStats::dfr},
                                 {"MCE", "Machine check exceptions", &ArchIrqStats::mce},
                                 {"MCP", "Machine check polls", &ArchIrqStats::mcp},
                                 {"ERR", nullptr, nullptr},
                                 {"MIS", nullptr, nullptr},
                                 {"PIN", "Posted-interrupt notification event", &ArchIrqStats::pin},
                                 {"NPI", "Nested posted-interrupt event", &ArchIrqStats::npi},
                                 {"PIW", "Posted-interrupt wakeup event", &ArchIrqStats::piw}};

void arch_row(Kernel& k, const ArchRow& row, int width, TextSink& out)
{
    out.format("{:>{}}: ", row.name, width);
    if (!row.text) {
        const unsigned count = *row.name == 'E' ? k.irq->errors : k.irq->mismatched;
        out.format("{:>{}}\n", count, count_width);
        return;
    }
    each_online(k, [&](const PerCpu& cpu) { out.format("{:>{}} ", cpu.stats.*row.count, count_width); });
    out.format("  {}\n", row.text);
}

constexpr const char* softirq_names[] = {"HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
                                         "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU"};

/// Interrupts of the architecture's own, which belong to no line [LX arch/x86/kernel/irq.c].
u64 arch_count(const PerCpu& cpu)
{
    const ArchIrqStats& s = cpu.stats;
    return u64{s.nmi} + s.loc + s.spu + s.pmi + s.iwi + s.rtr + s.res + s.cal + s.trm + s.thr + s.dfr + s.mce + s.mcp;
}

u64 line_count(Kernel& k, unsigned irq)
{
    const abi::irq_desc* desc = irq_desc_of(k, irq);
    u64 sum = 0;
    for (unsigned cpu = 0; desc && desc->kstat_irqs && cpu < k.cpu_count; ++cpu)
        sum += desc->kstat_irqs[cpu];
    return sum;
}

// The lab has no accounting of user and system time: a CPU's time is its idle time.
void cpu_row(TextSink& out, std::string_view name, u64 ns)
{
    constexpr u64 clock_tick_ns = 10'000'000; // USER_HZ is 100
    out.format("{} 0 0 0 {} 0 0 0 0 0 0\n", name, ns / clock_tick_ns);
}

} // namespace

void interrupts_proc(Kernel& k, void*, TextSink& out)
{
    const int width = irq_width(k.irq->nr_irqs);
    out.fill(static_cast<std::size_t>(width) + 8);
    each_online(k, [&](const PerCpu& cpu) { out.format("CPU{:<8}", cpu.index); });
    out.append('\n');
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq)
        irq_row(k, irq, width, out);
    for (const ArchRow& row : arch_rows)
        arch_row(k, row, width, out);
}

void softirqs_proc(Kernel& k, void*, TextSink& out)
{
    out.fill(20);
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        out.format("CPU{:<8}", cpu);
    out.append('\n');
    for (unsigned i = 0; i < std::size(softirq_names); ++i) {
        out.format("{:>12}:", softirq_names[i]);
        for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
            out.format(" {:>{}}", k.cpus[cpu].softirqs[i], count_width);
        out.append('\n');
    }
}

void stat_proc(Kernel& k, void*, TextSink& out)
{
    u64 all_ns = 0, interrupts = 0;
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        all_ns += now_ns(*k.this_cpu);
    cpu_row(out, "cpu ", all_ns);
    each_online(k, [&](const PerCpu& cpu) {
        out.format("cpu{}", cpu.index);
        cpu_row(out, "", now_ns(*k.this_cpu));
    });
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        interrupts += arch_count(k.cpus[cpu]);
    TextSink lines{k.arena};
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq) {
        const u64 count = line_count(k, irq);
        interrupts += count;
        lines.format(" {}", count);
    }
    out.format("intr {}{}\n", interrupts + k.irq->errors, lines.text());
    lines.drop();
    unsigned running = 0;
    for (const Task* t = k.sched ? k.sched->all : nullptr; t; t = t->next_all)
        running += !t->exited && t->linux.__state == task_running;
    out.format("ctxt {}\nbtime {}\nprocesses {}\nprocs_running {}\nprocs_blocked 0\n", k.sched ? k.sched->switches : 0,
               k.config.boot_time_s, k.sched ? k.sched->forks : 0, running);
    u64 sums[std::size(softirq_names)]{}, total = 0;
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        for (unsigned i = 0; i < std::size(softirq_names); ++i) {
            sums[i] += k.cpus[cpu].softirqs[i];
            total += k.cpus[cpu].softirqs[i];
        }
    out.format("softirq {}", total);
    for (const u64 sum : sums)
        out.format(" {}", sum);
    out.append('\n');
}

} // namespace irqlab::kernel
