// The system control interrupt. Its events (power button, battery) are not modelled: the line stays low,
// and an interrupt on it is somebody else's.
#include "kernel/drivers/drivers.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/printk/console.hpp"

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
    if (k.irq->use_ioapic)
        log_line(k, loglevel_info, "ACPI: Using IOAPIC for interrupt routing");
}

} // namespace irqlab::kernel
