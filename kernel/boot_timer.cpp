// The 8254 at boot, and the local APIC timer measured against it. See the header.
#include "kernel/boot_timer.hpp"

#include "hw/irq/lapic.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/entry/trap.hpp"
#include "kernel/irq/apic.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/time/tick.hpp"

namespace irqlab::kernel {

namespace {

constexpr u32 pit_hz = 1'193'182;
constexpr u32 pit_latch = (pit_hz + abi::IRQLAB_HZ / 2) / abi::IRQLAB_HZ;
constexpr u16 pit_channel0 = 0x40, pit_mode = 0x43;
constexpr unsigned ticks_that_prove = 5;
constexpr unsigned calibration_ticks = abi::IRQLAB_HZ / 10; // 100 ms
constexpr u32 divide_by_16 = 0x3;
constexpr unsigned divisor = 16;

void pit_periodic(Kernel& k)
{
    outb(k, 0x34, pit_mode); // channel 0, low then high byte, mode 2
    outb(k, pit_latch & 0xff, pit_channel0);
    outb(k, pit_latch >> 8, pit_channel0);
    sched_signals(k);
}

// Mode 0 with a count of zero: one last edge, far away, and then none.
void pit_stop(Kernel& k)
{
    outb(k, 0x30, pit_mode);
    sched_signals(k);
}

unsigned ticks_seen(Kernel& k) { return irq_desc_of(k, 0)->kstat_irqs[0]; }

/// Waits for `count` interrupts of IRQ 0. @return false when they do not come.
bool wait_ticks(Kernel& k, unsigned count)
{
    const unsigned until = ticks_seen(k) + count;
    while (ticks_seen(k) < until)
        if (!sched_relax(k))
            return false;
    return true;
}

/// A frequency in steps of 1 / HZ s, as Linux prints it: MHz, and the rest uncut.
void say_speed(Kernel& k, const char* what, u64 steps_a_tick)
{
    constexpr u64 mhz = 1'000'000 / abi::IRQLAB_HZ;
    say_verbose(k, loglevel_warning, "..... {} clock speed is {}.{:04} MHz.", what, steps_a_tick / mhz,
                steps_a_tick % mhz);
}

void say_calibration(Kernel& k, u32 delta, u64 tsc_delta)
{
    constexpr u64 tick_ns = 1'000'000'000 / abi::IRQLAB_HZ;
    const u32 period = static_cast<u32>(u64{delta} * divisor / calibration_ticks);
    say_verbose(k, loglevel_warning, "... lapic delta = {}", delta);
    say_verbose(k, loglevel_warning, "..... delta {}", delta);
    say_verbose(k, loglevel_warning, "..... mult: {}", (u64{period / divisor} << 32) / tick_ns);
    say_verbose(k, loglevel_warning, "..... calibration result: {}", period);
    say_speed(k, "CPU", tsc_delta / calibration_ticks);
    say_speed(k, "host bus", period);
}

void calibrate(Kernel& k)
{
    say_verbose(k, loglevel_warning, "Using local APIC timer interrupts.");
    say_verbose(k, loglevel_warning, "calibrating APIC timer ...");
    lapic_write(k, hw::lapic_timer_initial, 0xffffffff);
    wait_ticks(k, 1); // start on a tick
    const u32 first = lapic_read(k, hw::lapic_timer_current);
    const u64 first_tsc = modelled_tsc(k);
    wait_ticks(k, calibration_ticks);
    const u32 delta = first - lapic_read(k, hw::lapic_timer_current);
    say_calibration(k, delta, modelled_tsc(k) - first_tsc);
    lapic_write(k, hw::lapic_timer_initial, 0);
}

// The 8259 has nothing more to bring: its wire is closed, and it ends by itself what it still gets.
// [LX arch/x86/kernel/apic/io_apic.c] check_timer.
void hand_timer_to_ioapic(Kernel& k)
{
    mask_8259a_irq(k, 0);
    lapic_write(k, hw::lapic_lvt_lint0, lapic_read(k, hw::lapic_lvt_lint0) | hw::lvt::Masked::mask);
    irq_init_8259(k, Eoi::automatic);
    const Route& r = route_of(*irq_desc_of(k, 0));
    const int i8259_pin = k.irq->ext_int_pin;
    say(k, loglevel_info, "..TIMER: vector=0x{:02X} apic1=0 pin1={} apic2={} pin2={}", r.vector, r.pin,
        i8259_pin < 0 ? -1 : 0, i8259_pin);
}

} // namespace

abi::irqreturn_t timer_interrupt(int, void*)
{
    Kernel& k = kernel();
    if (!k.irq->use_lapic)
        local_timer_interrupt(k);
    return abi::IRQ_HANDLED;
}

void local_timer_setup(Kernel& k)
{
    lapic_write(k, hw::lapic_timer_divide, divide_by_16);
    lapic_write(k, hw::lapic_lvt_timer, local_timer_vector);
}

void timer_start(Kernel& k)
{
    if (k.irq->use_ioapic)
        hand_timer_to_ioapic(k);
    pit_periodic(k);
    if (!wait_ticks(k, ticks_that_prove)) {
        log_line(k, loglevel_err, "..MP-BIOS bug: 8254 timer not connected to IO-APIC");
        return;
    }
    if (!k.irq->use_lapic)
        return;
    lapic_write(k, hw::lapic_lvt_timer, local_timer_vector | hw::lvt::Masked::mask);
    lapic_write(k, hw::lapic_timer_divide, divide_by_16);
    calibrate(k);
    pit_stop(k);
    local_timer_setup(k);
}

} // namespace irqlab::kernel
