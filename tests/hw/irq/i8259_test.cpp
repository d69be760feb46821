// 8259A: each row names the rule that it proves; `8259A/` is the datasheet's section, `Cn`, `Dn` and `Pn` are
// the conformance list's ids. A row is a list of steps on an initialised PC pair: base 20h and 28h, 8086
// mode, no AEOI.
#include "hw/irq/i8259.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace irqlab::hw {
namespace {

static_assert(std::is_trivially_copyable_v<PicPair> && std::is_aggregate_v<I8259>);

enum class Do : u8 { up, down, out, in, ack, first, second, int_is, irr_is, isr_is, imr_is };
struct Step {
    Do what;
    u16 at;
    u16 value;
};

Step up(u16 irq) { return {Do::up, irq, 0}; }
Step down(u16 irq) { return {Do::down, irq, 0}; }
Step out(u16 port, u16 value) { return {Do::out, port, value}; }
Step in(u16 port, u16 want) { return {Do::in, port, want}; }
Step ack(u16 vector) { return {Do::ack, 0, vector}; }      // a real request
Step spurious(u16 vector) { return {Do::ack, 1, vector}; } // a default IR7 or IR15
Step first() { return {Do::first, 0, 0}; }
Step second(u16 vector) { return {Do::second, 0, vector}; }
Step second_spurious(u16 vector) { return {Do::second, 1, vector}; }
const Step high{Do::int_is, 0, 1}, low{Do::int_is, 0, 0};
Step irr_is(u16 mask) { return {Do::irr_is, 0, mask}; }
Step isr_is(u16 mask) { return {Do::isr_is, 0, mask}; }
Step imr_is(u16 mask) { return {Do::imr_is, 0, mask}; }

struct Row {
    const char* clause;
    std::vector<Step> steps;
};

void initialise(PicPair& pair, u8 icw1, u8 icw4_master, u8 icw4_slave)
{
    Signals signals;
    for (u16 base : {u16{0x20}, u16{0xA0}}) {
        write(pair, base, icw1, signals);
        write(pair, base + 1, base == 0x20 ? 0x20 : 0x28, signals);
        write(pair, base + 1, base == 0x20 ? 0x04 : 0x02, signals);
        write(pair, base + 1, base == 0x20 ? icw4_master : icw4_slave, signals);
    }
}

PicPair pc(u8 icw1 = 0x11, u8 icw4_master = 0x01, u8 icw4_slave = 0x01)
{
    PicPair pair;
    initialise(pair, icw1, icw4_master, icw4_slave);
    return pair;
}

void check_vector(u8 got, const Signals& signals, const Step& s)
{
    EXPECT_EQ(got, s.value);
    ASSERT_FALSE(signals.empty());
    EXPECT_EQ(signals[0], (Signal{SignalKind::pic_inta, 0, s.at, s.value}));
}

void run(PicPair& pair, const Step& s)
{
    Signals signals;
    switch (s.what) {
    case Do::up: return drive(pair, s.at, true, signals);
    case Do::down: return drive(pair, s.at, false, signals);
    case Do::out: return write(pair, s.at, static_cast<u8>(s.value), signals);
    case Do::in: {
        const u8 peeked = peek(pair, s.at);
        EXPECT_EQ(read(pair, s.at, signals), s.value);
        EXPECT_EQ(peeked, s.value) << "peek sees what read gives";
        return;
    }
    case Do::ack: return check_vector(acknowledge(pair, signals), signals, s);
    case Do::first: return first_inta(pair);
    case Do::second: return check_vector(second_inta(pair, signals), signals, s);
    case Do::int_is: EXPECT_EQ(intr(pair), s.value == 1); return;
    case Do::irr_is: EXPECT_EQ(irr(pair), s.value); return;
    case Do::isr_is: EXPECT_EQ(isr(pair), s.value); return;
    case Do::imr_is: EXPECT_EQ(imr(pair), s.value); return;
    default: FAIL();
    }
}

void run_rows(const std::vector<Row>& rows, PicPair (*machine)())
{
    for (const Row& row : rows) {
        PicPair pair = machine();
        for (std::size_t i = 0; i < row.steps.size(); ++i) {
            SCOPED_TRACE(testing::Message() << row.clause << ", step " << i);
            run(pair, row.steps[i]);
        }
    }
}

PicPair plain() { return pc(); }
PicPair level_triggered() { return pc(0x19); }
PicPair automatic() { return pc(0x11, 0x03, 0x03); }
PicPair nested() { return pc(0x11, 0x11, 0x01); }
PicPair cold() { return {}; }

// Words that the rows write.
constexpr u16 eoi = 0x20, read_irr = 0x0A, read_isr = 0x0B, poll = 0x0C, smm_on = 0x68, smm_off = 0x48;
constexpr u16 seoi(u16 level) { return static_cast<u16>(0x60 | level); }

TEST(I8259, EdgeRequests)
{
    run_rows(
        {
            {"8259A/idle: no request, no INT", {low, irr_is(0), isr_is(0)}},
            {"8259A/nested: a request, its vector, in service",
             {up(3), high, irr_is(8), ack(0x23), low, isr_is(8), irr_is(0)}},
            {"8259A/nested: IR0 beats IR7", {up(7), up(0), ack(0x20)}},
            {"8259A/nested: higher preempts", {up(3), ack(0x23), up(1), high, ack(0x21), isr_is(0x0A)}},
            {"8259A/nested: equal waits for EOI",
             {up(3), ack(0x23), down(3), up(3), low, out(0x20, eoi), high, ack(0x23)}},
            {"8259A/nested: lower waits for EOI", {up(3), ack(0x23), up(5), low, out(0x20, eoi), ack(0x25)}},
            {"8259A/mask: a masked IR lets lower pass", {out(0x21, 1), up(0), up(1), ack(0x21), irr_is(1)}},
            {"8259A/mask: masking does not end service", {up(3), ack(0x23), out(0x21, 8), up(4), low}},
            {"8259A/edge: one transition, one interrupt", {up(4), ack(0x24), out(0x20, eoi), low, irr_is(0)}},
            {"8259A/edge: masked edge waits for unmask",
             {out(0x21, 0x10), up(4), low, irr_is(0x10), out(0x21, 0), ack(0x24)}},
            {"C1, D1: an edge whose line falls before INTA is IR7",
             {up(3), down(3), low, irr_is(0), spurious(0x27)}},
            {"C1: the line may fall after the first INTA",
             {up(3), first(), down(3), second(0x23), isr_is(8)}},
            {"C2, D2: a default IR7 sets no ISR bit", {up(3), down(3), spurious(0x27), isr_is(0)}},
            {"C2: a default IR7 during a real IR7 leaves ISR",
             {up(7), ack(0x27), up(3), down(3), spurious(0x27), isr_is(0x80)}},
            {"C10: rotation does not move the default level",
             {out(0x20, 0xC2), up(3), down(3), spurious(0x27)}},
            {"C4, D14: a higher request before INTA is the one taken",
             {up(5), up(1), ack(0x21), irr_is(0x20)}},
            {"C4: a higher request between the INTAs waits, then INT is high",
             {up(5), first(), up(1), second(0x25), high, ack(0x21)}},
            {"P2: spurious though all is masked", {up(3), out(0x21, 0xFF), low, spurious(0x27), isr_is(0)}},
            {"P3: masking while INT is raised drops INT; no vector 0",
             {up(3), high, out(0x21, 8), low, spurious(0x27)}},
            {"P7: IRR and ISR are the chip's, masked or not",
             {out(0x21, 0xFB), out(0xA1, 0xFF), up(3), up(10), irr_is(0x408), low}},
            {"P9: a stray edge after its user masked it is kept until the line falls",
             {out(0x21, 0x10), up(4), down(4), out(0x21, 0), low, irr_is(0)}},
        },
        plain);
}

TEST(I8259, Cascade)
{
    run_rows(
        {
            {"8259A/cascade: the slave gives the vector",
             {up(8), high, irr_is(0x104), ack(0x28), isr_is(0x104), low}},
            {"8259A/cascade: each slave level", {up(15), ack(0x2F), isr_is(0x8004)}},
            {"8259A/cascade: slave's levels stand at the master's IR2",
             {up(3), up(12), ack(0x2C), low, up(1), ack(0x21)}},
            {"8259A/cascade: both EOIs end it",
             {up(8), ack(0x28), out(0xA0, eoi), out(0x20, eoi), isr_is(0)}},
            {"P1: slave's line falls between the INTAs: IRQ 15, the master's bit 2 set, the slave's none",
             {up(12), first(), down(12), second_spurious(0x2F), isr_is(0x004), out(0x20, seoi(2)),
              isr_is(0)}},
            {"P1: after EOI to the master alone, the slave goes on",
             {up(12), first(), down(12), second_spurious(0x2F), out(0x20, seoi(2)), up(12), ack(0x2C)}},
            {"C1: the slave's line falls before the first INTA: the master's own IR7",
             {up(12), down(12), low, spurious(0x27), isr_is(0)}},
            {"C3: IR7 by default looks like 7 on CAS, so a slave there answers",
             {out(0x20, 0x11), out(0x21, 0x20), out(0x21, 0x80), out(0x21, 1), out(0xA0, 0x11),
              out(0xA1, 0x28), out(0xA1, 7), out(0xA1, 1), up(3), down(3), spurious(0x2F), isr_is(0)}},
            {"8259A/cascade: no slave has that address: the bus floats",
             {out(0xA0, 0x11), out(0xA1, 0x28), out(0xA1, 5), out(0xA1, 1), up(8), ack(0xFF)}},
            {"P4: IRQ 2 is used up at each acknowledge, also in a flood",
             {up(8), up(9), up(10), ack(0x28), irr_is(0x600), out(0xA0, eoi), out(0x20, eoi), ack(0x29),
              out(0xA0, eoi), out(0x20, eoi), ack(0x2A), out(0xA0, eoi), out(0x20, eoi), low, irr_is(0),
              isr_is(0)}},
            {"P8: EOI to the slave alone leaves the master's level in service",
             {up(8), ack(0x28), out(0xA0, eoi), isr_is(4), up(9), low}},
            {"P8: EOI to the master alone leaves the slave's",
             {up(8), ack(0x28), out(0x20, eoi), isr_is(0x100), up(9), low, up(3), high}},
            {"P10: Linux's order: mask, read back, slave's and master's EOI",
             {up(12), ack(0x2C), in(0xA1, 0), out(0xA1, 0x10), out(0xA0, seoi(4)), out(0x20, seoi(2)),
              isr_is(0), imr_is(0x1000)}},
            {"P10: Linux reads ISR with 0Bh and puts IRR back with 0Ah",
             {up(12), ack(0x2C), out(0xA0, read_isr), in(0xA0, 0x10), out(0xA0, read_irr), in(0xA0, 0)}},
            {"8259A/nested: a higher request of the same slave waits in normal nested mode",
             {up(12), ack(0x2C), up(9), low, irr_is(0x204)}},
        },
        plain);
}

TEST(I8259, SpecialFullyNested)
{
    run_rows(
        {
            {"C11, D6: a higher request of the same slave gets through",
             {up(12), ack(0x2C), up(9), high, ack(0x29), isr_is(0x1204)}},
            {"C11: a lower one of the same slave waits", {up(9), ack(0x29), up(12), low}},
            {"C11: a lower level of the master still waits", {up(12), ack(0x2C), up(3), low}},
            {"C11: the master's own level is not nested in itself", {up(3), ack(0x23), down(3), up(3), low}},
            {"C11: EOI to the slave, its ISR read, to the master only when that is zero",
             {up(12), ack(0x2C), up(9), ack(0x29), out(0xA0, eoi), out(0xA0, read_isr), in(0xA0, 0x10),
              out(0xA0, eoi), in(0xA0, 0), out(0x20, eoi), isr_is(0)}},
        },
        nested);
}

TEST(I8259, OperationCommandWord2)
{
    run_rows(
        {
            {"C12: non-specific EOI ends the highest",
             {up(5), ack(0x25), up(1), ack(0x21), out(0x20, 0x20), isr_is(0x20)}},
            {"C12: specific EOI ends the one named",
             {up(5), ack(0x25), up(1), ack(0x21), out(0x20, 0x65), isr_is(0x02)}},
            {"C12: no operation", {up(5), ack(0x25), out(0x20, 0x45), isr_is(0x20)}},
            {"C12: set priority: IR3 lowest, so IR4 beats IR0", {out(0x20, 0xC3), up(0), up(4), ack(0x24)}},
            {"C12: set priority: the lowest is last", {out(0x20, 0xC3), up(3), up(1), ack(0x21)}},
            {"C12, D5: rotate on non-specific EOI puts the serviced level last, not the next one",
             {up(4), ack(0x24), down(4), out(0x20, 0xA0), isr_is(0), up(4), up(5), up(3), ack(0x25)}},
            {"C12: after that, the serviced one comes after all others",
             {up(4), ack(0x24), down(4), out(0x20, 0xA0), up(4), up(3), ack(0x23), out(0x20, eoi),
              ack(0x24)}},
            {"C12: rotate on non-specific EOI with nothing in service changes nothing",
             {out(0x20, 0xA0), up(0), up(1), ack(0x20)}},
            {"C12: rotate on specific EOI",
             {up(5), ack(0x25), out(0x20, 0xE5), isr_is(0), up(6), up(0), ack(0x26)}},
            {"8259A/EOI: nothing in service", {out(0x20, eoi), isr_is(0), up(1), ack(0x21)}},
            {"8259A/rotation: nesting follows the rotated order",
             {out(0x20, 0xC3), up(0), ack(0x20), up(4), high, ack(0x24)}},
        },
        plain);
    run_rows(
        {
            {"C7, P6: AEOI clears ISR at the last INTA, on the slave too",
             {up(12), first(), isr_is(4), second(0x2C), isr_is(0)}},
            {"C12: rotate in AEOI set",
             {out(0x20, 0x80), up(4), ack(0x24), down(4), up(4), up(5), ack(0x25)}},
            {"C12: rotate in AEOI clear",
             {out(0x20, 0x80), out(0x20, 0x00), up(4), ack(0x24), down(4), up(4), up(5), ack(0x24)}},
            {"8259A/AEOI: no nesting: the next one at once", {up(1), up(3), ack(0x21), high, ack(0x23)}},
            {"P4: AEOI: the slave's next request is a new edge at IR2",
             {up(8), up(9), ack(0x28), high, ack(0x29), low}},
        },
        automatic);
}

TEST(I8259, SpecialMaskMode)
{
    run_rows(
        {
            {"8259A/SMM: a masked level in service blocks no lower one, nor itself any other",
             {up(3), ack(0x23), out(0x21, 8), out(0x20, smm_on), up(5), high, ack(0x25)}},
            {"D13: masked in-service level does not block all",
             {up(0), ack(0x20), out(0x21, 1), out(0x20, smm_on), up(7), ack(0x27)}},
            {"D3: an unmasked level in service still blocks lower ones",
             {up(3), ack(0x23), out(0x20, smm_on), up(5), low}},
            {"8259A/SMM: off again, it blocks again",
             {up(3), ack(0x23), out(0x21, 8), out(0x20, smm_on), out(0x20, smm_off), up(5), low}},
            {"8259A/SMM: SMM without ESMM changes nothing",
             {up(3), ack(0x23), out(0x21, 8), out(0x20, 0x28), up(5), low}},
            {"C6, D3: a non-specific EOI does not clear a masked level",
             {up(3), ack(0x23), out(0x21, 8), out(0x20, smm_on), out(0x20, eoi), isr_is(8),
              out(0x20, seoi(3)), isr_is(0)}},
            {"C6: it clears the highest that is not masked",
             {up(3), ack(0x23), out(0x21, 8), out(0x20, smm_on), up(5), ack(0x25), out(0x20, eoi),
              isr_is(8)}},
        },
        plain);
}

TEST(I8259, PollAndStatus)
{
    run_rows(
        {
            {"C8, D4: the poll word has I and the level, and sets the IS bit",
             {up(3), out(0x20, poll), in(0x20, 0x83), isr_is(8), low}},
            {"C8: polled once; the next read is the register again",
             {up(3), out(0x20, poll), in(0x20, 0x83), in(0x20, 0)}},
            {"C8: the read may be at either address", {up(3), out(0x20, poll), in(0x21, 0x83), in(0x21, 0)}},
            {"C8: nothing to report, I is 0 and nothing in service",
             {out(0x20, poll), in(0x20, 0), isr_is(0)}},
            {"C8: frozen from WR to RD: a later higher request waits",
             {up(5), out(0x20, poll), up(1), in(0x20, 0x85), high}},
            {"C8: frozen from WR to RD: a line that fell is still reported",
             {up(5), out(0x20, poll), down(5), in(0x20, 0x85), isr_is(0x20)}},
            {"C8: the master reports IR2 and leaves the slave to its own poll",
             {up(12), out(0x20, poll), in(0x20, 0x82), out(0xA0, poll), in(0xA0, 0x84), isr_is(0x1004), low}},
            {"C8: the EOI of a polled level",
             {up(3), out(0x20, poll), in(0x20, 0x83), out(0x20, eoi), isr_is(0)}},
            {"D11: P, RR and SMM in one byte: the poll is read first, then ISR",
             {up(3), out(0x20, 0x0F), in(0x20, 0x83), in(0x20, 8)}},
            {"D11: ESMM and SMM with P",
             {up(3), ack(0x23), out(0x21, 8), out(0x20, 0x6C), in(0x20, 0), up(5), high}},
            {"8259A/status: RIS without RR keeps the selection",
             {up(3), ack(0x23), out(0x20, read_isr), out(0x20, 0x08), in(0x20, 8)}},
            {"8259A/status: IMR is read at A0=1", {out(0x21, 0xA5), in(0x21, 0xA5)}},
        },
        plain);
    run_rows({{"C8, P6: polling in AEOI mode clears the bit at once, and the slave's next is a new edge",
               {up(8), up(9), out(0xA0, poll), in(0xA0, 0x80), isr_is(0), irr_is(0x204), ack(0x29)}}},
             automatic);
}

TEST(I8259, LevelTriggered)
{
    run_rows(
        {
            {"D7: LTIM: a line requests while it is high",
             {up(3), ack(0x23), irr_is(8), low, out(0x20, eoi), high}},
            {"C9: the request gone before EOI: no second interrupt",
             {up(3), ack(0x23), down(3), out(0x20, eoi), low}},
            {"C9, P8: still there at EOI: a second one", {up(3), ack(0x23), out(0x20, eoi), ack(0x23)}},
            {"C1: the level must last to the first INTA, too", {up(3), down(3), spurious(0x27), isr_is(0)}},
        },
        level_triggered);
    run_rows(
        {
            {"PIIX/ELCR: one line by level, the others by edge",
             {out(0x4D1, 0x0C), up(10), up(9), ack(0x29), out(0xA0, eoi), out(0x20, eoi), ack(0x2A),
              out(0xA0, eoi), out(0x20, eoi), ack(0x2A)}},
            {"PIIX/ELCR: bits of IRQ 0, 1, 2, 8, 13 stay 0",
             {out(0x4D0, 0xFF), out(0x4D1, 0xFF), in(0x4D0, 0xF8), in(0x4D1, 0xDE)}},
            {"PIIX/ELCR: a line already high requests when it becomes level",
             {up(5), ack(0x25), out(0x20, eoi), low, out(0x4D0, 0x20), high}},
            {"PIIX/ELCR: and stops when it becomes edge again",
             {up(5), ack(0x25), out(0x20, eoi), out(0x4D0, 0x20), out(0x4D0, 0), low}},
        },
        plain);
}

TEST(I8259, Initialisation)
{
    const std::vector<Step> again = {out(0x20, 0x11), out(0x21, 0x40), out(0x21, 4), out(0x21, 1)};
    const auto after_icw1 = [&](std::vector<Step> before, std::vector<Step> after) {
        before.insert(before.end(), again.begin(), again.end());
        before.insert(before.end(), after.begin(), after.end());
        return before;
    };
    run_rows(
        {
            {"C5: a line already high needs a new transition",
             after_icw1({up(3)}, {irr_is(0), low, down(3), up(3), ack(0x43)})},
            {"C5: IMR is cleared", after_icw1({out(0x21, 0xFF)}, {imr_is(0)})},
            {"C5: IR7 is the lowest again", after_icw1({out(0x20, 0xC3)}, {up(0), up(4), ack(0x40)})},
            {"C5: special mask mode is off",
             after_icw1({out(0x20, smm_on)}, {up(0), ack(0x40), out(0x21, 1), up(1), low})},
            {"C5: status read is IRR", after_icw1({out(0x20, read_isr)}, {up(0), in(0x20, 1)})},
            {"C5: the slave's address is 7 until ICW3", {out(0xA0, 0x11), out(0xA1, 0x28), up(8), low}},
            {"8259A/initialisation: not ready before the last word",
             {out(0x20, 0x11), out(0x21, 0x20), out(0x21, 4), up(1), low, out(0x21, 1), high}},
            {"8259A/initialisation: the low bits of ICW2 are the level's",
             {out(0x20, 0x11), out(0x21, 0x37), out(0x21, 4), out(0x21, 1), up(3), ack(0x33)}},
            {"D7: SNGL: no ICW3, and IR2 is a line like the others",
             {out(0x20, 0x13), out(0x21, 0x20), out(0x21, 1), up(8), ack(0x22), isr_is(4)}},
        },
        plain);
    run_rows({{"C5, C12: AEOI off when ICW4 is without it",
               {out(0x20, 0x11), out(0x21, 0x20), out(0x21, 4), out(0x21, 1), up(1), ack(0x21), isr_is(2)}}},
             automatic);
    run_rows({{"8259A/initialisation: before it, no interrupt", {up(1), low, irr_is(2)}}}, cold);
}

} // namespace
} // namespace irqlab::hw
