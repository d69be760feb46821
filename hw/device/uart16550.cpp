// 16550A: FIFOs, the transmitter's time, and the interrupt priorities. See the header for the manual.
#include "hw/device/uart16550.hpp"

#include <algorithm>

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 never_ticks = ~u64{0};
constexpr u8 byte_errors = uart::Pe::mask | uart::Fe::mask | uart::Bi::mask;
constexpr u8 fifos_enabled = 0xC0; // IIR bits 7 and 6
constexpr u64 timeout_characters = 4;

enum Reg : u16 { rbr_thr, ier, iir_fcr, lcr, mcr, lsr, msr, scr };

bool fifo_on(const Uart16550& chip) { return uart::FifoEnable::test(chip.fcr); }
bool loop_on(const Uart16550& chip) { return uart::Loop::test(chip.mcr); }
unsigned capacity(const Uart16550& chip) { return fifo_on(chip) ? uart::fifo_size : 1; }

/// The modem inputs as MSR shows them; in loopback they are the MCR's own outputs.
u8 lines(const Uart16550& chip)
{
    if (!loop_on(chip))
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

unsigned trigger_level(const Uart16550& chip)
{
    constexpr u8 levels[] = {1, 4, 8, 14};
    return fifo_on(chip) ? levels[uart::Trigger::get(chip.fcr)] : 1;
}

/// The timer starts anew with each character that comes or is read; only a read takes the interrupt back.
void restart_timeout(Uart16550& chip)
{
    const bool waits = fifo_on(chip) && chip.rx_count != 0;
    const u64 ticks = character_ticks(chip);
    chip.timeout_at = waits && ticks != 0 ? chip.tick + timeout_characters * ticks : 0;
}

void store(Uart16550& chip, u8 byte, u8 errors)
{
    if (chip.rx_count == capacity(chip)) {
        chip.overrun = uart::Oe::mask;
        chip.line_event = true;
        if (fifo_on(chip))
            return;      // the FIFO keeps what it has
        --chip.rx_count; // without it, the newer byte stays
    }
    const unsigned at = (chip.rx_head + chip.rx_count++) % uart::fifo_size;
    chip.rx[at] = byte;
    chip.rx_errors[at] = errors & byte_errors;
    if (chip.rx_count == 1 && chip.rx_errors[at] != 0)
        chip.line_event = true;
    restart_timeout(chip);
}

u8 top_errors(const Uart16550& chip) { return chip.rx_count == 0 ? u8{0} : chip.rx_errors[chip.rx_head]; }

void flush_rx(Uart16550& chip)
{
    chip.rx_head = chip.rx_count = 0;
    std::fill(std::begin(chip.rx), std::end(chip.rx), u8{0});
    std::fill(std::begin(chip.rx_errors), std::end(chip.rx_errors), u8{0});
    chip.timed_out = false;
    restart_timeout(chip);
}

void flush_tx(Uart16550& chip)
{
    if (chip.tx_count != 0)
        chip.thre_pending = true;
    chip.tx_head = chip.tx_count = 0;
    std::fill(std::begin(chip.tx), std::end(chip.tx), u8{0});
}

/// Moves the next byte into the shift register at the tick when that becomes free.
void start_shifting(Uart16550& chip, u64 at)
{
    const u64 ticks = character_ticks(chip);
    if (chip.shifting || chip.tx_count == 0 || ticks == 0)
        return;
    chip.shift = chip.tx[chip.tx_head];
    chip.tx_head = static_cast<u8>((chip.tx_head + 1) % uart::fifo_size);
    chip.thre_pending = --chip.tx_count == 0 || chip.thre_pending;
    chip.shifting = true;
    chip.shift_done = at + ticks;
}

void send_out(Uart16550& chip, u8 byte)
{
    constexpr unsigned size = sizeof chip.sent;
    if (chip.sent_count == size) {
        chip.sent_head = static_cast<u8>((chip.sent_head + 1) % size);
        --chip.sent_count;
    }
    chip.sent[(chip.sent_head + chip.sent_count++) % size] = byte;
}

void finish_character(Uart16550& chip)
{
    const u64 done = chip.shift_done;
    chip.shifting = false;
    if (loop_on(chip))
        store(chip, chip.shift, 0);
    else
        send_out(chip, chip.shift);
    start_shifting(chip, done);
}

/// The highest of the pending interrupts. [16550] "Interrupt Identification Register".
u8 pending(const Uart16550& chip)
{
    if (uart::Elsi::test(chip.ier) && chip.line_event)
        return uart::line_status;
    if (uart::Erbfi::test(chip.ier) && chip.rx_count >= trigger_level(chip))
        return uart::received;
    if (uart::Erbfi::test(chip.ier) && chip.timed_out)
        return uart::timeout;
    if (uart::Etbei::test(chip.ier) && chip.thre_pending)
        return uart::transmitter_empty;
    if (uart::Edssi::test(chip.ier) && chip.delta != 0)
        return uart::modem_status;
    return uart::none;
}

u8 line_status_value(const Uart16550& chip)
{
    u8 value = static_cast<u8>(chip.overrun | top_errors(chip));
    value = uart::Dr::put(value, chip.rx_count != 0);
    value = uart::Thre::put(value, chip.tx_count == 0);
    value = uart::Temt::put(value, chip.tx_count == 0 && !chip.shifting);
    const bool any =
        std::any_of(std::begin(chip.rx_errors), std::end(chip.rx_errors), [](u8 e) { return e != 0; });
    return uart::FifoError::put(value, fifo_on(chip) && any);
}

u8 receiver_value(const Uart16550& chip) { return chip.rx[chip.rx_count != 0 ? chip.rx_head : 0]; }

u8 value_at(const Uart16550& chip, u16 reg)
{
    const bool dlab = uart::Dlab::test(chip.lcr);
    switch (reg) {
    case rbr_thr: return dlab ? static_cast<u8>(chip.divisor) : receiver_value(chip);
    case ier: return dlab ? static_cast<u8>(chip.divisor >> 8) : chip.ier;
    case iir_fcr: return static_cast<u8>(pending(chip) | (fifo_on(chip) ? fifos_enabled : 0));
    case lcr: return chip.lcr;
    case mcr: return chip.mcr;
    case lsr: return line_status_value(chip);
    case msr: return static_cast<u8>(lines(chip) << 4 | chip.delta);
    default: return chip.scr;
    }
}

void take_received(Uart16550& chip)
{
    if (chip.rx_count == 0)
        return;
    chip.rx_errors[chip.rx_head] = 0;
    if (fifo_on(chip)) // without FIFOs, RBR can be read again
        chip.rx[chip.rx_head] = 0;
    --chip.rx_count;
    chip.rx_head = fifo_on(chip) ? static_cast<u8>((chip.rx_head + 1) % uart::fifo_size) : u8{0};
    if (top_errors(chip) != 0)
        chip.line_event = true; // an error is told when its byte reaches the top
    chip.timed_out = false;
    restart_timeout(chip);
}

void after_read(Uart16550& chip, u16 reg, u8 value)
{
    switch (reg) {
    case rbr_thr:
        if (!uart::Dlab::test(chip.lcr))
            take_received(chip);
        break;
    case iir_fcr:
        if ((value & 0xF) == uart::transmitter_empty)
            chip.thre_pending = false;
        break;
    case lsr:
        chip.overrun = 0;
        if (chip.rx_count != 0)
            chip.rx_errors[chip.rx_head] = 0;
        chip.line_event = false;
        break;
    case msr: chip.delta = 0; break;
    default: break;
    }
}

void write_thr(Uart16550& chip, u8 value)
{
    chip.thre_pending = false;
    if (chip.tx_count == capacity(chip)) // the newest place is overwritten
        --chip.tx_count;
    chip.tx[(chip.tx_head + chip.tx_count++) % uart::fifo_size] = value;
    start_shifting(chip, chip.tick);
}

void write_ier(Uart16550& chip, u8 value)
{
    const bool armed = uart::Etbei::test(value) && !uart::Etbei::test(chip.ier);
    chip.ier = value & 0x0F;
    if (armed && chip.tx_count == 0)
        chip.thre_pending = true; // enabling it while THR is empty interrupts at once
}

void write_fcr(Uart16550& chip, u8 value)
{
    const bool toggled = uart::FifoEnable::test(value) != fifo_on(chip);
    chip.fcr = uart::FifoEnable::test(value) ? value & (uart::FifoEnable::mask | uart::Trigger::mask) : 0;
    if (toggled || uart::ResetRx::test(value))
        flush_rx(chip);
    if (toggled || uart::ResetTx::test(value))
        flush_tx(chip);
}

void write_divisor(Uart16550& chip, u16 divisor)
{
    chip.divisor = divisor;
    start_shifting(chip, chip.tick); // a divisor of 0 held the transmitter
}

void write_mcr(Uart16550& chip, u8 value)
{
    const u8 before = lines(chip);
    chip.mcr = value & 0x1F;
    note_lines(chip, before);
}

} // namespace

u64 character_ticks(const Uart16550& chip)
{
    const unsigned data = 5u + uart::WordLength::get(chip.lcr);
    unsigned half_bits = 2 * (1 + data + uart::ParityOn::get(chip.lcr) + 1);
    if (uart::StopBits::test(chip.lcr))
        half_bits += data == 5 ? 1 : 2; // one and a half stop bits, or two
    return u64{8} * half_bits * chip.divisor;
}

void advance(Uart16550& chip, u64 now_ns)
{
    const u64 to = ticks_at(now_ns, uart::hz);
    while (chip.tick < to) {
        u64 next = to;
        if (chip.shifting)
            next = std::min(next, chip.shift_done);
        if (chip.timeout_at != 0)
            next = std::min(next, chip.timeout_at);
        chip.tick = std::max(chip.tick, next);
        if (chip.timeout_at != 0 && chip.tick >= chip.timeout_at) {
            chip.timed_out = true;
            chip.timeout_at = 0;
        }
        if (chip.shifting && chip.tick >= chip.shift_done)
            finish_character(chip);
    }
}

u8 read(Uart16550& chip, u16 reg, u64 now_ns, Signals&)
{
    CHECK(reg < 8);
    advance(chip, now_ns);
    const u8 value = value_at(chip, reg);
    after_read(chip, reg, value);
    return value;
}

void write(Uart16550& chip, u16 reg, u8 value, u64 now_ns, Signals&)
{
    CHECK(reg < 8);
    advance(chip, now_ns);
    const bool dlab = uart::Dlab::test(chip.lcr);
    switch (reg) {
    case rbr_thr:
        if (dlab)
            write_divisor(chip, static_cast<u16>((chip.divisor & 0xFF00) | value));
        else
            write_thr(chip, value);
        break;
    case ier:
        if (dlab)
            write_divisor(chip, static_cast<u16>((chip.divisor & 0x00FF) | value << 8));
        else
            write_ier(chip, value);
        break;
    case iir_fcr: write_fcr(chip, value); break;
    case lcr: chip.lcr = value; break;
    case mcr: write_mcr(chip, value); break;
    case scr: chip.scr = value; break;
    default: break; // LSR and MSR
    }
}

u8 peek(const Uart16550& chip, u16 reg, u64 now_ns)
{
    CHECK(reg < 8);
    Uart16550 copy = chip;
    advance(copy, now_ns);
    return value_at(copy, reg);
}

bool output(const Uart16550& chip, unsigned)
{
    return uart::Out2::test(chip.mcr) && pending(chip) != uart::none;
}

u64 next_event_ns(const Uart16550& chip)
{
    u64 tick = never_ticks;
    if (chip.shifting)
        tick = chip.shift_done;
    if (chip.timeout_at != 0)
        tick = std::min(tick, chip.timeout_at);
    return tick == never_ticks ? never_ns : ns_of_tick(tick, uart::hz);
}

void receive(Uart16550& chip, u8 byte, u64 now_ns, u8 errors)
{
    advance(chip, now_ns);
    if (!loop_on(chip))
        store(chip, byte, errors);
}

bool take_transmitted(Uart16550& chip, u8& byte)
{
    if (chip.sent_count == 0)
        return false;
    byte = chip.sent[chip.sent_head];
    chip.sent[chip.sent_head] = 0;
    chip.sent_head = static_cast<u8>((chip.sent_head + 1) % sizeof chip.sent);
    --chip.sent_count;
    return true;
}

void modem(Uart16550& chip, u8 new_lines, u64 now_ns)
{
    advance(chip, now_ns);
    const u8 before = lines(chip);
    chip.modem_lines = new_lines & 0xF;
    note_lines(chip, before);
}

} // namespace irqlab::hw
