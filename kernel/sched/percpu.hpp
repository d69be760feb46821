// What the kernel keeps for each CPU.
#pragma once
#include "hw/base/bits.hpp"
#include "kernel/entry/access_budget.hpp"

namespace irqlab::abi {
struct irq_desc;
struct tasklet_struct;
} // namespace irqlab::abi

namespace irqlab::kernel {

struct Task;

/// The preemption count, in Linux's layout [LX include/linux/preempt.h].
inline constexpr unsigned preempt_offset = 1;
inline constexpr unsigned softirq_offset = 1u << 8;
inline constexpr unsigned hardirq_offset = 1u << 16;
inline constexpr unsigned nmi_offset = 1u << 20;
inline constexpr unsigned preempt_mask = 0xff;
inline constexpr unsigned softirq_mask = 0xff00;
inline constexpr unsigned hardirq_mask = 0xf0000;
inline constexpr unsigned nmi_mask = 0xf00000;

/// Counters of /proc/interrupts' architecture rows.
struct ArchIrqStats {
    unsigned nmi, loc, spu, pmi, iwi, rtr, res, cal, tlb, trm, thr, dfr, mce, mcp, pin, npi, piw;
};

struct TaskletList {
    abi::tasklet_struct* head = nullptr;
    abi::tasklet_struct** tail = &head;
};

struct RunQueue {
    Task* head = nullptr;
    Task* tail = nullptr;
};

struct PerCpu {
    u8 index = 0;
    bool online = false;
    bool need_resched = false;
    bool atomic_reported = false; // this interrupt slept, and that was said
    bool relaxing = false; // gave up its turn in sched_relax(): nothing comes of it before another one acts
    unsigned preempt_count = 0;
    u64 clock_ns = 0; // when the access budget was last filled; now_ns() is the time
    Task* current = nullptr;
    Task* idle = nullptr;
    RunQueue queue;
    struct CallOnCpu* calls = nullptr; // from other CPUs, in order
    abi::irq_desc** vector_irq = nullptr; // this CPU's copy of the exported per-CPU array
    u32 softirq_pending = 0;
    TaskletList tasklets, hi_tasklets;
    unsigned softirqs[10]{};
    ArchIrqStats stats{};
    u64 interrupts = 0; // all of them, for /proc/stat
    void* interrupt_frame = nullptr; // hw::Frame of the innermost interrupt, for get_irq_regs and reports

    bool in_hardirq() const { return (preempt_count & (hardirq_mask | nmi_mask)) != 0; }
    bool in_interrupt() const { return (preempt_count & (softirq_mask | hardirq_mask | nmi_mask)) != 0; }
    u8 context() const
    {
        return preempt_count & nmi_mask ? 3 : preempt_count & hardirq_mask ? 2 : preempt_count & softirq_mask ? 1 : 0;
    }
};

/// Virtual time on this CPU. Only the CPU that steps has used any of its budget.
inline u64 now_ns(const PerCpu& cpu) { return cpu.clock_ns + budget_used_ns(); }

} // namespace irqlab::kernel
