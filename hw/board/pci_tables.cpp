// $PIR and _PRT, computed. See the header.
#include "hw/board/pci_tables.hpp"

namespace irqlab::hw {
namespace {

struct Tables {
    std::array<PirSlot, pci_slots - 1> pir;
    std::array<PrtRow, pci_slots * intx_pins> prt;
};

constexpr PrtRow prt_row(BoardId board, unsigned device, unsigned pin)
{
    const unsigned pirq = pirq_of(board, device, pin);
    const u8 own = gsi_of_pirq(board, pirq);
    const u8 gsi = own != not_routed ? own : firmware_lines[pirq & 3];
    return {static_cast<u8>(device), static_cast<u8>(pin), static_cast<u8>(pirq), gsi};
}

constexpr Tables compute(BoardId board)
{
    Tables t{};
    for (unsigned device = 0; device < pci_slots; ++device)
        for (unsigned pin = 0; pin < intx_pins; ++pin) {
            const PrtRow row = prt_row(board, device, pin);
            t.prt[device * intx_pins + pin] = row;
            if (device == 0)
                continue;
            PirSlot& slot = t.pir[device - 1];
            slot.devfn = devfn(device, 0);
            slot.pin[pin] = {static_cast<u8>(pirq_register(row.pirq)), pirq_route::lines};
        }
    return t;
}

constexpr std::array<Tables, boards> tables{compute(BoardId::pc), compute(BoardId::q35),
                                            compute(BoardId::laptop)};

} // namespace

std::span<const PirSlot> pir_table(BoardId board) { return tables[static_cast<unsigned>(board)].pir; }
std::span<const PrtRow> prt_table(BoardId board) { return tables[static_cast<unsigned>(board)].prt; }

} // namespace irqlab::hw
