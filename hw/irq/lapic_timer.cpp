// Local APIC timer. See the header.
#include "hw/irq/lapic_timer.hpp"

#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

static_assert(lapic_bus_hz == 1'000'000'000, "a count is a nanosecond, shifted by the divider");
constexpr u32 divide_writable = 0b1011;

bool periodic(const Lapic& apic)
{
    return lvt::Periodic::test(apic.lvt[static_cast<unsigned>(LvtEntry::timer)]);
}

} // namespace

unsigned divide_shift(u32 divide)
{
    // Bits 3, 1 and 0: 000 is 2, 001 is 4 ... 110 is 128, and 111 is 1.
    const u32 code = (divide >> 1 & 4) | (divide & 3);
    return (code + 1) & 7;
}

u64 deadline_ns(const LapicTimer& timer)
{
    if (timer.count == 0)
        return ~u64{0};
    return timer.base_ns + (u64{timer.count} << divide_shift(timer.divide));
}

u32 current_count(const Lapic& apic, u64 now_ns)
{
    const LapicTimer& t = apic.timer;
    CHECK(now_ns >= t.base_ns || t.count == 0);
    if (t.count == 0)
        return 0;
    const u64 steps = (now_ns - t.base_ns) >> divide_shift(t.divide);
    if (steps < t.count)
        return static_cast<u32>(t.count - steps);
    if (!periodic(apic) || t.initial == 0)
        return 0;
    return static_cast<u32>(t.initial - (steps - t.count) % t.initial);
}

bool catch_up(Lapic& apic, u64 now_ns)
{
    LapicTimer& t = apic.timer;
    const u64 deadline = deadline_ns(t);
    if (deadline > now_ns)
        return false;
    if (!periodic(apic) || t.initial == 0) {
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
    apic.timer.initial = apic.timer.count = value;
    apic.timer.base_ns = now_ns;
}

void write_divide(Lapic& apic, u32 value, u64 now_ns)
{
    catch_up(apic, now_ns);
    apic.timer.count = current_count(apic, now_ns);
    apic.timer.base_ns = now_ns;
    apic.timer.divide = value & divide_writable;
}

} // namespace irqlab::hw
