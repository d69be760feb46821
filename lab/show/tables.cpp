// The wiring and the tables of firmware as a view. See the header.
#include "lab/show/tables.hpp"

#include <array>
#include <fmt/format.h>

#include "hw/board/pci_tables.hpp"
#include "hw/board/tables.hpp"

namespace irqlab::lab {

namespace {

using namespace hw;

View wires_of(BoardId board)
{
    View rows = View::array();
    for (const Wire& w : schematic(board))
        rows.push_back({{"from", fmt::format("{}.{}", name(w.from), w.from_pin)},
                        {"to", fmt::format("{}.{}", name(w.to), w.to_pin)},
                        {"inverted", w.inverted}});
    return rows;
}

View overrides_of(BoardId board)
{
    View rows = View::array();
    for (const IsaOverride& o : overrides(board))
        rows.push_back({{"isa", o.isa},
                        {"gsi", o.gsi},
                        {"trigger", o.level ? "level" : "edge"},
                        {"polarity", o.active_low ? "low" : "high"},
                        {"flags", hex(madt_flags(o))}});
    return rows;
}

View timers_of(const Machine& m)
{
    View rows = View::array();
    for (unsigned n = 0; n < hpet::timers; ++n) {
        View inputs = View::array();
        for (unsigned pin = 0; pin < 32; ++pin)
            if (m.hpet.timer[n].routes >> pin & 1)
                inputs.push_back(pin);
        rows.push_back(
            {{"timer", n}, {"inputs", inputs}, {"messages", hpet::FsbCap::test(m.hpet.timer[n].config)}});
    }
    return rows;
}

View assignment(const MpAssignment& a, const char* pin_name)
{
    static constexpr std::array types{"INT", "NMI", "SMI", "ExtINT"};
    return {{"type", types[static_cast<unsigned>(a.type)]},
            {"polarity", static_cast<unsigned>(a.polarity)},
            {"trigger", static_cast<unsigned>(a.trigger)},
            {"bus", a.bus == mp_bus_pci ? "PCI" : "ISA"},
            {"irq", a.bus_irq},
            {"apic", a.apic},
            {pin_name, a.pin}};
}

View processors_of(const Machine& m)
{
    View rows = View::array();
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
        rows.push_back({{"cpu", cpu}, {"apic", cpu}, {"bootstrap", cpu == 0}});
    return rows;
}

/// $PIR and _PRT in one: where each pin of a PCI slot goes, and what that is to the I/O APIC.
View pci_slots_of(BoardId board)
{
    View rows = View::array();
    for (const PirSlot& slot : pir_table(board)) {
        const unsigned device = slot_of(slot.devfn);
        View row = {{"slot", device}};
        for (unsigned pin = 0; pin < intx_pins; ++pin) {
            const PrtRow& prt = prt_table(board)[device * intx_pins + pin];
            row[fmt::format("INT{:c}", 'A' + pin)] =
                fmt::format("PIRQ{:c} ({:x}h), GSI {}", 'A' + prt.pirq, slot.pin[pin].link, prt.gsi);
        }
        rows.push_back(row);
    }
    return rows;
}

/// Where the router sends each PIRQ now.
View pirqs_of(const Machine& m)
{
    const auto line_or_none = [](u8 line) { return line == not_routed ? View("none") : View(line); };
    View rows = View::array();
    for (unsigned pirq = 0; pirq < pirq_count(m.board); ++pirq)
        rows.push_back({{"pirq", fmt::format("{:c}", 'A' + pirq)},
                        {"register", hex(pirq_register(pirq))},
                        {"isa", line_or_none(line_of_pirq(m.board, m.pci.isa, pirq, m.pci.quirks))},
                        {"gsi", line_or_none(gsi_of_pirq(m.board, pirq))}});
    return rows;
}

} // namespace

View show_wires(const Machine& m)
{
    View inputs = View::array(), lints = View::array();
    for (const MpAssignment& a : io_assignments(m.board))
        inputs.push_back(assignment(a, "input"));
    for (const MpAssignment& a : local_assignments())
        lints.push_back(assignment(a, "lint"));
    return {{"wires", wires_of(m.board)},
            {"interrupt source overrides", overrides_of(m.board)},
            {"hpet routes", timers_of(m)},
            {"processors", processors_of(m)},
            {"i/o interrupt assignments", inputs},
            {"local interrupt assignments", lints},
            {"pirq routing", pirqs_of(m)},
            {"pci slots ($PIR, _PRT)", pci_slots_of(m.board)},
            {"tables", {{"madt bytes", madt_bytes(m, {})}, {"mp table bytes", mp_table_bytes(m, 0, {})}}}};
}

} // namespace irqlab::lab
