// The system control interrupt. Its events (power button, battery) are not modelled: the line stays low,
// and an interrupt on it is somebody else's.
#include "kernel/drivers/drivers.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/printk/say.hpp"

namespace irqlab::kernel {

namespace {
abi::irqreturn_t interrupt(int, void*) { return abi::IRQ_NONE; }
char sci; // its address is the action's dev_id
} // namespace

void acpi_init(Kernel& k)
{
    if (has_word(k.config.without, "acpi"))
        return;
    setup_irq(k, 9, interrupt, IRQF_SHARED, "acpi", &sci);
    say(k, loglevel_info, "ACPI: Using {} for interrupt routing", k.irq->use_ioapic ? "IOAPIC" : "PIC");
}

// CPUs that ACPI names and the command line does not want.
void acpi_processors_init(Kernel& k)
{
    if (has_word(k.config.without, "acpi"))
        return;
    for (unsigned cpu = k.cpu_count; cpu < k.config.cpus; ++cpu) {
        say(k, loglevel_warning,
            "APIC: NR_CPUS/possible_cpus limit of {} reached. Processor {}/0x{:x} ignored.", k.cpu_count, cpu,
            cpu);
        log_line(k, loglevel_info, "ACPI: Unable to map lapic to logical cpu number");
    }
}

// [recordings of Linux on QEMU's boards]: pc has the floppy controller too.
unsigned pnp_number(const Kernel& k, PnpDevice device)
{
    const unsigned first = k.config.board == hw::BoardId::pc ? 4 : 3;
    return first + static_cast<unsigned>(device);
}

} // namespace irqlab::kernel
