// MADT and MP configuration table. See the header.
#include "hw/board/tables.hpp"

#include <algorithm>
#include <string_view>

#include "hw/base/check.hpp"
#include "hw/board/routing.hpp"

namespace irqlab::hw {
namespace {

/// Little-endian fields one after the other. What does not fit is only counted.
class Writer {
public:
    explicit Writer(std::span<u8> out) : out_(out) {}

    void byte(u8 value)
    {
        if (at_ < out_.size())
            out_[at_] = value;
        ++at_;
    }
    void half(u16 value)
    {
        byte(static_cast<u8>(value));
        byte(static_cast<u8>(value >> 8));
    }
    void word(u32 value)
    {
        half(static_cast<u16>(value));
        half(static_cast<u16>(value >> 16));
    }
    void zeroes(unsigned count)
    {
        while (count-- != 0)
            byte(0);
    }
    /// Padded with blanks to `width`.
    void text(std::string_view t, std::size_t width)
    {
        for (std::size_t i = 0; i < width; ++i)
            byte(i < t.size() ? static_cast<u8>(t[i]) : u8{' '});
    }
    std::size_t size() const { return at_; }
    /// Makes the bytes from `from` to `to` sum up to 0 by the one at `where`.
    void sum_up(std::size_t from, std::size_t to, std::size_t where)
    {
        u8 sum = 0;
        for (std::size_t i = from; i < to && i < out_.size(); ++i)
            sum = static_cast<u8>(sum + out_[i]);
        if (where < out_.size())
            out_[where] = static_cast<u8>(out_[where] - sum);
    }

private:
    std::span<u8> out_;
    std::size_t at_ = 0;
};

constexpr std::string_view maker = "IRQLAB";

/// The board has given its level-triggered ISA lines to PCI.
bool pci_on_isa(BoardId board) { return board != BoardId::laptop; }

unsigned ioapics(const Machine& m) { return m.has_ioapic2 ? 2 : 1; }

// --- MADT
// ------------------------------------------------------------------------------------------------------------

constexpr std::size_t madt_header = 44, madt_cpu = 8, madt_ioapic = 12, madt_override = 10, madt_nmi = 6;
constexpr std::size_t acpi_checksum_at = 9;

std::size_t madt_size(const Machine& m)
{
    return madt_header + m.cpu_count * madt_cpu + ioapics(m) * madt_ioapic +
           overrides(m.board).size() * madt_override + madt_nmi;
}

void write_madt_header(Writer& w, const Machine& m, std::size_t size)
{
    constexpr u32 pcat_compat = 1; // there are 8259s
    w.text("APIC", 4);
    w.word(static_cast<u32>(size));
    w.byte(1); // revision
    w.byte(0); // checksum
    w.text(maker, 6);
    w.text(name(m.board), 8);
    w.word(1);
    w.text(maker, 4);
    w.word(1);
    w.word(static_cast<u32>(lapic_address));
    w.word(pcat_compat);
}

void write_madt_entries(Writer& w, const Machine& m)
{
    enum Type : u8 { local_apic = 0, io_apic = 1, source_override = 2, local_nmi = 4 };
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu) {
        for (const u8 b : {u8{local_apic}, u8{madt_cpu}, static_cast<u8>(cpu), static_cast<u8>(cpu)})
            w.byte(b);
        w.word(1); // enabled
    }
    const auto write_ioapic = [&](u8 id, u64 address, unsigned first_gsi) {
        for (const u8 b : {u8{io_apic}, u8{madt_ioapic}, id, u8{0}})
            w.byte(b);
        w.word(static_cast<u32>(address));
        w.word(first_gsi);
    };
    write_ioapic(mp_ioapic_id, ioapic_address, 0);
    if (m.has_ioapic2)
        write_ioapic(mp_ioapic2_id, ioapic2_address, lines_max);
    for (const IsaOverride& o : overrides(m.board)) {
        for (const u8 b : {u8{source_override}, u8{madt_override}, u8{0}, o.isa})
            w.byte(b);
        w.word(o.gsi);
        w.half(madt_flags(o));
    }
    for (const u8 b : {u8{local_nmi}, u8{madt_nmi}, mp_all_apics})
        w.byte(b);
    w.half(0); // conforms to the bus
    w.byte(1); // LINT1
}

// --- MP configuration table
// ------------------------------------------------------------------------------------------

constexpr std::size_t mp_pointer = 16, mp_header = 44;
constexpr std::size_t mp_pointer_checksum_at = 10, mp_checksum_at = 7;
constexpr u8 mp_revision = 4; // 1.4

struct MpSize {
    std::size_t bytes;
    unsigned entries;
};

MpSize mp_size(const Machine& m)
{
    constexpr std::size_t cpu_entry = 20, other_entry = 8;
    const unsigned others = 2 + ioapics(m) + io_assignments(m.board).count + 2; // two buses first
    return {mp_header + m.cpu_count * cpu_entry + others * other_entry, m.cpu_count + others};
}

void write_mp_pointer(Writer& w, const Machine& m, u32 table)
{
    constexpr u8 imcrp = 0x80;
    w.text("_MP_", 4);
    w.word(table);
    w.byte(mp_pointer / 16);
    w.byte(mp_revision);
    w.byte(0); // checksum
    w.byte(0); // a table is there
    w.byte(m.has_imcr ? imcrp : u8{0});
    w.zeroes(3);
    w.sum_up(0, mp_pointer, mp_pointer_checksum_at);
}

void write_mp_header(Writer& w, const Machine& m, MpSize size)
{
    w.text("PCMP", 4);
    w.half(static_cast<u16>(size.bytes));
    w.byte(mp_revision);
    w.byte(0); // checksum
    w.text(maker, 8);
    w.text(name(m.board), 12);
    w.zeroes(6); // no OEM table
    w.half(static_cast<u16>(size.entries));
    w.word(static_cast<u32>(lapic_address));
    w.zeroes(4); // no extended entries
}

void write_mp_assignment(Writer& w, u8 type, const MpAssignment& a)
{
    w.byte(type);
    w.byte(static_cast<u8>(a.type));
    w.half(static_cast<u16>(static_cast<unsigned>(a.polarity) | static_cast<unsigned>(a.trigger) << 2));
    for (const u8 b : {a.bus, a.bus_irq, a.apic, a.pin})
        w.byte(b);
}

void write_mp_entries(Writer& w, const Machine& m)
{
    enum Type : u8 { processor, bus, io_apic, io_interrupt, local_interrupt };
    constexpr u32 signature = 0x600, features = 0x201; // family 6; FPU and APIC
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu) {
        for (const u8 b : {u8{processor}, static_cast<u8>(cpu), static_cast<u8>(lapic_version),
                           static_cast<u8>(cpu == 0 ? 3 : 1)}) // enabled, bootstrap
            w.byte(b);
        w.word(signature);
        w.word(features);
        w.zeroes(8);
    }
    for (const u8 id : {mp_bus_pci, mp_bus_isa}) {
        w.byte(bus);
        w.byte(id);
        w.text(id == mp_bus_pci ? "PCI" : "ISA", 6);
    }
    const auto write_ioapic = [&](u8 id, u8 version, u64 address) {
        for (const u8 b : {u8{io_apic}, id, version, u8{1}}) // enabled
            w.byte(b);
        w.word(static_cast<u32>(address));
    };
    write_ioapic(mp_ioapic_id, m.ioapic.version, ioapic_address);
    if (m.has_ioapic2)
        write_ioapic(mp_ioapic2_id, m.ioapic2.chip.version, ioapic2_address);
    for (const MpAssignment& a : io_assignments(m.board))
        write_mp_assignment(w, io_interrupt, a);
    for (const MpAssignment& a : local_assignments())
        write_mp_assignment(w, local_interrupt, a);
}

} // namespace

MpAssignments io_assignments(BoardId board)
{
    MpAssignments all{};
    const Routing& r = routing[static_cast<unsigned>(board)];
    if (r.intr_pin != Route::no_pin)
        all.entry[all.count++] = {MpInterrupt::ext_int,
                                  MpPolarity::conforms,
                                  MpTrigger::conforms,
                                  mp_bus_isa,
                                  0,
                                  mp_ioapic_id,
                                  r.intr_pin};
    for (u8 line = 0; line < isa_lines; ++line) {
        const IsaOverride o = override_of(board, line);
        if (r.line[line].pin == Route::no_pin || (o.level && pci_on_isa(board)))
            continue;
        all.entry[all.count++] = {MpInterrupt::vectored,
                                  !o.level       ? MpPolarity::conforms
                                  : o.active_low ? MpPolarity::low
                                                 : MpPolarity::high,
                                  o.level ? MpTrigger::level : MpTrigger::conforms,
                                  mp_bus_isa,
                                  line,
                                  mp_ioapic_id,
                                  r.line[line].pin};
    }
    return all;
}

std::array<MpAssignment, 2> local_assignments()
{
    const auto lint = [](MpInterrupt type, u8 apic, u8 pin) {
        return MpAssignment{type, MpPolarity::conforms, MpTrigger::conforms, mp_bus_isa, 0, apic, pin};
    };
    return {lint(MpInterrupt::ext_int, 0, 0), lint(MpInterrupt::nmi, mp_all_apics, 1)};
}

u16 madt_flags(const IsaOverride& o)
{
    if (!o.level && !o.active_low)
        return 0;
    const MpPolarity polarity = o.active_low ? MpPolarity::low : MpPolarity::high;
    const MpTrigger trigger = o.level ? MpTrigger::level : MpTrigger::edge;
    return static_cast<u16>(static_cast<unsigned>(polarity) | static_cast<unsigned>(trigger) << 2);
}

std::size_t madt_bytes(const Machine& m, std::span<u8> out)
{
    const std::size_t size = madt_size(m);
    if (out.size() < size)
        return size;
    Writer w(out);
    write_madt_header(w, m, size);
    write_madt_entries(w, m);
    w.sum_up(0, size, acpi_checksum_at);
    CHECK(w.size() == size);
    return size;
}

std::size_t mp_table_bytes(const Machine& m, u32 address, std::span<u8> out)
{
    const MpSize size = mp_size(m);
    const std::size_t all = mp_pointer + size.bytes;
    if (out.size() < all)
        return all;
    Writer w(out);
    write_mp_pointer(w, m, address + static_cast<u32>(mp_pointer));
    write_mp_header(w, m, size);
    write_mp_entries(w, m);
    w.sum_up(mp_pointer, all, mp_pointer + mp_checksum_at);
    CHECK(w.size() == all);
    return all;
}

} // namespace irqlab::hw
