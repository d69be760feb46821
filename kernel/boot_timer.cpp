// The 8254 at boot, and the local APIC timer measured against it. See the header.
#include "kernel/boot_timer.hpp"

#include <fmt/format.h>

#include "hw/irq/lapic.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/printk/console.hpp"
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

u32 lapic_read(Kernel& k, u16 reg)
{
    return hw::mmio_read(k.machine, k.this_cpu->index, hw::lapic_address + reg, k.signals);
}
void lapic_write(Kernel& k, u16 reg, u32 value)
{
    hw::mmio_write(k.machine, k.this_cpu->index, hw::lapic_address + reg, value, k.signals);
}

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

void calibrate(Kernel& k)
{
    lapic_write(k, hw::lapic_timer_initial, 0xffffffff);
    wait_ticks(k, 1); // start on a tick
    const u32 first = lapic_read(k, hw::lapic_timer_current);
    wait_ticks(k, calibration_ticks);
    const u32 delta = first - lapic_read(k, hw::lapic_timer_current);
    lapic_write(k, hw::lapic_timer_initial, 0);
    const u64 bus_khz = u64{delta} * divisor * 10 / 1000;
    if (!apic_verbose(k))
        return;
    char line[96];
    const auto end = fmt::format_to_n(line, sizeof line, "..... host bus clock speed is {}.{:03}0 MHz.",
                                      bus_khz / 1000, bus_khz % 1000);
    log_line(k, loglevel_info, {line, static_cast<std::size_t>(end.out - line)});
}

} // namespace

bool apic_verbose(const Kernel& k)
{
    const std::string_view level = cmdline_value(k.config.cmdline, "apic");
    return level == "debug" || level == "verbose";
}

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
    pit_periodic(k);
    if (!wait_ticks(k, ticks_that_prove)) {
        log_line(k, loglevel_err, "..MP-BIOS bug: 8254 timer not connected to IO-APIC");
        return;
    }
    if (!k.irq->use_lapic)
        return;
    lapic_write(k, hw::lapic_lvt_timer, local_timer_vector | hw::lvt::Masked::mask);
    lapic_write(k, hw::lapic_timer_divide, divide_by_16);
    if (apic_verbose(k)) {
        log_line(k, loglevel_info, "Using local APIC timer interrupts.");
        log_line(k, loglevel_info, "calibrating APIC timer ...");
    }
    calibrate(k);
    pit_stop(k);
    local_timer_setup(k);
}

} // namespace irqlab::kernel
