// One list of fields for each chip: what is saved, restored and compared by name. Each list is complete by
// proof.
//
// Only hw/state/ includes this. A chip's list stands in the order of its declaration.
#pragma once
#include "hw/base/fields.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

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

} // namespace irqlab::hw
