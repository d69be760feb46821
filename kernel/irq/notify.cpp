// Who wants to hear of a line's new affinity is told from a work item. [LX kernel/irq/manage.c]
#include "kernel/entry/oops.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/work/work.hpp"

namespace irqlab::kernel {

namespace {

using abi::irq_affinity_notify;

irq_affinity_notify& notify_of(abi::work_struct& work)
{
    return *reinterpret_cast<irq_affinity_notify*>(reinterpret_cast<char*>(&work) -
                                                   offsetof(irq_affinity_notify, work));
}

void get(irq_affinity_notify& notify) { ++notify.kref.refcount.refs.counter; }

void put(irq_affinity_notify& notify)
{
    if (--notify.kref.refcount.refs.counter == 0)
        notify.release(&notify.kref);
}

extern "C" void tell_affinity(abi::work_struct* work)
{
    irq_affinity_notify& notify = notify_of(*work);
    if (abi::irq_desc* desc = abi::irq_to_desc(notify.irq)) {
        const abi::cpumask mask =
            irqd_test(*desc, irqd_setaffinity_pending) ? desc->pending_mask[0] : desc->irq_common_data.affinity[0];
        notify.notify(&notify, &mask);
    }
    put(notify);
}

} // namespace

void irq_notify_affinity(abi::irq_desc& desc)
{
    irq_affinity_notify* notify = desc.affinity_notify;
    if (!notify)
        return;
    get(*notify);
    if (!abi::queue_work_on(abi::WORK_CPU_UNBOUND, reinterpret_cast<abi::workqueue_struct*>(kernel().work->system),
                            &notify->work)) // it is on its way already
        put(*notify);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

int irq_set_affinity_notifier(unsigned irq, irq_affinity_notify* notify)
{
    irq_desc* desc = irq_to_desc(irq);
    __might_sleep("kernel/irq/manage.c", 556);
    if (!desc || (istate(*desc) & irqs_nmi))
        return -EINVAL;
    if (notify) {
        notify->irq = irq;
        notify->kref.refcount.refs.counter = 1;
        notify->work = {};
        notify->work.entry.next = notify->work.entry.prev = &notify->work.entry;
        notify->work.func = tell_affinity;
    }
    irq_affinity_notify* old = desc->affinity_notify;
    desc->affinity_notify = notify;
    if (old) {
        if (cancel_work_sync(&old->work)) // the reference that it held
            put(*old);
        put(*old);
    }
    return 0;
}

} // namespace irqlab::abi
