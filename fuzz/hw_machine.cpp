// Fuzz target: whole machines. Ports, registers, MSRs, lines, messages, devices, time and INTA in any order,
// on each board, with any quirks.
//
// Invariants are checked after each operation. A second machine, driven alike, must read the same and end the
// same; at times it is made anew of the first one's saved bytes.
#include <cstddef>

#include "fuzz/support/machine_steps.hpp"
#include "hw/base/check.hpp"

namespace irqlab::hw {
namespace {

constexpr unsigned operations_between_saves = 64;

void fuzz_machine(Input in)
{
    static Machine one, two;
    start_machine(one, in);
    copy_state(two, one);
    for (unsigned n = 1; !in.empty(); ++n) {
        Signals heard, again;
        Input same = in;
        const u64 before = step_machine(one, in, heard);
        CHECK(before == step_machine(two, same, again));
        CHECK(heard.size() == again.size());
        for (std::size_t i = 0; i < heard.size(); ++i)
            CHECK(heard[i] == again[i]);
        check_machine(one);
        if (n % operations_between_saves == 0)
            check_round_trip(one, two);
    }
    CHECK(same_state(one, two));
    check_round_trip(one, two);
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    irqlab::hw::fuzz_machine({data, data + size});
    return 0;
}
