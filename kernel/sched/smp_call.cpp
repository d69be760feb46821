// The rarer calls on other CPUs: on any of several, without waiting, from that CPU's workqueue.
// Source: [LX kernel/smp.c].
#include "kernel/kernel.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/irqdomain.h"
#include "linux/abi/lock.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned csd_lock = 1; // call_single_data.flags: it is on its way

extern "C" void call_single(void* argument)
{
    auto& csd = *static_cast<abi::call_single_data*>(argument);
    const auto function = csd.func;
    void* info = csd.info;
    csd.flags &= ~csd_lock; // it may be used anew while its function runs
    function(info);
}

struct CallOnWorker {
    abi::work_struct work; // first: the callback finds the rest by it
    abi::completion done;
    int (*function)(void*);
    void* data;
    int result;
};

extern "C" void call_on_worker(abi::work_struct* work)
{
    auto& call = *reinterpret_cast<CallOnWorker*>(work);
    call.result = call.function(call.data);
    abi::complete(&call.done);
}

int any_of(const Kernel& k, const CpuSet& mask)
{
    if (mask.has(k.this_cpu->index))
        return k.this_cpu->index;
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        if (mask.has(cpu) && k.cpus[cpu].online)
            return static_cast<int>(cpu);
    return abi::IRQLAB_NR_CPUS; // none
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

int smp_call_function_any(const cpumask* mask, void (*func)(void*), void* info, int wait)
{
    return smp_call_function_single(any_of(kernel(), set_of(*mask)), func, info, wait);
}

int smp_call_function_single_async(int cpu, call_single_data* csd)
{
    if (csd->flags & csd_lock)
        return -EBUSY;
    csd->flags |= csd_lock;
    const int error = smp_call_function_single(cpu, call_single, csd, 0);
    if (error)
        csd->flags &= ~csd_lock;
    return error;
}

int smp_call_on_cpu(unsigned cpu, int (*func)(void*), void* par, bool)
{
    Kernel& k = kernel();
    if (cpu >= k.cpu_count || !k.cpus[cpu].online)
        return -ENXIO;
    auto& call = *k.arena.make<CallOnWorker>();
    call.work.entry.next = call.work.entry.prev = &call.work.entry;
    call.work.func = call_on_worker;
    call.function = func;
    call.data = par;
    __init_waitqueue_head(&call.done.wait, "&x->wait", nullptr);
    queue_work_on(static_cast<int>(cpu), reinterpret_cast<workqueue_struct*>(k.work->system), &call.work);
    wait_for_completion(&call.done);
    const int result = call.result;
    k.arena.give_back(&call, sizeof call);
    return result;
}

} // namespace irqlab::abi
