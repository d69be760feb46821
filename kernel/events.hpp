// The kinds of events that the machine and the kernel put into the World's stream.
#pragma once
#include "hw/base/bits.hpp"
#include "hw/base/signal.hpp"

namespace irqlab::kernel {

/// Below 64: a hw::SignalKind as the machine gave it (number: its number, value: its value).
enum class EventKind : u16 {
    signal_first = 0,
    vector_entry = 64,   // number: vector; value: interrupted address
    vector_exit,         // number: vector
    irq_handler_entry,   // number: irq; value: irqaction
    irq_handler_exit,    // number: irq; value: irqreturn_t
    irq_unhandled,       // number: irq
    vector_unhandled,    // number: vector
    softirq_raise,       // number: softirq
    softirq_entry,       // number: softirq
    softirq_exit,        // number: softirq
    tasklet_entry,       // value: tasklet
    tasklet_exit,        // value: tasklet
    sched_switch,        // number: next pid; value: previous pid
    sched_waking,        // number: pid; value: target CPU
    printk,              // number: level; value: sequence of the record
    oops,                // number: trap; value: address
    exception,           // number: vector; value: address
    module_load,         // value: module
    module_free,         // value: module
    idle,                // the CPU has nothing to do
};

} // namespace irqlab::kernel
