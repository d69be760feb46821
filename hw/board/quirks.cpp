// Which chips have quirks. See the header.
#include "hw/board/quirks.hpp"

namespace irqlab::hw {
namespace {

void spread_lapic(Machine& m)
{
    for (unsigned cpu = 1; cpu < m.cpu_count; ++cpu)
        m.core[cpu].lapic.quirks = m.core[0].lapic.quirks;
}

void spread_ioapic(Machine& m)
{
    follow_quirks(m.ioapic);
    if (!m.has_ioapic2)
        return;
    m.ioapic2.chip.quirks = m.ioapic.quirks;
    follow_quirks(m.ioapic2.chip);
}

void spread_uart(Machine& m)
{
    for (Uart16550& uart : m.uart)
        uart.quirks = m.uart[0].quirks;
}

} // namespace

std::span<const QuirkedChip> quirked_chips()
{
    static const std::array chips{
        QuirkedChip{"pic", i8259_quirks(), [](Machine& m) -> u32& { return m.pic.master.quirks; },
                    [](Machine& m) { follow_quirks(m.pic); }},
        QuirkedChip{"ioapic", ioapic_quirks(), [](Machine& m) -> u32& { return m.ioapic.quirks; },
                    spread_ioapic},
        QuirkedChip{"lapic", lapic_quirks(), [](Machine& m) -> u32& { return m.core[0].lapic.quirks; },
                    spread_lapic},
        QuirkedChip{"pit", i8254_quirks(), [](Machine& m) -> u32& { return m.pit.quirks; }, nullptr},
        QuirkedChip{"hpet", hpet_quirks(), [](Machine& m) -> u32& { return m.hpet.quirks; }, nullptr},
        QuirkedChip{"pci", pci_quirks(), [](Machine& m) -> u32& { return m.pci.quirks; }, nullptr},
        QuirkedChip{"i8042", i8042_quirks(), [](Machine& m) -> u32& { return m.kbc.quirks; }, nullptr},
        QuirkedChip{"rtc", mc146818_quirks(), [](Machine& m) -> u32& { return m.rtc.quirks; }, nullptr},
        QuirkedChip{"uart", uart16550_quirks(), [](Machine& m) -> u32& { return m.uart[0].quirks; },
                    spread_uart},
        QuirkedChip{"lpt", lpt_quirks(), [](Machine& m) -> u32& { return m.lpt.quirks; }, nullptr},
    };
    return chips;
}

void set_quirks(Machine& machine, const QuirkedChip& chip, u32 on)
{
    chip.switches(machine) = on;
    if (chip.spread)
        chip.spread(machine);
}

void set_profile(Machine& machine, Profile profile)
{
    for (const QuirkedChip& chip : quirked_chips())
        set_quirks(machine, chip, quirks_of(chip.rows, profile));
}

} // namespace irqlab::hw
