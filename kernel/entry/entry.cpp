// From a vector that was taken to what serves it, up to IRET. See the header.
#include "kernel/entry/entry.hpp"

#include <array>
#include <cstring>

#include "kernel/bh/bh.hpp"
#include "kernel/entry/exceptions.hpp"
#include "kernel/entry/guard.hpp"
#include "kernel/irq/apic.hpp"
#include "kernel/irq/work.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/time/tick.hpp"
#include "kernel/trace/trace.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

struct Entry {
    Kernel& k;
    u8 vector;
};

void spurious_interrupt(Kernel& k)
{
    ++k.this_cpu->stats.spu;
    // The APIC's own spurious vector has nothing in service; an INT 0xff from software neither.
    abi::_printk("\0016Spurious APIC interrupt (vector 0xFF) on CPU#%d, should never happen.\n", k.this_cpu->index);
}

void error_interrupt(Kernel& k)
{
    const unsigned cpu = k.this_cpu->index;
    lapic_write(k, hw::lapic_esr, 0);
    const u32 status = lapic_read(k, hw::lapic_esr);
    ack_apic(k);
    ++k.irq->errors;
    abi::_printk("\0017APIC error on CPU%u: %02x\n", cpu, status);
}

/// The kernel's own vectors. @return false when nobody serves this one.
bool system_vector(Kernel& k, u8 vector)
{
    ArchIrqStats& stats = k.this_cpu->stats;
    switch (vector) {
    case local_timer_vector:
        ack_apic(k);
        ++stats.loc;
        local_timer_interrupt(k);
        return true;
    case reschedule_vector:
        ack_apic(k);
        ++stats.res;
        k.this_cpu->need_resched = true;
        return true;
    case call_function_vector:
    case call_function_single_vector:
        ack_apic(k);
        ++stats.cal;
        run_calls(k);
        return true;
    case irq_work_vector:
        ack_apic(k);
        ++stats.iwi;
        irq_work_run_list(k);
        return true;
    case thermal_apic_vector:
        ack_apic(k);
        ++stats.trm;
        return true;
    case error_apic_vector: error_interrupt(k); return true;
    case spurious_apic_vector: spurious_interrupt(k); return true;
    default: return false;
    }
}

/// The first of a system vector's pair of trace events.
TraceEvent event_of(u8 vector)
{
    switch (vector) {
    case local_timer_vector: return TraceEvent::local_timer_entry;
    case reschedule_vector: return TraceEvent::reschedule_entry;
    case call_function_vector: return TraceEvent::call_function_entry;
    case call_function_single_vector: return TraceEvent::call_function_single_entry;
    case irq_work_vector: return TraceEvent::irq_work_entry;
    case thermal_apic_vector: return TraceEvent::thermal_apic_entry;
    case error_apic_vector: return TraceEvent::error_apic_entry;
    default: return TraceEvent::spurious_apic_entry;
    }
}

bool traced_system_vector(Kernel& k, u8 vector)
{
    if (!tracing(k)) [[likely]]
        return system_vector(k, vector);
    const TraceEvent entry = event_of(vector);
    const bool is_one = entry != TraceEvent::spurious_apic_entry || vector == spurious_apic_vector;
    if (is_one)
        trace(k, entry, {vector});
    const bool served = system_vector(k, vector);
    if (is_one)
        trace(k, static_cast<TraceEvent>(static_cast<unsigned>(entry) + 1), {vector});
    return served;
}

void serve(void* argument)
{
    auto& e = *static_cast<Entry*>(argument);
    if (e.vector >= first_system_vector && traced_system_vector(e.k, e.vector))
        return;
    common_interrupt(e.k, e.vector);
}

/// A line whose handler was dropped may be served again, unless it is still up: then it would come for ever.
void tidy_line(Kernel& k, abi::irq_desc& desc)
{
    const unsigned irq = desc.irq_data.irq;
    irqd(desc) &= ~irqd_irq_inprogress;
    if ((desc.status_use_accessors & abi::IRQ_LEVEL) && irq < hw::lines_max && hw::line_level(k.machine, irq)) {
        abi::_printk("\0010irqlab: irq %u is still up and its handler was dropped\n", irq);
        abi::_printk("\0010Disabling IRQ #%u\n", irq);
        ++desc.depth;
        irq_disable_desc(desc);
        mask_irq(desc);
    } else if (!irqd_test(desc, irqd_irq_disabled) && !desc.threads_oneshot) {
        unmask_irq(desc);
    }
}

/// What the dropped handler left undone, to its line and to the local APIC.
void clean_up_dropped(Kernel& k, u8 vector)
{
    if (vector == local_timer_vector)
        timers_forget_running(k);
    abi::irq_desc* desc = k.this_cpu->vector_irq[vector];
    if (desc != vector_unused && desc != vector_shutdown)
        tidy_line(k, *desc);
    if (k.machine.core[k.this_cpu->index].lapic.isr.test(vector))
        ack_apic(k);
}

constexpr u16 system_control_port = 0x61;
using NmiReason = Field<u32, 6, 2>; // IOCHK# and SERR#
using SerrReason = Field<u32, 7>;
using ClearSerr = Field<u32, 2>;
using ClearIoCheck = Field<u32, 3>;

void write_reason(Kernel& k, u32 value)
{
    hw::port_write(k.machine, k.this_cpu->index, system_control_port, 1, value & 0xf, k.signals);
}

/// What port 61h says of an NMI. A latched error is cleared by its bit there. [LX arch/x86/kernel/nmi.c]
void report_nmi(Kernel& k, u32 reason)
{
    const unsigned cpu = k.this_cpu->index;
    if (SerrReason::test(reason)) {
        abi::_printk("\0010NMI: PCI system error (SERR) for reason %02x on CPU %d.\n", reason, cpu);
        abi::_printk("\0010Dazed and confused, but trying to continue\n");
        write_reason(k, reason | ClearSerr::mask);
        return;
    }
    if (NmiReason::test(reason)) {
        abi::_printk("\0010NMI: IOCK error (debug interrupt?) for reason %02x on CPU %d.\n", reason, cpu);
        write_reason(k, reason | ClearIoCheck::mask);
        write_reason(k, reason & ~ClearIoCheck::mask);
        return;
    }
    abi::_printk("\0010Uhhuh. NMI received for unknown reason %02x on CPU %d.\n", reason, cpu);
    if (k.config.release < Release::v6_1)
        abi::_printk("\0010Do you have a strange power saving mode enabled?\n");
    abi::_printk("\0010Dazed and confused, but trying to continue\n");
}

/// Linux's GDT [LX arch/x86/kernel/cpu/common.c]: flat segments, 32-bit and 64-bit, and the TSS at 40h.
constexpr std::array<u64, 8> linux_gdt{0, 0x00cf9b000000ffff, 0x00af9b000000ffff, 0x00cf93000000ffff,
                                       0x00cffb000000ffff, 0x00cff3000000ffff, 0x00affb000000ffff, 0};
constexpr u16 tss_selector = 0x40;

// Where each stack begins in a CPU's entry area: the entry stack lies below the TSS, and behind it those of #DF, NMI,
// #DB and #MC, each of 8 KiB above a guard page. [LX arch/x86/include/asm/cpu_entry_area.h]
constexpr u64 entry_stack_top = 0x2000;
constexpr u64 first_ist_top = 0xa000, ist_stride = 0x3000;
constexpr unsigned ist_stacks = 4;

void load_segments(hw::Core& core, unsigned cpu)
{
    const u64 area = hw::entry_area_address(cpu);
    const u64 tss = hw::tss_address(cpu);
    const hw::Descriptor busy{static_cast<u32>(tss), hw::tss_bytes - 1, hw::tss_busy, 0, false, true, false, false};
    const u64 descriptor[] = {hw::encode_descriptor(busy), tss >> 32};
    std::memcpy(core.gdt.data(), linux_gdt.data(), sizeof linux_gdt);
    std::memcpy(core.gdt.data() + tss_selector, descriptor, sizeof descriptor);
    const u64 rsp0 = area + entry_stack_top;
    std::memcpy(core.tss.data() + 4, &rsp0, sizeof rsp0);
    for (unsigned n = 0; n < ist_stacks; ++n) {
        const u64 top = area + first_ist_top + n * ist_stride;
        std::memcpy(core.tss.data() + 36 + n * sizeof top, &top, sizeof top);
    }
    core.cpu.gdtr = {hw::gdt_address(cpu), hw::gdt_bytes - 1};
    core.cpu.tr = {tss, hw::tss_bytes - 1, tss_selector, hw::tss_busy};
}

void irq_exit(Kernel& k)
{
    PerCpu& cpu = *k.this_cpu;
    cpu.preempt_count -= hardirq_offset;
    if (cpu.softirq_pending && !cpu.in_interrupt())
        irq_exit_softirq(k);
}

} // namespace

void enter_vector(Kernel& k, const hw::Delivered& d)
{
    if (d.vector < 32) [[unlikely]]
        return exception_of_delivery(k, d);
    PerCpu& cpu = *k.this_cpu;
    if (!cpu.in_interrupt())
        cpu.atomic_reported = false;
    void* const outer_frame = cpu.interrupt_frame;
    hw::Frame frame = d.frame;
    cpu.interrupt_frame = &frame;
    cpu.preempt_count += hardirq_offset;
    k.emit(EventKind::vector_entry, d.vector, d.frame.ip);

    Entry entry{k, d.vector};
    if (run_guarded(cpu, serve, &entry)) [[unlikely]]
        clean_up_dropped(k, d.vector);
    irq_exit(k);
    k.emit(EventKind::vector_exit, d.vector);
    cpu.interrupt_frame = outer_frame;
    hw::iret(k.machine.core[cpu.index].cpu, frame);
}

void enter_nmi(Kernel& k, const hw::Delivered& d)
{
    if (d.vector != hw::exc_nmi || d.outcome != hw::Delivered::Outcome::entered) [[unlikely]]
        return exception_of_delivery(k, d);
    PerCpu& cpu = *k.this_cpu;
    cpu.preempt_count += nmi_offset + hardirq_offset;
    ++cpu.stats.nmi;
    report_nmi(k, hw::port_read(k.machine, cpu.index, system_control_port, 1, k.signals));
    cpu.preempt_count -= nmi_offset + hardirq_offset;
    hw::iret(k.machine.core[cpu.index].cpu, d.frame);
}

void tables_load(Kernel& k, unsigned cpu)
{
    hw::Core& core = k.machine.core[cpu];
    load_segments(core, cpu);
    core.cpu.idtr = {hw::idt_page_address, hw::idt_page_bytes - 1};
}

// Interrupt gates all; INT3 and INTO may be used from user mode. [SDM3] "64-Bit Mode IDT".
void idt_init(Kernel& k)
{
    constexpr u16 kernel_cs = 0x10;
    constexpr u8 user_dpl = 3;
    for (unsigned v = 0; v < 256; ++v) {
        if (v < 32 && !has_exception_gate(static_cast<u8>(v)))
            continue;
        hw::Gate gate{entry_text + v * entry_bytes, kernel_cs, 0, hw::Gate::Type::interrupt, 0, true};
        if (v == hw::exc_bp || v == hw::exc_of || v == 0x80)
            gate.dpl = user_dpl;
        if (v == hw::exc_df || v == hw::exc_nmi || v == hw::exc_db || v == hw::exc_mc)
            gate.ist = v == hw::exc_df ? 1 : v == hw::exc_nmi ? 2 : v == hw::exc_db ? 3 : 4;
        hw::write_gate(std::span<u8, hw::gate_bytes>(k.machine.idt_page.data() + v * hw::gate_bytes, hw::gate_bytes),
                       gate);
    }
    tables_load(k, 0);
}

} // namespace irqlab::kernel
