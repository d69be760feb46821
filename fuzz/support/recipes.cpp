// Programs of a few accesses. See the header.
#include "fuzz/support/recipes.hpp"

#include <iterator>

#include "hw/board/pci.hpp"
#include "hw/board/remapping.hpp"

namespace irqlab::hw {
namespace {

struct Driver {
    Machine& m;
    unsigned cpu;
    Signals& signals;

    void put(u64 address, u64 value, unsigned width = 4) const
    {
        mmio_write(m, cpu, address, width, value, signals);
    }
    void lapic(u16 offset, u32 value) const { put(lapic_address + offset, value); }
};

/// The 82093AA's entry, high half first.
void entry(const Driver& d, Input& in)
{
    const u32 pin = in.byte() % ioapic_pins;
    const u8 what = in.byte();
    u32 low = in.byte() | u32{what & 7u} << 8 | (what & 8u) << 8 | u32{what & 0x70u} << 9;
    u32 high = u32{in.byte()} << 24;
    if ((what & 0x80) != 0)
        high = u32{in.byte()} << 17 | 1 << 16; // Remappable.
    if ((what & 0x30) == 0x30)
        low |= rte::Level::mask;
    const u64 chip = d.m.has_ioapic2 && (high & 1u << 25) != 0 ? ioapic2_address : ioapic_address;
    d.put(chip, 0x11 + 2 * pin);
    d.put(chip + 0x10, high);
    d.put(chip, 0x10 + 2 * pin);
    d.put(chip + 0x10, low);
}

void local_timer(const Driver& d, Input& in)
{
    const u8 what = in.byte();
    d.lapic(lapic_svr, 0x1ff);
    d.lapic(lapic_timer_divide, what & 0xb);
    d.lapic(lapic_lvt_timer, u32{in.byte()} | u32{what} >> 6 << 17);
    d.lapic(lapic_timer_initial, u32{in.half()} << (what & 0x10));
    wrmsr(d.m, d.cpu, 0x6e0, d.m.now_ns / 5 * 13 + in.half(), d.signals);
}

void ipi(const Driver& d, Input& in)
{
    d.lapic(lapic_svr, 0x1ff);
    d.lapic(lapic_icr_high, u32{in.byte()} << 24);
    d.lapic(lapic_icr_low, in.byte() | u32{in.half()} << 8);
}

void hpet_timer(const Driver& d, Input& in)
{
    const u8 what = in.byte();
    const u64 timer = hpet::address + hpet::first_timer + what % hpet::timers * hpet::timer_stride;
    const u32 route = in.byte() & 31u;
    d.put(timer, (what & 0x6e) | route << 9 | u32{what & 0x80u} << 7);
    d.put(timer + hpet::timer_fsb, u64{lapic_address} << 32 | in.byte(), 8);
    const u64 counter = mmio_peek(d.m, d.cpu, hpet::address + hpet::main_counter, 8);
    d.put(timer + hpet::timer_comparator, counter + in.half(), 8);
    d.put(timer + hpet::timer_comparator, in.half(), 8);
    d.put(hpet::address + hpet::configuration, 1 | (what & 0x10) >> 3);
}

/// Table, queue and switches; eight entries that exist.
void remapping_on(const Driver& d, Input& in)
{
    if (!d.m.has_vtd)
        return;
    const u8 what = in.byte();
    for (unsigned n = 0; n < 8; ++n) {
        const u64 low = 1 | u64{in.byte()} << 16 | u64{what & 0x10u} | u64{n & what} << 2;
        for (unsigned i = 0; i < 8; ++i)
            d.m.remap.memory[n * 16 + i] = static_cast<u8>(low >> (8 * i));
    }
    d.put(vtd_address + vtd_irta, vtd_memory_address | 7 | u64{what & 8u} << 8, 8);
    d.put(vtd_address + vtd_iqa, vtd_memory_address + 4096, 8);
    d.put(vtd_address + vtd_fectl, 0);
    d.put(vtd_address + vtd_feaddr, lapic_address);
    d.put(vtd_address + vtd_fedata, 0x40);
    d.put(vtd_address + vtd_gcmd, gcmd::SetTable::mask);
    d.put(vtd_address + vtd_gcmd,
          gcmd::Remapping::mask | gcmd::QueuedInvalidation::mask | u64{what & 1u} << 23);
}

/// Memory, bus master, perhaps MSI; then a factorial, an interrupt or a transfer.
void device(const Driver& d, Input& in)
{
    const u8 what = in.byte();
    if (d.m.pci.edus == 0)
        return;
    const Edu& edu = d.m.edu[what % d.m.pci.edus];
    constexpr unsigned msi_at = 0x40;
    const auto configure = [&](unsigned at, unsigned width, u32 value) {
        pci_config_write(d.m, 0, edu.devfn, at, width, value, d.signals);
    };
    configure(pci_config::command, 2, (what & 8) != 0 ? 0x507 : 0x003);
    configure(msi_at + 4, 4, lapic_address | u32{in.byte()} << 12);
    configure(msi_at + 12, 2, in.byte());
    configure(msi_at + 2, 2, what >> 4 & 1);
    const u64 base = get32(edu.config, pci_config::bars) & ~0xfu;
    const bool to_memory = (what & 0x20) != 0;
    d.put(base + 0x20, 0x80);
    d.put(base + 0x08, in.byte());
    d.put(base + (to_memory ? 0x80 : 0x88), edu::buffer_address + in.byte());
    d.put(base + (to_memory ? 0x88 : 0x80), in.word());
    d.put(base + 0x90, in.half() % 4200);
    d.put(base + 0x98, 1 | (to_memory ? 2 : 0) | (what >> 4 & 4));
    d.put(base + 0x60, what >> 7);
}

/// The configuration window of q35 and laptop, and PIRQ routing through the ports.
void configure(const Driver& d, Input& in)
{
    const u8 what = in.byte();
    const u32 where = 0x80000000 | u32{isa_devfn(d.m.board)} << 8;
    if ((what & 1) != 0) {
        d.put(0xb0000000 + (where & 0xffffff) * 16 % 0x1000000 + in.byte(), in.byte(), 1u << (what >> 1 & 3));
        return;
    }
    port_write(d.m, d.cpu, 0xcf8, 4, where | 0x60 | (what & 8), d.signals);
    port_write(d.m, d.cpu, static_cast<u16>(0xcfc + (what >> 4 & 3)), 1, in.byte() & 0x8f, d.signals);
}

/// ICW1 to ICW4 of either 8259A.
void initialise(const Driver& d, Input& in)
{
    const u8 what = in.byte();
    const u16 port = (what & 1) != 0 ? 0xa0 : 0x20;
    const u8 words[] = {static_cast<u8>(0x10 | (what & 0x0e) | 1), in.byte(),
                        static_cast<u8>((what & 1) != 0 ? 2 : 4), static_cast<u8>(1 | what >> 4 << 1),
                        static_cast<u8>(what & 0x30)};
    for (unsigned n = 0; n < 5; ++n)
        port_write(d.m, d.cpu, n == 0 ? port : static_cast<u16>(port + 1), 1, words[n], d.signals);
}

} // namespace

void follow_recipe(Machine& machine, unsigned cpu, Input& in, Signals& signals)
{
    constexpr void (*recipes[])(const Driver&, Input&) = {entry,        local_timer, ipi,       hpet_timer,
                                                          remapping_on, device,      configure, initialise};
    const Driver driver{machine, cpu, signals};
    recipes[in.byte() % std::size(recipes)](driver, in);
}

} // namespace irqlab::hw
