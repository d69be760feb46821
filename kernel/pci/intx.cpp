// INTx: from a function's pin by _PRT to an I/O APIC input, or by a link to an ISA line. [LX drivers/acpi/pci_irq.c]
//
// pc's links name ISA lines with either controller; q35's name inputs of the I/O APIC when that is in use; laptop's
// _PRT names inputs without links. Links speak when they are enabled first.
#include "hw/board/pci_tables.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/pci/pci.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

const hw::PrtRow& row_of(const Kernel& k, const abi::pci_dev& dev)
{
    const unsigned pin = (dev.pin - 1u) % hw::intx_pins;
    return hw::prt_table(k.config.board)[hw::slot_of(static_cast<u8>(dev.devfn)) * hw::intx_pins + pin];
}

/// With the 8259s the line that firmware wrote into the router.
unsigned input_of(Kernel& k, const hw::PrtRow& row)
{
    return k.irq->use_ioapic ? row.gsi : hw::firmware_lines[row.pirq & 3];
}

// Until 5.11 the words were others. [LX drivers/acpi/pci_link.c]
void say_link(Kernel& k, const hw::PrtRow& row, unsigned irq)
{
    const bool own_input = k.irq->use_ioapic && k.config.board != hw::BoardId::pc;
    if ((own_input && k.config.board == hw::BoardId::laptop) || (k.pci->links_on >> row.pirq & 1) != 0)
        return;
    k.pci->links_on |= 1u << row.pirq;
    const char* kind = own_input ? "GSI" : "LNK";
    const int letter = 'A' + row.pirq;
    if (k.config.release >= Release::v5_15)
        abi::_printk("\0016ACPI: \\_SB_.%s%c: Enabled at IRQ %u\n", kind, letter, irq);
    else
        abi::_printk("\0014ACPI: PCI Interrupt Link [%s%c] enabled at IRQ %u\n", kind, letter, irq);
}

} // namespace

int intx_enable(Kernel& k, abi::pci_dev& dev)
{
    PciFunction& f = function_of(dev);
    if (dev.pin == 0 || f.gsi >= 0)
        return 0;
    const hw::PrtRow& row = row_of(k, dev);
    const unsigned gsi = input_of(k, row);
    say_link(k, row, gsi);
    const int irq = acpi_register_gsi(k, gsi, hw::gsi_active_low(k.config.board, gsi));
    if (irq < 0) {
        abi::_dev_warn(&dev.dev, "PCI INT %c: failed to register GSI\n", 'A' + dev.pin - 1);
        return irq;
    }
    f.gsi = static_cast<int>(gsi);
    dev.irq = static_cast<unsigned>(irq);
    return 0;
}

void intx_disable(Kernel& k, abi::pci_dev& dev)
{
    PciFunction& f = function_of(dev);
    if (f.gsi >= 0)
        acpi_unregister_gsi(k, static_cast<unsigned>(f.gsi));
    f.gsi = -1;
}

// USB, audio, SMBus and the other functions of ICH9 in slots 25 to 31 are not modelled; their pins go to PIRQA to D.
void intx_register_boards(Kernel& k)
{
    if (k.config.board != hw::BoardId::laptop || !k.irq->use_ioapic)
        return;
    for (unsigned pirq = 0; pirq < hw::intx_pins; ++pirq) {
        const unsigned gsi = hw::gsi_of_pirq(k.config.board, pirq);
        acpi_register_gsi(k, gsi, hw::gsi_active_low(k.config.board, gsi));
    }
}

} // namespace irqlab::kernel
