// Save, restore, and what a state must be to be believed. See the header for the format.
#include "hw/state/save.hpp"

#include <algorithm>
#include <iterator>

#include "hw/board/apic_bus.hpp"
#include "hw/board/routing.hpp"
#include "hw/state/machine_fields.hpp"
#include "hw/state/walk.hpp"

namespace irqlab::hw {
namespace {

constexpr u8 magic[8] = {'i', 'r', 'q', 'l', 'a', 'b', 'h', 'w'};
constexpr std::size_t head_bytes = 24, checksum_bytes = 8;
constexpr u64 fingerprint_seed = 0xcbf29ce484222325;
constexpr u64 layout =
    layout_of<Core>(layout_of<RemapUnit>(layout_of<Edu>(layout_of<Board>(fingerprint_seed))));

u64 checksum(std::span<const u8> bytes)
{
    u64 sum = fingerprint_seed;
    for (const u8 byte : bytes)
        sum = mix(sum, byte);
    return sum;
}

void put(u8*& to, u64 value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; ++i)
        *to++ = static_cast<u8>(value >> (8 * i));
}

u64 get(const u8*& from, unsigned bytes)
{
    u64 value = 0;
    for (unsigned i = 0; i < bytes; ++i)
        value |= u64{*from++} << (8 * i);
    return value;
}

template <class T> void put_all(u8*& to, const T& object)
{
    walk(object, [&](const auto& number) { put(to, static_cast<u64>(number), sizeof number); });
}

/// False when a flag is neither 0 nor 1.
template <class T> bool get_all(const u8*& from, T& object)
{
    bool good = true;
    walk(object, [&]<class N>(N& number) {
        const u64 value = get(from, sizeof number);
        if constexpr (std::is_same_v<N, bool>) {
            good = good && value <= 1;
            number = value != 0;
        } else {
            number = static_cast<N>(value);
        }
    });
    return good;
}

/// What the chips say of themselves, down to the last of them.
template <class T> bool all_valid(const T& object)
{
    if constexpr (Number<T>) {
        return true;
    } else if constexpr (requires { object.begin(); } || std::is_array_v<T>) {
        for (const auto& element : object)
            if (!all_valid(element))
                return false;
        return true;
    } else {
        bool good = true;
        if constexpr (requires { valid(object); })
            good = valid(object);
        for_each_field(object, [&](const char*, const auto& member) { good = good && all_valid(member); });
        return good;
    }
}

u32 pins_high(const Board& b)
{
    u32 pins = 0;
    const Routing& wires = routing[static_cast<unsigned>(b.board)];
    for (unsigned line = 0; line < lines_max; ++line)
        if (const Route& r = wires.line[line];
            r.pin != Route::no_pin && ((b.line_sources[line] != 0) != r.inverted))
            pins |= bit<u32>(r.pin);
    if (wires.intr_pin != Route::no_pin && intr(b.pic))
        pins |= bit<u32>(wires.intr_pin);
    return pins;
}

u32 pins_high(const Ioapic2& second)
{
    u32 pins = 0;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        pins |= u32{second.line_sources[pin] != 0} << pin;
    return pins;
}

u16 isa_lines_high(const Board& b)
{
    u16 lines = 0;
    for (unsigned line = 0; line < isa_lines; ++line)
        if (b.line_sources[line] != 0)
            lines |= bit<u16>(line);
    return lines;
}

/// The PIRQ router and the HPET remember which lines they hold. Source::hpet is the last source.
bool held_as_remembered(const Board& b)
{
    constexpr unsigned hpet = static_cast<unsigned>(Source::hpet), pci = static_cast<unsigned>(Source::pci);
    for (unsigned line = 0; line < lines_max; ++line) {
        const u16 sources = b.line_sources[line];
        if (sources >> (hpet + 1) != 0 || (sources >> hpet & 1) != (b.hpet_lines >> line & 1) ||
            (sources >> pci & 1) != (b.pci.lines >> line & 1))
            return false;
    }
    return b.hpet_lines >> lines_max == 0;
}

/// The chips agree about the wires between them. In PIC mode INT goes past the local APIC.
bool wired(const Board& b, const Core& bsp)
{
    const bool past = b.has_imcr && (b.imcr & 1) == 0;
    const bool heard = past ? ext_int::Bypass::test(bsp.lapic.ext_int) : (bsp.lapic.lint & 1) != 0;
    const u16 lines = isa_lines_high(b);
    const u8 bus =
        static_cast<u8>(b.pic.master.lines & ~bit<u8>(cascade_line)); // The pair looks after the rest.
    return bus == static_cast<u8>(lines) && b.pic.slave.lines == lines >> 8 &&
           b.line_sources[cascade_line] == 0 && held_as_remembered(b) && b.ioapic.lines == pins_high(b) &&
           heard == intr(b.pic);
}

RestoreError check_head(std::span<const u8> from)
{
    if (from.size() < sizeof magic)
        return RestoreError::too_short;
    if (!std::equal(std::begin(magic), std::end(magic), from.begin()))
        return RestoreError::not_a_state;
    if (from.size() < head_bytes + checksum_bytes)
        return RestoreError::too_short;
    const u8* at = from.data() + sizeof magic;
    if (get(at, 4) != state_version)
        return RestoreError::other_version;
    const u64 bytes = get(at, 4);
    if (bytes > from.size())
        return RestoreError::too_short;
    if (get(at, 8) != layout)
        return RestoreError::other_layout;
    return bytes == from.size() ? RestoreError::none : RestoreError::wrong_size;
}

/// No type has padding: its numbers take its size.
std::size_t total_bytes(const Board& b)
{
    return head_bytes + sizeof(Board) + b.pci.edus * sizeof(Edu) + (b.has_vtd ? sizeof(RemapUnit) : 0) +
           (b.has_ioapic2 ? sizeof(Ioapic2) : 0) + b.cpu_count * sizeof(Core) + checksum_bytes;
}

RestoreError check_sum(std::span<const u8> from)
{
    const std::size_t body = from.size() - checksum_bytes;
    const u8* at = from.data() + body;
    return get(at, 8) == checksum(from.first(body)) ? RestoreError::none : RestoreError::corrupt;
}

/// One part, read and asked.
template <class T> bool check_part(const u8*& at, T& part) { return get_all(at, part) && all_valid(part); }

bool check_board(const Board& b)
{
    return static_cast<unsigned>(b.board) < boards && b.cpu_count >= 1 && b.pci.edus <= edus_max &&
           valid(b.pci, b.board) && (b.has_vtd || !b.remapping) && b.pic.int_level == intr(b.pic.master);
}

/// The whole state, part by part: never more than one of them in hand beside the board.
RestoreError check_body(std::span<const u8> from, Board& board)
{
    const u8* at = from.data() + head_bytes;
    if (from.size() < head_bytes + sizeof(Board) || !check_part(at, board) || !check_board(board))
        return RestoreError::impossible;
    if (from.size() != total_bytes(board))
        return RestoreError::wrong_size;
    bool good = true;
    for (unsigned n = 0; n < board.pci.edus; ++n) {
        Edu edu;
        good = good && check_part(at, edu);
    }
    if (board.has_vtd) {
        RemapUnit unit;
        good = good && check_part(at, unit) && remapping(unit.vtd) == board.remapping;
    }
    if (board.has_ioapic2) {
        Ioapic2 second;
        good = good && check_part(at, second) && second.chip.lines == pins_high(second);
    }
    for (unsigned cpu = 0; good && cpu < board.cpu_count; ++cpu) {
        Core core;
        good = check_part(at, core) && (cpu != 0 || wired(board, core));
    }
    return good ? RestoreError::none : RestoreError::impossible;
}

/// Destinations are found by shortcuts while flags allow it. A flag may be more careful than it need be,
/// never less.
void believe_no_shortcut(Machine& m)
{
    const bool flat = m.flat_ids, changed = m.ids_changed;
    remember_ids(m);
    m.flat_ids = m.flat_ids && flat;
    m.ids_changed = m.ids_changed || changed;
}

} // namespace

const char* text(RestoreError error)
{
    switch (error) {
    case RestoreError::none: return "restored";
    case RestoreError::too_short: return "the state is cut off: take the whole of it";
    case RestoreError::not_a_state: return "this is no saved state of irqlab";
    case RestoreError::other_version: return "the state has another version of the format: save it anew";
    case RestoreError::other_layout:
        return "the state is of another release, whose chips have other fields: save it anew";
    case RestoreError::wrong_size:
        return "the state has not the size that its CPUs take: take another copy of it";
    case RestoreError::corrupt: return "the state was changed since it was saved: take another copy of it";
    case RestoreError::impossible:
        return "no machine can be in this state: a chip's registers contradict each other";
    }
    return "?";
}

std::size_t saved_bytes(const Machine& m) { return total_bytes(m); }

void reseal(std::span<u8> state)
{
    if (state.size() < head_bytes + checksum_bytes)
        return;
    u8* at = state.data() + sizeof magic + sizeof state_version;
    put(at, state.size(), 4);
    at = state.data() + state.size() - checksum_bytes;
    put(at, checksum(state.first(state.size() - checksum_bytes)), 8);
}

std::size_t save(const Machine& m, std::span<u8> to)
{
    const std::size_t bytes = saved_bytes(m);
    if (to.size() < bytes)
        return 0;
    u8* at = to.data();
    for (const u8 c : magic)
        *at++ = c;
    put(at, state_version, 4);
    put(at, bytes, 4);
    put(at, layout, 8);
    Board board = m;
    board.deadline_ns = 0; // A bound, no part of the state.
    put_all(at, board);
    for (unsigned n = 0; n < m.pci.edus; ++n)
        put_all(at, m.edu[n]);
    if (m.has_vtd)
        put_all(at, m.remap);
    if (m.has_ioapic2)
        put_all(at, m.ioapic2);
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
        put_all(at, m.core[cpu]);
    put(at, checksum(to.first(bytes - checksum_bytes)), 8);
    return bytes;
}

RestoreError restore(Machine& m, std::span<const u8> from)
{
    RestoreError error = check_head(from);
    if (error == RestoreError::none)
        error = check_sum(from);
    Board board;
    if (error == RestoreError::none)
        error = check_body(from, board);
    if (error != RestoreError::none)
        return error;
    static_cast<Board&>(m) = board;
    m.deadline_ns = 0; // Worked out anew.
    const u8* at = from.data() + head_bytes + sizeof(Board);
    for (unsigned n = 0; n < m.pci.edus; ++n)
        get_all(at, m.edu[n]);
    if (m.has_vtd)
        get_all(at, m.remap);
    if (m.has_ioapic2)
        get_all(at, m.ioapic2);
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
        get_all(at, m.core[cpu]);
    believe_no_shortcut(m);
    return RestoreError::none;
}

} // namespace irqlab::hw
