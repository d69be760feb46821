// The wiring and the tables of firmware as a view. See the header.
#include "lab/show/tables.hpp"

#include <array>
#include <fmt/format.h>

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
            {"tables", {{"madt bytes", madt_bytes(m, {})}, {"mp table bytes", mp_table_bytes(m, 0, {})}}}};
}

} // namespace irqlab::lab
