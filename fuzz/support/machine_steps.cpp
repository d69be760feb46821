// Operations on a machine, and its invariants. See the header.
#include "fuzz/support/machine_steps.hpp"

#include <iterator>
#include <vector>

#include "fuzz/support/recipes.hpp"
#include "hw/base/check.hpp"
#include "hw/board/pci.hpp"
#include "hw/board/quirks.hpp"
#include "hw/board/remapping.hpp"
#include "hw/state/save.hpp"

namespace irqlab::hw {
namespace {

constexpr u64 longest_step_ns = 1 << 24;
constexpr u64 longest_idle_ns = u64{1} << 50; // 13 days

constexpr u16 ports[] = {0x20,  0x21,  0xa0,  0xa1,  0x4d0, 0x4d1, 0x40,  0x41,  0x42,  0x43,  0x60,
                         0x61,  0x64,  0x70,  0x71,  0x80,  0x92,  0xcf9, 0x3f8, 0x3f9, 0x3fa, 0x3fb,
                         0x3fc, 0x3fd, 0x3fe, 0x3ff, 0x2f8, 0x2f9, 0x2fa, 0x2fb, 0x2fc, 0x2fe, 0x300,
                         0x22,  0x23,  0x378, 0x379, 0x37a, 0xcf8, 0xcfc, 0xcfd, 0xcfe, 0xcff, 0xffff};
constexpr unsigned port_widths[] = {1, 2, 4, 1};
constexpr u16 vtd_registers[] = {vtd_gcmd,   vtd_gsts,     vtd_iqt,    vtd_iqa,   vtd_irta,  vtd_fsts,
                                 vtd_fectl,  vtd_fedata,   vtd_feaddr, vtd_ics,   vtd_iectl, vtd_iedata,
                                 vtd_ieaddr, vtd_frcd + 8, vtd_iqh,    vtd_rtaddr};

u16 port(Input& in)
{
    const u8 which = in.byte();
    return which < 0xf0 ? ports[which % std::size(ports)] : in.half();
}

/// Mostly an aligned register of some block, at times any byte.
u64 address(const Machine& m, Input& in)
{
    const u16 offset = in.half();
    const u64 skew = (offset & 0x7000) == 0x7000 ? offset & 3 : 0;
    switch (offset >> 13) {
    case 7: return hpet::address + (offset & 0x3fc) + skew;
    case 6: return (offset & 0x800 ? ioapic2_address : ioapic_address) + (offset & 0x50) + skew;
    case 5: return vtd_address + vtd_registers[offset % std::size(vtd_registers)];
    case 4: return vtd_address + (offset & 0x2fc) + skew;
    case 3:
        if (m.pci.edus != 0)
            return (get32(m.edu[offset % m.pci.edus].config, pci_config::bars) & ~0xfu) + (offset & 0xfc) +
                   skew;
        return in.both();
    default: return lapic_address + (offset & 0xffc) + skew;
    }
}

u64 read_port(Machine& m, unsigned cpu, u16 port, unsigned width, Signals& signals)
{
    const u32 seen = port_peek(m, port, width);
    const u32 value = port_read(m, cpu, port, width, signals);
    CHECK(width > 1 || value == seen); // Of several bytes the first one's read may change the next.
    return value;
}

u64 mmio(Machine& m, unsigned cpu, bool writes, unsigned width, Input& in, Signals& signals)
{
    const u64 where = address(m, in);
    if (!writes) {
        const u64 seen = mmio_peek(m, cpu, where, width), value = mmio_read(m, cpu, where, width, signals);
        CHECK(seen == value);
        return value;
    }
    mmio_write(m, cpu, where, width, width == 8 ? in.both() : in.word(), signals);
    return 0;
}

/// IA32_APIC_BASE, its mode bits more often than not; the deadline; the x2APIC registers; any.
u64 msr(Machine& m, unsigned cpu, bool writes, Input& in, Signals& signals)
{
    const u8 which = in.byte();
    u32 number = 0x800 + (which & 0x3f);
    if (which < 0x20)
        number = 0x1b;
    else if (which < 0x30)
        number = 0x6e0;
    else if (which == 0xff)
        number = in.word();
    u64 value = 0;
    if (!writes)
        return rdmsr(m, cpu, number, value) ? value : 0;
    value = in.word();
    if (which < 0x1c)
        value = lapic_address | (value & 0xd00);
    else if (number == 0x6e0)
        value += (m.now_ns / 5 * 13) & ~u64{0xffff};
    return wrmsr(m, cpu, number, value | u64{in.byte()} / 0xc0 << 32, signals);
}

/// What a CPU does without its local APIC's page.
u64 local(Machine& m, unsigned cpu, Input& in, Signals& signals)
{
    constexpr LvtEntry sources[] = {LvtEntry::thermal, LvtEntry::pmc, LvtEntry::cmci};
    const u8 what = in.byte();
    Cpu& core = m.core[cpu].cpu;
    switch (what & 7) {
    case 0: lapic_eoi(m, cpu, signals); return 0;
    case 1: local_event(m, cpu, sources[what % std::size(sources)], signals); return 0;
    case 2: write_cr8(m, cpu, what >> 4); return read_cr8(m, cpu);
    case 3: sti(core); return 0;
    case 4: cli(core); return 0;
    case 5: retire(core); return 0;
    case 6: core.nmi_blocked = false; return 0;
    default: {
        Delivered entered;
        return take_event(m, cpu, 0x1000, 0x8000, entered, signals) ? entered.vector : 0x100;
    }
    }
}

/// What comes from outside, more rarely.
void outside(Machine& m, Input& in, Signals& signals)
{
    const u8 what = in.byte();
    switch (what & 15) {
    case 0:
    case 1: drive_nmi(m, (what & 1) != 0, signals); break;
    case 2: io_check(m, signals); break;
    case 3: system_error(m, signals); break;
    case 4: lpt_drive(m, static_cast<LptInput>(3 + (what >> 5) % 5), (what & 16) != 0, signals); break;
    case 5: reset_machine(m, static_cast<ResetScope>((what >> 4) % 3), signals); break;
    case 6: run_firmware(m); break;
    case 7: uart_modem(m, what >> 7, what >> 3 & 15, signals); break;
    case 8: uart_receive(m, what >> 7, in.byte(), signals, what >> 2 & 0x1c); break;
    case 9: mouse_move(m, static_cast<signed char>(in.byte()), what, what >> 4, signals); break;
    case 10:
        mouse_wheel(m, what, static_cast<signed char>(in.byte()), what >> 4, (what >> 5) - 4, signals);
        break;
    default: kbd_key(m, in.byte(), signals); break;
    }
}

/// Software writes the memory that the remapping unit reads: 8 bytes, most often a part of an entry or
/// descriptor of a kind that exists.
void write_memory(Machine& m, Input& in)
{
    constexpr u64 kinds[] = {
        0x0000'0000'0030'0001, 0x0000'0100'0041'0001, 0x04, 0x14, 0x25, 0x35, 0x50001'0031, 0};
    const u16 where = in.half();
    const u64 value = (where & 0x8000) != 0 ? in.both() : kinds[where >> 12] | u64{in.byte()} << 32;
    const std::size_t at = (where & 0x3ff) * 8;
    for (unsigned i = 0; i < 8; ++i)
        m.remap.memory[at + i] = static_cast<u8>(value >> (8 * i));
}

/// The unit's registers as a driver would write them.
void write_unit(Machine& m, unsigned cpu, Input& in, Signals& signals)
{
    const u8 what = in.byte();
    const auto put = [&](u16 offset, unsigned width, u64 value) {
        mmio_write(m, cpu, vtd_address + offset, width, value, signals);
    };
    switch (what & 7) {
    case 0: put(vtd_irta, 8, vtd_memory_address | (what >> 4) | u64{what & 8u} << 8); break;
    case 1: put(vtd_iqa, 8, (vtd_memory_address + 0x1000) | u64{what & 8u} >> 3); break;
    case 2: put(vtd_iqt, 8, u64{in.byte()} << 4); break;
    case 3: put(vtd_gcmd, 4, u64{what >> 4u & 15u} << 23); break;
    case 4: put(vtd_feaddr, 4, lapic_address | u64{in.byte()} << 12); break;
    case 5: put(vtd_ieaddr, 4, lapic_address | u64{in.byte()} << 12); break;
    default: put(vtd_registers[what / 8 % std::size(vtd_registers)], what & 1 ? 8 : 4, in.both()); break;
    }
}

u64 end_transfer(Machine& m, unsigned n, Input& in, Signals& signals)
{
    if (n >= m.pci.edus)
        return 0;
    const std::size_t moved = edu_transfer_bytes(m, n).size();
    const std::vector<u8> bytes(in.byte() * 32u, in.byte());
    finish_edu_transfer(m, n, bytes, signals);
    return moved;
}

u64 quirks_at_will(Machine& m, Input& in)
{
    const auto chips = quirked_chips();
    u64 all = 0;
    for (const QuirkedChip& chip : chips) {
        u32 known = 0;
        for (const Quirk& row : chip.rows)
            known |= row.mask;
        const u32 on = in.word() & known;
        set_quirks(m, chip, on);
        all ^= on;
    }
    return all;
}

void check_entry(const Ioapic& chip, unsigned pin)
{
    const u64 entry = chip.entry[pin];
    CHECK(chip.quirks != 0 || (entry & ~(rte::writable | rte::read_only)) == 0);
    CHECK(rte::Level::test(entry) || (entry & rte::read_only) == 0);
    CHECK(chip.quirks != 0 || !(rte::Pending::test(entry) && rte::RemoteIrr::test(entry)));
}

void check_core(const Machine& m, unsigned cpu)
{
    const Core& c = m.core[cpu];
    CHECK(valid(c.lapic) && valid(c.cpu));
    CHECK(c.cpu.nmi_latched <= 2);
    CHECK(!interrupt_pending(m, cpu) || anything_requested(c.lapic) || m.has_imcr);
    CHECK(cpu == 0 || ((c.lapic.lint & 1) == 0 && !ext_int::Bypass::test(c.lapic.ext_int)));
}

void check_lines(const Machine& m)
{
    const Lapic& bsp = m.core[0].lapic; // The virtual wire has settled.
    CHECK((pic_mode(m) ? ext_int::Bypass::test(bsp.ext_int) : (bsp.lint & 1) != 0) == intr(m.pic));
    for (const Wire& w : schematic(m.board))
        if (w.from == Part::line && w.to == Part::ioapic)
            CHECK(((m.ioapic.lines >> w.to_pin & 1) != 0) == (line_level(m, w.from_pin) != w.inverted));
    const auto holds = [&](unsigned line, Source source) -> u32 {
        return m.line_sources[line] >> static_cast<unsigned>(source) & 1;
    };
    for (unsigned line = 0; line < lines_max; ++line)
        CHECK((m.pci.lines >> line & 1) == holds(line, Source::pci) &&
              (m.hpet_lines >> line & 1) == holds(line, Source::hpet));
    CHECK(m.remapping == (m.has_vtd && remapping(m.remap.vtd)));
}

} // namespace

void start_machine(Machine& m, Input& in)
{
    const u8 how = in.byte();
    power_on(m, static_cast<BoardId>(how % boards), 1 + (how >> 2) % 3, 1'700'000'000);
    const u8 fitted = in.byte();
    const u8 profile = fitted & 7;
    if (profile < 3)
        set_profile(m, static_cast<Profile>(profile));
    else if (profile == 7)
        quirks_at_will(m, in);
    for (unsigned n = 0; n < (fitted >> 3 & 3u); ++n)
        attach_edu(m, edu_slot(m.board, n));
    if ((fitted & 32) != 0)
        fit_vtd(m);
    Signals signals;
    if ((fitted & 0xc0) == 0xc0)
        fit_imcr(m, signals);
    else if ((fitted & 0x40) != 0)
        fit_ioapic2(m);
}

u64 step_machine(Machine& m, Input& in, Signals& signals)
{
    const u8 op = in.byte();
    const unsigned cpu = (op >> 6) % m.cpu_count;
    const u8 more = op & 32 ? in.byte() : u8{0x80}; // widths: 32 bits most often
    const unsigned width = more == 0x80 ? 4 : 1u << (more & 3);
    switch (op & 31) {
    case 0:
    case 1: return read_port(m, cpu, port(in), port_widths[more & 3], signals);
    case 2:
    case 3:
    case 4: {
        const u16 where = port(in);
        port_write(m, cpu, where, port_widths[more & 3], in.word(), signals);
        return 0;
    }
    case 5: return mmio(m, cpu, false, width, in, signals);
    case 6:
    case 7:
    case 8: return mmio(m, cpu, true, width, in, signals);
    case 9:
    case 10: {
        const u8 line = in.byte();
        drive_line(m, line % lines_of(m), (line & 0x40) != 0 ? Source::device : Source::hand,
                   (line & 0x80) != 0, signals);
        return 0;
    }
    case 11:
    case 12: return interrupt_pending(m, cpu) ? static_cast<u64>(accept(m, cpu, signals)) : 0;
    case 13: return msr(m, cpu, false, in, signals);
    case 14:
    case 15: return msr(m, cpu, true, in, signals);
    case 16:
    case 17: advance(m, m.now_ns + in.word() % longest_step_ns, signals); return m.now_ns;
    case 18: {
        const u64 due = next_event_ns(m);
        CHECK(due > m.now_ns);
        if (due < m.now_ns + longest_idle_ns)
            advance(m, due, signals);
        return due;
    }
    case 19: send_msi(m, lapic_address | (in.word() & 0xff00c), in.half(), signals); return 0;
    case 20: send_message(m, in.half(), lapic_address | (in.word() & 0xfffff), in.half(), signals); return 0;
    case 21:
    case 22: outside(m, in, signals); return 0;
    case 23:
    case 24: return local(m, cpu, in, signals);
    case 25:
    case 26:
        if (m.has_vtd)
            write_memory(m, in);
        return 0;
    case 27: write_unit(m, cpu, in, signals); return 0;
    case 28:
    case 29: follow_recipe(m, cpu, in, signals); return 0;
    case 30: return end_transfer(m, more & 3, in, signals);
    default: m.idt_page[in.half() % idt_page_bytes] = in.byte(); return 0;
    }
}

void check_machine(const Machine& m)
{
    CHECK(valid(m.pic) && valid(m.ioapic) && valid(m.pit) && valid(m.rtc) && valid(m.kbc) && valid(m.hpet) &&
          valid(m.lpt) && valid(m.uart[0]) && valid(m.uart[1]) && valid(m.pci, m.board));
    CHECK(!m.has_vtd || valid(m.remap.vtd));
    for (unsigned n = 0; n < m.pci.edus; ++n) {
        CHECK(valid(m.edu[n]));
        CHECK((m.pci.pins >> n & 1) == 0 || m.edu[n].intx != 0);
    }
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        check_entry(m.ioapic, pin);
    for (unsigned pin = 0; m.has_ioapic2 && pin < ioapic_pins; ++pin) {
        check_entry(m.ioapic2.chip, pin);
        CHECK((m.ioapic2.chip.lines >> pin & 1) == line_level(m, lines_max + pin));
    }
    CHECK(!m.has_ioapic2 || valid(m.ioapic2.chip));
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
        check_core(m, cpu);
    check_lines(m);
}

void check_round_trip(const Machine& from, Machine& to)
{
    std::vector<u8> bytes(saved_bytes(from));
    CHECK(save(from, bytes) == bytes.size());
    CHECK(restore(to, bytes) == RestoreError::none);
    CHECK(same_state(from, to) && hash_state(from) == hash_state(to));
}

} // namespace irqlab::hw
