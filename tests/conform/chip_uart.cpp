// The 16550A against QEMU's isa-serial, in a time of ours: registers, FIFOs, interrupts, the character
// timeout.
//
// What is received comes through loopback: QEMU's own reception is at its main loop's leisure. Divisors are
// not 0. Time stops short of the moment of a character timeout, or goes well past it: QEMU computes it in
// floating point.
#include <fmt/format.h>

#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

namespace uart = hw::uart;

enum Reg : u16 { data, ier, iir, lcr, mcr, lsr, msr, scr, fcr = iir };
constexpr u16 com1 = 0x3F8;
constexpr u64 unsure_ns = 3'000; // around a character timeout

Step out(u16 reg, u8 value) { return step("out", {static_cast<u64>(com1 + reg), value}); }
Step in(u16 reg) { return step("in", {static_cast<u64>(com1 + reg)}); }

/// Some characters, or to just before or after the character timeout.
Step pass(Random& random, const hw::Uart16550& chip, u64 now_ns)
{
    const u64 character_ns = hw::character_ticks(chip) * 1'000'000 / 1843 + 1;
    const u64 to = now_ns + 1000 + random.below(random.one_in(4) ? 6 * character_ns : character_ns);
    const u64 due = chip.timeout_at != 0 ? hw::ns_of_tick(chip.timeout_at, uart::hz) : 0;
    if (due > now_ns + unsure_ns && random.one_in(3))
        return step("advance", {due - now_ns + unsure_ns - 2 * unsure_ns * random.below(2)});
    const bool unsure = to + unsure_ns > due && to < due + unsure_ns;
    return step("advance", {to - now_ns + (unsure ? 2 * unsure_ns : 0)});
}

u8 some_lcr(Random& random)
{
    if (random.one_in(6))
        return 0x04; // one and a half stop bits
    return random.one_in(3) ? u8{0x03} : static_cast<u8>(random.byte() & (random.one_in(6) ? 0xFF : 0x7F));
}

/// Loopback more often than not.
u8 some_mcr(Random& random)
{
    return static_cast<u8>(random.byte() | (random.one_in(4) ? 0 : uart::Loop::mask));
}

u8 some_fcr(Random& random)
{
    const u8 value = random.byte();
    return static_cast<u8>((value & (random.one_in(3) ? 0xFF : 0xF9)) | (random.one_in(6) ? 0 : 1));
}

/// With DLAB, a divisor from 1 to 255 in either order of its bytes.
Step write_divisor(Random& random, const hw::Uart16550& chip)
{
    if (random.one_in(3))
        return out(lcr, chip.lcr & 0x7F);
    if (random.one_in(3) && (chip.divisor & 0xFF) != 0)
        return out(ier, static_cast<u8>(random.below(2)));
    return out(data, static_cast<u8>(1 + random.below(random.one_in(4) ? 255 : 3)));
}

Step next(Random& random, const hw::Machine& m)
{
    const hw::Uart16550& chip = m.uart[0];
    if (uart::Dlab::test(chip.lcr) && random.one_in(2))
        return write_divisor(random, chip);
    switch (random.below(16)) {
    case 0: return out(lcr, some_lcr(random));
    case 1: return out(mcr, some_mcr(random));
    case 2: return random.one_in(2) ? out(fcr, some_fcr(random)) : out(scr, random.byte());
    case 3: return out(ier, random.byte());
    case 4: return in(lsr);
    case 5:
        return random.one_in(4)
                   ? out(static_cast<u16>(random.pick<u16>(std::array<u16, 2>{lsr, msr})), random.byte())
                   : in(msr);
    case 6:
    case 7: return in(static_cast<u16>(random.below(8)));
    case 8:
    case 9: return in(data);
    case 10: return in(iir);
    case 11:
    case 12: return pass(random, chip, m.now_ns);
    default: return uart::Dlab::test(chip.lcr) ? out(lcr, chip.lcr & 0x7F) : out(data, random.byte());
    }
}

std::vector<Step> preamble()
{
    std::vector<Step> steps;
    for (const auto& [reg, value] : std::initializer_list<std::pair<u16, u8>>{{lcr, 0x83},
                                                                              {ier, 0},
                                                                              {data, 1},
                                                                              {lcr, 0x03},
                                                                              {ier, 0},
                                                                              {fcr, 0},
                                                                              {mcr, 0x10},
                                                                              {data, 0}, // RBR's first byte
                                                                              {mcr, 0x08},
                                                                              {scr, 0}})
        steps.push_back(out(reg, value));
    steps.push_back(in(data));
    return steps;
}

std::vector<Step> observe(const Step& s, const hw::Machine&)
{
    std::vector<Step> looks{step("level", {4}), in(lcr), in(mcr)};
    if (s.argument[0] % 2 == 0) // a read of IIR or LSR takes something back: not after each step
        looks.push_back(in(iir));
    if (s.argument[0] % 4 == 1)
        looks.push_back(in(lsr));
    return looks;
}

std::unique_ptr<Witness> start()
{
    auto witness = std::make_unique<QemuWitness>(
        std::vector<std::string>{"-M", "pc,hpet=off", "-chardev", "null,id=wire", "-device",
                                 "isa-serial,chardev=wire"},
        [](Qtest& qtest, const Step& s) {
            if (s.name() != "level")
                return Reply::nothing;
            qtest.queue("readb 0");
            return Reply::line;
        },
        Qtest::Clock::ours);
    Qtest& qtest = witness->qtest();
    for (const char* quiet : {"outb 0x43 0x30", "outb 0x40 0", "outb 0x40 0"}) // the 8254 counts once
        qtest.queue(quiet);
    // Nothing received is left over, no error and no delta.
    witness->begin_with({"outb 0x3fb 3", "outb 0x3fa 1", "outb 0x3fa 0", "inb 0x3fd", "inb 0x3fe"});
    qtest.intercept_inputs(qtest.paths_of("isa-i8259").at(0));
    return witness;
}

} // namespace

Chip uart_against_qemu()
{
    return {"uart", "qemu", hw::Profile::qemu, 200, hw::BoardId::pc, 1, start, preamble, next, observe};
}

} // namespace irqlab::conform
