// One list of fields for each chip: what is saved, restored and compared by name. Each list is complete by
// proof.
//
// Only hw/state/ includes this. A chip's list stands in the order of its declaration.
#pragma once
#include "hw/base/fields.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

// --- 8259A and I/O APIC

template <>
inline constexpr auto field_list<I8259> = std::tuple{field("quirks", &I8259::quirks),
                                                     field("lines", &I8259::lines),
                                                     field("edge", &I8259::edge),
                                                     field("imr", &I8259::imr),
                                                     field("isr", &I8259::isr),
                                                     field("elcr", &I8259::elcr),
                                                     field("by_level", &I8259::by_level),
                                                     field("lowest", &I8259::lowest),
                                                     field("icw1", &I8259::icw1),
                                                     field("icw2", &I8259::icw2),
                                                     field("icw3", &I8259::icw3),
                                                     field("icw4", &I8259::icw4),
                                                     field("expect", &I8259::expect),
                                                     field("smm", &I8259::smm),
                                                     field("read_isr", &I8259::read_isr),
                                                     field("rotate_in_aeoi", &I8259::rotate_in_aeoi),
                                                     field("poll", &I8259::poll),
                                                     field("freeze", &I8259::freeze),
                                                     field("frozen", &I8259::frozen),
                                                     field("inta", &I8259::inta),
                                                     field("level", &I8259::level),
                                                     field("by_default", &I8259::by_default),
                                                     field("sp", &I8259::sp),
                                                     field("noted", &I8259::noted),
                                                     field("int_out", &I8259::int_out),
                                                     field("updated", &I8259::updated),
                                                     field("unused", &I8259::unused)};
static_assert(complete<I8259>());

template <>
inline constexpr auto field_list<PicPair> =
    std::tuple{field("master", &PicPair::master), field("slave", &PicPair::slave),
               field("int_level", &PicPair::int_level), field("unused", &PicPair::unused)};
static_assert(complete<PicPair>());

template <>
inline constexpr auto field_list<Ioapic> =
    std::tuple{field("entry", &Ioapic::entry),     field("lines", &Ioapic::lines),
               field("irr", &Ioapic::irr),         field("quirks", &Ioapic::quirks),
               field("index", &Ioapic::index),     field("id", &Ioapic::id),
               field("version", &Ioapic::version), field("unused", &Ioapic::unused)};
static_assert(complete<Ioapic>());

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

template <> inline constexpr auto field_list<PciConfig> = std::tuple{field("byte", &PciConfig::byte)};
static_assert(complete<PciConfig>());

template <>
inline constexpr auto field_list<PciHost> = std::tuple{
    field("address", &PciHost::address), field("quirks", &PciHost::quirks), field("lines", &PciHost::lines),
    field("pins", &PciHost::pins),       field("edus", &PciHost::edus),     field("unused", &PciHost::unused),
    field("host", &PciHost::host),       field("isa", &PciHost::isa),
};
static_assert(complete<PciHost>());

template <>
inline constexpr auto field_list<Edu> = std::tuple{
    field("dma_source", &Edu::dma_source),
    field("dma_destination", &Edu::dma_destination),
    field("dma_count", &Edu::dma_count),
    field("dma_command", &Edu::dma_command),
    field("dma_mask", &Edu::dma_mask),
    field("fact_due_ns", &Edu::fact_due_ns),
    field("transfer_due_ns", &Edu::transfer_due_ns),
    field("liveness", &Edu::liveness),
    field("factorial", &Edu::factorial),
    field("status", &Edu::status),
    field("irq_status", &Edu::irq_status),
    field("config", &Edu::config),
    field("devfn", &Edu::devfn),
    field("waits", &Edu::waits),
    field("intx", &Edu::intx),
    field("unused", &Edu::unused),
    field("buffer", &Edu::buffer),
};
static_assert(complete<Edu>());
template <unsigned Size>
inline constexpr auto field_list<ByteQueue<Size>> =
    std::tuple{field("bytes", &ByteQueue<Size>::bytes), field("head", &ByteQueue<Size>::head),
               field("count", &ByteQueue<Size>::count)};

template <>
inline constexpr auto field_list<Ps2Keyboard> = std::tuple{field("repeat_ns", &Ps2Keyboard::repeat_ns),
                                                           field("replies", &Ps2Keyboard::replies),
                                                           field("scancodes", &Ps2Keyboard::scancodes),
                                                           field("types", &Ps2Keyboard::types),
                                                           field("argument_of", &Ps2Keyboard::argument_of),
                                                           field("set", &Ps2Keyboard::set),
                                                           field("leds", &Ps2Keyboard::leds),
                                                           field("typematic", &Ps2Keyboard::typematic),
                                                           field("last", &Ps2Keyboard::last),
                                                           field("scanning", &Ps2Keyboard::scanning),
                                                           field("prefix", &Ps2Keyboard::prefix),
                                                           field("repeats", &Ps2Keyboard::repeats),
                                                           field("held", &Ps2Keyboard::held),
                                                           field("held_prefix", &Ps2Keyboard::held_prefix),
                                                           field("unused", &Ps2Keyboard::unused)};
static_assert(complete<Ps2Keyboard>() && complete<ByteQueue<4>>() && complete<ByteQueue<16>>());

template <>
inline constexpr auto field_list<Ps2Mouse> = std::tuple{field("dx", &Ps2Mouse::dx),
                                                        field("dy", &Ps2Mouse::dy),
                                                        field("dz", &Ps2Mouse::dz),
                                                        field("replies", &Ps2Mouse::replies),
                                                        field("packets", &Ps2Mouse::packets),
                                                        field("argument_of", &Ps2Mouse::argument_of),
                                                        field("sample_rate", &Ps2Mouse::sample_rate),
                                                        field("resolution", &Ps2Mouse::resolution),
                                                        field("buttons", &Ps2Mouse::buttons),
                                                        field("reported", &Ps2Mouse::reported),
                                                        field("last", &Ps2Mouse::last),
                                                        field("type", &Ps2Mouse::type),
                                                        field("knock", &Ps2Mouse::knock),
                                                        field("refused", &Ps2Mouse::refused),
                                                        field("reporting", &Ps2Mouse::reporting),
                                                        field("remote", &Ps2Mouse::remote),
                                                        field("wrap", &Ps2Mouse::wrap),
                                                        field("scaling", &Ps2Mouse::scaling),
                                                        field("unused", &Ps2Mouse::unused)};
static_assert(complete<Ps2Mouse>() && complete<ByteQueue<6>>());

template <>
inline constexpr auto field_list<I8042> = std::tuple{field("now_ns", &I8042::now_ns),
                                                     field("keyboard", &I8042::keyboard),
                                                     field("mouse", &I8042::mouse),
                                                     field("quirks", &I8042::quirks),
                                                     field("memory", &I8042::memory),
                                                     field("password", &I8042::password),
                                                     field("output_port", &I8042::output_port),
                                                     field("argument_of", &I8042::argument_of),
                                                     field("output_buffer", &I8042::output_buffer),
                                                     field("obf", &I8042::obf),
                                                     field("from_aux", &I8042::from_aux),
                                                     field("source", &I8042::source),
                                                     field("yields", &I8042::yields),
                                                     field("off_at_last", &I8042::off_at_last),
                                                     field("answer", &I8042::answer),
                                                     field("answer_waits", &I8042::answer_waits),
                                                     field("answer_for_aux", &I8042::answer_for_aux),
                                                     field("sys", &I8042::sys),
                                                     field("last_was_command", &I8042::last_was_command),
                                                     field("break_next", &I8042::break_next),
                                                     field("polled", &I8042::polled),
                                                     field("guarding", &I8042::guarding),
                                                     field("loaded", &I8042::loaded),
                                                     field("matched", &I8042::matched),
                                                     field("skip_next", &I8042::skip_next),
                                                     field("locked", &I8042::locked),
                                                     field("unused", &I8042::unused)};
static_assert(complete<I8042>());
template <>
inline constexpr auto field_list<Mc146818> =
    std::tuple{field("tick", &Mc146818::tick),         field("origin", &Mc146818::origin),
               field("alarm_at", &Mc146818::alarm_at), field("pf_at", &Mc146818::pf_at),
               field("quirks", &Mc146818::quirks),     field("index", &Mc146818::index),
               field("ram", &Mc146818::ram),           field("unused", &Mc146818::unused)};
static_assert(complete<Mc146818>());

template <>
inline constexpr auto field_list<Uart16550> = std::tuple{field("tick", &Uart16550::tick),
                                                         field("shift_done", &Uart16550::shift_done),
                                                         field("timeout_at", &Uart16550::timeout_at),
                                                         field("thre_at", &Uart16550::thre_at),
                                                         field("break_at", &Uart16550::break_at),
                                                         field("quirks", &Uart16550::quirks),
                                                         field("divisor", &Uart16550::divisor),
                                                         field("ier", &Uart16550::ier),
                                                         field("fcr", &Uart16550::fcr),
                                                         field("lcr", &Uart16550::lcr),
                                                         field("mcr", &Uart16550::mcr),
                                                         field("scr", &Uart16550::scr),
                                                         field("rbr", &Uart16550::rbr),
                                                         field("delta", &Uart16550::delta),
                                                         field("modem_lines", &Uart16550::modem_lines),
                                                         field("errors", &Uart16550::errors),
                                                         field("rx_head", &Uart16550::rx_head),
                                                         field("rx_count", &Uart16550::rx_count),
                                                         field("tx_head", &Uart16550::tx_head),
                                                         field("tx_count", &Uart16550::tx_count),
                                                         field("shift", &Uart16550::shift),
                                                         field("shifting", &Uart16550::shifting),
                                                         field("thre_pending", &Uart16550::thre_pending),
                                                         field("two_queued", &Uart16550::two_queued),
                                                         field("timed_out", &Uart16550::timed_out),
                                                         field("ready", &Uart16550::ready),
                                                         field("sent_head", &Uart16550::sent_head),
                                                         field("sent_count", &Uart16550::sent_count),
                                                         field("rx", &Uart16550::rx),
                                                         field("rx_errors", &Uart16550::rx_errors),
                                                         field("tx", &Uart16550::tx),
                                                         field("sent", &Uart16550::sent),
                                                         field("unused", &Uart16550::unused)};
static_assert(complete<Uart16550>());
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
