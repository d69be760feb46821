// One list of fields for each chip: what is saved, restored and compared by name. Each list is complete by
// proof.
//
// Only hw/state/ includes this. A chip's list stands in the order of its declaration.
#pragma once
#include "hw/base/fields.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

// --- local APIC

template <> inline constexpr auto field_list<Vectors> = std::tuple{field("word", &Vectors::word)};
static_assert(complete<Vectors>());

template <>
inline constexpr auto field_list<LapicTimer> =
    std::tuple{field("base_ns", &LapicTimer::base_ns), field("initial", &LapicTimer::initial),
               field("count", &LapicTimer::count), field("divide", &LapicTimer::divide),
               field("unused", &LapicTimer::unused)};
static_assert(complete<LapicTimer>());

template <>
inline constexpr auto field_list<Lapic> = std::tuple{field("irr", &Lapic::irr),
                                                     field("isr", &Lapic::isr),
                                                     field("tmr", &Lapic::tmr),
                                                     field("base", &Lapic::base),
                                                     field("svr", &Lapic::svr),
                                                     field("tpr", &Lapic::tpr),
                                                     field("id", &Lapic::id),
                                                     field("lint", &Lapic::lint),
                                                     field("ext_int", &Lapic::ext_int),
                                                     field("ldr", &Lapic::ldr),
                                                     field("dfr", &Lapic::dfr),
                                                     field("quirks", &Lapic::quirks),
                                                     field("x2apic_id", &Lapic::x2apic_id),
                                                     field("icr", &Lapic::icr),
                                                     field("tsc_deadline", &Lapic::tsc_deadline),
                                                     field("timer", &Lapic::timer),
                                                     field("lvt", &Lapic::lvt),
                                                     field("rrd", &Lapic::rrd),
                                                     field("esr", &Lapic::esr),
                                                     field("esr_next", &Lapic::esr_next)};
static_assert(complete<Lapic>());

} // namespace irqlab::hw
