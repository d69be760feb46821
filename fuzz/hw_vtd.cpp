// Fuzz target: the remapping unit. Any accesses to its registers, any bytes in the memory that it reads by
// itself, any requests.
//
// Software mostly writes what makes sense: the table and the queue are led to the memory that is there.
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/irq/vtd.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 memory_at = 0x0fe00000;
constexpr u16 registers[] = {vtd_gcmd,   vtd_iqt,    vtd_iqa,    vtd_irta,   vtd_fsts,   vtd_fectl,
                             vtd_fedata, vtd_feaddr, vtd_ics,    vtd_iectl,  vtd_iedata, vtd_frcd + 8,
                             vtd_rtaddr, vtd_ccmd,   vtd_ieaddr, vtd_feuaddr};

struct Lab {
    Vtd unit;
    std::array<u8, 3 * 4096> bytes{};
    VtdMemory memory() { return {memory_at, bytes}; }
};

bool is_cached(const Vtd& unit, unsigned n) { return (unit.cached[n / 64] >> n % 64 & 1) != 0; }

void check_invariants(const Vtd& unit)
{
    CHECK(valid(unit));
    for (unsigned n = 0; n < vtd_cached_entries; ++n) {
        CHECK(is_cached(unit, n) || unit.cache[n] == Irte{});
        CHECK(!is_cached(unit, n) || irte::Present::test(unit.cache[n].low));
        CHECK((unit.cache[n].low & irte::reserved_low) == 0 &&
              (unit.cache[n].high & irte::reserved_high) == 0);
    }
    // An event waits for its mask only while its cause is there.
    CHECK(!event_control::Pending::test(unit.fectl) ||
          (event_control::Masked::test(unit.fectl) && unit.fsts != 0));
    CHECK(!event_control::Pending::test(unit.iectl) ||
          (event_control::Masked::test(unit.iectl) && unit.ics != 0));
}

bool is_event_of(const Vtd& unit, VtdEvent event)
{
    const bool fault = event.address == unit.feaddr && event.data == unit.fedata;
    const bool wait = event.address == unit.ieaddr && event.data == unit.iedata;
    return fault || wait;
}

void put(Lab& lab, u16 offset, unsigned width, u64 value)
{
    Signals signals;
    const Vtd before = lab.unit;
    const VtdEvent event = write(lab.unit, offset, width, value, lab.memory(), signals);
    // One of 8 bytes at FECTL sends the message that was there, and then changes it.
    CHECK(!event.sends || is_event_of(lab.unit, event) || (width == 8 && is_event_of(before, event)));
    if (width != 4 && width != 8) // Nobody answers.
        CHECK(lab.unit == before && !event.sends);
}

/// The same request once more, with nothing changed or with the entry in memory changed behind the unit's
/// back, has the same answer, unless its entry is not kept.
void check_again(Lab& lab, InterruptRequest request, const Remapped& first)
{
    if (first.outcome != Remapped::Outcome::remapped)
        return;
    Signals signals;
    const Remapped same = remap(lab.unit, request, lab.memory(), signals);
    CHECK(same.outcome == first.outcome && same.message == first.message && same.redirect == first.redirect);
    const auto kept = lab.bytes;
    const bool any_cached = std::ranges::any_of(lab.unit.cached, [](u64 word) { return word != 0; });
    lab.bytes.fill(0);
    const Vtd before = lab.unit;
    const Remapped behind = remap(lab.unit, request, lab.memory(), signals);
    CHECK(behind.outcome == Remapped::Outcome::blocked || (any_cached && behind.message == first.message));
    lab.unit = before;
    lab.bytes = kept;
}

void ask(Lab& lab, Input& in)
{
    const u8 how = in.byte();
    u32 address = 0xfee00000 | (in.word() & 0xfffff);
    if ((how & 1) != 0) // Remappable, a low index.
        address = 0xfee00010 | u32{in.byte()} << 5 | (how & 8u);
    const u32 data = (how & 2) != 0 ? in.word() : how >> 4;
    const InterruptRequest request{address, data, (how & 4) != 0 ? in.half() : u16{0x00f8}};
    Signals signals;
    const Vtd before = lab.unit;
    const Remapped r = remap(lab.unit, request, lab.memory(), signals);
    CHECK((r.outcome == Remapped::Outcome::blocked) == (r.fault != VtdFault::none));
    CHECK(remapping(before) || (r.outcome == Remapped::Outcome::passes && lab.unit == before));
    CHECK(r.outcome == Remapped::Outcome::blocked || !r.event.sends);
    CHECK(!r.event.sends || is_event_of(lab.unit, r.event));
    check_again(lab, request, r);
}

/// 8 bytes, most often of an entry or a descriptor of a kind that exists.
void write_memory(Lab& lab, Input& in)
{
    constexpr u64 kinds[] = {0x0030'0001, 0x0100'0041'0001, 0x0004, 0x0014, 0x0025, 0x0035, 0x5'0000'0031, 0};
    const u16 where = in.half();
    const u64 value = (where & 0x8000) != 0 ? in.both() : kinds[where >> 12] | u64{in.byte()} << 32;
    const std::size_t at = (where & 0x7ff) % (sizeof lab.bytes / 8) * 8;
    for (unsigned i = 0; i < 8; ++i)
        lab.bytes[at + i] = static_cast<u8>(value >> (8 * i));
}

void any_access(Lab& lab, u8 what, Input& in)
{
    constexpr unsigned widths[] = {4, 8, 4, 8, 4, 1, 2, 3};
    const u16 offset = (what & 0x80) != 0 ? in.half() : registers[in.byte() % std::size(registers)];
    const unsigned width = widths[what >> 4 & 7];
    if ((what & 8) != 0)
        return put(lab, offset, width, in.both());
    Signals signals;
    const Vtd before = lab.unit;
    CHECK(peek(lab.unit, offset, width) == read(lab.unit, offset, width, signals));
    CHECK(lab.unit == before);
}

void step(Lab& lab, Input& in)
{
    const u8 what = in.byte();
    switch (what & 7) {
    case 0: write_memory(lab, in); break;
    case 1: put(lab, vtd_irta, 8, memory_at | (what >> 4) | u64{what & 8u} << 8); break;
    case 2: put(lab, vtd_iqa, 8, (memory_at + 4096) | u64{what & 8u} >> 3); break;
    case 3: put(lab, vtd_iqt, 8, u64{in.byte()} << 4); break;
    case 4: put(lab, vtd_gcmd, 4, u64{what} >> 4 << 23 | u64{what & 8u} << 28); break;
    case 5: any_access(lab, what, in); break;
    default: ask(lab, in); break;
    }
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    Input in{data, data + size};
    Lab lab;
    while (!in.empty()) {
        step(lab, in);
        check_invariants(lab.unit);
    }
    return 0;
}
