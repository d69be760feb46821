// Fuzz target: bytes as a saved machine.
//
// The input is restored as it is. Then it is a machine that has lived a while, some bytes of its saved state
// to be spoilt (with a head and a checksum that fit, so that the chips are asked), and operations. What
// restore() refuses leaves the machine as it was. What it takes saves to the same bytes, survives the
// operations with all invariants kept, and can be saved and restored again.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "fuzz/support/machine_steps.hpp"
#include "hw/base/check.hpp"
#include "hw/state/save.hpp"

namespace irqlab::hw {
namespace {

constexpr std::size_t head = 24, tail = 8; // Before the fields, and behind them.

/// So many operations of the input.
void live(Machine& m, Input& in, unsigned operations)
{
    for (; operations != 0 && !in.empty(); --operations) {
        Signals signals;
        step_machine(m, in, signals);
    }
}

/// A bound and two shortcuts are no part of the state: restore() works them out.
bool same_but_worked_out(std::vector<u8> a, const std::vector<u8>& b)
{
    const auto take = [&](std::size_t at, std::size_t bytes) {
        std::copy_n(b.begin() + static_cast<long>(head + at), bytes,
                    a.begin() + static_cast<long>(head + at));
    };
    take(offsetof(Board, deadline_ns), sizeof(Board::deadline_ns));
    take(offsetof(Board, ids_changed), 1);
    take(offsetof(Board, flat_ids), 1);
    reseal(a);
    return a == b;
}

/// A place in the saved state. Most of its bytes are memory, buffers and gates, which take any value: half of
/// the places are in the board's own registers, the rest in those of what is plugged in, and anywhere.
std::size_t place(const Machine& m, u8 what, u16 at)
{
    const std::size_t edus = sizeof(Board), unit = edus + m.pci.edus * sizeof(Edu);
    const std::size_t second = unit + (m.has_vtd ? sizeof(RemapUnit) : 0);
    const std::size_t cores = second + (m.has_ioapic2 ? sizeof(Ioapic2) : 0);
    const std::size_t end = cores + m.cpu_count * sizeof(Core);
    switch (what & 7) {
    case 0:
        if (m.pci.edus != 0)
            return edus + at % m.pci.edus * sizeof(Edu) + at % offsetof(Edu, buffer);
        break;
    case 1:
        if (m.has_vtd)
            return unit + at % sizeof(Vtd);
        break;
    case 2: return cores + at % (m.cpu_count * sizeof(Core));
    case 3:
        if (m.has_ioapic2)
            return second + at % sizeof(Ioapic2);
        return at % end;
    default: break;
    }
    return at % offsetof(Board, idt_page);
}

/// Up to eight times: where (three bytes) and the byte that is there from now on.
void spoil(std::vector<u8>& bytes, const Machine& m, Input& in)
{
    for (unsigned n = 1 + in.byte() % 8; n != 0; --n) {
        const u8 what = in.byte();
        const std::size_t at = head + place(m, what, in.half());
        CHECK(at < bytes.size() - tail);
        bytes[at] = in.byte();
    }
    reseal(bytes);
}

void fuzz_restore(Input in)
{
    static Machine machine, before;
    const std::size_t size = static_cast<std::size_t>(in.end - in.at);
    power_on(machine, BoardId::pc, 1, 0);
    restore(machine, {in.at, size});
    start_machine(machine, in);
    live(machine, in, in.byte() % 32);
    copy_state(before, machine);
    std::vector<u8> bytes(saved_bytes(machine));
    CHECK(save(machine, bytes) == bytes.size());
    spoil(bytes, machine, in);
    if (restore(machine, bytes) != RestoreError::none) {
        CHECK(same_state(machine, before));
        return;
    }
    std::vector<u8> again(saved_bytes(machine));
    CHECK(save(machine, again) == bytes.size() && same_but_worked_out(bytes, again));
    check_machine(machine);
    while (!in.empty()) {
        live(machine, in, 1);
        check_machine(machine);
    }
    check_round_trip(machine, before);
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    irqlab::hw::fuzz_restore({data, data + size});
    return 0;
}
