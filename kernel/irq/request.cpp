// request_irq and free_irq: the checks, the shared lines, the vectors behind them.
// Source: [LX core-api/genericirq]; the recorded errno of each case.
#include <cstring>

#include "kernel/entry/oops.hpp"
#include "kernel/irq/desc_lock.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/flow.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/message.hpp"
#include "kernel/irq/thread.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/trace/trace.hpp"
#include "linux/abi/lock.h"
#include "linux/abi/module.h"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

using abi::irq_desc;
using abi::irqaction;

namespace {

/// What a device is to send, for chips that have it sent.
void write_message(irq_desc& desc, const Message& message)
{
    if (!desc.irq_data.chip->irq_write_msi_msg)
        return;
    abi::msi_msg raw{message.address, 0, message.data};
    desc.irq_data.chip->irq_write_msi_msg(&desc.irq_data, &raw);
}

} // namespace

int irq_activate(Kernel& k, irq_desc& desc)
{
    if (irqd_test(desc, irqd_activated))
        return 0;
    const bool routed = irq_has_vector(k, desc);
    if (desc.irq_data.domain && !routed)
        if (const int error = irq_domain_activate_irq(&desc.irq_data))
            return error;
    if (routed) {
        const bool born_with = route_of(desc).vector != 0;
        trace(k, TraceEvent::vector_activate, {desc.irq_data.irq, 0, !born_with, 0});
        if (!born_with)
            if (const int error = vector_assign(k, desc, set_of(desc.irq_common_data.affinity[0])))
                return error;
        if (const int error = k.irq->parent->activate(k, desc)) {
            if (!born_with)
                vector_release(k, desc);
            return error;
        }
        write_message(desc, k.irq->parent->compose(k, desc));
    }
    irqd(desc) |= irqd_activated;
    return 0;
}

void irq_startup(irq_desc& desc)
{
    desc.depth = 0;
    irqd(desc) |= irqd_irq_started;
    irqd(desc) &= ~irqd_irq_disabled;
    if (desc.irq_data.chip->irq_startup) {
        desc.irq_data.chip->irq_startup(&desc.irq_data);
        irqd(desc) &= ~irqd_irq_masked;
    } else {
        irq_enable_desc(desc);
    }
    check_irq_resend(desc);
}

void irq_shutdown(irq_desc& desc)
{
    desc.depth = 1;
    irqd(desc) |= irqd_irq_disabled;
    const abi::irq_chip& chip = *desc.irq_data.chip;
    if (chip.irq_shutdown) {
        chip.irq_shutdown(&desc.irq_data);
        irqd(desc) |= irqd_irq_masked;
    } else if (chip.irq_disable) {
        chip.irq_disable(&desc.irq_data);
        irqd(desc) |= irqd_irq_masked;
    } else {
        mask_irq(desc);
    }
    irqd(desc) &= ~irqd_irq_started;
}

void irq_deactivate(Kernel& k, irq_desc& desc)
{
    irqd(desc) &= ~irqd_activated;
    if (!irq_has_vector(k, desc)) {
        irq_domain_deactivate_irq(&desc.irq_data);
        return;
    }
    // The timer keeps the vector it was born with.
    const bool keeps = irq_desc_of(k, 0) == &desc;
    trace(k, TraceEvent::vector_deactivate, {desc.irq_data.irq, 0, !keeps, 0});
    if (!keeps && at_ioapic(desc))
        ioapic_release_line(k, desc);
    write_message(desc, {});
    k.irq->parent->deactivate(k, desc);
    if (!keeps)
        vector_release(k, desc);
}

namespace {

const char* printable(const char* name) { return name ? name : "(null)"; }

bool may_share(const irq_desc& desc, const irqaction& old, const irqaction& fresh)
{
    unsigned old_type = old.flags & IRQF_TRIGGER_MASK;
    if (!old_type)
        old_type = desc.irq_common_data.state_use_accessors & irqd_trigger_mask;
    return (old.flags & fresh.flags & IRQF_SHARED) && old_type == (fresh.flags & IRQF_TRIGGER_MASK) &&
           ((old.flags ^ fresh.flags) & IRQF_ONESHOT) == 0 && ((old.flags ^ fresh.flags) & IRQF_PERCPU) == 0;
}

int mismatch(const irqaction& fresh, const irqaction& old)
{
    if (!(fresh.flags & IRQF_PROBE_SHARED))
        abi::_printk("\0013genirq: Flags mismatch irq %d. %08x (%s) vs. %08x (%s)\n",
                     static_cast<int>(fresh.irq), fresh.flags, printable(fresh.name), old.flags,
                     printable(old.name));
    return -EBUSY;
}

/// Why the request itself cannot be: before the line is looked at. [LX kernel/irq/manage.c]
/// request_threaded_irq.
int check_request(irq_desc* desc, abi::irq_handler_t handler, abi::irq_handler_t thread_fn,
                  unsigned long flags, void* dev_id)
{
    const bool shared = flags & IRQF_SHARED;
    if ((shared && !dev_id) || (shared && (flags & IRQF_NO_AUTOEN)) ||
        (!shared && (flags & IRQF_COND_SUSPEND)) ||
        ((flags & IRQF_NO_SUSPEND) && (flags & IRQF_COND_SUSPEND)))
        return -EINVAL;
    if (!desc || (desc->status_use_accessors & (abi::IRQ_NOREQUEST | abi::IRQ_PER_CPU_DEVID)))
        return -EINVAL;
    if (!handler && !thread_fn)
        return -EINVAL;
    return 0;
}

int check_threaded(const irq_desc& desc, const irqaction& fresh)
{
    if (fresh.handler != irq_default_primary_handler || (fresh.flags & IRQF_ONESHOT))
        return 0;
    if (desc.irq_data.chip->flags & irqchip_oneshot_safe)
        return 0;
    abi::_printk("\0013genirq: Threaded irq requested with handler=NULL and !ONESHOT for %s (irq %d)\n",
                 printable(fresh.name), static_cast<int>(fresh.irq));
    return -EINVAL;
}

/// A line's first action is about to come: a vector, its trigger, and nothing kept of who had it before.
int prepare_line(Kernel& k, irq_desc& desc, const irqaction& first)
{
    if (first.flags & IRQF_TRIGGER_MASK)
        if (const int error = irq_set_trigger(desc, first.flags & IRQF_TRIGGER_MASK))
            return error;
    if (const int error = irq_activate(k, desc))
        return error;
    istate(desc) &= ~(irqs_autodetect | irqs_spurious_disabled | irqs_oneshot | irqs_waiting);
    irqd(desc) &= ~irqd_irq_inprogress;
    if (first.flags & IRQF_PERCPU)
        irqd(desc) |= irqd_per_cpu;
    if (first.flags & IRQF_ONESHOT)
        istate(desc) |= irqs_oneshot;
    if (first.flags & IRQF_NOBALANCING)
        irqd(desc) |= irqd_no_balancing;
    return 0;
}

int request_resources(irq_desc& desc, const irqaction& first)
{
    const abi::irq_chip& chip = *desc.irq_data.chip;
    const int error = chip.irq_request_resources ? chip.irq_request_resources(&desc.irq_data) : 0;
    if (error)
        abi::_printk("\0013genirq: Failed to request resources for %s (irq %d) on irqchip %s\n",
                     printable(first.name), static_cast<int>(first.irq), chip.name);
    return error;
}

void release_resources(irq_desc& desc)
{
    if (const auto release = desc.irq_data.chip->irq_release_resources)
        release(&desc.irq_data);
}

/// The line's first action: its resources, its trigger, its vector.
int take_line(Kernel& k, irq_desc& desc, const irqaction& first)
{
    if (const int error = request_resources(desc, first))
        return error;
    const int error = prepare_line(k, desc, first);
    if (error)
        release_resources(desc);
    return error;
}

/// A nested line has no primary handler: its parent's thread calls the action's.
int choose_handlers(Kernel& k, irq_desc& desc, irqaction& fresh)
{
    if (!(desc.status_use_accessors & abi::IRQ_NESTED_THREAD)) {
        irq_force_thread(k, desc, fresh);
        return 0;
    }
    if (!fresh.thread_fn)
        return -EINVAL;
    fresh.handler = irq_nested_primary_handler;
    return 0;
}

void start_line(irq_desc& desc, const irqaction& first)
{
    if ((first.flags & IRQF_NO_AUTOEN) || (desc.status_use_accessors & abi::IRQ_NOAUTOEN)) {
        desc.depth = 1;
        return;
    }
    irq_startup(desc);
}

/// Puts a checked action onto its line.
int install(Kernel& k, irq_desc& desc, irqaction& fresh)
{
    if (desc.irq_data.chip == &abi::no_irq_chip)
        return -ENOSYS;
    if (!(fresh.flags & IRQF_TRIGGER_MASK))
        fresh.flags |= irqd(desc) & irqd_trigger_mask;
    if (const int error = choose_handlers(k, desc, fresh))
        return error;
    if (desc.irq_data.chip->flags & irqchip_oneshot_safe)
        fresh.flags &= ~static_cast<unsigned>(IRQF_ONESHOT);
    irqaction** tail = &desc.action;
    if (*tail && !may_share(desc, **tail, fresh))
        return mismatch(fresh, **tail);
    const bool first = *tail == nullptr;
    if (const int error = check_threaded(desc, fresh))
        return error;
    if (fresh.flags & IRQF_ONESHOT) { // only such threads hold the line back
        fresh.thread_mask = irq_free_thread_bit(desc);
        if (!fresh.thread_mask)
            return -EBUSY;
    }
    if (first)
        if (const int error = take_line(k, desc, fresh))
            return error;
    if (fresh.thread_fn && fresh.handler != irq_nested_primary_handler)
        irq_thread_make(k, fresh);
    while (*tail)
        tail = &(*tail)->next;
    *tail = &fresh;
    desc.irq_count = desc.irqs_unhandled = 0;
    if (!first) {
        // A line that was disabled as spurious gets another chance with its new sharer.
        if (istate(desc) & irqs_spurious_disabled) {
            istate(desc) &= ~irqs_spurious_disabled;
            abi::enable_irq(fresh.irq);
        }
    } else {
        start_line(desc, fresh);
    }
    sched_signals(k);
    return 0;
}

irqaction& make_action(Kernel& k, unsigned irq, abi::irq_handler_t handler, unsigned long flags,
                       const char* name, void* dev_id)
{
    irqaction& a = *k.arena.make<irqaction>();
    a.handler = handler;
    a.flags = static_cast<unsigned>(flags);
    a.name = name;
    a.dev_id = dev_id;
    a.irq = irq;
    return a;
}

// DEBUG_SHIRQ: whoever shares a line must be ready for another's interrupt at any time.
void call_spare(unsigned irq, abi::irq_handler_t handler, void* dev_id)
{
    const unsigned long flags = abi::__lab_irq_save();
    handler(static_cast<int>(irq), dev_id);
    abi::__lab_irq_restore(flags);
}

bool name_unique(const irq_desc& desc, const irqaction& action)
{
    for (const irqaction* a = desc.action; a; a = a->next)
        if (a != &action && a->name && std::strcmp(action.name, a->name) == 0)
            return false;
    return true;
}

/// The line's directory in /proc/irq gets an entry of the action's name, a copy of its own: it outlives the module of
/// who forgets free_irq(). A slash cannot be in one. [LX kernel/irq/proc.c]
void register_handler_proc(Kernel& k, const irq_desc& desc, irqaction& action)
{
    constexpr std::size_t name_max = 127;
    if (!action.name || !*action.name || !name_unique(desc, action))
        return;
    if (std::strchr(action.name, '/')) {
        kernel_warn("fs/proc/generic.c", 175, "__xlate_proc_name", "name '%s'\n", action.name);
        return;
    }
    const std::size_t length = strnlen(action.name, name_max);
    auto* copy = static_cast<char*>(k.arena.take(length + 1));
    std::memcpy(copy, action.name, length);
    action.dir = reinterpret_cast<abi::proc_dir_entry*>(copy);
}

void unregister_handler_proc(Kernel& k, irqaction& action)
{
    if (const char* name = proc_name_of(action))
        k.arena.give_back(action.dir, std::strlen(name) + 1);
    action.dir = nullptr;
}

irqaction* take_out(irq_desc& desc, void* dev_id)
{
    for (irqaction** at = &desc.action; *at; at = &(*at)->next)
        if ((*at)->dev_id == dev_id) {
            irqaction* found = *at;
            *at = found->next;
            return found;
        }
    return nullptr;
}

/// What a line with an owner forgets to take back before its last handler goes.
void warn_leftovers(irq_desc& desc)
{
    if (desc.affinity_hint) {
        kernel_warn("kernel/irq/manage.c", 1913, "__free_irq", nullptr);
        desc.affinity_hint = nullptr;
    }
}

} // namespace

int irq_install(Kernel& k, irq_desc& desc, irqaction& fresh)
{
    if (!abi::try_module_get(desc.owner)) // whose line it is
        return -ENODEV;
    const ChipBusLock lock{desc};
    const int error = install(k, desc, fresh);
    if (error)
        abi::module_put(desc.owner);
    return error;
}

int setup_irq(Kernel& k, unsigned irq, abi::irq_handler_t handler, unsigned long flags, const char* name,
              void* dev)
{
    irq_desc& desc = *irq_desc_of(k, irq);
    irqaction& action = make_action(k, irq, handler, flags, name, dev);
    const int error = install(k, desc, action);
    const bool before_proc = irq == 0 || irq == 2; // timer and cascade
    if (error == 0 && !before_proc)
        register_handler_proc(k, desc, action);
    return error;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

int request_threaded_irq(unsigned irq, irq_handler_t handler, irq_handler_t thread_fn, unsigned long flags,
                         const char* name, void* dev_id)
{
    Kernel& k = kernel();
    if (irq == IRQ_NOTCONNECTED)
        return -ENOTCONN;
    irq_desc* desc = irq_to_desc(irq);
    if (const int error = check_request(desc, handler, thread_fn, flags, dev_id))
        return error;
    irqaction& a = make_action(k, irq, handler ? handler : irq_default_primary_handler, flags, name, dev_id);
    a.thread_fn = thread_fn;
    const int error = irq_install(k, *desc, a);
    if (error) {
        if (a.secondary)
            k.arena.give_back(a.secondary, sizeof *a.secondary);
        k.arena.give_back(&a, sizeof a);
        return error;
    }
    register_handler_proc(k, *desc, a);
    if (k.irq->debug_shirq_fixme && (flags & IRQF_SHARED)) {
        disable_irq(irq);
        call_spare(irq, a.handler, dev_id);
        enable_irq(irq);
    }
    return 0;
}

int request_any_context_irq(unsigned irq, irq_handler_t handler, unsigned long flags, const char* name,
                            void* dev_id)
{
    constexpr int is_hardirq = 0, is_nested = 1; // IRQC_IS_*
    const irq_desc* desc = irq == IRQ_NOTCONNECTED ? nullptr : irq_to_desc(irq);
    if (irq != IRQ_NOTCONNECTED && !desc)
        return -EINVAL;
    const bool nested = desc && (desc->status_use_accessors & IRQ_NESTED_THREAD);
    const int error = nested ? request_threaded_irq(irq, nullptr, handler, flags, name, dev_id)
                             : request_threaded_irq(irq, handler, nullptr, flags, name, dev_id);
    return error ? error : nested ? is_nested : is_hardirq;
}

const void* free_irq(unsigned irq, void* dev_id)
{
    Kernel& k = kernel();
    irq_desc* desc = irq_to_desc(irq);
    if (!desc)
        return nullptr;
    if (desc->status_use_accessors & IRQ_PER_CPU_DEVID) {
        kernel_warn("kernel/irq/manage.c", 2024, "free_irq", nullptr);
        return nullptr;
    }
    if (desc->affinity_notify) {
        kernel_warn("kernel/irq/manage.c", 2028, "free_irq", nullptr);
        desc->affinity_notify = nullptr;
    }
    if (this_cpu().in_interrupt())
        kernel_warn("kernel/irq/manage.c", 1862, "free_irq", "Trying to free IRQ %d from IRQ context!\n",
                    static_cast<int>(irq));
    irqaction* action = take_out(*desc, dev_id);
    if (!action) {
        kernel_warn("kernel/irq/manage.c", 1887, "free_irq", "Trying to free already-free IRQ %d\n",
                    static_cast<int>(irq));
        return nullptr;
    }
    if (!desc->action) {
        desc->status_use_accessors &= ~static_cast<unsigned>(IRQ_DISABLE_UNLAZY);
        const ChipBusLock lock{*desc};
        irq_shutdown(*desc);
        warn_leftovers(*desc);
    }
    sched_signals(k);
    irq_synchronize_hardware(*desc); // from the action's own handler this never returns, and the action stays
    if (k.irq->debug_shirq && (action->flags & IRQF_SHARED))
        call_spare(irq, action->handler, dev_id);
    if (action->thread)
        irq_thread_stop(k, *action);
    if (!desc->action) {
        const ChipBusLock lock{*desc};
        irq_deactivate(k, *desc);
        release_resources(*desc);
    }
    unregister_handler_proc(k, *action);
    module_put(desc->owner);
    const char* name = action->name;
    k.arena.give_back(action, sizeof *action);
    return name;
}

} // namespace irqlab::abi
