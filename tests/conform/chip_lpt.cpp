// The parallel port's registers against QEMU's isa-parallel without a printer. Strobes are left out: QEMU's
// port answers them itself.
#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

namespace {

using namespace hw;

constexpr u16 data_port = 0x378, status_port = 0x379, control_port = 0x37a;

/// INIT# first: QEMU's port begins with the time-out bit of EPP.
std::vector<Step> preamble()
{
    return {step("out", {control_port, 0x08}), step("out", {control_port, 0x0c}),
            step("out", {data_port, 0})};
}

Step next(Random& random, const Machine&)
{
    if (random.one_in(2))
        return step("out", {data_port, random.byte()});
    return step("out", {control_port, random.byte() & ~u64{lpt::Strobe::mask}});
}

std::vector<Step> observe(const Step&, const Machine&)
{
    return {step("in", {data_port}), step("in", {status_port}), step("in", {control_port})};
}

std::unique_ptr<Witness> start()
{
    return std::make_unique<QemuWitness>(std::vector<std::string>{"-M", "pc", "-parallel", "null"}, nullptr);
}

} // namespace

Chip lpt_against_qemu()
{
    return {"lpt", "qemu", Profile::qemu, 100, BoardId::pc, 1, start, preamble, next, observe};
}

} // namespace irqlab::conform
