// Local APIC timer. See the header.
#include "hw/irq/lapic_timer.hpp"

namespace irqlab::hw {
namespace {

static_assert(lapic_bus_hz == 1'000'000'000, "a count is a nanosecond, shifted by the divider");
constexpr u32 divide_writable = 0b1011;

bool reloads(const Lapic& apic) { return timer_mode(apic) == TimerMode::periodic && apic.timer.initial != 0; }

} // namespace

unsigned divide_shift(u32 divide)
{
    // Bits 3, 1 and 0: 000 is 2, 001 is 4 ... 110 is 128, and 111 is 1.
    const u32 code = (divide >> 1 & 4) | (divide & 3);
    return (code + 1) & 7;
}

u64 deadline_ns(const Lapic& apic)
{
    if (apic.tsc_deadline != 0)
        return ns_at_tsc(apic.tsc_deadline);
    const LapicTimer& t = apic.timer;
    if (t.count == 0)
        return ~u64{0};
    return t.base_ns + (u64{t.count} << divide_shift(t.divide));
}

u32 current_count(const Lapic& apic, u64 now_ns)
{
    const LapicTimer& t = apic.timer;
    if (t.count == 0 || now_ns < t.base_ns)
        return t.count;
    const u64 steps = (now_ns - t.base_ns) >> divide_shift(t.divide);
    if (steps < t.count)
        return static_cast<u32>(t.count - steps);
    if (!reloads(apic))
        return 0;
    return static_cast<u32>(t.initial - (steps - t.count) % t.initial);
}

bool catch_up(Lapic& apic, u64 now_ns)
{
    LapicTimer& t = apic.timer;
    const u64 deadline = deadline_ns(apic);
    if (deadline > now_ns)
        return false;
    apic.tsc_deadline = 0;
    if (!reloads(apic)) {
        t.count = 0;
        return true;
    }
    const u64 period = u64{t.initial} << divide_shift(t.divide);
    t.base_ns = deadline + (now_ns - deadline) / period * period;
    t.count = t.initial;
    return true;
}

void write_initial(Lapic& apic, u32 value, u64 now_ns)
{
    if (timer_mode(apic) == TimerMode::tsc_deadline)
        return;
    apic.timer.initial = value;
    apic.timer.count = timer_mode(apic) == TimerMode::reserved ? 0 : value;
    apic.timer.base_ns = now_ns;
}

void write_divide(Lapic& apic, u32 value, u64 now_ns)
{
    catch_up(apic, now_ns);
    apic.timer.count = current_count(apic, now_ns);
    apic.timer.base_ns = now_ns;
    apic.timer.divide = value & divide_writable;
}

void write_deadline(Lapic& apic, u64 tsc)
{
    if (timer_mode(apic) == TimerMode::tsc_deadline)
        apic.tsc_deadline = tsc;
}

u64 read_deadline(const Lapic& apic, u64 now_ns)
{
    return deadline_ns(apic) <= now_ns ? 0 : apic.tsc_deadline;
}

void change_mode(Lapic& apic, TimerMode to, u64 now_ns)
{
    catch_up(apic, now_ns); // By the old mode.
    const TimerMode from = timer_mode(apic);
    if (from == to)
        return;
    if (from > TimerMode::periodic || to > TimerMode::periodic)
        apic.timer.count = 0;
    apic.tsc_deadline = 0;
    if (from == TimerMode::tsc_deadline || to == TimerMode::tsc_deadline)
        apic.timer.initial = 0;
}

} // namespace irqlab::hw
