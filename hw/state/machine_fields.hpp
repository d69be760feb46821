// The field lists of the remapping unit and of what holds the chips together: the board, a CPU. See
// fields.hpp.
#pragma once
#include "hw/state/fields.hpp"

namespace irqlab::hw {

template <>
inline constexpr auto field_list<Irte> = std::tuple{field("low", &Irte::low), field("high", &Irte::high)};
static_assert(complete<Irte>());

template <>
inline constexpr auto field_list<Vtd> = std::tuple{
    field("rtaddr", &Vtd::rtaddr),
    field("ccmd", &Vtd::ccmd),
    field("iqh", &Vtd::iqh),
    field("iqt", &Vtd::iqt),
    field("iqa", &Vtd::iqa),
    field("irta", &Vtd::irta),
    field("table", &Vtd::table),
    field("record_low", &Vtd::record_low),
    field("record_high", &Vtd::record_high),
    field("gsts", &Vtd::gsts),
    field("fsts", &Vtd::fsts),
    field("fectl", &Vtd::fectl),
    field("fedata", &Vtd::fedata),
    field("feaddr", &Vtd::feaddr),
    field("feuaddr", &Vtd::feuaddr),
    field("ics", &Vtd::ics),
    field("iectl", &Vtd::iectl),
    field("iedata", &Vtd::iedata),
    field("ieaddr", &Vtd::ieaddr),
    field("ieuaddr", &Vtd::ieuaddr),
    field("unused", &Vtd::unused),
    field("cached", &Vtd::cached),
    field("cache", &Vtd::cache),
};
static_assert(complete<Vtd>());

template <>
inline constexpr auto field_list<RemapUnit> =
    std::tuple{field("vtd", &RemapUnit::vtd), field("memory", &RemapUnit::memory)};
static_assert(complete<RemapUnit>());

template <>
inline constexpr auto field_list<Ioapic2> =
    std::tuple{field("chip", &Ioapic2::chip), field("line_sources", &Ioapic2::line_sources)};
static_assert(complete<Ioapic2>());

template <>
inline constexpr auto field_list<Board> = std::tuple{
    field("deadline_ns", &Board::deadline_ns),
    field("now_ns", &Board::now_ns),
    field("board", &Board::board),
    field("cpu_count", &Board::cpu_count),
    field("ids_changed", &Board::ids_changed),
    field("flat_ids", &Board::flat_ids),
    field("has_vtd", &Board::has_vtd),
    field("remapping", &Board::remapping),
    field("port61", &Board::port61),
    field("nmi_status", &Board::nmi_status),
    field("port80", &Board::port80),
    field("port92", &Board::port92),
    field("port_cf9", &Board::port_cf9),
    field("nmi_disabled", &Board::nmi_disabled),
    field("nmi_line", &Board::nmi_line),
    field("nmi_level", &Board::nmi_level),
    field("has_imcr", &Board::has_imcr),
    field("imcr_select", &Board::imcr_select),
    field("imcr", &Board::imcr),
    field("has_ioapic2", &Board::has_ioapic2),
    field("unused", &Board::unused),
    field("hpet_lines", &Board::hpet_lines),
    field("line_sources", &Board::line_sources),
    field("pic", &Board::pic),
    field("ioapic", &Board::ioapic),
    field("pit", &Board::pit),
    field("rtc", &Board::rtc),
    field("kbc", &Board::kbc),
    field("uart", &Board::uart),
    field("hpet", &Board::hpet),
    field("lpt", &Board::lpt),
    field("pci", &Board::pci),
    field("idt_page", &Board::idt_page),
};
static_assert(complete<Board>());

template <>
inline constexpr auto field_list<Core> = std::tuple{field("lapic", &Core::lapic), field("cpu", &Core::cpu),
                                                    field("gdt", &Core::gdt), field("tss", &Core::tss)};
static_assert(complete<Cpu>() && complete<Core>());

} // namespace irqlab::hw
