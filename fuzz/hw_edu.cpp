// Fuzz target: the educational device alone. Any accesses to its registers and its configuration space, time,
// and transfers that end with too few or too many bytes.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/device/edu.hpp"

namespace irqlab::hw {
namespace {

constexpr unsigned widths[] = {4, 8, 1, 2};
constexpr u8 registers[] = {0x00, 0x04, 0x08, 0x20, 0x24, 0x60, 0x64, 0x80,
                            0x88, 0x90, 0x98, 0x84, 0x9c, 0x02, 0xa0, 0x10};
constexpr u64 interesting[] = {
    edu::buffer_address, edu::buffer_address + edu::buffer_bytes, 4096, 1, 3, 5, 7, 0};

/// What is due happens when it is, and not before; and then the same is not due any more.
void check_time(const Edu& chip, u64 now_ns)
{
    const u64 due = next_event_ns(chip);
    CHECK(due > now_ns);
    if (due == never_ns)
        return;
    Signals signals;
    Edu at = chip;
    CHECK(advance(at, due - 1, signals) == EduEvent::none && at == chip);
    advance(at, due, signals);
    CHECK(at != chip);
    advance(at, due, signals); // A factorial and a transfer may be due together.
    CHECK(next_event_ns(at) > due && valid(at));
}

void check_transfer(const Edu& chip)
{
    const EduTransfer t = transfer(chip);
    CHECK((t.bytes != 0) == (chip.waits != 0));
    CHECK(t.bytes <= edu::buffer_bytes && t.at <= edu::buffer_bytes - t.bytes);
    CHECK((t.address & ~edu::default_dma_mask) == 0);
}

void finish(Edu& chip, Input& in)
{
    const EduTransfer t = transfer(chip);
    const std::vector<u8> bytes(in.half() % 8192, in.byte());
    const auto before = chip.buffer;
    finish_transfer(chip, bytes);
    CHECK(chip.waits == 0 && transfer(chip).bytes == 0);
    const std::size_t moved = t.to_memory ? 0 : std::min<std::size_t>(bytes.size(), t.bytes);
    const auto after = chip.buffer.begin() + t.at;
    CHECK(std::equal(after, after + moved, bytes.begin()));
    CHECK(std::equal(before.begin(), before.begin() + t.at, chip.buffer.begin()));
    CHECK(std::equal(after + moved, chip.buffer.end(), before.begin() + t.at + moved));
}

void access(Edu& chip, u8 what, u64 now_ns, Input& in)
{
    const u8 which = in.byte();
    const u32 offset = which < 0xf0 ? registers[which % std::size(registers)] : in.word() % edu::memory_bytes;
    const unsigned width = widths[what >> 4 & 3];
    const Edu before = chip;
    if ((what & 7) == 0) {
        const u64 value = read(chip, offset, width);
        CHECK(width == 8 || value >> 8 * width == 0);
        return;
    }
    const u64 value = (what & 0x80) != 0 ? in.both() : interesting[in.byte() % std::size(interesting)];
    write(chip, offset, width, value, now_ns);
    CHECK((width >= 4 && offset % width == 0) || chip == before);
    if (edu::Run::test(before.dma_command)) // While it runs nothing of it changes.
        CHECK(chip.dma_source == before.dma_source && chip.dma_destination == before.dma_destination &&
              chip.dma_count == before.dma_count && chip.dma_command == before.dma_command);
}

void step(Edu& chip, u64& now_ns, Input& in)
{
    const u8 what = in.byte();
    switch (what & 7) {
    case 4: {
        const unsigned width = 1u << (what >> 3) % 3;
        write(chip.config, edu_layout(), in.byte() & ~(width - 1), width, in.word(), 0);
        break;
    }
    case 5: finish(chip, in); break;
    case 6:
    case 7: {
        const u64 until = (what & 8) != 0 && next_event_ns(chip) != never_ns
                              ? next_event_ns(chip)
                              : now_ns + in.word() % (1u << 28);
        for (Signals signals; next_event_ns(chip) <= until; signals.clear())
            advance(chip, until, signals);
        now_ns = until;
        break;
    }
    default: access(chip, what, now_ns, in); break;
    }
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    Input in{data, data + size};
    Edu chip;
    reset(chip, 0x20);
    irqlab::u64 now_ns = 0;
    while (!in.empty()) {
        step(chip, now_ns, in);
        CHECK(valid(chip));
        check_time(chip, now_ns);
        check_transfer(chip);
    }
    return 0;
}
