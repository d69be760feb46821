// HPET: registers, matches in closed form, outputs and messages. See the header for the manual.
#include "hw/device/hpet.hpp"

#include <algorithm>
#include <bit>

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

using namespace hpet;
using Timer = Hpet::Timer;

constexpr u64 never_ticks = ~u64{0};
constexpr u64 least_gap = 100; // ticks between two events that one periodic timer is asked for
constexpr u64 low_half = 0xffffffff;
constexpr u8 config_writable = Enable::mask | LegacyRoute::mask;
constexpr u8 all_timers = (1u << timers) - 1;

constexpr Quirk quirks[] = {
    {hpet_quirk::StatusNeedsEnable::mask, true, false, "hpet.status-needs-enable",
     "[HPET] \"Timer N Interrupt Enable\": a timer that is not enabled still sets its status bit",
     "A match of a timer whose interrupt is not enabled sets no status bit."},
    {hpet_quirk::HaltClearsStatus::mask, true, false, "hpet.halt-clears-status",
     "[HPET] \"Overall Enable\": clearing it leaves the status of pending level interrupts",
     "Halting the counter, and disabling a timer's interrupt, clear the status bits."},
    {hpet_quirk::AnyRoute::mask, true, false, "hpet.any-route",
     "[HPET] \"Timer N Interrupt Route\": a value that is not supported does not read back",
     "Every route, and the FSB enable of a timer without that capability, reads back as written."},
    {hpet_quirk::PastFires::mask, true, false, "hpet.past-fires",
     "[HPET] \"Non-Periodic Mode\": an interrupt when the counter equals the comparator",
     "A comparator that is equal to the counter or behind it matches at the next tick."},
    {hpet_quirk::ShortPeriod::mask, true, false, "hpet.short-period",
     "[HPET] \"Periodic Mode\": the value last written is added",
     "In 32-bit mode bit 31 of the period is ignored."},
};

bool quirk(const Hpet& chip, u32 mask) { return (chip.quirks & mask) != 0; }

u64 size_mask(const Timer& t) { return Mode32::test(t.config) ? low_half : ~u64{0}; }

/// Ticks until the counter comes to equal the comparator. 2^64 cannot be said, and is as good as never.
u64 to_match(const Hpet& chip, unsigned n)
{
    const Timer& t = chip.timer[n];
    if ((chip.past & bit<u8>(n)) != 0)
        return 1;
    const u64 distance = (t.comparator - chip.counter) & size_mask(t);
    if (distance != 0)
        return distance;
    return Mode32::test(t.config) ? low_half + 1 : never_ticks;
}

/// One match, or several that are told together.
void strike(Hpet& chip, unsigned n)
{
    const u32 config = chip.timer[n].config;
    const u8 mine = bit<u8>(n);
    const bool wanted = IntEnable::test(config);
    if (FsbEnable::test(config)) {
        chip.messages |= wanted ? mine : u8{0};
    } else if (Level::test(config)) {
        chip.status |= wanted || !quirk(chip, hpet_quirk::StatusNeedsEnable::mask) ? mine : u8{0};
    } else if (wanted) {
        chip.status &= static_cast<u8>(~mine);
        chip.strobe |= mine;
        chip.struck |= mine;
    }
}

/// Timer n meets `ticks` of the counter, which stands where it was before them.
void pass(Hpet& chip, unsigned n, u64 ticks)
{
    Timer& t = chip.timer[n];
    const u64 first = to_match(chip, n);
    if (ticks < first)
        return;
    strike(chip, n);
    const bool was_past = (chip.past & bit<u8>(n)) != 0;
    const u64 behind = (chip.counter - t.comparator) & size_mask(t);
    const u64 left =
        was_past ? behind + ticks : ticks - first; // since the counter was at the comparator's value
    chip.past &= static_cast<u8>(~bit<u8>(n));
    if (Periodic::test(t.config) && t.period != 0)
        t.comparator = (t.comparator + (left / t.period + 1) * t.period) & size_mask(t);
}

/// A comparator that is behind the counter when it, or its timer, is switched on.
void look_back(Hpet& chip, unsigned n)
{
    const Timer& t = chip.timer[n];
    const u64 distance = (t.comparator - chip.counter) & size_mask(t);
    chip.past &= static_cast<u8>(~bit<u8>(n));
    const bool behind = distance == 0 || distance > size_mask(t) / 2;
    if (quirk(chip, hpet_quirk::PastFires::mask) && behind && enabled(chip) && IntEnable::test(t.config))
        chip.past |= bit<u8>(n);
}

void lower(Hpet& chip, unsigned n)
{
    chip.strobe &= static_cast<u8>(~bit<u8>(n));
    chip.struck &= static_cast<u8>(~bit<u8>(n));
}

u64 put_half(u64 old, bool high, u32 value)
{
    return high ? (old & low_half) | u64{value} << 32 : (old & ~low_half) | value;
}

u32 half_of(u64 value, bool high) { return static_cast<u32>(high ? value >> 32 : value); }

void write_config(Hpet& chip, u32 value)
{
    const bool ran = enabled(chip);
    chip.config = static_cast<u8>(value & config_writable);
    if (ran == enabled(chip))
        return;
    chip.past = 0;
    for (unsigned n = 0; n < timers; ++n)
        if (chip.timer[n].comparator != ~u64{0}) // as after reset
            look_back(chip, n);
    if (!ran)
        return;
    chip.strobe = chip.struck = 0;
    if (quirk(chip, hpet_quirk::HaltClearsStatus::mask))
        chip.status = 0;
}

/// The fields that software may not choose stay as they are.
void write_timer_config(Hpet& chip, unsigned n, u32 value)
{
    Timer& t = chip.timer[n];
    u32 writable = timer_writable;
    if (!quirk(chip, hpet_quirk::AnyRoute::mask)) {
        if ((t.routes >> Route::get(value) & 1) == 0)
            writable &= ~Route::mask;
        if (!FsbCap::test(t.config))
            writable &= ~FsbEnable::mask;
    }
    const bool was_enabled = IntEnable::test(t.config);
    t.config = (t.config & ~writable) | (value & writable);
    t.comparator &= size_mask(t);
    t.period &= size_mask(t);
    lower(chip, n);
    if (was_enabled && !IntEnable::test(t.config) && quirk(chip, hpet_quirk::HaltClearsStatus::mask))
        chip.status &= static_cast<u8>(~bit<u8>(n));
    if (!was_enabled)
        look_back(chip, n);
}

/// [HPET] "Timer N Value Set": in periodic mode a plain write gives the period alone.
void write_comparator(Hpet& chip, unsigned n, bool high, u32 value)
{
    Timer& t = chip.timer[n];
    if (!Periodic::test(t.config) || ValueSet::test(t.config))
        t.comparator = put_half(t.comparator, high, value) & size_mask(t);
    if (Periodic::test(t.config))
        t.period = put_half(t.period, high, value) & size_mask(t);
    if (quirk(chip, hpet_quirk::ShortPeriod::mask) && Mode32::test(t.config))
        t.period &= low_half >> 1;
    t.config &= ~ValueSet::mask;
    lower(chip, n);
    look_back(chip, n);
}

void write_timer(Hpet& chip, u16 offset, u32 value)
{
    const unsigned n = (offset - first_timer) / timer_stride;
    const bool high = (offset & 4) != 0;
    if (n >= timers)
        return;
    switch (offset % timer_stride & ~4) {
    case timer_config:
        if (!high)
            write_timer_config(chip, n, value);
        return;
    case timer_comparator: return write_comparator(chip, n, high, value);
    case timer_fsb: chip.timer[n].fsb = put_half(chip.timer[n].fsb, high, value); return;
    default: return;
    }
}

/// One aligned half.
void write_half(Hpet& chip, u16 offset, u32 value)
{
    if (offset >= first_timer)
        return write_timer(chip, offset, value);
    switch (offset) {
    case configuration: return write_config(chip, value);
    case interrupt_status: chip.status &= static_cast<u8>(~value); return;
    case main_counter:
    case main_counter + 4:
        if (!enabled(chip))
            chip.counter = put_half(chip.counter, offset != main_counter, value);
        return;
    default: return; // read-only, or nothing there
    }
}

u64 timer_register(const Timer& t, u16 offset)
{
    switch (offset) {
    case timer_config: return u64{t.routes} << 32 | t.config;
    case timer_comparator: return t.comparator;
    case timer_fsb: return t.fsb;
    default: return 0;
    }
}

/// The register that lies at a multiple of 8; reserved ones read as 0.
u64 register_at(const Hpet& chip, u16 offset)
{
    if (offset >= first_timer) {
        const unsigned n = (offset - first_timer) / timer_stride;
        return n < timers ? timer_register(chip.timer[n], offset % timer_stride) : 0;
    }
    switch (offset) {
    case capabilities: return u64{period_fs} << 32 | id;
    case configuration: return chip.config;
    case interrupt_status: return chip.status;
    case main_counter: return chip.counter;
    default: return 0;
    }
}

bool proper(u16 offset, unsigned width) { return (width == 4 || width == 8) && offset % width == 0; }

void diagnose_width(u16 offset, Signals& signals)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(Diagnosis::mmio_width),
                  static_cast<u32>(address + offset)});
}

u64 bytes_at(const Hpet& chip, u16 offset, unsigned width)
{
    u64 value = 0;
    for (unsigned i = 0; i < width; ++i) {
        const u16 at = static_cast<u16>(offset + i);
        value |= (register_at(chip, at & ~7) >> (at & 7) * 8 & 0xff) << 8 * i;
    }
    return value;
}

/// Whether a match of the timer would change an output or send a message.
bool tells(const Hpet& chip, unsigned n)
{
    const u32 config = chip.timer[n].config;
    if (!IntEnable::test(config))
        return false;
    return FsbEnable::test(config) || !Level::test(config) || (chip.status & bit<u8>(n)) == 0;
}

u64 ticks_to_event(const Hpet& chip, unsigned n)
{
    const Timer& t = chip.timer[n];
    const u64 ticks = to_match(chip, n);
    const bool brisk = Periodic::test(t.config) && t.period != 0 && t.period < least_gap;
    return brisk ? std::max(ticks, least_gap) : ticks;
}

} // namespace

void reset(Hpet& chip, const HpetStraps& straps, u64 now_ns)
{
    const u32 kept = chip.quirks;
    chip = {};
    chip.quirks = kept;
    chip.tick = now_ns / ns_per_tick;
    for (unsigned n = 0; n < timers; ++n) {
        chip.timer[n].config = PeriodicCap::mask | SizeCap::mask | (straps.fsb ? FsbCap::mask : 0);
        chip.timer[n].routes = straps.routes[n];
    }
}

void advance(Hpet& chip, u64 now_ns)
{
    const u64 tick = now_ns / ns_per_tick;
    if (tick <= chip.tick)
        return;
    const u64 ticks = tick - chip.tick;
    chip.tick = tick;
    if (!enabled(chip))
        return;
    for (unsigned n = 0; n < timers; ++n)
        pass(chip, n, ticks);
    chip.counter += ticks;
}

u64 read(Hpet& chip, u16 offset, unsigned width, u64 now_ns, Signals& signals)
{
    advance(chip, now_ns);
    if (!proper(offset, width))
        diagnose_width(offset, signals);
    return bytes_at(chip, offset, std::min(width, 8u));
}

void write(Hpet& chip, u16 offset, unsigned width, u64 value, u64 now_ns, Signals& signals)
{
    advance(chip, now_ns);
    if (!proper(offset, width))
        return diagnose_width(offset, signals);
    if (width == 4)
        return write_half(chip, offset, static_cast<u32>(value));
    // One access of 64 bits: both halves of a comparator come under one VAL_SET.
    const bool comparator = offset >= first_timer && offset % timer_stride == timer_comparator;
    const unsigned n = comparator ? (offset - first_timer) / timer_stride : timers;
    const u32 value_set = n < timers ? chip.timer[n].config & ValueSet::mask : 0;
    write_half(chip, offset, half_of(value, false));
    if (n < timers)
        chip.timer[n].config |= value_set;
    write_half(chip, static_cast<u16>(offset + 4), half_of(value, true));
}

u64 peek(const Hpet& chip, u16 offset, unsigned width, u64 now_ns)
{
    Hpet copy = chip;
    advance(copy, now_ns);
    return bytes_at(copy, offset, std::min(width, 8u));
}

bool output(const Hpet& chip, unsigned n)
{
    CHECK(n < timers);
    const u32 config = chip.timer[n].config;
    if (!enabled(chip) || !IntEnable::test(config) || FsbEnable::test(config))
        return false;
    return ((Level::test(config) ? chip.status : chip.strobe) & bit<u8>(n)) != 0;
}

u8 take_strikes(Hpet& chip)
{
    const u8 struck = chip.struck;
    chip.struck = 0;
    return struck;
}

bool next_message(Hpet& chip, HpetMessage& message)
{
    if (chip.messages == 0)
        return false;
    const unsigned n = static_cast<unsigned>(std::countr_zero(chip.messages));
    chip.messages &= static_cast<u8>(chip.messages - 1);
    message = {half_of(chip.timer[n].fsb, true), half_of(chip.timer[n].fsb, false)};
    return true;
}

u64 next_event_ns(const Hpet& chip)
{
    if (!enabled(chip))
        return never_ns;
    u64 ticks = never_ticks;
    for (unsigned n = 0; n < timers; ++n)
        if (tells(chip, n))
            ticks = std::min(ticks, ticks_to_event(chip, n));
    if (ticks > never_ns / ns_per_tick - chip.tick)
        return never_ns;
    return (chip.tick + ticks) * ns_per_tick;
}

bool valid(const Hpet& chip)
{
    const auto in_order = [](const Timer& t) {
        constexpr u32 known = timer_writable | PeriodicCap::mask | SizeCap::mask | FsbCap::mask;
        return (t.config & ~known) == 0 && ((t.comparator | t.period) & ~size_mask(t)) == 0;
    };
    const bool bits =
        (chip.config & ~config_writable) == 0 &&
        ((chip.status | chip.strobe | chip.struck | chip.messages | chip.past) & ~all_timers) == 0 &&
        (chip.struck & ~chip.strobe) == 0;
    const bool unused = std::ranges::all_of(chip.unused, [](u8 b) { return b == 0; });
    return bits && unused && chip.tick <= never_ns / ns_per_tick && std::ranges::all_of(chip.timer, in_order);
}

std::span<const Quirk> hpet_quirks() { return quirks; }

} // namespace irqlab::hw
