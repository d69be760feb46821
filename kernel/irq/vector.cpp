// Vectors: which CPU's vector_irq[] points at which descriptor, and what arrives for none.
//
// A line gets the lowest free vector on the CPU that has most left, as Linux's matrix allocator gives
// it. The ISA range 30h to 3Fh belongs to the legacy lines on the boot CPU until they get vectors of
// their own; what they leave behind is VECTOR_SHUTDOWN there, which swallows one stray interrupt
// silently and then becomes VECTOR_UNUSED.
//
// A line that moves keeps its old vector until an interrupt has come to the new one.
#include <bit>

#include "kernel/irq/apic.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/trace/trace.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr u64 ratelimit_interval_ns = 5'000'000'000;
constexpr unsigned ratelimit_burst = 10;

void take(IrqCore& core, unsigned cpu, u8 vector)
{
    core.vectors_used[cpu][vector >> 6] |= u64{1} << (vector & 63);
}
void give(IrqCore& core, unsigned cpu, u8 vector)
{
    core.vectors_used[cpu][vector >> 6] &= ~(u64{1} << (vector & 63));
}

constexpr unsigned managed_shutdown_vector = 0xef; // where lines go that have none

/// What Linux's matrix allocator counts. Its vectors are those from 20h up to the system's.
struct Matrix {
    static constexpr unsigned first = 0x20, end = first_system_vector;
    unsigned online_maps = 0, available = 0, reserved = 0, allocated = 0;

    static unsigned used(const IrqCore& core, unsigned cpu)
    {
        unsigned n = 0;
        for (unsigned v = first; v < end; ++v)
            n += static_cast<unsigned>(core.vectors_used[cpu][v >> 6] >> (v & 63) & 1);
        return n;
    }
    /// The system's own among them: the system call, the cascade's, and until 6.5 the one of moves.
    static unsigned system(const Kernel& k) { return k.config.release <= Release::v6_1 ? 3 : 2; }
    static unsigned available_on(const Kernel& k, unsigned cpu) { return end - first - used(*k.irq, cpu); }
    static unsigned allocated_on(const Kernel& k, unsigned cpu) { return used(*k.irq, cpu) - system(k); }

    explicit Matrix(const Kernel& k)
    {
        for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
            if (k.cpus[cpu].online) {
                ++online_maps;
                available += available_on(k, cpu);
                allocated += allocated_on(k, cpu);
            }
        for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq)
            if (abi::irq_desc* d = k.irq->desc[irq]; d && d->irq_data.domain && !route_of(*d).vector)
                ++reserved;
    }
};

void trace_matrix(Kernel& k, TraceEvent event, unsigned vector, unsigned cpu)
{
    if (!tracing(k)) [[likely]]
        return;
    const Matrix m(k);
    trace(k, event,
          {vector, cpu, k.cpus[cpu].online, Matrix::available_on(k, cpu), Matrix::allocated_on(k, cpu), 0, m.online_maps,
           m.available, m.reserved, m.allocated});
}

void trace_config(Kernel& k, unsigned irq, unsigned vector, unsigned cpu)
{
    if (tracing(k)) [[unlikely]]
        trace(k, TraceEvent::vector_config, {irq, vector, cpu, destination_of(k.irq->apic, cpu).id});
}

void trace_assigned(Kernel& k, const abi::irq_desc& desc, const Route& now, const Route& old)
{
    const unsigned irq = desc.irq_data.irq;
    trace_matrix(k, TraceEvent::irq_matrix_alloc, now.vector, now.cpu);
    trace(k, TraceEvent::vector_alloc, {irq, now.vector, old.vector == 0, 0});
    trace(k, TraceEvent::vector_update, {irq, now.vector, now.cpu, old.vector, old.vector ? old.cpu : 0u});
    trace_config(k, irq, now.vector, now.cpu);
}

/// A line that gave its vector back has one reserved.
void trace_reserved(Kernel& k, unsigned irq)
{
    if (!tracing(k)) [[likely]]
        return;
    const Matrix m(k);
    trace(k, TraceEvent::irq_matrix_reserve, {m.online_maps, m.available, m.reserved, m.allocated});
    trace(k, TraceEvent::vector_reserve, {irq, 0});
    trace_config(k, irq, managed_shutdown_vector, 0);
}

/// A line no longer arrives there; `left` is what stands there instead of it.
void leave(Kernel& k, unsigned cpu, u8 vector, abi::irq_desc* left)
{
    give(*k.irq, cpu, vector);
    k.cpus[cpu].vector_irq[vector] = left;
}

// The old place stays the line's until an interrupt has come to the new one.
void start_move(Kernel& k, Route& r, const Route& old)
{
    if (!old.vector)
        return;
    if (!k.cpus[old.cpu].online) {
        leave(k, old.cpu, old.vector, vector_unused);
        return;
    }
    r.old_vector = old.vector;
    r.old_cpu = old.cpu;
}

unsigned used_on(const IrqCore& core, unsigned cpu)
{
    unsigned n = 0;
    for (const u64 word : core.vectors_used[cpu])
        n += static_cast<unsigned>(std::popcount(word));
    return n;
}

int best_cpu(Kernel& k, const CpuSet& mask)
{
    int best = -1;
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu) {
        if (!mask.has(cpu) || !k.cpus[cpu].online)
            continue;
        if (best < 0 || used_on(*k.irq, cpu) < used_on(*k.irq, static_cast<unsigned>(best)))
            best = static_cast<int>(cpu);
    }
    return best;
}

int lowest_free(const IrqCore& core, unsigned cpu)
{
    for (unsigned word = 0; word < 4; ++word)
        if (const u64 free = ~core.vectors_used[cpu][word])
            return static_cast<int>(word * 64) + std::countr_zero(free);
    return -1;
}

// Exceptions, the system's own vectors, the 32-bit system call, and the move-cleanup vector of older kernels.
void reserve_system_vectors(Kernel& k, unsigned cpu)
{
    IrqCore& core = *k.irq;
    core.vectors_used[cpu][0] = 0xffffffff;
    take(core, cpu, 0x80);
    take(core, cpu, isa_vector_base + 2); // the cascade's, also where nothing cascades
    for (unsigned v = first_system_vector; v < 256; ++v)
        take(core, cpu, static_cast<u8>(v));
    if (k.config.release <= Release::v6_1)
        take(core, cpu, irq_move_cleanup_vector);
}

const char* handler_name(Release release)
{
    if (release >= Release::v6_12)
        return "call_irq_handler";
    return release >= Release::v5_10 ? "__common_interrupt" : "do_IRQ";
}

bool ratelimited(Kernel& k)
{
    IrqCore& core = *k.irq;
    const u64 now = now_ns(*k.this_cpu);
    if (core.no_handler_since_ns == 0 || now - core.no_handler_since_ns > ratelimit_interval_ns) {
        core.no_handler_since_ns = now + 1;
        core.no_handler_reports = 0;
    }
    return ++core.no_handler_reports > ratelimit_burst;
}

void no_handler(Kernel& k, u8 vector, abi::irq_desc* desc)
{
    ack_apic(k);
    k.emit(EventKind::vector_unhandled, vector);
    if (desc == vector_shutdown) {
        k.this_cpu->vector_irq[vector] = vector_unused;
        return;
    }
    if (!ratelimited(k))
        abi::_printk("\0010%s: %d.%u No irq handler for vector\n", handler_name(k.config.release),
                     k.this_cpu->index, static_cast<unsigned>(vector));
}

} // namespace

// Under --export a module writes this table: then it lies where per-CPU variables of modules do.
void vector_init(Kernel& k)
{
    constexpr std::size_t bytes = NR_VECTORS * sizeof(abi::irq_desc*);
    const bool exported = has_word(k.config.exports, "vector_irq");
    if (exported)
        k.irq->vector_irq_template = abi::__alloc_percpu(bytes, 64);
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        k.cpus[cpu].vector_irq = static_cast<abi::irq_desc**>(
            exported ? percpu_pointer(k.irq->vector_irq_template, cpu) : k.arena.take(bytes));
}

void common_interrupt(Kernel& k, u8 vector)
{
    abi::irq_desc* desc = k.this_cpu->vector_irq[vector];
    if (desc == vector_unused || desc == vector_shutdown) [[unlikely]] {
        no_handler(k, vector, desc);
        return;
    }
    desc->handle_irq(desc);
}

int vector_assign(Kernel& k, abi::irq_desc& desc, const CpuSet& mask)
{
    Route& r = route_of(desc);
    const Route old = r;
    if (old.vector && mask.has(old.cpu) && k.cpus[old.cpu].online)
        return 0; // where it is will do
    if (old.old_vector)
        return -EBUSY;
    int cpu = best_cpu(k, mask);
    if (cpu < 0)
        cpu = best_cpu(k, CpuSet::all());
    if (cpu < 0)
        return -ENOSPC;
    const int vector = lowest_free(*k.irq, static_cast<unsigned>(cpu));
    if (vector < 0)
        return -ENOSPC;
    r.cpu = static_cast<u8>(cpu);
    r.vector = static_cast<u8>(vector);
    take(*k.irq, r.cpu, r.vector);
    k.cpus[r.cpu].vector_irq[r.vector] = &desc;
    desc.irq_common_data.effective_affinity[0] = mask_of(CpuSet::only(r.cpu));
    start_move(k, r, old);
    trace_assigned(k, desc, r, old);
    return 0;
}

void vector_forget_old(Kernel& k, abi::irq_desc& desc)
{
    Route& r = route_of(desc);
    if (!r.old_vector)
        return;
    trace(k, TraceEvent::vector_free_moved, {desc.irq_data.irq, r.old_cpu, r.old_vector, 0});
    leave(k, r.old_cpu, r.old_vector, vector_unused);
    trace_matrix(k, TraceEvent::irq_matrix_free, r.old_vector, r.old_cpu);
    r.old_vector = 0;
}

// What waits in the old CPU's IRR will come there first. [LX arch/x86/kernel/apic/vector.c] cleanup
void vector_complete_move(Kernel& k, abi::irq_desc& desc)
{
    const Route& r = route_of(desc);
    if (!r.old_vector || k.this_cpu->index != r.cpu) [[likely]]
        return;
    if (!k.machine.core[r.old_cpu].lapic.irr.test(r.old_vector))
        vector_forget_old(k, desc);
}

void vector_release(Kernel& k, abi::irq_desc& desc)
{
    Route& r = route_of(desc);
    const unsigned irq = desc.irq_data.irq;
    if (r.vector) {
        trace(k, TraceEvent::vector_clear, {irq, r.vector, r.cpu, r.old_vector, r.old_vector ? r.old_cpu : 0u});
        leave(k, r.cpu, r.vector, vector_shutdown);
        trace_matrix(k, TraceEvent::irq_matrix_free, r.vector, r.cpu);
    }
    if (r.old_vector) {
        leave(k, r.old_cpu, r.old_vector, vector_shutdown);
        trace_matrix(k, TraceEvent::irq_matrix_free, r.old_vector, r.old_cpu);
    }
    r.vector = r.old_vector = 0;
    trace_reserved(k, irq);
}

void irq_init_cpu(Kernel& k, unsigned cpu)
{
    reserve_system_vectors(k, cpu);
    abi::irq_desc** table = k.cpus[cpu].vector_irq;
    for (unsigned irq = 0; irq < nr_legacy_irqs; ++irq) {
        const u8 vector = static_cast<u8>(isa_vector_base + irq);
        abi::irq_desc* desc = k.irq->desc[irq];
        const bool at_8259 = desc->irq_data.chip == &i8259a_chip;
        if (at_8259 || (irq == 0 && cpu == 0)) {
            table[vector] = desc;
            take(*k.irq, cpu, vector);
            route_of(*desc).vector = vector;
        } else {
            table[vector] = cpu == 0 ? vector_shutdown : vector_unused;
        }
    }
}

} // namespace irqlab::kernel
