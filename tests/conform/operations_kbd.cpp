// Operations on the keyboard and the mouse: what a hand does, and the two lines.
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

constexpr u8 break_bit = 0x80;

u64 key(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    const auto code = static_cast<u16>(s.argument[0]);
    if (code > 0xFF)
        hw::kbd_key(m, static_cast<u8>(code >> 8), signals);
    const bool down = s.argument[1] != 0;
    hw::kbd_key(m, static_cast<u8>(down ? code : code | break_bit), signals);
    return 0;
}

u64 mouse(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    const auto number = [&](unsigned i) { return static_cast<int>(static_cast<i64>(s.argument[i])); };
    hw::mouse_wheel(m, number(0), number(1), static_cast<u8>(s.argument[2]), number(3), signals);
    return 0;
}

/// The byte that waits has come by then: it takes no time.
u64 kbc_lines(hw::Machine& m, const Step&, hw::Signals& signals)
{
    hw::advance(m, m.now_ns, signals);
    return u64{hw::output(m.kbc, 0)} | u64{hw::output(m.kbc, 1)} << 1;
}

/// More reads than all queues together hold.
u64 drain(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    for (unsigned i = 0; i < drain_reads; ++i) {
        hw::port_read(m, s.cpu, 0x60, 1, signals);
        hw::advance(m, m.now_ns, signals);
    }
    return 0;
}

constexpr Operation table[] = {
    {"key", {"code", "down"}, false, key},
    {"mouse", {"dx", "dy", "buttons", "wheel"}, false, mouse},
    {"drain", {}, false, drain},
    {"kbc_lines", {}, true, kbc_lines},
};

} // namespace

std::span<const Operation> kbd_operations() { return table; }

} // namespace irqlab::conform
