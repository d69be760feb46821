// Power-on, reset, and what firmware does to the chips before it hands the machine over. See machine.hpp.
#include "hw/board/apic_bus.hpp"
#include "hw/board/pci.hpp"
#include "hw/board/remapping.hpp"
#include "hw/board/routing.hpp"

namespace irqlab::hw {
namespace {

constexpr u32 lint0_virtual_wire = 0x00000700; // ExtINT, not masked. [MP] "Virtual Wire Mode"
constexpr u32 lint1_nmi = 0x00000400;
constexpr u32 svr_firmware = 0x000001ff;

/// The 8259s in real-mode BIOS order, all lines masked but the cascade. Level lines are the board's shared
/// ones.
void start_pic(Machine& m)
{
    Signals unheard;
    const auto initialise = [&](u16 port, u8 vectors, u8 cascade, u8 mask) {
        write(m.pic, port, 0x11, unheard);
        for (const u8 word : {vectors, cascade, u8{0x01}, mask})
            write(m.pic, static_cast<u16>(port + 1), word, unheard);
    };
    initialise(0x20, 0x08, 0x04, 0xfb);
    initialise(0xa0, 0x70, 0x02, 0xff);
    write(m.pic, 0x4d1, m.board == BoardId::laptop ? 0x0e : 0x0c, unheard); // ELCR: 9, 10 and 11.
}

/// Channel 0 at 18.2 Hz, channel 1 as memory's refresh wants it.
void start_pit(Machine& m)
{
    Signals unheard;
    const auto put = [&](u16 reg, u8 value) { write(m.pit, reg, value, m.now_ns, unheard); };
    put(3, 0x34);
    put(0, 0);
    put(0, 0);
    put(3, 0x54);
    put(1, 18);
}

void reset_cores(Machine& m)
{
    for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu) {
        reset(m.core[cpu].lapic, static_cast<u8>(cpu), cpu == 0);
        reset(m.core[cpu].cpu, cpu == 0);
    }
    m.flat_ids = true; // reset leaves all logical IDs 0
    m.ids_changed = false;
}

/// A chip as it is after power-up, but for its quirks.
template <class Chip> void renew(Chip& chip)
{
    const Chip old = chip;
    chip = {};
    if constexpr (requires { chip.quirks; })
        chip.quirks = old.quirks;
}

/// Nobody has initialised it, and its inputs are where they were.
void reset_pic(I8259& chip, u8 inputs)
{
    const bool strap = chip.sp;
    const u8 lines = chip.lines & inputs;
    renew(chip);
    chip.sp = strap;
    chip.lines = lines;
}

/// [PIIX] and [ICH9]: what the chipset's own registers are after a reset.
void reset_chipset(Machine& m)
{
    m.port61 = m.nmi_status = m.port80 = m.port92 = m.port_cf9 = m.imcr_select = m.imcr = 0;
    m.nmi_disabled = true;
    gate2(m.pit, false, m.now_ns);
}

void reset_ioapic(Machine& m)
{
    reset(m.ioapic, m.ioapic.version);
    for (unsigned line = 0; line < lines_max; ++line)
        if (const Route& r = routing_of(m).line[line]; r.pin != Route::no_pin)
            m.ioapic.lines |= u32{line_level(m, line) != r.inverted} << r.pin;
    if (!m.has_ioapic2)
        return;
    reset(m.ioapic2.chip, m.ioapic2.chip.version);
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        m.ioapic2.chip.lines |= u32{line_level(m, lines_max + pin)} << pin;
}

/// Outputs as the chips now have them.
void settle_all(Machine& m, Signals& signals)
{
    for (unsigned d = 0; d <= static_cast<unsigned>(BoardDevice::lpt); ++d)
        settle_device(m, static_cast<BoardDevice>(d), signals);
    settle_intr(m, signals);
    settle_nmi(m, signals);
    m.deadline_ns = 0;
}

void reset_board(Machine& m)
{
    reset_pic(m.pic.master, 0xfb);
    reset_pic(m.pic.slave, 0xff);
    m.pic.int_level = false;
    renew(m.kbc);
    for (Uart16550& uart : m.uart)
        reset(uart);
    reset(m.rtc);
    reset(m.hpet, hpet_straps(m.board), m.now_ns);
    reset(m.lpt);
    m.remapping = false;
    if (m.has_vtd)
        m.remap.vtd = {};
    reset_chipset(m);
    reset_pci(m);
    reset_ioapic(m);
    reset_cores(m);
}

/// The bootstrap CPU's local APIC in virtual wire mode.
void start_lapic(Lapic& bsp)
{
    bsp.svr = svr_firmware;
    bsp.lvt[static_cast<unsigned>(LvtEntry::lint0)] = lint0_virtual_wire;
    bsp.lvt[static_cast<unsigned>(LvtEntry::lint1)] = lint1_nmi;
}

} // namespace

void run_firmware(Machine& m)
{
    Signals unheard;
    start_pic(m);
    start_pit(m);
    start_pci(m);
    firmware_ready(m.kbc);
    m.port92 = 0x02; // A20 is on.
    m.nmi_disabled = false;
    start_lapic(m.core[0].lapic);
    settle_all(m, unheard);
}

void power_on(Machine& m, BoardId board, unsigned cpus, u64 unix_seconds)
{
    CHECK(cpus >= 1 && cpus <= cpus_max);
    static_cast<Board&>(m) = {};
    m.board = board;
    m.cpu_count = static_cast<u8>(cpus);
    if (board == BoardId::laptop)
        fit_vtd(m);
    power_on(m.rtc, unix_seconds);
    m.ioapic.version = ioapic_version_eoi;
    for (unsigned cpu = 0; cpu < cpus; ++cpu)
        m.core[cpu] = {}; // Quirks and memory outlive resets.
    reset_board(m);
    run_firmware(m);
}

void reset_machine(Machine& m, ResetScope scope, Signals& signals)
{
    if (scope == ResetScope::cpu) {
        for (unsigned cpu = 0; cpu < m.cpu_count; ++cpu)
            apply(m.core[cpu], LocalEvent::init, cpu, signals);
        return;
    }
    reset_board(m);
    settle_all(m, signals);
}

void fit_imcr(Machine& m, Signals& signals)
{
    m.has_imcr = true;
    m.imcr = 1; // As the wires are now.
    set_imcr(m, 0, signals);
}

void fit_ioapic2(Machine& m)
{
    m.has_ioapic2 = true;
    m.ioapic2 = {};
    m.ioapic2.chip.quirks = m.ioapic.quirks;
    reset(m.ioapic2.chip, m.ioapic.version);
}

bool a20(const Machine& m)
{
    using FastA20 = Field<u8, 1>;
    return FastA20::test(m.port92) || output(m.kbc, 2);
}

} // namespace irqlab::hw
