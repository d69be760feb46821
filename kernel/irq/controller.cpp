// What drivers of controllers call for their lines: flow handlers that demultiplex, lines whose handlers run in their
// parent's thread, the state of a line in its chip, triggers.
// Source: [LX core-api/genericirq], [LX driver-api/gpio/driver] "GPIO drivers providing IRQs".
#include <utility>

#include "kernel/entry/oops.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/flow.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/thread.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

using abi::irq_data;
using abi::irq_desc;

namespace {

abi::irqreturn_t bad_chained_irq(int irq, void*)
{
    kernel_warn("kernel/irq/chip.c", 24, "bad_chained_irq", "Chained irq %d should not call an action\n", irq);
    return abi::IRQ_NONE;
}

void note_trigger(irq_desc& desc)
{
    const u32 type = irqd(desc) & irqd_trigger_mask;
    constexpr unsigned settings = abi::IRQ_TYPE_SENSE_MASK | abi::IRQ_LEVEL;
    desc.status_use_accessors = (desc.status_use_accessors & ~settings) | type;
    irqd(desc) &= ~irqd_level;
    if (type & abi::IRQ_TYPE_LEVEL_MASK) {
        desc.status_use_accessors |= abi::IRQ_LEVEL;
        irqd(desc) |= irqd_level;
    }
}

int ask_chip(irq_desc& desc, unsigned type)
{
    const abi::irq_chip& chip = *desc.irq_data.chip;
    bool unmask = false;
    if (chip.flags & abi::IRQCHIP_SET_TYPE_MASKED) {
        unmask = !irqd_test(desc, irqd_irq_masked) && !irqd_test(desc, irqd_irq_disabled);
        mask_irq(desc);
    }
    const int result = chip.irq_set_type(&desc.irq_data, type);
    if (unmask)
        unmask_irq(desc);
    return result;
}

/// The next chip on the line's way that has such a function, or null.
template <class Function> irq_data* find_with(irq_desc& desc, Function abi::irq_chip::*function)
{
    irq_data* data = &desc.irq_data;
    while (data && !(data->chip && data->chip->*function))
        data = data->parent_data;
    return data;
}

/// Runs the line's flow handler. What an interrupt controller of the CPU's own sends must come in an interrupt.
int handle_irq_desc(irq_desc* desc)
{
    Kernel& k = kernel();
    if (!desc)
        return -EINVAL;
    if (k.config.release >= Release::v5_10 && !k.this_cpu->in_hardirq() && irq_has_vector(k, *desc)) {
        if (!std::exchange(domains_of(k).warned_context, true))
            kernel_warn("kernel/irq/irqdesc.c", 649, "handle_irq_desc", nullptr);
        return -EPERM;
    }
    desc->handle_irq(desc);
    return 0;
}

} // namespace

abi::irqaction* chained_action()
{
    static abi::irqaction action = [] {
        abi::irqaction a{};
        a.handler = bad_chained_irq;
        return a;
    }();
    return &action;
}

abi::irqreturn_t irq_nested_primary_handler(int irq, void*)
{
    kernel_warn("kernel/irq/manage.c", 1034, "irq_nested_primary_handler",
                "Primary handler called for nested irq %d\n", irq);
    return abi::IRQ_NONE;
}

int irq_set_trigger(irq_desc& desc, unsigned type)
{
    type &= abi::IRQ_TYPE_SENSE_MASK;
    const auto set_type = desc.irq_data.chip->irq_set_type;
    if (!set_type)
        return 0; // the chip cannot: Linux takes the default for good
    const int result = ask_chip(desc, type);
    switch (result) {
    case abi::IRQ_SET_MASK_OK:
    case abi::IRQ_SET_MASK_OK_DONE: irqd(desc) = (irqd(desc) & ~irqd_trigger_mask) | type; [[fallthrough]];
    case abi::IRQ_SET_MASK_OK_NOCOPY: note_trigger(desc); return 0;
    default:
        abi::_printk("\0013genirq: Setting trigger mode %u for irq %u failed (%pS)\n", type, desc.irq_data.irq,
                     reinterpret_cast<void*>(set_type));
        return result;
    }
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

void irq_set_chained_handler_and_data(unsigned irq, irq_flow_handler_t handle, void* data)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return;
    desc->irq_common_data.handler_data = data;
    __irq_set_handler(irq, handle, 1, nullptr);
}

// The parent's thread runs the threads of the line's actions: no interrupt of the line reaches a CPU.
void handle_nested_irq(unsigned irq)
{
    irq_desc* desc = irq_to_desc(irq);
    __might_sleep("kernel/irq/chip.c", 466);
    if (!desc)
        return;
    istate(*desc) &= ~(irqs_replay | irqs_waiting);
    if (!desc->action || irqd_test(*desc, irqd_irq_disabled)) {
        istate(*desc) |= irqs_pending;
        return;
    }
    Kernel& k = kernel();
    kstat_incr(*desc);
    ++desc->threads_active.counter;
    unsigned result = IRQ_NONE;
    for (irqaction* action = desc->action; action; action = action->next)
        result |= static_cast<unsigned>(action->thread_fn(static_cast<int>(action->irq), action->dev_id));
    if (!k.irq->noirqdebug && !(desc->status_use_accessors & IRQ_NO_DEBUG))
        note_interrupt(k, *desc, result);
    --desc->threads_active.counter;
    __wake_up(&desc->wait_for_threads, task_uninterruptible, 0, nullptr);
}

// For a demultiplexer's lines of which nobody keeps count.
void handle_untracked_irq(irq_desc* desc)
{
    istate(*desc) &= ~(irqs_replay | irqs_waiting);
    if (irqd_test(*desc, irqd_irq_inprogress))
        return;
    if (!desc->action || irqd_test(*desc, irqd_irq_disabled)) {
        istate(*desc) |= irqs_pending;
        return;
    }
    istate(*desc) &= ~irqs_pending;
    irqd(*desc) |= irqd_irq_inprogress;
    for (irqaction* action = desc->action; action; action = action->next)
        action->handler(static_cast<int>(action->irq), action->dev_id);
    irqd(*desc) &= ~irqd_irq_inprogress;
}

int generic_handle_irq(unsigned irq) { return handle_irq_desc(irq_to_desc(irq)); }

int generic_handle_domain_irq(irq_domain* domain, unsigned hwirq)
{
    return handle_irq_desc(__irq_resolve_mapping(domain, hwirq, nullptr));
}

int generic_handle_domain_irq_safe(irq_domain* domain, unsigned hwirq)
{
    const unsigned long flags = __lab_irq_save();
    const int result = generic_handle_domain_irq(domain, hwirq);
    __lab_irq_restore(flags);
    return result;
}

int generic_handle_irq_safe(unsigned irq)
{
    const unsigned long flags = __lab_irq_save();
    const int result = generic_handle_irq(irq);
    __lab_irq_restore(flags);
    return result;
}

int irq_set_parent(int irq, int parent_irq)
{
    irq_desc* desc = irq_to_desc(static_cast<unsigned>(irq));
    if (!desc)
        return -EINVAL;
    desc->parent_irq = parent_irq;
    return 0;
}

bool irq_has_action(unsigned irq)
{
    const irq_desc* desc = irq_to_desc(irq);
    return desc && desc->action;
}

bool irq_check_status_bit(unsigned irq, unsigned bitmask)
{
    const irq_desc* desc = irq_to_desc(irq);
    return desc && (desc->status_use_accessors & bitmask);
}

int irq_get_irqchip_state(unsigned irq, int which, bool* state)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return -EINVAL;
    const ChipBusLock lock{*desc};
    irq_data* data = find_with(*desc, &irq_chip::irq_get_irqchip_state);
    return data ? data->chip->irq_get_irqchip_state(data, which, state) : -EINVAL;
}

int irq_set_irqchip_state(unsigned irq, int which, bool state)
{
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return -EINVAL;
    int result = -EINVAL;
    {
        const ChipBusLock lock{*desc};
        if (irq_data* data = find_with(*desc, &irq_chip::irq_set_irqchip_state))
            result = data->chip->irq_set_irqchip_state(data, which, state);
    }
    sched_signals(kernel());
    return result;
}

} // namespace irqlab::abi
