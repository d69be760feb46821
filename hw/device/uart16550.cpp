// 16550A: registers and the interrupt priorities. See the header for the manual.
#include "hw/device/uart16550.hpp"

#include <algorithm>

#include "hw/base/check.hpp"
#include "hw/device/uart16550_wire.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 never_ticks = ~u64{0};
constexpr u8 fifos_enabled = 0xC0; // IIR bits 7 and 6

enum Reg : u16 { rbr_thr, ier, iir_fcr, lcr, mcr, lsr, msr, scr };

template <class Bit> bool quirk(const Uart16550& chip) { return Bit::test(chip.quirks); }

bool deltas_off(const Uart16550& chip)
{
    return uart::loop_on(chip) && quirk<uart16550_quirk::NoLoopDeltas>(chip);
}

/// The modem inputs as MSR shows them; in loopback they are the MCR's own outputs.
u8 lines(const Uart16550& chip)
{
    if (!uart::loop_on(chip))
        return chip.modem_lines;
    return static_cast<u8>(uart::Rts::get(chip.mcr) | uart::Dtr::get(chip.mcr) << 1 |
                           uart::Out1::get(chip.mcr) << 2 | uart::Out2::get(chip.mcr) << 3);
}

/// Records what changed at the modem inputs. RI counts only when it goes away. [16550] "Modem Status
/// Register".
void note_lines(Uart16550& chip, u8 before)
{
    constexpr unsigned ri = 4;
    const u8 after = lines(chip);
    const unsigned changed = static_cast<unsigned>(before ^ after);
    chip.delta = static_cast<u8>(chip.delta | (changed & ~ri & 0xFu) | (changed & before & ri));
}

/// The highest of the pending interrupts. A character timeout and the trigger level share a priority: IIR bit
/// 3 tells of the timeout. [16550] "Interrupt Identification Register".
u8 pending(const Uart16550& chip)
{
    if (uart::Elsi::test(chip.ier) && chip.errors != 0)
        return uart::line_status;
    if (uart::Erbfi::test(chip.ier) && chip.timed_out)
        return uart::timeout;
    if (uart::Erbfi::test(chip.ier) && chip.rx_count >= uart::trigger_level(chip))
        return uart::received;
    if (uart::Etbei::test(chip.ier) && chip.thre_pending)
        return uart::transmitter_empty;
    if (uart::Edssi::test(chip.ier) && chip.delta != 0)
        return uart::modem_status;
    return uart::none;
}

u8 line_status_value(const Uart16550& chip)
{
    u8 value = uart::Dr::put(chip.errors, chip.rx_count != 0);
    value = uart::Thre::put(value, chip.tx_count == 0);
    value = uart::Temt::put(value, chip.tx_count == 0 && !chip.shifting);
    const bool waits = std::ranges::any_of(chip.rx_errors, [](u8 e) { return e != 0; });
    const bool told = (chip.errors & uart::byte_errors) != 0;
    return uart::FifoError::put(value, uart::fifo_on(chip) && (told || waits));
}

u8 receiver_value(const Uart16550& chip)
{
    if (!uart::fifo_on(chip))
        return chip.rbr; // can be read again
    return chip.rx_count != 0 ? chip.rx[chip.rx_head] : u8{0};
}

u8 value_at(const Uart16550& chip, u16 reg)
{
    const bool dlab = uart::Dlab::test(chip.lcr);
    switch (reg) {
    case rbr_thr: return dlab ? static_cast<u8>(chip.divisor) : receiver_value(chip);
    case ier: return dlab ? static_cast<u8>(chip.divisor >> 8) : chip.ier;
    case iir_fcr: return static_cast<u8>(pending(chip) | (uart::fifo_on(chip) ? fifos_enabled : 0));
    case lcr: return chip.lcr;
    case mcr: return chip.mcr;
    case lsr: return line_status_value(chip);
    case msr: return static_cast<u8>(lines(chip) << 4 | (deltas_off(chip) ? 0 : chip.delta));
    default: return chip.scr;
    }
}

void after_read(Uart16550& chip, u16 reg, u8 value)
{
    switch (reg) {
    case rbr_thr:
        if (!uart::Dlab::test(chip.lcr))
            uart::take_received(chip);
        break;
    case iir_fcr:
        if ((value & 0xF) == uart::transmitter_empty)
            chip.thre_pending = 0;
        break;
    case lsr: chip.errors = 0; break;
    case msr:
        if (!deltas_off(chip))
            chip.delta = 0;
        break;
    default: break;
    }
}

void write_ier(Uart16550& chip, u8 value)
{
    const bool armed = uart::Etbei::test(value) && !uart::Etbei::test(chip.ier);
    chip.ier = value & 0x0F;
    if (armed && chip.tx_count == 0) { // enabling it while THR is empty interrupts at once
        chip.thre_pending = 1;
        chip.thre_at = 0;
    }
}

/// Without bit 0 the other bits are not programmed. [16550] "FIFO Control Register".
void write_fcr(Uart16550& chip, u8 value)
{
    const bool on = uart::FifoEnable::test(value);
    const bool toggled = on != uart::fifo_on(chip);
    const bool resets = on || quirk<uart16550_quirk::FcrWithoutFifo>(chip);
    constexpr u8 kept = uart::FifoEnable::mask | uart::DmaMode::mask | uart::Trigger::mask;
    chip.fcr = on ? value & kept : 0;
    if (toggled || (resets && uart::ResetRx::test(value)))
        uart::flush_rx(chip);
    if (toggled || (resets && uart::ResetTx::test(value)))
        uart::flush_tx(chip, toggled);
}

void write_divisor(Uart16550& chip, u16 divisor)
{
    chip.divisor = divisor;
    uart::start_shifting(chip, chip.tick); // a divisor of 0 held the transmitter
}

void write_lcr(Uart16550& chip, u8 value)
{
    const bool looped = uart::break_looped(chip);
    chip.lcr = value;
    uart::follow_break(chip, looped);
}

void write_mcr(Uart16550& chip, u8 value)
{
    const u8 before = lines(chip);
    const bool looped = uart::break_looped(chip);
    chip.mcr = value & 0x1F;
    if (!quirk<uart16550_quirk::NoLoopDeltas>(chip))
        note_lines(chip, before);
    uart::follow_break(chip, looped);
}

void write_register(Uart16550& chip, u16 reg, u8 value, Signals& signals)
{
    const bool dlab = uart::Dlab::test(chip.lcr);
    switch (reg) {
    case rbr_thr:
        if (dlab)
            return write_divisor(chip, static_cast<u16>((chip.divisor & 0xFF00) | value));
        return uart::queue_byte(chip, value);
    case ier:
        if (dlab)
            return write_divisor(chip, static_cast<u16>((chip.divisor & 0x00FF) | value << 8));
        return write_ier(chip, value);
    case iir_fcr: return write_fcr(chip, value);
    case lcr: return write_lcr(chip, value);
    case mcr: return write_mcr(chip, value);
    case scr: chip.scr = value; return;
    case lsr:
        signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::uart_not_modelled), reg});
        return;
    default: return; // MSR
    }
}

} // namespace

void reset(Uart16550& chip)
{
    const Uart16550 old = chip;
    chip = {};
    chip.tick = old.tick;
    chip.quirks = old.quirks;
    chip.divisor = old.divisor;
    chip.rbr = old.rbr;
    chip.scr = old.scr;
    chip.modem_lines = old.modem_lines;
}

u8 read(Uart16550& chip, u16 reg, u64 now_ns, Signals&)
{
    CHECK(reg < 8);
    advance(chip, now_ns);
    const u8 value = value_at(chip, reg);
    after_read(chip, reg, value);
    uart::settle_ready(chip);
    return value;
}

void write(Uart16550& chip, u16 reg, u8 value, u64 now_ns, Signals& signals)
{
    CHECK(reg < 8);
    advance(chip, now_ns);
    write_register(chip, reg, value, signals);
    uart::settle_ready(chip);
}

u8 peek(const Uart16550& chip, u16 reg, u64 now_ns)
{
    CHECK(reg < 8);
    Uart16550 copy = chip;
    advance(copy, now_ns);
    return value_at(copy, reg);
}

bool output(const Uart16550& chip, unsigned pin)
{
    if (pin != 0)
        return (chip.ready & (pin == 1 ? 2 : 1)) != 0;
    const bool gate = uart::Out2::test(chip.mcr) || quirk<uart16550_quirk::GateOpen>(chip);
    return gate && pending(chip) != uart::none;
}

u64 next_event_ns(const Uart16550& chip)
{
    u64 tick = chip.shifting ? chip.shift_done : never_ticks;
    for (const u64 at : {chip.timeout_at, chip.thre_at, chip.break_at})
        if (at != 0)
            tick = std::min(tick, at);
    return tick == never_ticks ? never_ns : ns_of_tick(tick, uart::hz);
}

void modem(Uart16550& chip, u8 new_lines, u64 now_ns)
{
    advance(chip, now_ns);
    const u8 before = lines(chip);
    chip.modem_lines = new_lines & 0xF;
    note_lines(chip, before);
}

bool valid(const Uart16550& chip)
{
    constexpr u64 longest = 4 * u64{16 * 12} * 0xFFFF; // four characters of twelve bits
    const auto is_time = [&](u64 at) { return at == 0 || (at > chip.tick && at - chip.tick <= longest); };
    const auto flag = [](u8 byte) { return byte <= 1; };
    const bool times = chip.tick <= ticks_at(never_ns, uart::hz) && is_time(chip.timeout_at) &&
                       is_time(chip.thre_at) && is_time(chip.break_at) &&
                       (!chip.shifting || (chip.shift_done != 0 && is_time(chip.shift_done)));
    const bool queues = chip.rx_head < uart::fifo_size && chip.rx_count <= uart::capacity(chip) &&
                        chip.tx_head < uart::fifo_size && chip.tx_count <= uart::capacity(chip) &&
                        chip.sent_head < sizeof chip.sent && chip.sent_count <= sizeof chip.sent;
    const bool flags = flag(chip.shifting) && flag(chip.thre_pending) && flag(chip.two_queued) &&
                       flag(chip.timed_out) && chip.ready <= 3;
    const bool bits = chip.ier <= 0xF && chip.mcr <= 0x1F && chip.delta <= 0xF && chip.modem_lines <= 0xF &&
                      (chip.fcr & 0x36) == 0 && (chip.fcr == 0 || uart::fifo_on(chip)) &&
                      (chip.errors & ~(uart::byte_errors | uart::Oe::mask)) == 0 &&
                      (chip.quirks & ~uart16550_quirk::all) == 0;
    return times && queues && flags && bits &&
           std::ranges::all_of(chip.rx_errors, [](u8 e) { return (e & ~uart::byte_errors) == 0; }) &&
           std::ranges::all_of(chip.unused, [](u8 byte) { return byte == 0; });
}

} // namespace irqlab::hw
