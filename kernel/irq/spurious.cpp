// Interrupts that nobody handles: the count, the report, the disabled line, and polling it afterwards.
// Source: [LX kernel/irq/spurious.c] for the thresholds; the recordings of "nobody cared".
#include "kernel/irq/spurious.hpp"

#include "kernel/entry/oops.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/time/jiffies.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned window = 100'000;  // interrupts
constexpr unsigned too_many = 99'900; // unhandled ones among them
constexpr unsigned bad_irq_reports_max = 100;
constexpr int deferred = static_cast<int>(0x8000'0000u); // in threads_handled_last: the threads will tell
constexpr unsigned long poll_interval = abi::IRQLAB_HZ / 10;

void report_bad_irq(abi::irq_desc& desc, unsigned result)
{
    const unsigned irq = desc.irq_data.irq;
    if (result > (abi::IRQ_HANDLED | abi::IRQ_WAKE_THREAD))
        abi::_printk("\0013irq event %u: bogus return value %x\n", irq, result);
    else
        abi::_printk("\0013irq %u: nobody cared (try booting with the \"irqpoll\" option)\n", irq);
    abi::dump_stack();
    abi::_printk("\0013handlers:\n");
    for (const abi::irqaction* a = desc.action; a; a = a->next) {
        if (a->thread_fn)
            abi::_printk("\0013[<%p>] %ps threaded [<%p>] %ps\n", reinterpret_cast<void*>(a->handler),
                         reinterpret_cast<void*>(a->handler), reinterpret_cast<void*>(a->thread_fn),
                         reinterpret_cast<void*>(a->thread_fn));
        else
            abi::_printk("\0013[<%p>] %ps\n", reinterpret_cast<void*>(a->handler),
                         reinterpret_cast<void*>(a->handler));
    }
}

/// Asks the handlers of a line, all of which must be willing to share. @return whether one handled something.
bool poll_line(Kernel& k, abi::irq_desc& desc)
{
    if (!desc.action || !(desc.action->flags & IRQF_SHARED) || (desc.action->flags & __IRQF_TIMER))
        return false;
    if (irqd_test(desc, irqd_irq_inprogress | irqd_per_cpu))
        return false;
    istate(desc) |= irqs_poll_inprogress;
    const bool handled = handle_irq_event(k, desc) == abi::IRQ_HANDLED;
    istate(desc) &= ~irqs_poll_inprogress;
    return handled;
}

// `irqfixup`: an interrupt that nobody wants may be another line's. [LX admin-guide/kernel-parameters]
bool ask_other_lines(Kernel& k, const abi::irq_desc& asked)
{
    bool handled = false;
    for (unsigned irq = 1; irq < k.irq->nr_irqs; ++irq)
        if (abi::irq_desc* desc = k.irq->desc[irq];
            desc && desc != &asked && !irqd_test(*desc, irqd_irq_disabled))
            handled |= poll_line(k, *desc);
    return handled;
}

/// `irqpoll` asks them at each interrupt of the timer as well.
bool should_ask_others(const Kernel& k, const abi::irq_desc& desc, unsigned result)
{
    if (!k.irq->irqfixup || result == abi::IRQ_NONE)
        return k.irq->irqfixup;
    return k.irq->irqpoll && (desc.irq_data.irq == 0 || (desc.action && (desc.action->flags & IRQF_IRQPOLL)));
}

// A line that was disabled for being spurious may share its interrupt with one that works: its
// handlers are asked from a timer.
extern "C" void poll_spurious_irqs(abi::timer_list* timer)
{
    Kernel& k = kernel();
    for (unsigned irq = 1; irq < k.irq->nr_irqs; ++irq)
        if (abi::irq_desc* desc = k.irq->desc[irq]; desc && (istate(*desc) & irqs_spurious_disabled)) {
            const unsigned long flags = abi::__lab_irq_save();
            poll_line(k, *desc);
            abi::__lab_irq_restore(flags);
        }
    abi::mod_timer(timer, jiffies(k) + poll_interval);
}

void start_polling(Kernel& k)
{
    if (!k.irq->poll_timer) {
        k.irq->poll_timer = k.arena.make<abi::timer_list>();
        k.irq->poll_timer->function = poll_spurious_irqs;
    }
    abi::mod_timer(k.irq->poll_timer, jiffies(k) + poll_interval);
}

void disable_spurious(Kernel& k, abi::irq_desc& desc)
{
    report_bad_irq(desc, abi::IRQ_NONE);
    abi::_printk("\0010Disabling IRQ #%u\n", desc.irq_data.irq);
    istate(desc) |= irqs_spurious_disabled;
    ++desc.depth;
    irq_disable_desc(desc);
    start_polling(k);
}

void count_unhandled(Kernel& k, abi::irq_desc& desc)
{
    const unsigned long now = jiffies(k);
    // One now and then is normal on a shared line.
    if (static_cast<long>(now - (desc.last_unhandled + poll_interval)) > 0)
        desc.irqs_unhandled = 1;
    else
        ++desc.irqs_unhandled;
    desc.last_unhandled = now;
    k.emit(EventKind::irq_unhandled, desc.irq_data.irq);
}

// Woken threads answer later: what they handled since the last time counts for this interrupt.
/// @return false when there is nothing to tell yet.
bool ask_threads(abi::irq_desc& desc, unsigned& result)
{
    int& last = desc.threads_handled_last;
    if (result != abi::IRQ_WAKE_THREAD) {
        if (result & abi::IRQ_WAKE_THREAD)
            last &= ~deferred;
        return true;
    }
    if (!(last & deferred)) {
        last |= deferred;
        return false;
    }
    const int handled = desc.threads_handled.counter | deferred;
    result = handled == last ? abi::IRQ_NONE : abi::IRQ_HANDLED;
    last = handled;
    return true;
}

} // namespace

void irq_say_options(Kernel& k)
{
    if (k.irq->noirqdebug)
        log_line(k, loglevel_info, "IRQ lockup detection disabled");
    if (k.irq->irqpoll) {
        log_line(k, loglevel_warning, "Misrouted IRQ fixup and polling support enabled");
        log_line(k, loglevel_warning, "This may significantly impact system performance");
    } else if (k.irq->irqfixup) {
        log_line(k, loglevel_warning, "Misrouted IRQ fixup support enabled.");
        log_line(k, loglevel_warning, "This may impact system performance.");
    }
}

void note_interrupt(Kernel& k, abi::irq_desc& desc, unsigned result)
{
    if (istate(desc) & irqs_poll_inprogress)
        return;
    if (result > (abi::IRQ_HANDLED | abi::IRQ_WAKE_THREAD)) [[unlikely]] {
        if (k.irq->bad_irq_reports++ < bad_irq_reports_max)
            report_bad_irq(desc, result);
        return;
    }
    if (!ask_threads(desc, result))
        return;
    if (result == abi::IRQ_NONE) [[unlikely]]
        count_unhandled(k, desc);
    if (should_ask_others(k, desc, result) && ask_other_lines(k, desc) && result == abi::IRQ_NONE)
        [[unlikely]]
        --desc.irqs_unhandled;
    // Since 5.13 interrupts are counted only while one of them was unhandled.
    if (k.config.release >= Release::v5_15 && desc.irqs_unhandled == 0) [[likely]]
        return;
    if (++desc.irq_count < window) [[likely]]
        return;
    desc.irq_count = 0;
    if (desc.irqs_unhandled > too_many)
        disable_spurious(k, desc);
    desc.irqs_unhandled = 0;
}

// A real machine with one CPU would do nothing else for ever.
void irq_storm(Kernel& k, u8 vector, unsigned times)
{
    abi::irq_desc* desc = k.this_cpu->vector_irq[vector];
    if (desc == vector_unused || desc == vector_shutdown)
        return;
    abi::_printk(
        "\0010irqlab: irq %u came %u times in a row and nothing else ran: its line never goes down\n",
        desc->irq_data.irq, times);
    abi::_printk("\0010Disabling IRQ #%u\n", desc->irq_data.irq);
    ++desc->depth;
    irq_disable_desc(*desc);
    mask_irq(*desc);
}

} // namespace irqlab::kernel
