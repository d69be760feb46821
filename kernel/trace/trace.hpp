// Linux's trace events: interrupts, softirqs, works, timers, switches and vectors, as /sys/kernel/tracing records them.
// [LX trace/events, trace/ftrace]
//
// The kernel's folders call trace() where Linux has a trace point. events.cpp has the events' names and texts, buffer.cpp
// the records, tracefs.cpp the files. Nothing exists of it until somebody looks into the directory.
#pragma once
#include <initializer_list>

#include "kernel/kernel.hpp"
#include "kernel/vfs/vfs.hpp"

namespace irqlab::kernel {

/// By system. Those that nobody records here are listed as Linux lists them.
enum class TraceEvent : u8 {
    // irq
    irq_handler_entry, irq_handler_exit, softirq_entry, softirq_exit, softirq_raise, tasklet_entry, tasklet_exit,
    // irq_matrix
    irq_matrix_alloc, irq_matrix_alloc_managed, irq_matrix_alloc_reserved, irq_matrix_assign, irq_matrix_assign_system,
    irq_matrix_free, irq_matrix_offline, irq_matrix_online, irq_matrix_remove_managed, irq_matrix_remove_reserved,
    irq_matrix_reserve, irq_matrix_reserve_managed,
    // irq_vectors: an _exit follows its _entry
    call_function_entry, call_function_exit, call_function_single_entry, call_function_single_exit,
    deferred_error_apic_entry, deferred_error_apic_exit, error_apic_entry, error_apic_exit, irq_work_entry, irq_work_exit,
    local_timer_entry, local_timer_exit, reschedule_entry, reschedule_exit, spurious_apic_entry, spurious_apic_exit,
    thermal_apic_entry, thermal_apic_exit, threshold_apic_entry, threshold_apic_exit, vector_activate, vector_alloc,
    vector_alloc_managed, vector_clear, vector_config, vector_deactivate, vector_free_moved, vector_reserve,
    vector_reserve_managed, vector_setup, vector_teardown, vector_update, x86_platform_ipi_entry, x86_platform_ipi_exit,
    // sched
    sched_switch, sched_waking,
    // timer
    hrtimer_cancel, hrtimer_expire_entry, hrtimer_expire_exit, hrtimer_init, hrtimer_start, timer_cancel,
    timer_expire_entry, timer_expire_exit, timer_init, timer_start,
    // workqueue
    workqueue_activate_work, workqueue_execute_end, workqueue_execute_start, workqueue_queue_work,
};
inline constexpr std::size_t trace_events = static_cast<std::size_t>(TraceEvent::workqueue_queue_work) + 1;

/// At most ten numbers and two texts, in the order of the event's fields.
void trace_record(Kernel& k, TraceEvent event, std::initializer_list<u64> values, const char* first,
                  const char* second);

inline bool tracing(const Kernel& k) { return k.vfs && k.vfs->tracing; }

/// A trace point. Costs a look at a flag while nothing is traced.
inline void trace(Kernel& k, TraceEvent event, std::initializer_list<u64> values, const char* first = nullptr,
                  const char* second = nullptr)
{
    if (tracing(k)) [[unlikely]]
        trace_record(k, event, values, first, second);
}

/// The address of an object or a function, as a record keeps it.
template <class T> u64 trace_address(T* pointer) { return reinterpret_cast<u64>(pointer); }

} // namespace irqlab::kernel
