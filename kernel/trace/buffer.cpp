// Records of trace events: written at trace points, shown as the file `trace` shows them.
#include "kernel/trace/buffer.hpp"

#include <algorithm>
#include <cstring>

#include "kernel/sched/sched.hpp"

namespace irqlab::kernel {

namespace {

constexpr const char* header = "#                                _-----=> irqs-off/BH-disabled\n"
                               "#                               / _----=> need-resched\n"
                               "#                              | / _---=> hardirq/softirq\n"
                               "#                              || / _--=> preempt-depth\n"
                               "#                              ||| / _-=> migrate-disable\n"
                               "#                              |||| /     delay\n"
                               "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
                               "#              | |         |   |||||     |         |\n";

void copy(char* to, std::size_t size, const char* from)
{
    const std::size_t length = from ? strnlen(from, size - 1) : 0;
    if (from)
        std::memcpy(to, from, length);
    to[length] = 0;
}

char context_letter(unsigned count)
{
    const bool hard = count & hardirq_mask, serving = count & softirq_offset;
    if (count & nmi_mask)
        return hard ? 'Z' : 'z';
    if (hard)
        return serving ? 'H' : 'h';
    return serving ? 's' : '.';
}

/// The five letters in front of a record's time. [LX trace/ftrace] "Output format"
void fill_flags(Kernel& k, const TraceEventInfo& info, char* flags)
{
    const PerCpu& cpu = *k.this_cpu;
    const unsigned count = cpu.preempt_count;
    const bool off = info.irqs_off || !hw::interrupts_on(k.machine.core[cpu.index].cpu);
    const bool bh_off = (count & softirq_mask) >= 2 * softirq_offset;
    // schedule() disables preemption; an idle task has done so for good.
    const bool switches = &info == &trace_info(TraceEvent::sched_switch);
    const unsigned depth = switches ? 2 : std::min((count & preempt_mask) + info.locks, 15u);
    flags[0] = off ? (bh_off ? 'D' : 'd') : bh_off ? 'b' : '.';
    flags[1] = cpu.need_resched ? 'N' : '.';
    flags[2] = context_letter(count);
    flags[3] = depth ? "0123456789abcdef"[depth] : '.';
    flags[4] = '.';
    flags[5] = 0;
}

void show_record(const TraceRecord& r, TextSink& out)
{
    const TraceEventInfo& info = trace_info(r.event);
    out.format("{:>16}-{:<7} [{:03}] {} {:5}.{:06}: {}: ", r.pid ? r.comm : "<idle>", r.pid, r.cpu, r.flags,
               r.time_ns / 1'000'000'000, r.time_ns / 1'000 % 1'000'000, info.name);
    info.print(r, out);
    out.append('\n');
}

} // namespace

void trace_record(Kernel& k, TraceEvent event, std::initializer_list<u64> values, const char* first,
                  const char* second)
{
    Trace& t = *k.vfs->trace;
    if (!t.enabled.test(static_cast<std::size_t>(event)))
        return;
    const Task& task = current_task();
    TraceRecord& r = t.ring[t.written++ % Trace::capacity];
    r.time_ns = now_ns(*k.this_cpu);
    r.pid = task.pid();
    r.event = event;
    r.cpu = k.this_cpu->index;
    fill_flags(k, trace_info(event), r.flags);
    copy(r.comm, sizeof r.comm, task.comm());
    copy(r.text[0], sizeof r.text[0], first);
    copy(r.text[1], sizeof r.text[1], second);
    std::copy_n(values.begin(), std::min(values.size(), r.value.size()), r.value.begin());
}

Trace& trace_of(Kernel& k)
{
    if (!k.vfs->trace)
        k.vfs->trace = k.arena.make<Trace>();
    return *k.vfs->trace;
}

void trace_clear(Kernel& k) { trace_of(k).written = 0; }

void trace_update(Kernel& k)
{
    Trace& t = trace_of(k);
    k.vfs->tracing = t.on && t.enabled.any();
    if (k.vfs->tracing && !t.ring)
        t.ring = static_cast<TraceRecord*>(k.arena.take_uncleared(Trace::capacity * sizeof(TraceRecord)));
}

void trace_show(Kernel& k, void*, TextSink& out)
{
    const Trace& t = trace_of(k);
    const u64 kept = std::min<u64>(t.written, Trace::capacity);
    out.append("# tracer: nop\n#\n");
    out.format("# entries-in-buffer/entries-written: {}/{}   #P:{}\n#\n", kept, t.written, k.cpu_count);
    out.append(header);
    for (u64 n = t.written - kept; n < t.written; ++n)
        show_record(t.ring[n % Trace::capacity], out);
}

} // namespace irqlab::kernel
