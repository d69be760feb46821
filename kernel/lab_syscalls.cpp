// The lab's own calls: what a hand at the machine does, and what the system says of itself.
#include <bit>
#include <utility>

#include "kernel/drivers/port.hpp"
#include "kernel/entry/entry.hpp"
#include "kernel/entry/exceptions.hpp"
#include "kernel/entry/report.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/syscall.hpp"
#include "linux/abi/base.h"

namespace irqlab::kernel {

namespace {

constexpr u64 pulse_ns = 20'000; // from one pulse of a hand to the next

/// Brackets a call that touches the machine from outside: what it raised lands before it returns.
template <class Act>
int stimulus(Act act)
{
    syscall_enter();
    Kernel& k = kernel();
    const int result = act(k);
    sched_signals(k);
    syscall_exit();
    return result;
}

/// The 8259 forgets a request whose line falls before INTA, so that the boot CPU acknowledges first.
void pulse_at_8259(Kernel& k, unsigned line)
{
    sched_signals(k); // what is pending already goes first
    hw::Machine& m = k.machine;
    hw::drive_line(m, line, hw::Source::hand, true, k.signals);
    const bool taken = hw::interrupt_pending(m, 0) && hw::can_take_interrupt(m.core[0].cpu);
    const int vector = taken ? hw::accept(m, 0, k.signals) : -1;
    hw::drive_line(m, line, hw::Source::hand, false, k.signals);
    if (vector >= 0)
        enter_vector(k, hw::deliver(m, 0, static_cast<u8>(vector), hw::Event::external, 0, 0, 0));
}

constexpr u8 rtc_a = 0x0a, rtc_b = 0x0b;

u8 rtc_read(Kernel& k, u8 reg)
{
    outb(k, reg, 0x70);
    return inb(k, 0x71);
}
void rtc_write(Kernel& k, u8 reg, u8 value)
{
    outb(k, reg, 0x70);
    outb(k, value, 0x71);
}

} // namespace

int lab_line(unsigned line, bool high)
{
    if (line >= hw::lines_max || line == 2)
        return -EINVAL;
    return stimulus([&](Kernel& k) {
        hw::drive_line(k.machine, line, hw::Source::hand, high, k.signals);
        return 0;
    });
}

int lab_pulse(unsigned line)
{
    if (line >= hw::lines_max || line == 2)
        return -EINVAL;
    if (kernel().irq->use_ioapic)
        return stimulus([&](Kernel& k) {
            hw::drive_line(k.machine, line, hw::Source::hand, true, k.signals);
            hw::drive_line(k.machine, line, hw::Source::hand, false, k.signals);
            sched_signals(k);
            sched_spend(k, pulse_ns); // the next one must find this one served, also on another CPU
            return 0;
        });
    const CpuSet cpus = sys_sched_getaffinity(0);
    sys_sched_setaffinity(0, CpuSet::only(0));
    const int result = stimulus([&](Kernel& k) {
        pulse_at_8259(k, line);
        return 0;
    });
    sys_sched_setaffinity(0, cpus);
    return result;
}

int lab_keyboard(const std::uint8_t* scancodes, std::size_t count)
{
    return stimulus([&](Kernel& k) {
        // Each byte is served before the next arrives, as at the pace of a hand.
        for (std::size_t i = 0; i < count; ++i) {
            hw::kbd_key(k.machine, scancodes[i], k.signals);
            sched_signals(k);
            sched_spend(k, 1'000'000);
        }
        return static_cast<int>(count);
    });
}

int lab_mouse(int dx, int dy, unsigned buttons)
{
    return stimulus([&](Kernel& k) {
        hw::mouse_move(k.machine, dx, dy, static_cast<u8>(buttons), k.signals);
        return 0;
    });
}

int lab_uart(unsigned port, const std::uint8_t* bytes, std::size_t count)
{
    if (port >= 2)
        return -ENODEV;
    return stimulus([&](Kernel& k) {
        for (std::size_t i = 0; i < count; ++i) {
            hw::uart_receive(k.machine, port, bytes[i], k.signals);
            sched_signals(k);
            sched_spend(k, 86'806); // ten bits at 115200 baud
        }
        return static_cast<int>(count);
    });
}

int lab_rtc_rate(unsigned hz)
{
    if (!std::has_single_bit(hz) || hz < 2 || hz > 8192)
        return -EINVAL;
    // Rate select 3 is 8192 Hz, 15 is 2 Hz. [MC146818] "Register A"
    const unsigned rate = 16 - static_cast<unsigned>(std::countr_zero(hz));
    return stimulus([&](Kernel& k) {
        rtc_write(k, rtc_a, static_cast<u8>((rtc_read(k, rtc_a) & 0xf0) | rate));
        rtc_write(k, rtc_b, static_cast<u8>(rtc_read(k, rtc_b) | 0x40));
        return 0;
    });
}

int lab_rtc_event()
{
    return stimulus([](Kernel& k) {
        constexpr u8 enables = 0x70; // PIE, AIE, UIE
        if (!(rtc_read(k, rtc_b) & enables))
            return -EAGAIN;
        const u64 event = hw::next_event_ns(k.machine);
        const u64 now = now_ns(*k.this_cpu);
        if (event != hw::never_ns && event > now)
            sched_spend(k, event - now);
        return 0;
    });
}

[[gnu::noinline]] int lab_exception(unsigned vector, std::uint32_t error)
{
    if (vector >= 32)
        return -EINVAL;
    TrapFrame frame{};
    IRQLAB_CAPTURE(frame);
    return stimulus([&](Kernel& k) {
        take_exception(k, frame, static_cast<u8>(vector), error);
        return 0;
    });
}

int lab_nmi_pin()
{
    return stimulus([](Kernel& k) {
        hw::drive_nmi(k.machine, true, k.signals);
        hw::drive_nmi(k.machine, false, k.signals);
        sched_signals(k);
        sched_spend(k, pulse_ns); // another CPU may be the one that takes it
        return 0;
    });
}

namespace {

/// A message to one CPU whose delivery mode is not fixed. [SDM3] "Message Signalled Interrupts"
void send_special(Kernel& k, unsigned cpu, hw::Delivery mode)
{
    constexpr u32 local_apics = 0xfee00000;
    hw::send_msi(k.machine, local_apics | (cpu & 0xff) << 12, static_cast<u32>(mode) << 8, k.signals);
    sched_signals(k);
}

} // namespace

int lab_nmi(unsigned cpu)
{
    if (cpu >= kernel().cpu_count)
        return -EINVAL;
    return stimulus([&](Kernel& k) {
        send_special(k, cpu, hw::Delivery::nmi);
        sched_spend(k, pulse_ns);
        return 0;
    });
}

int lab_smi(unsigned cpu)
{
    constexpr u64 firmware_ns = 100'000;
    if (cpu >= kernel().cpu_count)
        return -EINVAL;
    return stimulus([&](Kernel& k) {
        send_special(k, cpu, hw::Delivery::smi);
        k.machine.core[cpu].cpu.smi_pending = false; // taken, and left by RSM
        k.cpus[cpu].clock_ns += firmware_ns;
        sched_step(k);
        return 0;
    });
}

int lab_lpt_ack()
{
    return stimulus([](Kernel& k) {
        if (!hw::lpt::IrqEnable::test(k.machine.lpt.control))
            return -EAGAIN;
        hw::lpt_drive(k.machine, hw::LptInput::ack, false, k.signals);
        sched_signals(k);
        hw::lpt_drive(k.machine, hw::LptInput::ack, true, k.signals);
        return 0;
    });
}

std::uint64_t sys_take_signals() { return std::exchange(current_task().signals, 0); }

Utsname sys_uname()
{
    const ReleaseNames& names = names_of(kernel().config.release);
    return {"Linux", "irqlab", names.uname.data(), "#1 SMP PREEMPT_DYNAMIC", "x86_64"};
}

std::uint64_t sys_clock_monotonic_ns() { return now_ns(this_cpu()); }

std::int64_t sys_clock_realtime_s()
{
    return kernel().config.boot_time_s + static_cast<i64>(now_ns(this_cpu()) / 1'000'000'000);
}

} // namespace irqlab::kernel
