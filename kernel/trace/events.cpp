// The trace events: their names, the text of a record, and what their format files say. Checked against the recordings of
// Linux 6.1 in tests/golden/recorded/ftrace.
#include <iterator>

#include "kernel/printk/format.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/trace/buffer.hpp"
#include "linux/abi/time.h"

namespace irqlab::kernel {

namespace {

constexpr const char* softirq_names[] = {"HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
                                         "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU"};

/// Linux's own conversions: %ps, %p.
[[gnu::format(printf, 2, 3)]] void print(TextSink& out, const char* format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vformat_text(text, sizeof text, format, args);
    va_end(args);
    out.append(text);
}

void* pointer(const TraceRecord& r, std::size_t n) { return reinterpret_cast<void*>(r.value[n]); }
int number(const TraceRecord& r, std::size_t n) { return static_cast<int>(r.value[n]); }

// --- irq

void print_handler_entry(const TraceRecord& r, TextSink& out) { print(out, "irq=%d name=%s", number(r, 0), r.text[0]); }
void print_handler_exit(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%d ret=%s", number(r, 0), r.value[1] ? "handled" : "unhandled");
}
void print_softirq(const TraceRecord& r, TextSink& out)
{
    const unsigned vec = static_cast<unsigned>(r.value[0]);
    print(out, "vec=%u [action=%s]", vec, vec < std::size(softirq_names) ? softirq_names[vec] : "?");
}
void print_tasklet(const TraceRecord& r, TextSink& out)
{
    print(out, "tasklet=%ps function=%ps", pointer(r, 0), pointer(r, 1));
}

// --- irq_matrix, irq_vectors

void print_matrix_global(const TraceRecord& r, TextSink& out)
{
    print(out, "online_maps=%u global_avl=%u, global_rsvd=%u, total_alloc=%u", number(r, 0), number(r, 1), number(r, 2),
          number(r, 3));
}
void print_matrix_cpu(const TraceRecord& r, TextSink& out)
{
    print(out,
          "bit=%u cpu=%u online=%d avl=%u alloc=%u managed=%u online_maps=%u global_avl=%u, global_rsvd=%u, total_alloc=%u",
          number(r, 0), number(r, 1), number(r, 2), number(r, 3), number(r, 4), number(r, 5), number(r, 6), number(r, 7),
          number(r, 8), number(r, 9));
}
void print_vector(const TraceRecord& r, TextSink& out) { print(out, "vector=%d", number(r, 0)); }
void print_activate(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u is_managed=%d can_reserve=%d reserve=%d", number(r, 0), number(r, 1), number(r, 2), number(r, 3));
}
void print_vector_alloc(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u vector=%u reserved=%d ret=%d", number(r, 0), number(r, 1), number(r, 2), number(r, 3));
}
void print_vector_managed(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u vector=%u ret=%d", number(r, 0), number(r, 1), number(r, 2));
}
void print_vector_mod(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u vector=%u cpu=%u prev_vector=%u prev_cpu=%u", number(r, 0), number(r, 1), number(r, 2),
          number(r, 3), number(r, 4));
}
void print_vector_config(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u vector=%u cpu=%u apicdest=0x%08x", number(r, 0), number(r, 1), number(r, 2), number(r, 3));
}
void print_free_moved(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u cpu=%u vector=%u is_managed=%d", number(r, 0), number(r, 1), number(r, 2), number(r, 3));
}
void print_reserve(const TraceRecord& r, TextSink& out) { print(out, "irq=%u ret=%d", number(r, 0), number(r, 1)); }
void print_setup(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u is_legacy=%d ret=%d", number(r, 0), number(r, 1), number(r, 2));
}
void print_teardown(const TraceRecord& r, TextSink& out)
{
    print(out, "irq=%u is_managed=%d has_reserved=%d", number(r, 0), number(r, 1), number(r, 2));
}

// --- sched

const char* state_letter(u64 state)
{
    constexpr u64 idle = 0x402, dead = 0x80;
    if (state == 0)
        return "R";
    if ((state & idle) == idle)
        return "I";
    return state & 1 ? "S" : state & 2 ? "D" : state & dead ? "X" : "R";
}
void print_switch(const TraceRecord& r, TextSink& out)
{
    print(out, "prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s ==> next_comm=%s next_pid=%d next_prio=%d", r.text[0],
          number(r, 0), number(r, 1), state_letter(r.value[2]), r.text[1], number(r, 3), number(r, 4));
}
void print_waking(const TraceRecord& r, TextSink& out)
{
    print(out, "comm=%s pid=%d prio=%d target_cpu=%03d", r.text[0], number(r, 0), number(r, 1), number(r, 2));
}

// --- timer

const char* hrtimer_mode(u64 mode)
{
    constexpr const char* names[] = {"ABS",      "REL",      "ABS|PINNED",      "REL|PINNED",
                                     "ABS|SOFT", "REL|SOFT", "ABS|PINNED|SOFT", "REL|PINNED|SOFT"};
    return names[mode & 7];
}
void print_hrtimer(const TraceRecord& r, TextSink& out) { print(out, "hrtimer=%p", pointer(r, 0)); }
void print_hrtimer_expire(const TraceRecord& r, TextSink& out)
{
    print(out, "hrtimer=%p function=%ps now=%llu", pointer(r, 0), pointer(r, 1),
          static_cast<unsigned long long>(r.value[2]));
}
void print_hrtimer_init(const TraceRecord& r, TextSink& out)
{
    constexpr const char* clocks[] = {"CLOCK_REALTIME", "CLOCK_MONOTONIC"};
    print(out, "hrtimer=%p clockid=%s mode=%s", pointer(r, 0),
          r.value[1] < 2 ? clocks[r.value[1]] : r.value[1] == 7 ? "CLOCK_BOOTTIME" : "CLOCK_TAI", hrtimer_mode(r.value[2]));
}
void print_hrtimer_start(const TraceRecord& r, TextSink& out)
{
    print(out, "hrtimer=%p function=%ps expires=%llu softexpires=%llu mode=%s was_armed=%d", pointer(r, 0), pointer(r, 1),
          static_cast<unsigned long long>(r.value[2]), static_cast<unsigned long long>(r.value[3]),
          hrtimer_mode(r.value[4]), number(r, 5));
}
void print_timer(const TraceRecord& r, TextSink& out) { print(out, "timer=%p", pointer(r, 0)); }
void print_timer_expire(const TraceRecord& r, TextSink& out)
{
    print(out, "timer=%p function=%ps now=%lu baseclk=%lu", pointer(r, 0), pointer(r, 1), r.value[2], r.value[3]);
}
void print_timer_start(const TraceRecord& r, TextSink& out)
{
    const unsigned flags = static_cast<unsigned>(r.value[5]);
    const char* words[] = {flags & TIMER_DEFERRABLE ? "D" : nullptr, flags & TIMER_PINNED ? "P" : nullptr,
                           flags & TIMER_IRQSAFE ? "I" : nullptr};
    print(out, "timer=%p function=%ps expires=%lu [timeout=%ld] cpu=%u idx=%u flags=", pointer(r, 0), pointer(r, 1),
          r.value[2], static_cast<long>(r.value[3]), flags & TIMER_CPUMASK, number(r, 4));
    const char* separator = "";
    for (const char* word : words)
        if (word) {
            print(out, "%s%s", separator, word);
            separator = "|";
        }
}

// --- workqueue

void print_queue_work(const TraceRecord& r, TextSink& out)
{
    print(out, "work struct=%p function=%ps workqueue=%s req_cpu=%d cpu=%d", pointer(r, 0), pointer(r, 1), r.text[0],
          number(r, 2), number(r, 3));
}
void print_activate_work(const TraceRecord& r, TextSink& out) { print(out, "work struct %p", pointer(r, 0)); }
void print_execute(const TraceRecord& r, TextSink& out)
{
    print(out, "work struct %p: function %ps", pointer(r, 0), pointer(r, 1));
}

constexpr TraceField handler_entry_fields[] = {{"int irq", 4, true}, {"__data_loc char[] name", 4, true}};
constexpr TraceField handler_exit_fields[] = {{"int irq", 4, true}, {"int ret", 4, true}};
constexpr TraceField softirq_fields[] = {{"unsigned int vec", 4, false}};
constexpr TraceField tasklet_fields[] = {{"void * tasklet", 8, false}, {"void * func", 8, false}};
constexpr TraceField queue_fields[] = {{"void * work", 8, false},
                                       {"void * function", 8, false},
                                       {"__data_loc char[] workqueue", 4, true},
                                       {"int req_cpu", 4, true},
                                       {"int cpu", 4, true}};
constexpr TraceField activate_fields[] = {{"void * work", 8, false}};
constexpr TraceField execute_fields[] = {{"void * work", 8, false}, {"void * function", 8, false}};

constexpr const char* softirq_fmt =
    "\"vec=%u [action=%s]\", REC->vec, __print_symbolic(REC->vec, { 0, \"HI\" }, { 1, \"TIMER\" }, { 2, \"NET_TX\" }, { 3, "
    "\"NET_RX\" }, { 4, \"BLOCK\" }, { 5, \"IRQ_POLL\" }, { 6, \"TASKLET\" }, { 7, \"SCHED\" }, { 8, \"HRTIMER\" }, { 9, "
    "\"RCU\" })";
constexpr const char* tasklet_fmt = "\"tasklet=%ps function=%ps\", REC->tasklet, REC->func";
constexpr const char* execute_fmt = "\"work struct %p: function %ps\", REC->work, REC->function";

template <std::size_t N>
constexpr TraceEventInfo known(const char* system, const char* name, void (*print_it)(const TraceRecord&, TextSink&),
                               u16 id, const TraceField (&fields)[N], const char* fmt, u8 locks = 0, bool off = false)
{
    return {system, name, print_it, locks, off, id, fields, N, fmt};
}

// In the order of the enumeration. Locks: pi_lock and preemption in try_to_wake_up(); a timer base's; the descriptor's
// while a line is activated, and vector_lock. A pool's is counted where it is held.
constexpr TraceEventInfo table[] = {
    known("irq", "irq_handler_entry", print_handler_entry, 152, handler_entry_fields,
          "\"irq=%d name=%s\", REC->irq, __get_str(name)"),
    known("irq", "irq_handler_exit", print_handler_exit, 151, handler_exit_fields,
          "\"irq=%d ret=%s\", REC->irq, REC->ret ? \"handled\" : \"unhandled\""),
    known("irq", "softirq_entry", print_softirq, 150, softirq_fields, softirq_fmt),
    known("irq", "softirq_exit", print_softirq, 149, softirq_fields, softirq_fmt),
    known("irq", "softirq_raise", print_softirq, 148, softirq_fields, softirq_fmt, 0, true),
    known("irq", "tasklet_entry", print_tasklet, 147, tasklet_fields, tasklet_fmt),
    known("irq", "tasklet_exit", print_tasklet, 146, tasklet_fields, tasklet_fmt),
    {"irq_matrix", "irq_matrix_alloc", print_matrix_cpu, 2, true},
    {"irq_matrix", "irq_matrix_alloc_managed", print_matrix_cpu, 2, true},
    {"irq_matrix", "irq_matrix_alloc_reserved", print_matrix_cpu, 2, true},
    {"irq_matrix", "irq_matrix_assign", print_matrix_cpu, 2, true},
    {"irq_matrix", "irq_matrix_assign_system", print_matrix_cpu, 2, true},
    {"irq_matrix", "irq_matrix_free", print_matrix_cpu, 2, true},
    {"irq_matrix", "irq_matrix_offline", print_matrix_global, 2, true},
    {"irq_matrix", "irq_matrix_online", print_matrix_global, 2, true},
    {"irq_matrix", "irq_matrix_remove_managed", print_matrix_cpu, 2, true},
    {"irq_matrix", "irq_matrix_remove_reserved", print_matrix_global, 2, true},
    {"irq_matrix", "irq_matrix_reserve", print_matrix_global, 2, true},
    {"irq_matrix", "irq_matrix_reserve_managed", print_matrix_cpu, 2, true},
    {"irq_vectors", "call_function_entry", print_vector},
    {"irq_vectors", "call_function_exit", print_vector},
    {"irq_vectors", "call_function_single_entry", print_vector},
    {"irq_vectors", "call_function_single_exit", print_vector},
    {"irq_vectors", "deferred_error_apic_entry", print_vector},
    {"irq_vectors", "deferred_error_apic_exit", print_vector},
    {"irq_vectors", "error_apic_entry", print_vector},
    {"irq_vectors", "error_apic_exit", print_vector},
    {"irq_vectors", "irq_work_entry", print_vector},
    {"irq_vectors", "irq_work_exit", print_vector},
    {"irq_vectors", "local_timer_entry", print_vector},
    {"irq_vectors", "local_timer_exit", print_vector},
    {"irq_vectors", "reschedule_entry", print_vector},
    {"irq_vectors", "reschedule_exit", print_vector},
    {"irq_vectors", "spurious_apic_entry", print_vector},
    {"irq_vectors", "spurious_apic_exit", print_vector},
    {"irq_vectors", "thermal_apic_entry", print_vector},
    {"irq_vectors", "thermal_apic_exit", print_vector},
    {"irq_vectors", "threshold_apic_entry", print_vector},
    {"irq_vectors", "threshold_apic_exit", print_vector},
    {"irq_vectors", "vector_activate", print_activate, 1, true},
    {"irq_vectors", "vector_alloc", print_vector_alloc, 2, true},
    {"irq_vectors", "vector_alloc_managed", print_vector_managed, 2, true},
    {"irq_vectors", "vector_clear", print_vector_mod, 2, true},
    {"irq_vectors", "vector_config", print_vector_config, 2, true},
    {"irq_vectors", "vector_deactivate", print_activate, 1, true},
    {"irq_vectors", "vector_free_moved", print_free_moved, 2, true},
    {"irq_vectors", "vector_reserve", print_reserve, 2, true},
    {"irq_vectors", "vector_reserve_managed", print_reserve, 2, true},
    {"irq_vectors", "vector_setup", print_setup},
    {"irq_vectors", "vector_teardown", print_teardown, 1, true},
    {"irq_vectors", "vector_update", print_vector_mod, 2, true},
    {"irq_vectors", "x86_platform_ipi_entry", print_vector},
    {"irq_vectors", "x86_platform_ipi_exit", print_vector},
    {"sched", "sched_switch", print_switch, 0, true},
    {"sched", "sched_waking", print_waking, 2, true},
    {"timer", "hrtimer_cancel", print_hrtimer, 1, true},
    {"timer", "hrtimer_expire_entry", print_hrtimer_expire},
    {"timer", "hrtimer_expire_exit", print_hrtimer},
    {"timer", "hrtimer_init", print_hrtimer_init},
    {"timer", "hrtimer_start", print_hrtimer_start, 1, true},
    {"timer", "timer_cancel", print_timer, 1, true},
    {"timer", "timer_expire_entry", print_timer_expire},
    {"timer", "timer_expire_exit", print_timer},
    {"timer", "timer_init", print_timer},
    {"timer", "timer_start", print_timer_start, 1, true},
    known("workqueue", "workqueue_activate_work", print_activate_work, 263, activate_fields, "\"work struct %p\", REC->work",
          0, true),
    known("workqueue", "workqueue_execute_end", print_execute, 261, execute_fields, execute_fmt),
    known("workqueue", "workqueue_execute_start", print_execute, 262, execute_fields, execute_fmt),
    known("workqueue", "workqueue_queue_work", print_queue_work, 264, queue_fields,
          "\"work struct=%p function=%ps workqueue=%s req_cpu=%d cpu=%d\", REC->work, REC->function, "
          "__get_str(workqueue), REC->req_cpu, REC->cpu",
          0, true),
};
static_assert(std::size(table) == trace_events);

} // namespace

const TraceEventInfo& trace_info(TraceEvent event) { return table[static_cast<std::size_t>(event)]; }

} // namespace irqlab::kernel
