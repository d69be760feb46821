// The two 8259A of a PC: the cascade, the INTA sequence seen by both, the ports and ELCR. Declared in
// i8259.hpp.
#include "hw/base/check.hpp"
#include "hw/irq/i8259_inside.hpp"

namespace irqlab::hw {

using namespace i8259_inside;

namespace {

// PIIX does not let the timer, keyboard, cascade, clock and coprocessor lines be level triggered.
constexpr u8 elcr_writable_master = 0xF8;
constexpr u8 elcr_writable_slave = 0xDE;
constexpr u8 cascade_ir = 2;
constexpr u8 floating_bus = 0xFF;

/// The master's INT is now this.
inline void set_int(PicPair& pair, bool level, Signals& signals)
{
    if (pair.int_level == level)
        return;
    pair.int_level = level;
    signals.push({SignalKind::pic_intr, 0, 0, level});
}

/// The slave's INT is now this; it is the master's IR2.
void set_cascade(PicPair& pair, bool level, Signals& signals)
{
    if (((pair.master.lines & bit<u8>(cascade_ir)) != 0) == level)
        return;
    signals.push({SignalKind::pic_intr, 0, 1, level});
    drive(pair.master, cascade_ir, level);
}

/// Carries the slave's INT to the master's IR2, and the master's outside.
void settle(PicPair& pair, Signals& signals)
{
    if (pair.master.quirks != 0) [[unlikely]]
        quirked_cascade(pair);
    else
        set_cascade(pair, intr(pair.slave), signals);
    set_int(pair, intr(pair.master), signals);
}

/// INT falls at the end of an acknowledgement whatever is pending, and then rises again: [8259A] "Interrupt
/// Sequence". The master's IR2 falls with the slave's INT, so that the slave's next request is an edge again.
void pulse_low(PicPair& pair, bool master, bool slave, Signals& signals)
{
    if (!i8259_quirk::StoredInt::test(pair.master.quirks)) {
        if (slave)
            set_cascade(pair, false, signals);
        if (master)
            set_int(pair, false, signals);
    }
    settle(pair, signals);
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
    if (irq < 8 && pair.master.quirks == 0) [[likely]] {
        plain_drive(pair.master, irq, high);
        return set_int(pair, plain_intr(pair.master), signals);
    }
    drive(irq < 8 ? pair.master : pair.slave, irq & 7, high);
    settle(pair, signals);
}

void first_inta(PicPair& pair) { first_inta(pair.master); }

u8 second_inta(PicPair& pair, Signals& signals)
{
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
    pulse_low(pair, true, answered, signals);
    return vector;
}

/// The master's own level, in two pulses with nothing between them: INT falls, and rises if more is
/// requested.
static u8 acknowledge_master(PicPair& pair, Signals& signals)
{
    I8259& master = pair.master;
    const u8 vector = static_cast<u8>((master.icw2 & 0xF8) | master.level);
    signals.push({SignalKind::pic_inta, 0, master.by_default, vector});
    end_sequence(master);
    set_int(pair, false, signals);
    set_int(pair, plain_intr(master), signals);
    return vector;
}

/// Fully nested 8086 mode without automatic EOI, as PCs run it.
static bool plain_mode(const I8259& chip)
{
    constexpr u8 modes = icw4::Upm::mask | icw4::Aeoi::mask | icw4::Sfnm::mask;
    return (chip.quirks | u32{chip.freeze} | u32{chip.smm}) == 0 && chip.expect == I8259::Expect::ready &&
           (chip.icw4 & modes) == icw4::Upm::mask;
}

/// The request that a master in plain mode takes, or -1: a slave's, or none.
static int own_request(const I8259& master)
{
    const u8 candidates = eligible(master);
    if (candidates == 0)
        return -1;
    const u8 level = level_of(master, candidates);
    return cascaded(master, level) ? -1 : level;
}

/// Nothing that stays requested is above what was taken: INT falls for good.
static u8 acknowledge_plain(PicPair& pair, u8 level, Signals& signals)
{
    I8259& master = pair.master;
    const u8 taken = bit<u8>(level);
    const u8 vector = static_cast<u8>((master.icw2 & 0xF8) | level);
    master.isr = static_cast<u8>(master.isr | taken);
    master.edge = static_cast<u8>(master.edge & ~taken);
    master.level = level;
    master.by_default = false;
    signals.push({SignalKind::pic_inta, 0, false, vector});
    set_int(pair, false, signals);
    return vector;
}

u8 acknowledge(PicPair& pair, Signals& signals)
{
    I8259& master = pair.master;
    CHECK(master.inta == 0);
    if (plain_mode(master)) [[likely]]
        if (const int level = own_request(master); level >= 0) [[likely]]
            return acknowledge_plain(pair, static_cast<u8>(level), signals);
    begin_sequence(master);
    if (!cascaded(master, master.level) && !mcs80(master) && master.quirks == 0)
        return acknowledge_master(pair, signals);
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
    const bool bare = i8259_quirk::BarePoll::test(chip.quirks);
    const u8 value = bare ? bare_poll(pair, at.slave) : read(chip, at.a0, signals);
    pulse_low(pair, !at.slave, at.slave, signals); // a poll word's read is an INTA
    return value;
}

/// A specific EOI to a master that serves: what Linux writes at each interrupt.
static bool is_specific_eoi(const I8259& chip, u8 value)
{
    constexpr u8 level_bits = 7, specific_eoi = 0x60;
    return (value & ~level_bits) == specific_eoi && chip.quirks == 0 && chip.expect == I8259::Expect::ready;
}

[[gnu::noinline]] static void write_any(PicPair& pair, u16 port, u8 value, Signals& signals)
{
    const Port at = decode(port);
    I8259& chip = at.slave ? pair.slave : pair.master;
    if (at.elcr) {
        chip.elcr = value & (at.slave ? elcr_writable_slave : elcr_writable_master);
        set_level_lines(chip);
    } else {
        write(chip, at.a0, value, signals);
    }
    settle(pair, signals);
}

void write(PicPair& pair, u16 port, u8 value, Signals& signals)
{
    constexpr u16 master_command = 0x20;
    I8259& master = pair.master;
    if (port != master_command || !is_specific_eoi(master, value))
        return write_any(pair, port, value, signals);
    master.isr = static_cast<u8>(master.isr & ~bit<u8>(ocw2::Level::get(value)));
    set_int(pair, plain_intr(master), signals);
}

} // namespace irqlab::hw
