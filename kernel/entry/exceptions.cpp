// Which handler Linux has for each exception, and what it does. See the header.
#include "kernel/entry/exceptions.hpp"

#include <utility>

#include "kernel/entry/entry.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/entry/report.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr u8 spurious_interrupt_bug = 15;

hw::Cpu& core_of(Kernel& k) { return k.machine.core[k.this_cpu->index].cpu; }

/// Handlers that may come anywhere run as an NMI does: what dies in them is fatal.
void enter_like_nmi(Kernel& k) { k.this_cpu->preempt_count += nmi_offset + hardirq_offset; }

/// Nobody in the kernel steps or watches: what DR6 says is cleared, and a step that nobody asked for is told once.
void exc_debug(Kernel& k, const hw::Delivered& d)
{
    hw::Cpu& core = core_of(k);
    const u32 conditions = (core.dr6 ^ hw::dr6::at_reset) & hw::dr6::conditions;
    core.dr6 = hw::dr6::at_reset;
    hw::Frame frame = d.frame;
    if (hw::dr6::Bs::test(conditions)) {
        frame.flags &= ~hw::rflags::Tf::mask;
        if (!std::exchange(k.step_warned, true))
            kernel_warn("arch/x86/kernel/traps.c", 1008, "exc_debug", nullptr);
    }
    hw::iret(core, frame);
}

/// [SDM3] "Interrupt 18-Machine-Check Exception (#MC)": no return.
[[noreturn]] void exc_machine_check(Kernel& k)
{
    enter_like_nmi(k);
    ++k.this_cpu->stats.mce;
    abi::panic("Fatal machine check from unknown source");
    __builtin_unreachable();
}

} // namespace

bool has_exception_gate(u8 vector) { return vector < hw::exc_ve; }

void exception_entered(Kernel& k, TrapFrame& f, const hw::Delivered& d)
{
    k.emit(EventKind::exception, d.vector, d.frame.ip);
    if (d.vector == hw::exc_nmi && d.outcome == hw::Delivered::Outcome::entered)
        return enter_nmi(k, d);
    core_of(k).rflags = d.frame.flags; // the gate turned IF off; the report shows the flags of the code that faulted
    f.regs.ip = d.frame.ip;
    if (d.outcome == hw::Delivered::Outcome::triple_fault)
        oops_triple_fault(k, f);
    switch (d.vector) {
    case hw::exc_db: return exc_debug(k, d);
    case spurious_interrupt_bug: return hw::iret(core_of(k), d.frame);
    case hw::exc_mc: exc_machine_check(k);
    case hw::exc_bp: // a handler of its own kind since 5.8 [LX arch/x86/kernel/traps.c]
        if (k.config.release >= Release::v5_10)
            enter_like_nmi(k);
        break;
    case hw::exc_df: enter_like_nmi(k); break;
    default: break;
    }
    f.address = core_of(k).cr2;
    oops_exception(k, f, d.vector, static_cast<u32>(d.frame.error_code));
}

void take_exception(Kernel& k, TrapFrame& f, u8 vector, u32 error)
{
    hw::Cpu& core = core_of(k);
    if (vector == hw::exc_pf)
        core.cr2 = f.address;
    if (vector == hw::exc_db) {
        hw::note_debug(core, error);
        hw::take_debug(core);
    }
    const hw::Event event = vector == hw::exc_nmi ? hw::Event::nmi : hw::Event::exception;
    exception_entered(k, f, hw::deliver(k.machine, k.this_cpu->index, vector, event, error, f.regs.ip, f.regs.sp));
}

void exception_of_delivery(Kernel& k, const hw::Delivered& d)
{
    TrapFrame f{};
    f.regs.ip = d.frame.ip;
    f.regs.sp = d.frame.sp;
    f.regs.flags = d.frame.flags;
    exception_entered(k, f, d);
}

} // namespace irqlab::kernel
