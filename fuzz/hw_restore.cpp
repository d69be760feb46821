// Fuzz target: bytes as a saved machine. With a head and a checksum that fit, so that the chips are asked;
// what they let pass must survive whatever follows.
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "hw/base/check.hpp"
#include "hw/state/save.hpp"

namespace irqlab::hw {
namespace {

constexpr unsigned cpus = 2;
constexpr u64 step_ns = 1'000'000;

/// A saved machine whose numbers are the input's where it has any: pairs of offset and byte.
std::vector<u8> spoilt(const std::vector<u8>& good, const u8* data, std::size_t size)
{
    std::vector<u8> bytes = good;
    constexpr std::size_t head = 24, tail = 8;
    for (; size >= 3; data += 3, size -= 3)
        bytes[head + (data[0] | data[1] << 8) % (bytes.size() - head - tail)] = data[2];
    reseal(bytes);
    return bytes;
}

/// Anything that touches every part.
void live(Machine& m)
{
    Signals signals;
    for (unsigned line = 0; line < lines_max; ++line)
        if (line != 2) {
            drive_line(m, line, Source::hand, true, signals);
            signals.clear();
        }
    for (u16 port = 0x20; port < 0x400; ++port) {
        port_read(m, 0, port, 1, signals);
        signals.clear();
    }
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
        for (int i = 0; i < 4; ++i)
            if (interrupt_pending(m, cpu)) {
                accept(m, cpu, signals);
                lapic_eoi(m, cpu, signals);
                signals.clear();
            }
    if (m.now_ns < ~u64{0} - step_ns)
        advance(m, m.now_ns + step_ns, signals);
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    static const auto machine = std::make_unique<Machine>();
    restore(*machine, {data, size});
    power_on(*machine, size != 0 ? static_cast<BoardId>(data[0] % boards) : BoardId::pc, cpus, 1'700'000'000);
    std::vector<irqlab::u8> good(saved_bytes(*machine));
    CHECK(save(*machine, good) == good.size());
    const std::vector<irqlab::u8> bytes = spoilt(good, data, size);
    if (restore(*machine, bytes) != RestoreError::none)
        return 0;
    std::vector<irqlab::u8> again(saved_bytes(*machine));
    CHECK(save(*machine, again) == bytes.size() && again == bytes);
    live(*machine);
    return 0;
}
