// On which CPU a task goes, and how it leaves one.
#include <algorithm>

#include "kernel/kernel.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/syscall.hpp"

namespace irqlab::kernel {

PerCpu& place(Kernel& k, const CpuSet& affinity)
{
    Sched& s = *k.sched;
    u8 options[cpu_set_bits];
    u32 count = 0, natural = 0;
    for (unsigned i = 0; i < k.cpu_count; ++i)
        if (cpu_fits(k, k.cpus[i], affinity)) {
            if (&k.cpus[i] == k.this_cpu || !cpu_fits(k, *k.this_cpu, affinity))
                natural = count;
            options[count++] = static_cast<u8>(i);
        }
    if (count == 0) // none of its CPUs is there: as Linux, which breaks the affinity then
        return k.cpus[0];
    u32 first = 0; // the one that comes after the last that was given
    while (first < count && options[first] <= s.next_place)
        ++first;
    for (u32 i = 0; i < count; ++i) {
        const u32 at = (first + i) % count;
        const PerCpu& c = k.cpus[options[at]];
        if (c.current == c.idle && !c.queue.head) {
            natural = at;
            break;
        }
    }
    s.next_place = options[k.choice.choose(sim::Question::place_task, count, natural)];
    return k.cpus[s.next_place];
}

bool cpu_fits(const Kernel& k, const PerCpu& cpu, const CpuSet& affinity)
{
    const bool usable = !k.smp || set_of(k.smp->active).has(cpu.index);
    return cpu.online && usable && affinity.has(cpu.index);
}

void settle(Kernel& k, Task& task)
{
    if (cpu_fits(k, *task.cpu, task.affinity))
        return;
    task.cpu = &place(k, task.affinity);
    if (task.cpu->current == task.cpu->idle && task.cpu != k.this_cpu) // not in the past
        task.cpu->clock_ns = std::max(task.cpu->clock_ns, now_ns(*k.this_cpu));
}

void move_current(Kernel& k)
{
    const Task& self = current_task();
    if (!cpu_fits(k, *self.cpu, self.affinity))
        schedule();
}

void unqueue(Task& task)
{
    RunQueue& q = task.cpu->queue;
    Task* before = nullptr;
    for (Task* t = q.head; t != &task; t = t->queue_next)
        before = t;
    (before ? before->queue_next : q.head) = task.queue_next;
    if (q.tail == &task)
        q.tail = before;
    task.queue_next = nullptr;
    task.queued = false;
}

int task_set_affinity(Task& task, const CpuSet& mask)
{
    Kernel& k = kernel();
    if ((mask & online_cpus(k)).empty())
        return -EINVAL;
    task.affinity = mask;
    task.linux.cpus_mask = mask_of(mask);
    if (task.queued && !cpu_fits(k, *task.cpu, mask)) {
        unqueue(task);
        activate(k, task);
    } else if (&task == &current_task()) {
        move_current(k);
    } else if (task.cpu->current == &task && !cpu_fits(k, *task.cpu, mask)) {
        task.cpu->need_resched =
            true; // it leaves at its next schedule(); one that sleeps moves when it is woken
    }
    return 0;
}

// --- system calls -------------------------------------------------------------------------------------

int sys_sched_setaffinity(Pid pid, const CpuSet& mask)
{
    Task* t = pid ? find_task(kernel(), pid) : &current_task();
    return t ? task_set_affinity(*t, mask) : -ESRCH;
}

CpuSet sys_sched_getaffinity(Pid pid)
{
    Task* t = pid ? find_task(kernel(), pid) : &current_task();
    return t ? t->affinity : CpuSet{};
}

} // namespace irqlab::kernel
