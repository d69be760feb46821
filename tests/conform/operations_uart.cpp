// Operations at the far end of a serial cable.
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

unsigned port(const Step& s) { return static_cast<unsigned>(s.argument[0] & 1); }

u64 receive(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::uart_receive(m, port(s), static_cast<u8>(s.argument[1]), signals, static_cast<u8>(s.argument[2]));
    return 0;
}

u64 modem(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::uart_modem(m, port(s), static_cast<u8>(s.argument[1]), signals);
    return 0;
}

u64 sent(hw::Machine& m, const Step& s, hw::Signals&)
{
    u8 byte = 0;
    return hw::take_transmitted(m.uart[port(s)], byte) ? byte : nothing_to_take;
}

constexpr Operation table[] = {
    {"uart_receive", {"uart", "byte", "errors"}, false, receive},
    {"uart_modem", {"uart", "lines"}, false, modem},
    {"uart_sent", {"uart"}, true, sent},
};

} // namespace

std::span<const Operation> uart_operations() { return table; }

} // namespace irqlab::conform
