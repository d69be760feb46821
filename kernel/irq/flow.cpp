// Flow handlers: what an interrupt of each kind does to its line while its actions run.
//
// Edge: acknowledged at once; one that comes meanwhile is pended and the actions run again.
// Level behind a fasteoi chip: ended after the actions, the hardware holds it back until then.
// Level at the 8259: masked and acknowledged, unmasked after the actions.
// Source: [LX core-api/genericirq] "Default flow implementations".
#include <utility>

#include "kernel/entry/oops.hpp"
#include "kernel/irq/flow.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/thread.hpp"
#include "kernel/kernel.hpp"
#include "kernel/trace/trace.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

using abi::irq_desc;
using abi::irqreturn_t;

void mask_irq(irq_desc& desc)
{
    if (irqd_test(desc, irqd_irq_masked))
        return;
    if (desc.irq_data.chip->irq_mask) {
        desc.irq_data.chip->irq_mask(&desc.irq_data);
        irqd(desc) |= irqd_irq_masked;
    }
}

void unmask_irq(irq_desc& desc)
{
    if (!irqd_test(desc, irqd_irq_masked))
        return;
    if (desc.irq_data.chip->irq_unmask) {
        desc.irq_data.chip->irq_unmask(&desc.irq_data);
        irqd(desc) &= ~irqd_irq_masked;
    }
}

void kstat_incr(irq_desc& desc)
{
    PerCpu& cpu = this_cpu();
    ++desc.kstat_irqs[cpu.index];
    ++desc.tot_count;
    ++cpu.interrupts;
}

namespace {

void mask_ack_irq(irq_desc& desc)
{
    abi::irq_chip& chip = *desc.irq_data.chip;
    if (chip.irq_mask_ack) {
        chip.irq_mask_ack(&desc.irq_data);
        irqd(desc) |= irqd_irq_masked;
    } else {
        mask_irq(desc);
        if (chip.irq_ack)
            chip.irq_ack(&desc.irq_data);
    }
}

bool irq_may_run(irq_desc& desc) { return !irqd_test(desc, irqd_irq_inprogress); }

/// An interrupt of the line begins. @return whether its actions may run; what has to wait is pended.
bool begin(irq_desc& desc)
{
    istate(desc) &= ~(irqs_replay | irqs_waiting);
    if (!desc.action || irqd_test(desc, irqd_irq_disabled)) {
        istate(desc) |= irqs_pending;
        return false;
    }
    kstat_incr(desc);
    return true;
}

void warn_no_thread(const irq_desc& desc, const abi::irqaction& action)
{
    abi::_printk("\0014IRQ %u device %s returned IRQ_WAKE_THREAD but no thread function available.",
                 desc.irq_data.irq, action.name);
}

irqreturn_t run_action(Kernel& k, irq_desc& desc, abi::irqaction& action)
{
    const unsigned irq = desc.irq_data.irq;
    k.emit(EventKind::irq_handler_entry, irq, reinterpret_cast<u64>(&action));
    trace(k, TraceEvent::irq_handler_entry, {irq}, action.name);
    // Handlers as they were until 2.6.18 take the registers, too: no register may hold what they would take for them.
    const auto handler = reinterpret_cast<irqreturn_t (*)(int, void*, void*)>(reinterpret_cast<void (*)()>(action.handler));
    const irqreturn_t result = handler(static_cast<int>(irq), action.dev_id, nullptr);
    k.emit(EventKind::irq_handler_exit, irq, static_cast<u64>(result));
    trace(k, TraceEvent::irq_handler_exit, {irq, static_cast<u64>(result)});
    hw::Cpu& cpu = k.machine.core[k.this_cpu->index].cpu;
    if (hw::interrupts_on(cpu)) [[unlikely]] {
        if (!std::exchange(k.irq->warned_enabled, true))
            kernel_warn("kernel/irq/handle.c", 161, "__handle_irq_event_percpu",
                        "irq %u handler %pS enabled interrupts\n", irq,
                        reinterpret_cast<void*>(action.handler));
        hw::cli(cpu);
    }
    if (result == abi::IRQ_WAKE_THREAD) {
        if (action.thread_fn)
            irq_wake_action(desc, action);
        else
            warn_no_thread(desc, action);
    }
    return result;
}

} // namespace

irqreturn_t handle_irq_event(Kernel& k, irq_desc& desc)
{
    istate(desc) &= ~irqs_pending;
    irqd(desc) |= irqd_irq_inprogress;
    unsigned result = abi::IRQ_NONE;
    for (abi::irqaction* action = desc.action; action; action = action->next)
        result |= static_cast<unsigned>(run_action(k, desc, *action));
    if (!k.irq->noirqdebug)
        note_interrupt(k, desc, result);
    irqd(desc) &= ~irqd_irq_inprogress;
    return static_cast<irqreturn_t>(result);
}

void check_irq_resend(irq_desc& desc)
{
    // A level line that is still up interrupts by itself.
    if (desc.status_use_accessors & abi::IRQ_LEVEL) {
        istate(desc) &= ~irqs_pending;
        return;
    }
    if ((istate(desc) & (irqs_replay | irqs_pending)) != irqs_pending)
        return;
    istate(desc) = (istate(desc) & ~irqs_pending) | irqs_replay;
    abi::irq_chip& chip = *desc.irq_data.chip;
    if (!chip.irq_retrigger || !chip.irq_retrigger(&desc.irq_data))
        irq_resend_in_softirq(desc);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

void handle_edge_irq(irq_desc* desc)
{
    irq_chip& chip = *desc->irq_data.chip;
    istate(*desc) &= ~(irqs_replay | irqs_waiting);
    if (!irq_may_run(*desc) || irqd_test(*desc, irqd_irq_disabled) || !desc->action) {
        istate(*desc) |= irqs_pending;
        mask_ack_irq(*desc);
        return;
    }
    kstat_incr(*desc);
    chip.irq_ack(&desc->irq_data);
    do {
        if (!desc->action) {
            mask_irq(*desc);
            return;
        }
        // Another CPU pended and masked it while the actions ran here.
        if ((istate(*desc) & irqs_pending) && !irqd_test(*desc, irqd_irq_disabled))
            unmask_irq(*desc);
        handle_irq_event(irqlab::kernel::kernel(), *desc);
    } while ((istate(*desc) & irqs_pending) && !irqd_test(*desc, irqd_irq_disabled));
}

void handle_fasteoi_irq(irq_desc* desc)
{
    const irq_chip& chip = *desc->irq_data.chip;
    const bool oneshot = (istate(*desc) & irqs_oneshot) != 0;
    bool unmask = false;
    if (irq_may_run(*desc)) {
        if (!begin(*desc)) {
            mask_irq(*desc);
        } else {
            if (oneshot)
                mask_irq(*desc);
            handle_irq_event(irqlab::kernel::kernel(), *desc);
            // Oneshot: the line stays masked until its threads are done, or at once when none was woken.
            unmask = oneshot && !irqd_test(*desc, irqd_irq_disabled) && !desc->threads_oneshot;
        }
    }
    chip.irq_eoi(&desc->irq_data);
    if (unmask)
        unmask_irq(*desc);
}

void handle_level_irq(irq_desc* desc)
{
    mask_ack_irq(*desc);
    if (!irq_may_run(*desc) || !begin(*desc))
        return;
    handle_irq_event(irqlab::kernel::kernel(), *desc);
    if (!irqd_test(*desc, irqd_irq_disabled) && !desc->threads_oneshot)
        unmask_irq(*desc);
}

void handle_simple_irq(irq_desc* desc)
{
    if (irq_may_run(*desc) && begin(*desc))
        handle_irq_event(irqlab::kernel::kernel(), *desc);
}

void handle_percpu_irq(irq_desc* desc)
{
    irq_chip& chip = *desc->irq_data.chip;
    kstat_incr(*desc);
    if (chip.irq_ack)
        chip.irq_ack(&desc->irq_data);
    handle_irq_event(irqlab::kernel::kernel(), *desc);
    if (chip.irq_eoi)
        chip.irq_eoi(&desc->irq_data);
}

void handle_bad_irq(irq_desc* desc)
{
    kstat_incr(*desc);
    _printk("\0012unexpected IRQ trap at vector %02x\n", desc->irq_data.irq);
    ++irqlab::kernel::kernel().irq->errors;
    ack_apic(irqlab::kernel::kernel());
}

} // namespace irqlab::abi
