// The bridges' registers and the PIRQ router. See the header.
#include "hw/pci/host.hpp"

namespace irqlab::hw {
namespace {

constexpr u32 host_class = 0x060000, isa_class = 0x060100;
constexpr u16 medium = 0x0200, fast_back_to_back = 0x0080;                      // status
constexpr u16 parity_and_serr = 0x0140, serr = 0x0100, special_cycles = 0x0008; // command

/// Registers of no concern to interrupts keep what is written.
constexpr void keep(PciLayout& layout, unsigned first, unsigned last)
{
    for (unsigned i = first; i <= last; ++i)
        layout.set(i, 1, 0, 0xff);
}

/// [440FX] "PCI Configuration Space Mapped Registers".
constexpr PciLayout i440fx()
{
    PciLayout l = pci_layout({0x8086, 0x1237, host_class, 0x02, 0x1af4, 0x1100}, 0x0006, parity_and_serr,
                             medium | fast_back_to_back);
    l.qemu_status = 0;
    l.set(0x0d, 1, 0, 0xf8); // MLT
    keep(l, 0x50, 0x54);     // PMCCFG, DETURBO, DBC, AUXC
    keep(l, 0x57, 0x58);     // DRAMC, DRAMT
    for (unsigned pam = 0x59; pam <= 0x5f; ++pam)
        l.set(pam, 1, 0, 0x33);
    keep(l, 0x60, 0x68);        // DRB, FDHC
    keep(l, 0x70, 0x71);        // MTT, CLT
    l.set(0x72, 1, 0x02, 0x78); // SMRAM
    keep(l, 0x90, 0x90);        // ERRCMD
    keep(l, 0x93, 0x93);        // TRC
    return l;
}

/// [PIIX] "PCI Configuration Registers", function 0 of the 82371SB.
constexpr PciLayout piix3()
{
    PciLayout l = pci_layout({0x8086, 0x7000, isa_class, 0x00, 0x1af4, 0x1100}, 0x0007, special_cycles | serr,
                             medium | fast_back_to_back);
    l.qemu_status = medium;
    l.set(pci_config::header, 1, 0x80);
    l.set(0x4c, 1, 0x4d, 0x7f);     // IORT
    l.set(0x4e, 2, 0x0003, 0x01ff); // XBCS
    for (unsigned pirq = 0; pirq < 4; ++pirq)
        l.set(pirq_register(pirq), 1, pirq_route::at_reset,
              pirq_route::Disabled::mask | pirq_route::Line::mask);
    l.set(0x69, 1, 0x02, 0xfe);     // TOM
    l.set(0x6a, 2, 0, 0x8080);      // MSTAT
    l.set(0x70, 1, 0x80, 0xef);     // MBIRQ0
    l.set(0x76, 2, 0x0c0c, 0x8f8f); // MBDMA
    l.set(0x78, 2, 0x0002, 0xffff); // PCSC
    l.set(0x80, 1, 0x00, 0x7f);     // APICBASE
    l.set(0x82, 1, 0x00, 0x0f);     // DLC
    l.set(0xa0, 1, 0x08, 0x1f);     // SMICNTL
    l.set(0xa2, 2, 0, 0x00ff);      // SMIEN
    l.set(0xa4, 4, 0, 0xffffffff);  // SEE
    l.set(0xa8, 1, 0x0f, 0xff);     // FTMR
    l.set(0xaa, 2, 0, 0x00ff);      // SMIREQ
    l.set(0xac, 1, 0, 0xff);        // CTLTMR
    l.set(0xae, 1, 0, 0xff);        // CTHTMR
    return l;
}

/// [Q35] "DRAM Controller Registers (D0:F0)". The mobile one is alike in what matters here.
constexpr PciLayout memory_controller(PciIds ids)
{
    PciLayout l = pci_layout(ids, 0x0006, serr, fast_back_to_back);
    l.qemu_status = 0;
    l.set(0x40, 4, 0, 0xfffff001); // EPBAR
    l.set(0x44, 4, 0, 0x0000000f);
    l.set(0x48, 4, 0, 0xffffc001); // MCHBAR
    l.set(0x4c, 4, 0, 0x0000000f);
    l.set(0x60, 4, 0xe0000000, 0xfc000007); // PCIEXBAR
    l.set(0x64, 4, 0, 0x0000000f);
    l.set(0x68, 4, 0, 0xfffff001); // DMIBAR
    l.set(0x6c, 4, 0, 0x0000000f);
    l.set(0x90, 1, 0, 0x30); // PAM0
    for (unsigned pam = 0x91; pam <= 0x96; ++pam)
        l.set(pam, 1, 0, 0x33);
    l.set(0x97, 1, 0, 0x83);    // LAC
    l.set(0x9d, 1, 0x02, 0x78); // SMRAM
    l.set(0x9e, 1, 0x38, 0x87); // ESMRAMC
    keep(l, 0xa0, 0xa3);        // TOM, TOUUD
    keep(l, 0xdc, 0xdf);        // SKPD
    return l;
}

/// [ICH9] "LPC Interface Bridge Registers (D31:F0)".
constexpr PciLayout ich9_lpc(PciIds ids)
{
    PciLayout l = pci_layout(ids, 0x0007, parity_and_serr, medium);
    l.qemu_status = 0;
    l.set(pci_config::header, 1, 0x80);
    l.set(0x40, 4, 0x00000001, 0x0000ff80); // PMBASE
    l.set(0x44, 1, 0, 0x87);                // ACPI_CNTL
    l.set(0x48, 4, 0x00000001, 0x0000ffc0); // GPIOBASE
    l.set(0x4c, 1, 0, 0x11);                // GC
    for (unsigned pirq = 0; pirq < pirqs_max; ++pirq)
        l.set(pirq_register(pirq), 1, pirq_route::at_reset,
              pirq_route::Disabled::mask | pirq_route::Line::mask);
    l.set(0x64, 1, 0x10, 0xff);     // SIRQ_CNTL
    l.set(0x6c, 2, 0x00f8, 0xffff); // IBDF
    l.set(0x80, 2, 0, 0x1377);      // LPC_I/O_DEC
    l.set(0x82, 2, 0, 0x3f0f);      // LPC_EN
    for (unsigned gen = 0x84; gen <= 0x90; gen += 4)
        l.set(gen, 4, 0, 0x00fcfffd);       // GENx_DEC
    keep(l, 0xa0, 0xa4);                    // GEN_PMCON
    l.set(0xd0, 4, 0x00112233, 0xfffffff0); // FWH_SEL1
    l.set(0xd4, 2, 0x4567, 0xffff);
    l.set(0xd8, 2, 0xffcf, 0x7fcf); // FWH_DEC_EN1
    l.set(0xdc, 1, 0, 0x1f);        // BIOS_CNTL
    l.set(0xf0, 4, 0, 0xffffc001);  // RCBA
    return l;
}

constexpr std::array<PciLayout, boards> hosts{
    i440fx(), memory_controller({0x8086, 0x29c0, host_class, 0x00, 0x1af4, 0x1100}),
    memory_controller({0x8086, 0x2a40, host_class, 0x07, 0x17aa, 0x20e0})};
constexpr std::array<PciLayout, boards> isas{piix3(),
                                             ich9_lpc({0x8086, 0x2918, isa_class, 0x02, 0x1af4, 0x1100}),
                                             ich9_lpc({0x8086, 0x2917, isa_class, 0x03, 0x17aa, 0x20f5})};

/// A byte that firmware writes.
struct Setting {
    u8 offset, value;
};

void apply(PciConfig& config, const PciLayout& layout, std::span<const Setting> settings)
{
    for (const Setting s : settings)
        write(config, layout, s.offset, 1, s.value, 0);
}

/// Memory from C0000h to FFFFFh as SeaBIOS leaves it, and SMRAM closed.
constexpr Setting pc_memory[] = {{0x59, 0x10}, {0x5a, 0x11}, {0x5b, 0x11}, {0x5c, 0x11},
                                 {0x5d, 0x11}, {0x5e, 0x11}, {0x5f, 0x33}, {0x72, 0x0a}};
constexpr Setting q35_memory[] = {{0x90, 0x10}, {0x91, 0x11}, {0x92, 0x11}, {0x93, 0x11},
                                  {0x94, 0x11}, {0x95, 0x11}, {0x96, 0x33}, {0x9d, 0x0a},
                                  {0x60, 0x01}, {0x63, 0xb0}};                // PCIEXBAR: B0000000h, on
constexpr Setting lpc_settings[] = {{0x41, 0x06}, {0x44, 0x80}, {0x82, 0x03}, // PMBASE 600h, COM1 and COM2
                                    {0xf0, 0x01}, {0xf1, 0xc0}, {0xf2, 0xd1}, {0xf3, 0xfe}}; // RCBA

} // namespace

const PciLayout& host_layout(BoardId board) { return hosts[static_cast<unsigned>(board)]; }
const PciLayout& isa_layout(BoardId board) { return isas[static_cast<unsigned>(board)]; }

void start_bridges(PciConfig& host, PciConfig& isa, BoardId board)
{
    constexpr u32 io_memory_serr = 0x0103;
    const PciLayout& of_host = host_layout(board);
    const PciLayout& of_isa = isa_layout(board);
    reset(host, of_host);
    reset(isa, of_isa);
    for (unsigned pirq = 0; pirq < pirq_count(board); ++pirq)
        write(isa, of_isa, pirq_register(pirq), 1, firmware_lines[pirq & 3], 0);
    write(host, of_host, pci_config::command, 2, io_memory_serr, 0);
    write(isa, of_isa, pci_config::command, 2, io_memory_serr, 0);
    if (board == BoardId::pc)
        return apply(host, of_host, pc_memory);
    apply(host, of_host, q35_memory);
    apply(isa, of_isa, lpc_settings);
}

u8 line_of_pirq(BoardId board, const PciConfig& isa, unsigned pirq, u32 quirks)
{
    const u8 route = isa.byte[pirq_register(pirq)];
    const u8 line = pirq_route::Line::get(route);
    if (pci_quirk::AnyLineRoutes::test(quirks)) {
        const u8 off = board == BoardId::pc ? u8{0xf0} : pirq_route::Disabled::mask;
        return (route & off) != 0 ? not_routed : line;
    }
    const bool reserved = (pirq_route::lines >> line & 1) == 0;
    return pirq_route::Disabled::test(route) || reserved ? not_routed : line;
}

u32 lines_of_pirqs(BoardId board, const PciConfig& isa, u8 pirqs, u32 quirks)
{
    u32 lines = 0;
    for (unsigned pirq = 0; pirq < pirq_count(board); ++pirq) {
        if ((pirqs >> pirq & 1) == 0)
            continue;
        if (const u8 line = line_of_pirq(board, isa, pirq, quirks); line != not_routed)
            lines |= bit<u32>(line);
        if (const u8 gsi = gsi_of_pirq(board, pirq); gsi != not_routed)
            lines |= bit<u32>(gsi);
    }
    return lines;
}

bool valid(const PciHost& pci, BoardId board)
{
    constexpr u32 all_lines = (1u << lines_max) - 1;
    return pci.edus <= edus_max && pci.pins >> pci.edus == 0 && (pci.lines & ~all_lines) == 0 &&
           pci.unused[0] == 0 && pci.unused[1] == 0 && valid(pci.host, host_layout(board)) &&
           valid(pci.isa, isa_layout(board));
}

EcamWindow ecam(BoardId board, const PciConfig& host)
{
    using Enable = Field<u32, 0>;
    using Length = Field<u32, 1, 2>; // 256, 128, 64 MiB
    constexpr u64 megabytes_256 = u64{256} << 20;
    const u32 low = get32(host, 0x60);
    const u32 length = Length::get(low);
    if (board == BoardId::pc || !Enable::test(low) || length == 3)
        return {0, 0};
    const u64 bytes = megabytes_256 >> length;
    const u64 high = get32(host, 0x64) & 0xf;
    return {(high << 32 | low) & ~(bytes - 1), bytes};
}

} // namespace irqlab::hw
