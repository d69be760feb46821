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
template <>
inline constexpr auto field_list<Hpet::Timer> =
    std::tuple{field("comparator", &Hpet::Timer::comparator), field("period", &Hpet::Timer::period),
               field("fsb", &Hpet::Timer::fsb), field("config", &Hpet::Timer::config),
               field("routes", &Hpet::Timer::routes)};
static_assert(complete<Hpet::Timer>());

template <>
inline constexpr auto field_list<Hpet> = std::tuple{
    field("timer", &Hpet::timer),   field("tick", &Hpet::tick),     field("counter", &Hpet::counter),
    field("quirks", &Hpet::quirks), field("config", &Hpet::config), field("status", &Hpet::status),
    field("strobe", &Hpet::strobe), field("struck", &Hpet::struck), field("messages", &Hpet::messages),
    field("past", &Hpet::past),     field("unused", &Hpet::unused)};
static_assert(complete<Hpet>());

template <>
inline constexpr auto field_list<I8254::Counter> = std::tuple{
    field("reload", &I8254::Counter::reload),
    field("loaded", &I8254::Counter::loaded),
    field("element", &I8254::Counter::element),
    field("latch", &I8254::Counter::latch),
    field("control", &I8254::Counter::control),
    field("status", &I8254::Counter::status),
    field("low_byte", &I8254::Counter::low_byte),
    field("count_latched", &I8254::Counter::count_latched),
    field("status_latched", &I8254::Counter::status_latched),
    field("gate", &I8254::Counter::gate),
    field("out", &I8254::Counter::out),
    field("null_count", &I8254::Counter::null_count),
    field("has_count", &I8254::Counter::has_count),
    field("running", &I8254::Counter::running),
    field("load_next", &I8254::Counter::load_next),
    field("armed", &I8254::Counter::armed),
    field("halted", &I8254::Counter::halted),
    field("write_high", &I8254::Counter::write_high),
    field("read_high", &I8254::Counter::read_high),
    field("flip", &I8254::Counter::flip),
    field("binary", &I8254::Counter::binary),
    field("unused", &I8254::Counter::unused),
};
static_assert(complete<I8254::Counter>());

template <>
inline constexpr auto field_list<I8254> =
    std::tuple{field("counter", &I8254::counter), field("tick", &I8254::tick),
               field("quirks", &I8254::quirks), field("unused", &I8254::unused)};
static_assert(complete<I8254>());

template <>
inline constexpr auto field_list<Lpt> =
    std::tuple{field("quirks", &Lpt::quirks), field("data", &Lpt::data), field("control", &Lpt::control),
               field("inputs", &Lpt::inputs), field("data_in", &Lpt::data_in)};
static_assert(complete<Lpt>());

// --- CPU

template <>
inline constexpr auto field_list<TableRegister> =
    std::tuple{field("base", &TableRegister::base), field("limit", &TableRegister::limit)};
static_assert(complete<TableRegister>());

template <>
inline constexpr auto field_list<SystemSegment> =
    std::tuple{field("base", &SystemSegment::base), field("limit", &SystemSegment::limit),
               field("selector", &SystemSegment::selector), field("type", &SystemSegment::type)};
static_assert(complete<SystemSegment>());

template <>
inline constexpr auto field_list<Cpu> = std::tuple{field("rflags", &Cpu::rflags),
                                                   field("cr2", &Cpu::cr2),
                                                   field("idtr", &Cpu::idtr),
                                                   field("gdtr", &Cpu::gdtr),
                                                   field("ldtr", &Cpu::ldtr),
                                                   field("tr", &Cpu::tr),
                                                   field("dr6", &Cpu::dr6),
                                                   field("pending_debug", &Cpu::pending_debug),
                                                   field("cs", &Cpu::cs),
                                                   field("ss", &Cpu::ss),
                                                   field("mode", &Cpu::mode),
                                                   field("state", &Cpu::state),
                                                   field("sti_shadow", &Cpu::sti_shadow),
                                                   field("mov_ss_shadow", &Cpu::mov_ss_shadow),
                                                   field("nmi_blocked", &Cpu::nmi_blocked),
                                                   field("nmi_latched", &Cpu::nmi_latched),
                                                   field("smi_pending", &Cpu::smi_pending),
                                                   field("init_pending", &Cpu::init_pending),
                                                   field("startup_pending", &Cpu::startup_pending),
                                                   field("startup_vector", &Cpu::startup_vector),
                                                   field("unused", &Cpu::unused)};
static_assert(complete<Cpu>());

} // namespace irqlab::hw
