// Lines of PCI devices: inputs that firmware's tables route their INTx pins to.
//
// With the I/O APIC the irq is the input's number; one beyond the ISA lines has a descriptor for as long as some
// device is registered there. With the 8259s it is an ISA line, which is set to level. Source: [LX
// arch/x86/kernel/acpi/boot.c] acpi_register_gsi, [LX arch/x86/kernel/apic/io_apic.c] mp_map_gsi_to_irq.
#include "kernel/drivers/port.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/printk/say.hpp"

namespace irqlab::kernel {

namespace {

static_assert(sizeof(IrqCore::gsi_users) / sizeof(u16) == hw::lines_max);

constexpr unsigned no_node = ~0u;

// [PIIX] "ELCR1, ELCR2: Edge/Level Control Registers"
void elcr_set_level(Kernel& k, unsigned irq)
{
    const u16 port = static_cast<u16>(0x4d0 + irq / 8);
    const u8 mask = static_cast<u8>(1u << irq % 8);
    if (k.irq->level_lines_said >> irq & 1)
        return;
    k.irq->level_lines_said |= 1u << irq;
    const u8 was = inb(k, port);
    if (was & mask)
        return;
    say(k, loglevel_debug, "PCI: setting IRQ {} as level-triggered", irq);
    outb(k, was | mask, port);
}

int register_at_8259(Kernel& k, unsigned irq)
{
    if (irq >= nr_legacy_irqs)
        return -EINVAL;
    elcr_set_level(k, irq);
    return static_cast<int>(irq);
}

/// The irq of an input; ISA lines may have another number than theirs.
unsigned irq_of_gsi(const Kernel& k, unsigned gsi)
{
    for (unsigned isa = 0; isa < nr_legacy_irqs; ++isa)
        if (isa != 2 && hw::isa_to_gsi(k.config.board, isa).gsi == gsi)
            return isa;
    return gsi;
}

} // namespace

int acpi_register_gsi(Kernel& k, unsigned gsi, bool active_low)
{
    if (!k.irq->use_ioapic)
        return register_at_8259(k, gsi);
    if (gsi >= hw::lines_max)
        return -EINVAL;
    const unsigned irq = irq_of_gsi(k, gsi);
    ++k.irq->gsi_users[gsi];
    if (irq >= nr_legacy_irqs && !irq_desc_of(k, irq)) {
        abi::irq_desc& desc = *irq_desc_make(k, irq);
        desc.irq_common_data.node = no_node;
        ioapic_take_line(k, desc, static_cast<u8>(gsi), true, active_low);
    }
    return static_cast<int>(irq);
}

void acpi_unregister_gsi(Kernel& k, unsigned gsi)
{
    if (!k.irq->use_ioapic || gsi >= hw::lines_max || k.irq->gsi_users[gsi] == 0)
        return;
    const unsigned irq = irq_of_gsi(k, gsi);
    const abi::irq_desc* desc = irq_desc_of(k, irq);
    // A handler that was left behind keeps the line: its memory must not be given to another.
    if (--k.irq->gsi_users[gsi] == 0 && irq >= nr_legacy_irqs && desc && !desc->action)
        irq_desc_drop(k, irq);
}

} // namespace irqlab::kernel
