// The two 8259A of a PC: the cascade, the INTA sequence seen by both, the ports and ELCR. Declared in
// i8259.hpp.
#include "hw/base/check.hpp"
#include "hw/irq/i8259_inside.hpp"

namespace irqlab::hw {
namespace {

// PIIX does not let the timer, keyboard, cascade, clock and coprocessor lines be level triggered.
constexpr u8 elcr_writable_master = 0xF8;
constexpr u8 elcr_writable_slave = 0xDE;
constexpr u8 cascade_ir = 2;
constexpr u8 floating_bus = 0xFF;

/// The INT outputs before an operation. The slave's is the level that was carried to the master's IR2.
struct Outputs {
    bool master, slave;
    explicit Outputs(const PicPair& pair)
        : master(intr(pair.master)), slave((pair.master.lines & bit<u8>(cascade_ir)) != 0)
    {
    }
};

void report(Signals& signals, u16 chip, bool before, bool after)
{
    if (before != after)
        signals.push({SignalKind::pic_intr, 0, chip, after});
}

/// Carries the slave's INT to the master's IR2, and reports the INT outputs that changed.
void settle(PicPair& pair, Outputs before, Signals& signals)
{
    if (pair.master.quirks != 0) [[unlikely]] {
        i8259_inside::quirked_cascade(pair);
        return report(signals, 0, before.master, intr(pair.master));
    }
    const bool slave = intr(pair.slave);
    if (slave != before.slave) {
        report(signals, 1, before.slave, slave);
        drive(pair.master, cascade_ir, slave);
    }
    report(signals, 0, before.master, intr(pair.master));
}

/// INT falls at the end of an acknowledgement whatever is pending, and then rises again: [8259A] "Interrupt
/// Sequence". The master's IR2 falls with the slave's INT, so that the slave's next request is an edge again.
void pulse_low(PicPair& pair, Outputs before, bool master, bool slave, Signals& signals)
{
    if (i8259_quirk::StoredInt::test(pair.master.quirks))
        return settle(pair, before, signals);
    if (slave) {
        report(signals, 1, before.slave, false);
        before.slave = false;
        drive(pair.master, cascade_ir, false);
    }
    if (master) {
        report(signals, 0, before.master, false);
        before.master = false;
    }
    settle(pair, before, signals);
}

/// The slave hears its address on CAS. In single mode it does not listen.
bool slave_selected(const PicPair& pair)
{
    const I8259& slave = pair.slave;
    if (i8259_quirk::FixedCascade::test(pair.master.quirks))
        return pair.master.inta != 0 && cascaded(pair.master, pair.master.level);
    return pair.master.inta != 0 && cascaded(pair.master, pair.master.level) &&
           slave.expect == I8259::Expect::ready && !icw1::Sngl::test(slave.icw1) &&
           (slave.icw3 & 7) == pair.master.level;
}

/// The pulses after the first, up to the end of the sequence.
u8 finish(I8259& chip)
{
    const u8 byte = second_inta(chip);
    if (chip.inta != 0)
        third_inta(chip);
    return byte;
}

struct Port {
    u16 number;
    bool slave, a0, elcr;
};

Port decode(u16 port)
{
    const bool elcr = port == 0x4D0 || port == 0x4D1;
    CHECK(elcr || (port & ~0x81) == 0x20);
    return elcr ? Port{port, port == 0x4D1, false, true}
                : Port{port, (port & 0x80) != 0, (port & 1) != 0, false};
}

} // namespace

void drive(PicPair& pair, unsigned irq, bool high, Signals& signals)
{
    CHECK(irq < 16 && irq != cascade_ir);
    const Outputs before(pair);
    if (irq >= 8) {
        drive(pair.slave, irq & 7, high);
        return settle(pair, before, signals);
    }
    drive(pair.master, irq, high);
    if (pair.master.quirks != 0) [[unlikely]]
        return settle(pair, before, signals);
    report(signals, 0, before.master, intr(pair.master));
}

void first_inta(PicPair& pair) { first_inta(pair.master); }

u8 second_inta(PicPair& pair, Signals& signals)
{
    const Outputs before(pair);
    bool by_default = pair.master.by_default;
    const bool to_slave = cascaded(pair.master, pair.master.level);
    const bool answered = slave_selected(pair);
    u8 vector = floating_bus;
    if (answered) {
        first_inta(pair.slave);
        by_default = by_default || pair.slave.by_default;
        vector = finish(pair.slave);
    }
    const u8 own = finish(pair.master);
    if (!to_slave)
        vector = own;
    signals.push({SignalKind::pic_inta, 0, by_default, vector});
    pulse_low(pair, before, true, answered, signals);
    return vector;
}

u8 acknowledge(PicPair& pair, Signals& signals)
{
    first_inta(pair);
    return second_inta(pair, signals);
}

u8 peek(const PicPair& pair, u16 port)
{
    const Port at = decode(port);
    const I8259& chip = at.slave ? pair.slave : pair.master;
    return at.elcr ? chip.elcr : peek(chip, at.a0);
}

u8 read(PicPair& pair, u16 port, Signals& signals)
{
    const Port at = decode(port);
    I8259& chip = at.slave ? pair.slave : pair.master;
    if (at.elcr)
        return chip.elcr;
    if (!chip.poll) // only a poll word's read changes anything
        return read(chip, at.a0, signals);
    const Outputs before(pair);
    const bool bare = i8259_quirk::BarePoll::test(chip.quirks);
    const u8 value = bare ? i8259_inside::bare_poll(pair, at.slave) : read(chip, at.a0, signals);
    pulse_low(pair, before, !at.slave, at.slave, signals); // a poll word's read is an INTA
    return value;
}

void write(PicPair& pair, u16 port, u8 value, Signals& signals)
{
    const Port at = decode(port);
    const Outputs before(pair);
    I8259& chip = at.slave ? pair.slave : pair.master;
    if (at.elcr) {
        chip.elcr = value & (at.slave ? elcr_writable_slave : elcr_writable_master);
        i8259_inside::set_level_lines(chip);
    } else {
        write(chip, at.a0, value, signals);
    }
    settle(pair, before, signals);
}

} // namespace irqlab::hw
