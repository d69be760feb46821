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

u64 state(hw::Machine& m, const Step& s, hw::Signals&)
{
    const hw::I8259& chip = s.argument[0] != 0 ? m.pic.slave : m.pic.master;
    const bool initialised =
        chip.expect == hw::I8259::Expect::ready || chip.expect == hw::I8259::Expect::icw1;
    return pic_state({.irr = hw::irr(chip),
                      .imr = chip.imr,
                      .isr = chip.isr,
                      .elcr = chip.elcr,
                      .icw2 = static_cast<u8>(chip.icw2 & 0xf8),
                      .lowest = chip.lowest,
                      .awaits = initialised ? u8{0} : static_cast<u8>(chip.expect),
                      .ic4 = hw::icw1::Ic4::test(chip.icw1),
                      .read_isr = chip.read_isr,
                      .poll = chip.poll,
                      .aeoi = hw::icw4::Aeoi::test(chip.icw4),
                      .sfnm = hw::icw4::Sfnm::test(chip.icw4),
                      .rotate_in_aeoi = chip.rotate_in_aeoi});
}

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
    {"pic_state", {"slave"}, true, state},
    {"lone_power", {}, false, lone_power},
    {"lone_line", {"ir", "level"}, false, lone_line},
    {"lone_write", {"a0", "value"}, false, lone_write},
    {"lone_read", {"a0"}, true, lone_read},
    {"lone_int", {}, true, lone_int},
    {"lone_inta", {}, true, lone_inta},
};

} // namespace

u64 pic_state(const PicState& s)
{
    u64 packed = s.irr | u64{s.imr} << 8 | u64{s.isr} << 16 | u64{s.elcr} << 24 | u64{s.icw2} << 32;
    unsigned at = 40;
    for (const auto& [value, width] : {std::pair{s.lowest, 3u},
                                       {s.awaits, 3u},
                                       {s.ic4, 1u},
                                       {s.read_isr, 1u},
                                       {s.poll, 1u},
                                       {s.aeoi, 1u},
                                       {s.sfnm, 1u},
                                       {s.rotate_in_aeoi, 1u}}) {
        packed |= u64{value} << at;
        at += width;
    }
    return packed;
}

std::span<const Operation> pic_operations() { return table; }

} // namespace irqlab::conform
