// From a vector that was taken to what serves it, up to IRET. See the header.
#include "kernel/entry/entry.hpp"

#include "kernel/bh/bh.hpp"
#include "kernel/entry/guard.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/time/tick.hpp"
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
    hw::mmio_write(k.machine, cpu, hw::lapic_address + hw::lapic_esr, 0, k.signals);
    const u32 status = hw::mmio_read(k.machine, cpu, hw::lapic_address + hw::lapic_esr, k.signals);
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

void serve(void* argument)
{
    auto& e = *static_cast<Entry*>(argument);
    if (e.vector >= first_system_vector && system_vector(e.k, e.vector))
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
    abi::irq_desc* desc = k.this_cpu->vector_irq[vector];
    if (desc != vector_unused && desc != vector_shutdown)
        tidy_line(k, *desc);
    if (k.machine.core[k.this_cpu->index].lapic.isr.test(vector))
        ack_apic(k);
}

void irq_exit(Kernel& k)
{
    PerCpu& cpu = *k.this_cpu;
    cpu.preempt_count -= hardirq_offset;
    if (cpu.softirq_pending && !cpu.in_interrupt())
        do_softirq(k);
}

} // namespace

void enter_vector(Kernel& k, const hw::Delivered& d)
{
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
    PerCpu& cpu = *k.this_cpu;
    cpu.preempt_count += nmi_offset + hardirq_offset;
    ++cpu.stats.nmi;
    abi::_printk("\0010Uhhuh. NMI received for unknown reason %02x on CPU %d.\n",
                 hw::port_peek(k.machine, 0x61, 1) & 0xc0, cpu.index);
    abi::_printk("\0010Dazed and confused, but trying to continue\n");
    cpu.preempt_count -= nmi_offset + hardirq_offset;
    hw::iret(k.machine.core[cpu.index].cpu, d.frame);
}

void idt_load(Kernel& k, unsigned cpu)
{
    k.machine.core[cpu].cpu.idtr = {hw::idt_page_address, static_cast<u16>(hw::idt_page_bytes - 1)};
}

// Interrupt gates all; INT3 and INTO may be used from user mode. [SDM3] "64-Bit Mode IDT".
void idt_init(Kernel& k)
{
    constexpr u16 kernel_cs = 0x10;
    constexpr u8 user_dpl = 3;
    for (unsigned v = 0; v < 256; ++v) {
        hw::Gate gate{entry_text + v * entry_bytes, kernel_cs, 0, hw::Gate::Type::interrupt, 0, true};
        if (v == hw::exc_bp || v == hw::exc_of || v == 0x80)
            gate.dpl = user_dpl;
        if (v == hw::exc_df || v == hw::exc_nmi || v == hw::exc_db || v == hw::exc_mc)
            gate.ist = v == hw::exc_df ? 1 : v == hw::exc_nmi ? 2 : v == hw::exc_db ? 3 : 4;
        hw::write_gate(std::span<u8, hw::gate_bytes>(k.machine.idt_page.data() + v * hw::gate_bytes, hw::gate_bytes),
                       gate);
    }
    idt_load(k, 0);
}

} // namespace irqlab::kernel
