// Port access for the kernel's own drivers.
#pragma once
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"

namespace irqlab::kernel {

inline void outb(Kernel& k, u8 value, u16 port)
{
    sched_sync_machine(k);
    hw::port_write(k.machine, k.this_cpu->index, port, 1, value, k.signals);
}
inline u8 inb(Kernel& k, u16 port)
{
    sched_sync_machine(k);
    return static_cast<u8>(hw::port_read(k.machine, k.this_cpu->index, port, 1, k.signals));
}

} // namespace irqlab::kernel
