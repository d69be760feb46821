// Operations on the local APICs that are no memory accesses: MSRs, CR8, and looks at registers without their
// effects.
#include "hw/irq/lapic.hpp"
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

u64 rdmsr(hw::Machine& m, const Step& s, hw::Signals&)
{
    u64 value = 0;
    return hw::rdmsr(m, s.cpu, static_cast<u32>(s.argument[0]), value) ? value : general_protection;
}

u64 wrmsr(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    return hw::wrmsr(m, s.cpu, static_cast<u32>(s.argument[0]), s.argument[1], signals) ? 0
                                                                                        : general_protection;
}

u64 write_cr8(hw::Machine& m, const Step& s, hw::Signals&)
{
    hw::write_cr8(m, s.cpu, s.argument[0] & 0xf);
    return 0;
}

u64 read_cr8(hw::Machine& m, const Step& s, hw::Signals&) { return hw::read_cr8(m, s.cpu); }

u64 look(hw::Machine& m, const Step& s, hw::Signals&)
{
    return hw::peek(m.core[s.cpu].lapic, static_cast<u16>(s.argument[0] & 0xff0), m.now_ns);
}

u64 irr(hw::Machine& m, const Step& s, hw::Signals&)
{
    return m.core[s.cpu].lapic.irr.word[s.argument[0] & 3];
}
u64 isr(hw::Machine& m, const Step& s, hw::Signals&)
{
    return m.core[s.cpu].lapic.isr.word[s.argument[0] & 3];
}
u64 tmr(hw::Machine& m, const Step& s, hw::Signals&)
{
    return m.core[s.cpu].lapic.tmr.word[s.argument[0] & 3];
}

constexpr Operation table[] = {
    {"rdmsr", {"msr"}, true, rdmsr},
    {"wrmsr", {"msr", "value"}, true, wrmsr},
    {"write_cr8", {"value"}, false, write_cr8},
    {"read_cr8", {}, true, read_cr8},
    {"lapic", {"offset"}, true, look},
    {"irr", {"word"}, true, irr},
    {"isr", {"word"}, true, isr},
    {"tmr", {"word"}, true, tmr},
};

} // namespace

std::span<const Operation> lapic_operations() { return table; }

} // namespace irqlab::conform
