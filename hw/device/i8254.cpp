// 8254: control words, latches, and the six modes in closed form. See the header for the manual.
#include "hw/device/i8254.hpp"

#include <algorithm>

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

using Counter = I8254::Counter;

constexpr unsigned control_reg = 3;
constexpr u64 never_ticks = ~u64{0};

unsigned mode(const Counter& c)
{
    const unsigned m = pit::Mode::get(c.control);
    return m > 5 ? m - 4 : m;
}

bool decades(const Counter& c) { return pit::Bcd::test(c.control) && !c.binary; }

u32 modulus(const Counter& c) { return decades(c) ? 10'000 : 65'536; }

bool periodic(const Counter& c) { return mode(c) == 2 || mode(c) == 3; }

u16 to_bus(const Counter& c, u32 value)
{
    if (!decades(c))
        return static_cast<u16>(value);
    return static_cast<u16>(value % 10 | value / 10 % 10 << 4 | value / 100 % 10 << 8 |
                            value / 1000 % 10 << 12);
}

/// A count written as 0 is the largest. [8254] "Write Operations".
u32 from_bus(const Counter& c, u32 value)
{
    const u32 count =
        decades(c) ? (value & 15) + (value >> 4 & 15) * 10 + (value >> 8 & 15) * 100 + (value >> 12) * 1000
                   : value;
    return count % modulus(c) == 0 ? modulus(c) : count % modulus(c);
}

/// Clocks until an armed counter is at zero.
u64 to_zero(const Counter& c) { return c.element == 0 ? modulus(c) : c.element; }

/// Clocks until OUT of mode 3 toggles, with `element` just loaded or counted down by twos. [8254] "Mode 3":
/// an odd count is loaded less one, and its high half lasts one clock more.
u64 to_toggle(const Counter& c) { return c.element / 2 + ((c.loaded & 1) && c.out ? 1 : 0); }

void load_element(Counter& c)
{
    c.loaded = c.reload;
    c.null_count = false;
    c.element = mode(c) == 3 ? c.reload & ~1u : c.reload % modulus(c);
}

/// The clock pulse on which a written count or a trigger takes effect; nothing is counted on it.
void load(Counter& c)
{
    load_element(c);
    c.load_next = false;
    c.armed = !periodic(c);
    if (mode(c) == 1)
        c.out = false;
    else if (mode(c) != 0)
        c.out = true;
}

/// Modes 0, 1, 4, 5: down to zero once, then round and round without effect.
void count_down(Counter& c, u64 clocks)
{
    const bool strobe = mode(c) >= 4;
    if (strobe)
        c.out = true; // the strobe lasts one clock
    const u64 left = to_zero(c);
    if (c.armed && clocks >= left) {
        c.armed = false;
        c.out = !strobe || clocks != left;
    }
    const u32 m = modulus(c);
    c.element = static_cast<u32>((c.element + m - clocks % m) % m);
}

/// Mode 2: N to 1; OUT is low while 1 shows; then N again. A new count is taken at the reload.
void count_rate(Counter& c, u64 clocks)
{
    if (c.reload == 1 && c.loaded == 1)
        return;
    u32 element = c.element == 0 ? modulus(c) : c.element;
    if (clocks >= element) {
        clocks -= element;
        load_element(c);
        element = c.reload;
        c.flip ^= static_cast<u8>((1 + (c.reload == 1 ? 0 : clocks / c.reload)) & 1);
        clocks %= c.reload;
    }
    element -= static_cast<u32>(clocks);
    c.out = element != 1 || c.loaded == 1;
    c.element = element % modulus(c);
}

/// Mode 3. Once the count register has been taken, whole periods are skipped.
void count_square(Counter& c, u64 clocks)
{
    bool skipped = false;
    while (clocks >= to_toggle(c) && c.loaded != 1) {
        clocks -= to_toggle(c);
        c.out = !c.out;
        c.flip ^= c.out;
        load_element(c);
        if (!skipped && c.reload != 1) {
            c.flip ^= static_cast<u8>(clocks / c.reload & 1);
            clocks %= c.reload;
        }
        skipped = true;
        if (c.reload == 1)
            c.out = true;
    }
    if (c.loaded != 1)
        c.element -= static_cast<u32>(2 * clocks);
}

/// Whether the gate and half-written counts let the counter count.
bool counts(const Counter& c)
{
    const bool gated = mode(c) != 1 && mode(c) != 5;
    return c.running && !c.halted && (c.gate || !gated);
}

void clock(Counter& c, u64 clocks)
{
    if (clocks != 0 && c.load_next) {
        load(c);
        --clocks;
    }
    if (clocks == 0)
        return;
    if (!counts(c)) {
        if (mode(c) >= 4)
            c.out = true; // the gate has no effect on OUT
        return;
    }
    if (mode(c) == 2)
        count_rate(c, clocks);
    else if (mode(c) == 3)
        count_square(c, clocks);
    else
        count_down(c, clocks);
}

/// Clocks until OUT changes, from what is loaded now or will be on the next clock.
u64 clocks_to_change(Counter c)
{
    const bool out = c.out;
    u64 lead = 0;
    if (c.load_next) {
        load(c);
        lead = 1;
        if (c.out != out)
            return lead;
    }
    if (mode(c) >= 4 && !c.out)
        return lead + 1;
    if (!counts(c))
        return never_ticks;
    switch (mode(c)) {
    case 2:
        if (c.loaded == 1)
            return never_ticks;
        return c.out ? lead + to_zero(c) - 1 : lead + 1;
    case 3: return c.loaded == 1 || (c.reload == 1 && c.out) ? never_ticks : lead + to_toggle(c);
    default: return c.armed ? lead + to_zero(c) : never_ticks;
    }
}

/// Everything of the counter starts anew but its pin and the element, which nobody has loaded.
void write_control(Counter& c, u8 value, u32 quirk)
{
    const Counter old = c;
    c = {.control = static_cast<u8>(value & 0x3F), .gate = old.gate, .flip = old.flip};
    c.out = mode(c) != 0;
    if ((quirk & pit_quirk::LoadsAtOnce::mask) != 0)
        c.element = old.element;
    c.binary = (quirk & pit_quirk::NoBcd::mask) != 0;
}

/// A whole count has been written. [8254] "Mode Definitions": who starts on it, and who waits.
void count_written(Counter& c, u32 value, u32 quirk)
{
    c.reload = from_bus(c, value);
    c.null_count = true;
    c.has_count = true;
    c.halted = false;
    const unsigned m = mode(c);
    if ((quirk & pit_quirk::LoadsAtOnce::mask) != 0)
        load_element(c);
    if (m == 1 || m == 5)
        return; // waits for a trigger
    if (m == 0)
        c.out = false;
    if (!periodic(c) || !c.running ||
        c.loaded == 1) // a period of one, which is not counted, has no end to wait for
        c.load_next = true;
    c.running = true;
    if ((quirk & pit_quirk::LoadsAtOnce::mask) == 0)
        return;
    load(c);
    c.element = m == 3 ? c.reload : c.element; // odd counts too
}

void write_count(Counter& c, u8 value, u32 quirk)
{
    switch (pit::Rw::get(c.control)) {
    case 1: return count_written(c, value, quirk);
    case 2: return count_written(c, static_cast<u32>(value << 8), quirk);
    case 3: break;
    default: return; // never programmed
    }
    if (c.write_high)
        count_written(c, static_cast<u32>(value << 8 | c.low_byte), quirk);
    else
        c.low_byte = value;
    if (!c.write_high && mode(c) == 0) { // the first byte stops the counting and OUT goes low at once
        c.halted = true;
        c.load_next = false;
        c.out = false;
    }
    c.write_high = !c.write_high;
}

u8 bytes_of_count(const Counter& c) { return pit::Rw::get(c.control) == 3 ? 2 : 1; }

void latch_count(Counter& c)
{
    if (c.count_latched != 0)
        return; // the first one stands until it is read
    c.latch = to_bus(c, c.element);
    c.count_latched = bytes_of_count(c);
}

void latch_status(Counter& c, u32 quirk)
{
    if (c.status_latched)
        return;
    c.status_latched = true;
    const bool null_count = c.null_count && (quirk & pit_quirk::LoadsAtOnce::mask) == 0;
    const bool pulses = mode(c) == 2 || mode(c) >= 4;
    const bool out = c.out != (pulses && (quirk & pit_quirk::PulsesAreHigh::mask) != 0);
    c.status = pit::NullCount::put(pit::Out::put(c.control, out), null_count);
}

u8 read_latch_low_first(Counter& c)
{
    const bool high = pit::Rw::get(c.control) == 2 || (pit::Rw::get(c.control) == 3 && c.count_latched == 1);
    --c.count_latched;
    return static_cast<u8>(high ? c.latch >> 8 : c.latch);
}

u8 read_counter(Counter& c, u32 quirk)
{
    if (c.status_latched) {
        c.status_latched = false;
        return c.status;
    }
    if (c.count_latched != 0 && (quirk & pit_quirk::LatchLowFirst::mask) != 0)
        return read_latch_low_first(c);
    const u16 value = c.count_latched != 0 ? c.latch : to_bus(c, c.element);
    const unsigned rw = pit::Rw::get(c.control);
    const bool high = rw == 2 || (rw == 3 && c.read_high);
    if (rw == 3)
        c.read_high = !c.read_high;
    if (c.count_latched != 0)
        --c.count_latched;
    return static_cast<u8>(high ? value >> 8 : value);
}

/// [8254] "Read-Back Command": bits 5 and 4, active low, choose count and status; bits 3-1 the counters.
void read_back(I8254& chip, u8 value)
{
    using NoCount = Field<u8, 5>;
    using NoStatus = Field<u8, 4>;
    for (unsigned n = 0; n < 3; ++n) {
        if ((value & bit<u8>(n + 1)) == 0)
            continue;
        if (!NoCount::test(value))
            latch_count(chip.counter[n]);
        if (!NoStatus::test(value))
            latch_status(chip.counter[n], chip.quirks);
    }
}

void write_control_reg(I8254& chip, u8 value)
{
    const unsigned n = pit::Select::get(value);
    if (n == 3)
        read_back(chip, value);
    else if (pit::Rw::get(value) == 0)
        latch_count(chip.counter[n]);
    else
        write_control(chip.counter[n], value, chip.quirks);
}

} // namespace

void advance(I8254& chip, u64 now_ns)
{
    const u64 tick = ticks_at(now_ns, pit::hz);
    if (tick <= chip.tick)
        return;
    for (Counter& c : chip.counter)
        clock(c, tick - chip.tick);
    chip.tick = tick;
}

u8 read(I8254& chip, u16 reg, u64 now_ns, Signals&)
{
    reg &= control_reg;
    advance(chip, now_ns);
    return reg == control_reg ? u8{0xFF} : read_counter(chip.counter[reg], chip.quirks);
}

void write(I8254& chip, u16 reg, u8 value, u64 now_ns, Signals&)
{
    reg &= control_reg;
    advance(chip, now_ns);
    if (reg == control_reg)
        write_control_reg(chip, value);
    else
        write_count(chip.counter[reg], value, chip.quirks);
}

u8 peek(const I8254& chip, u16 reg, u64 now_ns)
{
    I8254 copy = chip;
    Signals unused;
    return read(copy, reg, now_ns, unused);
}

u64 next_event_ns(const I8254& chip, unsigned channel)
{
    CHECK(channel < 3);
    const u64 clocks = clocks_to_change(chip.counter[channel]);
    return clocks == never_ticks ? never_ns : ns_of_tick(chip.tick + clocks, pit::hz);
}

u64 next_event_ns(const I8254& chip) { return next_event_ns(chip, 0); }

void gate(I8254& chip, unsigned channel, bool high, u64 now_ns)
{
    CHECK(channel < 3);
    advance(chip, now_ns);
    Counter& c = chip.counter[channel];
    const bool rising = high && !c.gate;
    c.gate = high;
    if (periodic(c) && !high)
        c.out = true; // at once: [8254] "Mode 2", "Mode 3"
    const bool triggered = rising && c.has_count && mode(c) != 0 && mode(c) != 4;
    if (!triggered)
        return;
    c.load_next = true;
    c.running = true;
}

bool valid(const I8254& chip)
{
    constexpr u32 most = 65'536;
    const auto in_order = [](const Counter& c) {
        const u8 flags = c.status_latched | c.gate | c.out | c.null_count | c.has_count | c.running |
                         c.load_next | c.armed | c.halted | c.write_high | c.read_high | c.flip | c.binary;
        const bool counts = !c.running && !c.load_next;
        return flags <= 1 && c.unused[0] == 0 && c.control <= 0x3F && c.count_latched <= 2 &&
               std::max({c.reload, c.loaded, c.element}) <= most &&
               (c.reload != 0 || (counts && !c.has_count));
    };
    const bool unused = std::ranges::all_of(chip.unused, [](u8 b) { return b == 0; });
    return unused && chip.tick <= ticks_at(never_ns, pit::hz) && std::ranges::all_of(chip.counter, in_order);
}

u16 count(const I8254& chip, unsigned channel, u64 now_ns)
{
    CHECK(channel < 3);
    I8254 copy = chip;
    advance(copy, now_ns);
    return to_bus(copy.counter[channel], copy.counter[channel].element);
}

} // namespace irqlab::hw
