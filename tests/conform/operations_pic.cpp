// Operations on the pair of 8259A, and on one 8259A alone: for modes that no PC uses.
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

u64 intr(hw::Machine& m, const Step&, hw::Signals&) { return hw::intr(m.pic); }
u64 inta(hw::Machine& m, const Step&, hw::Signals& signals) { return hw::acknowledge(m.pic, signals); }

u64 first_inta(hw::Machine& m, const Step&, hw::Signals&)
{
    hw::first_inta(m.pic);
    return 0;
}

u64 second_inta(hw::Machine& m, const Step&, hw::Signals& signals) { return hw::second_inta(m.pic, signals); }

/// The chip alone is the master of the pair, of which nothing else is looked at then.
u64 lone_power(hw::Machine& m, const Step&, hw::Signals&)
{
    m.pic.master = {.quirks = m.pic.master.quirks};
    return 0;
}

u64 lone_line(hw::Machine& m, const Step& s, hw::Signals&)
{
    hw::drive(m.pic.master, static_cast<unsigned>(s.argument[0]) % 8, s.argument[1] != 0);
    return 0;
}

u64 lone_write(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::write(m.pic.master, s.argument[0] != 0, static_cast<u8>(s.argument[1]), signals);
    return 0;
}

u64 lone_read(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    return hw::read(m.pic.master, s.argument[0] != 0, signals);
}

u64 lone_int(hw::Machine& m, const Step&, hw::Signals&) { return hw::intr(m.pic.master); }

/// The next pulse of the sequence. At the first one a chip in 8086 mode puts nothing on the bus.
u64 lone_inta(hw::Machine& m, const Step&, hw::Signals&)
{
    constexpr u64 call = 0xcd;
    hw::I8259& chip = m.pic.master;
    if (chip.inta == 1)
        return hw::second_inta(chip);
    if (chip.inta == 2)
        return hw::third_inta(chip);
    hw::first_inta(chip);
    return hw::icw4::Upm::test(chip.icw4) ? 0 : call;
}

constexpr Operation table[] = {
    {"intr", {}, true, intr},
    {"inta", {}, true, inta},
    {"first_inta", {}, false, first_inta},
    {"second_inta", {}, true, second_inta},
    {"lone_power", {}, false, lone_power},
    {"lone_line", {"ir", "level"}, false, lone_line},
    {"lone_write", {"a0", "value"}, false, lone_write},
    {"lone_read", {"a0"}, true, lone_read},
    {"lone_int", {}, true, lone_int},
    {"lone_inta", {}, true, lone_inta},
};

} // namespace

std::span<const Operation> pic_operations() { return table; }

} // namespace irqlab::conform
