// All chips of the differential run.
#include "tests/conform/chip.hpp"

namespace irqlab::conform {

std::vector<Chip> all_chips()
{
    return {
        pic_against_qemu(),  ioapic_against_qemu(),   i8042_against_qemu(), pit_against_qemu(),
        hpet_against_qemu(), lpt_against_qemu(),      pci_against_qemu(),   pci_q35_against_qemu(),
        pirq_against_qemu(), pirq_q35_against_qemu(), edu_against_qemu(),   rtc_against_qemu(),
        uart_against_qemu(),
    };
}

} // namespace irqlab::conform
