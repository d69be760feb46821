// All chips of the differential run.
#include "tests/conform/chip.hpp"

namespace irqlab::conform {

std::vector<Chip> all_chips()
{
    std::vector<Chip> all{
        pic_against_qemu(),     ioapic_against_qemu(), i8042_against_qemu(),    rtc_against_qemu(),
        pit_against_qemu(),     hpet_against_qemu(),   lpt_against_qemu(),      pci_against_qemu(),
        pci_q35_against_qemu(), pirq_against_qemu(),   pirq_q35_against_qemu(), edu_against_qemu(),
        edu_dma_against_qemu(), uart_against_qemu(),   pic_against_kvm(),       ioapic_against_kvm(),
    };
    for (Chip& chip : lapics_against_kvm())
        all.push_back(std::move(chip));
    return all;
}

} // namespace irqlab::conform
