// Configuration accesses, INTx, messages and transfers of a board's PCI functions. See the header.
#include "hw/board/pci.hpp"

#include <algorithm>
#include <bit>

#include "hw/base/check.hpp"
#include "hw/board/remapping.hpp"
#include "hw/pci/msi.hpp"

namespace irqlab::hw {
namespace {

constexpr u32 edu_memory_end = 0xfeb00000;
constexpr unsigned nobody = edus_max;

/// A function on bus 0. `edu` is `nobody` for a bridge; `config` null: there is none.
template <class Config> struct Function {
    Config* config;
    const PciLayout* layout;
    unsigned edu;
};

template <class SomeMachine> auto find(SomeMachine& m, u8 bus, u8 where)
{
    using Config = std::remove_reference_t<decltype((m.pci.host))>;
    using Found = Function<Config>;
    if (bus != 0)
        return Found{nullptr, nullptr, nobody};
    if (where == host_devfn)
        return Found{&m.pci.host, &host_layout(m.board), nobody};
    if (where == isa_devfn(m.board))
        return Found{&m.pci.isa, &isa_layout(m.board), nobody};
    for (unsigned n = 0; n < m.pci.edus; ++n)
        if (m.edu[n].devfn == where)
            return Found{&m.edu[n].config, &edu_layout(), n};
    return Found{nullptr, nullptr, nobody};
}

u8 pirq_bit(const Machine& m, u8 where, unsigned pin)
{
    return bit<u8>(pirq_of(m.board, slot_of(where), pin));
}
u8 all_pirqs_of(const Machine& m, u8 where)
{
    u8 pirqs = 0;
    for (unsigned pin = 0; pin < intx_pins; ++pin)
        pirqs |= pirq_bit(m, where, pin);
    return pirqs;
}

/// Requests and pins follow the edus' state. Returns the PIRQs that are asserted; `moved` gains those whose
/// pins changed.
u8 settle_pins(Machine& m, u8& moved)
{
    u8 pirqs = 0;
    for (unsigned n = 0; n < m.pci.edus; ++n) {
        Edu& e = m.edu[n];
        if (!pci_quirk::IntxIsLatched::test(m.pci.quirks))
            e.intx = e.irq_status != 0 && !msi_enabled(e.config, edu_layout());
        const bool high = drive_intx(e.config, e.intx != 0);
        const u8 pirq = pirq_bit(m, e.devfn, 0);
        if (high != ((m.pci.pins >> n & 1) != 0)) {
            m.pci.pins ^= bit<u8>(n);
            moved |= pirq;
        }
        if (high)
            pirqs |= pirq;
    }
    return pirqs;
}

/// The lines that these PIRQs' registers name, routed there or not, and their I/O APIC inputs.
u32 lines_named(BoardId board, const PciConfig& isa, u8 pirqs)
{
    u32 lines = 0;
    for (unsigned pirq = 0; pirq < pirq_count(board); ++pirq)
        if ((pirqs >> pirq & 1) != 0)
            lines |= bit<u32>(pirq_route::Line::get(isa.byte[pirq_register(pirq)])) |
                     bit<u32>(gsi_of_pirq(board, pirq) & 31);
    return lines;
}

/// Lines follow pins and routing.
void settle_pci(Machine& m, u8 moved, Signals& signals)
{
    PciHost& pci = m.pci;
    const u8 pirqs = settle_pins(m, moved);
    u32 lines = lines_of_pirqs(m.board, pci.isa, pirqs, pci.quirks);
    if (pci_quirk::RouteIsStale::test(pci.quirks) && m.board != BoardId::pc) {
        const u32 follow = lines_named(m.board, pci.isa, moved);
        lines = (pci.lines & ~follow) | (lines & follow);
    }
    u32 changed = pci.lines ^ lines;
    pci.lines = lines;
    for (; changed != 0; changed &= changed - 1) {
        const unsigned line = static_cast<unsigned>(std::countr_zero(changed));
        drive_line(m, line, Source::pci, (lines >> line & 1) != 0, signals);
    }
}

void diagnose(Diagnosis what, u32 value, Signals& signals)
{
    signals.push({SignalKind::diagnosis, 0, static_cast<u16>(what), value});
}

/// A message is a write to memory. What is not an interrupt is the memory's owner's to do.
void send(Machine& m, const Edu& e, PciMessage message, Signals& signals)
{
    constexpr u64 interrupts = 0xfee;
    if (message.due == 0)
        return;
    if (!pci_command::BusMaster::test(command_of(e.config)))
        return diagnose(Diagnosis::not_bus_master, e.devfn, signals);
    const u32 low = static_cast<u32>(message.address);
    if (message.address >> 20 == interrupts)
        return send_message(m, e.devfn, low, message.data, signals);
    diagnose(Diagnosis::mmio_unclaimed, low, signals);
    signals.push({SignalKind::msi_memory, 0, e.devfn, message.data});
}

void happened(Machine& m, unsigned n, EduEvent event, Signals& signals)
{
    Edu& e = m.edu[n];
    const bool by_message = msi_enabled(e.config, edu_layout());
    switch (event) {
    case EduEvent::none: return;
    case EduEvent::transfer:
        signals.push({SignalKind::dma, 0, static_cast<u16>(n), transfer(e).bytes});
        return;
    case EduEvent::raised:
        if (by_message)
            send(m, e, request_msi(e.config, edu_layout(), 0), signals);
        else
            e.intx = 1;
        break;
    case EduEvent::lowered:
        if (!by_message)
            e.intx = 0;
        break;
    }
    settle_pci(m, 0, signals);
}

/// What a write to an edu's MSI capability brings about.
void msi_written(Machine& m, Edu& e, Signals& signals)
{
    settle_msi(e.config, edu_layout());
    if (msi_enabled(e.config, edu_layout()))
        e.intx = 0;
    for (PciMessage due = take_due_msi(e.config, edu_layout()); due.due != 0;
         due = take_due_msi(e.config, edu_layout()))
        send(m, e, due, signals);
}

bool overlaps(unsigned offset, unsigned width, unsigned first, unsigned bytes)
{
    return offset < first + bytes && first < offset + width;
}

void diagnose_routes(const Machine& m, unsigned offset, unsigned width, Signals& signals)
{
    for (unsigned pirq = 0; pirq < pirq_count(m.board); ++pirq) {
        const u8 route = m.pci.isa.byte[pirq_register(pirq)];
        const bool reserved = (pirq_route::lines >> pirq_route::Line::get(route) & 1) == 0;
        if (overlaps(offset, width, pirq_register(pirq), 1) && reserved && !pirq_route::Disabled::test(route))
            diagnose(Diagnosis::pirq_reserved_line, route, signals);
    }
}

/// An access cut into naturally aligned pieces of at most four bytes: visit(first byte, bytes).
template <class Visit> void in_pieces(u64 address, unsigned width, Visit&& visit)
{
    for (unsigned done = 0; done < width;) {
        const u64 at = address + done;
        unsigned bytes = 4;
        while (bytes > width - done || (at & (bytes - 1)) != 0)
            bytes /= 2;
        visit(done, bytes);
        done += bytes;
    }
}

/// Where in configuration space a byte of the memory window is.
struct EcamPlace {
    u8 bus, devfn;
    unsigned offset;
};
EcamPlace place(u64 offset)
{
    return {static_cast<u8>(offset >> 20), static_cast<u8>(offset >> 12),
            static_cast<unsigned>(offset & 0xfff)};
}

u64 read_ecam(const Machine& m, u64 offset, unsigned width)
{
    u64 value = 0;
    in_pieces(offset, width, [&](unsigned done, unsigned bytes) {
        const EcamPlace p = place(offset + done);
        const u64 ones = 0xffffffff >> (32 - 8 * bytes);
        const u64 part =
            p.offset < pci_config_bytes ? pci_config_read(m, p.bus, p.devfn, p.offset, bytes) & ones : ones;
        value |= part << (8 * done);
    });
    return value;
}

void write_ecam(Machine& m, u64 offset, unsigned width, u64 value, Signals& signals)
{
    in_pieces(offset, width, [&](unsigned done, unsigned bytes) {
        const EcamPlace p = place(offset + done);
        if (p.offset < pci_config_bytes)
            pci_config_write(m, p.bus, p.devfn, p.offset, bytes, static_cast<u32>(value >> (8 * done)),
                             signals);
    });
}

/// The edu that answers at a memory address; `nobody` when none does.
unsigned edu_at(const Machine& m, u64 address, u32& offset)
{
    for (unsigned n = 0; n < m.pci.edus; ++n) {
        const PciHit hit = decode(m.edu[n].config, edu_layout(), PciSpace::memory, address);
        offset = hit.offset;
        if (hit.bar != pci_bars)
            return n;
    }
    return nobody;
}

/// What firmware writes into a device but for the place of its memory.
void start_edu(Machine& m, unsigned n)
{
    constexpr u32 io_memory_serr = 0x0103;
    PciConfig& config = m.edu[n].config;
    const unsigned pirq = pirq_of(m.board, slot_of(m.edu[n].devfn), 0);
    put(config, pci_config::command, 2, io_memory_serr);
    put(config, pci_config::interrupt_line, 1, firmware_lines[pirq & 3]);
}

/// Firmware's allocation: megabytes in the order of slots, ending at edu_memory_end.
void place_edus(Machine& m)
{
    for (unsigned n = 0; n < m.pci.edus; ++n) {
        Edu& e = m.edu[n];
        u32 not_before = 0;
        for (unsigned other = 0; other < m.pci.edus; ++other)
            not_before += m.edu[other].devfn >= e.devfn;
        put(e.config, pci_config::bars, 4, edu_memory_end - not_before * edu::memory_bytes);
    }
}

/// What QEMU's CONFADD adds to the lane.
unsigned data_offset(const Machine& m, unsigned lane) { return (m.pci.address & 0xff) | lane; }

} // namespace

void reset_pci(Machine& m)
{
    m.pci.address = 0;
    reset(m.pci.host, host_layout(m.board));
    reset(m.pci.isa, isa_layout(m.board));
    for (unsigned n = 0; n < m.pci.edus; ++n) {
        const u64 mask = m.edu[n].dma_mask; // A property, no register.
        reset(m.edu[n], m.edu[n].devfn);
        m.edu[n].dma_mask = mask;
    }
    Signals unheard; // Lines that fall: the board settles its chips after a reset.
    settle_pci(m, 0xff, unheard);
}

void start_pci(Machine& m)
{
    start_bridges(m.pci.host, m.pci.isa, m.board);
    for (unsigned n = 0; n < m.pci.edus; ++n)
        start_edu(m, n);
    place_edus(m);
}

int attach_edu(Machine& m, unsigned slot)
{
    const u8 where = devfn(slot & 31, 0);
    if (m.pci.edus == edus_max || slot > 31 || find(m, 0, where).config)
        return -1;
    const unsigned n = m.pci.edus++;
    reset(m.edu[n], where);
    start_edu(m, n);
    place_edus(m);
    return static_cast<int>(n);
}

u32 pci_config_read(const Machine& m, u8 bus, u8 where, unsigned offset, unsigned width)
{
    const auto f = find(m, bus, where);
    return f.config ? read(*f.config, *f.layout, offset, width, m.pci.quirks)
                    : 0xffffffff >> (32 - 8 * width);
}

void pci_config_write(Machine& m, u8 bus, u8 where, unsigned offset, unsigned width, u32 value,
                      Signals& signals)
{
    const auto f = find(m, bus, where);
    if (!f.config)
        return;
    const u16 command = command_of(*f.config);
    write(*f.config, *f.layout, offset, width, value, m.pci.quirks);
    if (f.edu != nobody && overlaps(offset, width, f.layout->msi, msi_bytes(*f.layout)))
        msi_written(m, m.edu[f.edu], signals);
    if (f.config == &m.pci.isa)
        diagnose_routes(m, offset, width, signals);
    const bool gated = pci_command::InterruptDisable::test(static_cast<u16>(command ^ command_of(*f.config)));
    settle_pci(m, gated ? all_pirqs_of(m, where) : u8{0}, signals);
}

void write_pci_address(Machine& m, u32 value)
{
    const bool all = pci_quirk::AddressIsRam::test(m.pci.quirks);
    m.pci.address = all ? value : value & pci_address::writable;
}

u32 read_pci_data(const Machine& m, unsigned lane, unsigned width)
{
    const u32 ones = 0xffffffff >> (32 - 8 * width);
    const u32 a = m.pci.address;
    const unsigned offset = data_offset(m, lane);
    const unsigned bytes = std::min(width, pci_config_bytes - offset);
    if (!pci_address::Enable::test(a))
        return ones;
    return pci_config_read(m, static_cast<u8>(pci_address::Bus::get(a)),
                           static_cast<u8>(pci_address::Devfn::get(a)), offset, bytes) &
           ones;
}

void write_pci_data(Machine& m, unsigned lane, unsigned width, u32 value, Signals& signals)
{
    const u32 a = m.pci.address;
    const unsigned offset = data_offset(m, lane);
    if (pci_address::Enable::test(a))
        pci_config_write(m, static_cast<u8>(pci_address::Bus::get(a)),
                         static_cast<u8>(pci_address::Devfn::get(a)), offset,
                         std::min(width, pci_config_bytes - offset), value, signals);
}

bool read_pci_memory(const Machine& m, u64 address, unsigned width, u64& value)
{
    if (const EcamWindow w = ecam(m.board, m.pci.host); address - w.base < w.bytes) {
        value = read_ecam(m, address - w.base, width);
        return true;
    }
    u32 offset = 0;
    const unsigned n = edu_at(m, address, offset);
    if (n == nobody)
        return false;
    value = read(m.edu[n], offset, width);
    return true;
}

bool write_pci_memory(Machine& m, u64 address, unsigned width, u64 value, Signals& signals)
{
    if (const EcamWindow w = ecam(m.board, m.pci.host); address - w.base < w.bytes) {
        write_ecam(m, address - w.base, width, value, signals);
        return true;
    }
    u32 offset = 0;
    const unsigned n = edu_at(m, address, offset);
    if (n == nobody)
        return false;
    happened(m, n, write(m.edu[n], offset, width, value, m.now_ns), signals);
    m.deadline_ns = 0;
    return true;
}

u64 next_edu_event_ns(const Machine& m)
{
    u64 next = never_ns;
    for (unsigned n = 0; n < m.pci.edus; ++n)
        next = std::min(next, next_event_ns(m.edu[n]));
    return next;
}

void run_edus(Machine& m, u64 now_ns, Signals& signals)
{
    for (unsigned n = 0; n < m.pci.edus; ++n)
        happened(m, n, advance(m.edu[n], now_ns, signals), signals);
}

void finish_edu_transfer(Machine& m, unsigned n, std::span<const u8> bytes, Signals& signals)
{
    CHECK(n < m.pci.edus);
    happened(m, n, finish_transfer(m.edu[n], bytes), signals);
    m.deadline_ns = 0;
}

} // namespace irqlab::hw
