// 16550A: what comes and goes on the wire, and when. See the header.
#include "hw/device/uart16550_wire.hpp"

#include <algorithm>

namespace irqlab::hw {
namespace uart {
namespace {

constexpr u64 timeout_characters = 4;
constexpr u64 ticks_per_half_bit = 8;

unsigned stop_half_bits(const Uart16550& chip)
{
    if (!StopBits::test(chip.lcr))
        return 2;
    const bool five_data_bits = WordLength::get(chip.lcr) == 0;
    return five_data_bits && !uart16550_quirk::TwoStopBits::test(chip.quirks) ? 3 : 4;
}

/// The last stop bit's: of one and a half, the half.
unsigned last_stop_half_bits(const Uart16550& chip)
{
    return StopBits::test(chip.lcr) ? stop_half_bits(chip) - 2 : 2;
}

/// A byte as a word of the programmed length carries it.
u8 on_the_wire(const Uart16550& chip, u8 byte)
{
    if (uart16550_quirk::WholeBytes::test(chip.quirks))
        return byte;
    return static_cast<u8>(byte & (0xFF >> (3 - WordLength::get(chip.lcr))));
}

/// The timer starts anew with each character that comes or is read; only a read takes the interrupt back.
/// [16550] "FIFO Interrupt Mode Operation".
void restart_timeout(Uart16550& chip)
{
    const bool waits = fifo_on(chip) && chip.rx_count != 0;
    const u64 ticks = character_ticks(chip);
    chip.timeout_at = waits && ticks != 0 ? chip.tick + timeout_characters * ticks : 0;
}

/// The errors of the byte at the top are told.
void tell_errors(Uart16550& chip)
{
    if (chip.rx_count == 0)
        return;
    chip.errors = static_cast<u8>(chip.errors | chip.rx_errors[chip.rx_head]);
    chip.rx_errors[chip.rx_head] = 0;
}

void store(Uart16550& chip, u8 byte, u8 errors)
{
    if (chip.rx_count == capacity(chip)) {
        chip.errors = static_cast<u8>(chip.errors | Oe::mask);
        if (fifo_on(chip))
            return restart_timeout(chip); // the FIFO keeps what it has
        --chip.rx_count;                  // without it, the newer byte stays
    }
    const unsigned at = (chip.rx_head + chip.rx_count++) % fifo_size;
    chip.rx[at] = byte;
    chip.rx_errors[at] = errors & byte_errors;
    if (!fifo_on(chip))
        chip.rbr = byte;
    if (chip.rx_count == 1)
        tell_errors(chip);
    restart_timeout(chip);
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

bool breaking(const Uart16550& chip)
{
    return Break::test(chip.lcr) && !uart16550_quirk::NoBreak::test(chip.quirks);
}

void finish_character(Uart16550& chip)
{
    const u64 done = chip.shift_done;
    const u8 byte = on_the_wire(chip, chip.shift);
    chip.shifting = 0;
    if (!breaking(chip) && loop_on(chip))
        store(chip, byte, 0);
    else if (!breaking(chip))
        send_out(chip, byte);
    start_shifting(chip, done);
}

/// A character of zeros whose stop bit is zero too. Its parity bit is wrong where a one was due.
void receive_break(Uart16550& chip)
{
    const bool parity_due = ParityOn::test(chip.lcr) && !EvenParity::test(chip.lcr);
    chip.break_at = 0;
    store(chip, 0, static_cast<u8>(Bi::mask | Fe::mask | (parity_due ? Pe::mask : 0)));
}

/// THR or the FIFO has become empty at tick `at`. [16550] "FIFO Interrupt Mode Operation".
void tell_empty(Uart16550& chip, u64 at)
{
    const bool late = fifo_on(chip) && !chip.two_queued && !uart16550_quirk::NoTime::test(chip.quirks);
    chip.two_queued = 0;
    if (late)
        chip.thre_at =
            at + character_ticks(chip) - ticks_per_half_bit * chip.divisor * last_stop_half_bits(chip);
    else
        chip.thre_pending = 1;
}

} // namespace

unsigned trigger_level(const Uart16550& chip)
{
    constexpr u8 levels[] = {1, 4, 8, 14};
    return fifo_on(chip) ? levels[Trigger::get(chip.fcr)] : 1;
}

void take_received(Uart16550& chip)
{
    if (chip.rx_count == 0)
        return;
    chip.rx[chip.rx_head] = 0;
    --chip.rx_count;
    chip.rx_head = fifo_on(chip) ? static_cast<u8>((chip.rx_head + 1) % fifo_size) : u8{0};
    tell_errors(chip);
    chip.timed_out = 0;
    restart_timeout(chip);
}

void flush_rx(Uart16550& chip)
{
    chip.rx_head = chip.rx_count = 0;
    std::ranges::fill(chip.rx, u8{0});
    std::ranges::fill(chip.rx_errors, u8{0});
    chip.timed_out = 0;
    restart_timeout(chip);
}

void flush_tx(Uart16550& chip, bool anew)
{
    if (anew || chip.tx_count != 0 || uart16550_quirk::ThreOnReset::test(chip.quirks)) {
        chip.thre_pending = 1;
        chip.thre_at = 0;
    }
    chip.tx_head = chip.tx_count = chip.two_queued = 0;
    std::ranges::fill(chip.tx, u8{0});
}

void queue_byte(Uart16550& chip, u8 byte)
{
    chip.thre_pending = 0;
    chip.thre_at = 0;
    if (chip.tx_count == capacity(chip)) // the newest place is overwritten
        --chip.tx_count;
    chip.tx[(chip.tx_head + chip.tx_count++) % fifo_size] = byte;
    chip.two_queued |= u8{chip.tx_count >= 2};
    start_shifting(chip, chip.tick);
}

void start_shifting(Uart16550& chip, u64 at)
{
    const bool at_once = uart16550_quirk::NoTime::test(chip.quirks);
    const u64 ticks = character_ticks(chip);
    if (chip.shifting || chip.tx_count == 0 || (ticks == 0 && !at_once))
        return;
    chip.shift = chip.tx[chip.tx_head];
    chip.tx_head = static_cast<u8>((chip.tx_head + 1) % fifo_size);
    if (--chip.tx_count == 0)
        tell_empty(chip, at);
    chip.shifting = 1;
    chip.shift_done = at + (at_once ? 0 : ticks);
    if (at_once)
        finish_character(chip);
}

bool break_looped(const Uart16550& chip) { return breaking(chip) && loop_on(chip); }

void follow_break(Uart16550& chip, bool looped_before)
{
    const bool looped = break_looped(chip);
    const u64 ticks = character_ticks(chip);
    if (looped != looped_before)
        chip.break_at = looped && ticks != 0 ? chip.tick + ticks : 0;
}

void settle_ready(Uart16550& chip)
{
    bool rx = chip.rx_count != 0, tx = chip.tx_count == 0;
    if (fifo_on(chip) && DmaMode::test(chip.fcr)) {
        rx = rx && ((chip.ready & 1) != 0 || chip.rx_count >= trigger_level(chip) || chip.timed_out);
        tx = tx || ((chip.ready & 2) != 0 && chip.tx_count < fifo_size);
    }
    chip.ready = static_cast<u8>(rx | tx << 1);
}

} // namespace uart

u64 character_ticks(const Uart16550& chip)
{
    const unsigned bits = 1 + 5u + uart::WordLength::get(chip.lcr) + uart::ParityOn::get(chip.lcr);
    return uart::ticks_per_half_bit * (2 * bits + uart::stop_half_bits(chip)) * chip.divisor;
}

void advance(Uart16550& chip, u64 now_ns)
{
    const u64 to = ticks_at(now_ns, uart::hz);
    const auto due = [&chip](u64 at) { return at != 0 && chip.tick >= at; };
    while (chip.tick < to) {
        u64 next = to;
        for (const u64 at :
             {chip.shifting ? chip.shift_done : 0, chip.timeout_at, chip.thre_at, chip.break_at})
            if (at != 0)
                next = std::min(next, at);
        chip.tick = std::max(chip.tick, next);
        if (due(chip.timeout_at)) {
            chip.timed_out = 1;
            chip.timeout_at = 0;
        }
        if (due(chip.thre_at)) {
            chip.thre_pending = 1;
            chip.thre_at = 0;
        }
        if (chip.shifting && chip.tick >= chip.shift_done)
            uart::finish_character(chip);
        if (due(chip.break_at))
            uart::receive_break(chip);
        uart::settle_ready(chip);
    }
}

void receive(Uart16550& chip, u8 byte, u64 now_ns, u8 errors)
{
    advance(chip, now_ns);
    if (!uart::loop_on(chip))
        uart::store(chip, uart::on_the_wire(chip, byte), errors);
    uart::settle_ready(chip);
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

} // namespace irqlab::hw
