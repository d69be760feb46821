// The 8259 pair and ELCR against KVM's, with the INTA of a CPU.
//
// INT itself cannot be seen there: `take`, which answers nothing while INT is low, shows it. What is read
// back after each step are the registers of both chips.
#include "hw/irq/lapic.hpp"
#include "tests/conform/kvm_witness.hpp"
#include "tests/conform/pic_steps.hpp"

namespace irqlab::conform {

namespace {

/// LINT0 as ExtINT, the way from INT to the CPU.
std::vector<Step> preamble()
{
    std::vector<Step> steps{step("write", {hw::lapic_address + hw::lapic_svr, 0x1ff}),
                            step("write", {hw::lapic_address + hw::lapic_lvt_lint0, 0x700})};
    for (const Step& s : pic_preamble())
        steps.push_back(s);
    return steps;
}

Step next(Random& random, const hw::Machine& ours)
{
    constexpr u64 ports[] = {0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1};
    if (random.one_in(6))
        return step("take");
    if (random.one_in(16))
        return step("in", {random.pick<u64>(ports)});
    return pic_next(random, ours);
}

/// Left out: a rise of line 0, which our timer holds; vectors below 8, one of which the guest takes for an
/// NMI; and polls of an older KVM, whose poll words have no bit 7 and do not tell IR7 from nothing.
bool allowed(const Step& s, const hw::Machine& ours, bool polls)
{
    const u64 port = s.argument[0], value = s.argument[1];
    if (s.name() == "line")
        return port != 0 || value == 0;
    if (s.name() != "out" || (port & 0xff7e) != 0x20)
        return true;
    const hw::I8259& chip = (port & 0x80) != 0 ? ours.pic.slave : ours.pic.master;
    if ((port & 1) != 0)
        return chip.expect != hw::I8259::Expect::icw2 || value >= 8;
    constexpr u64 kind = 0x1c, poll = 0x0c; // D4, D3, P
    return polls || (value & kind) != poll;
}

bool polls_with_bit_7(Witness& witness)
{
    std::vector<Step> steps = preamble();
    for (const Step& s : {step("line", {8, 1}), step("out", {0xa0, 0x0c}), step("in", {0xa0})})
        steps.push_back(s);
    return witness.perform(steps).back() == 0x80;
}

std::vector<Step> observe(const Step&, const hw::Machine&)
{
    return {step("pic_state", {0}), step("pic_state", {1})};
}

} // namespace

Chip pic_against_kvm()
{
    const auto polls = std::make_shared<bool>(true);
    const auto start = [polls] {
        auto witness = std::make_unique<KvmWitness>();
        *polls = polls_with_bit_7(*witness);
        return witness;
    };
    return {"pic-kvm",
            "kvm",
            hw::Profile::kvm,
            200,
            hw::BoardId::pc,
            1,
            start,
            preamble,
            next,
            observe,
            [polls](const Step& s, const hw::Machine& ours) { return allowed(s, ours, *polls); }};
}

} // namespace irqlab::conform
