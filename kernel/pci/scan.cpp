// The search of bus 0 at boot: who is there, what its base address registers want, where they are.
//
// Simplified: what firmware left unset stays so; nothing is assigned. Source: [LX drivers/pci/probe.c]; the lines are
// those of recordings.
#include "hw/board/pci_tables.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/pci/pci.hpp"
#include "kernel/printk/say.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned long size_align = 0x00040000; // IORESOURCE_SIZEALIGN
constexpr u32 io_bar = 0x1, memory_type = 0x6, memory_64 = 0x4, memory_prefetch = 0x8;
constexpr u32 io_flags = 0x3, memory_flags = 0xf;
constexpr u8 multi_function = 0x80;
constexpr u64 mask_32 = 0xffffffff;
constexpr unsigned functions_max = 8;

struct Scan {
    Kernel& k;
    Pci& pci;
    PciFunction** tail;
};

u32 read(Kernel& k, const abi::pci_dev& dev, unsigned offset, unsigned width)
{
    return conf1_read(k, dev.bus->number, static_cast<u8>(dev.devfn), offset, width);
}

void write(Kernel& k, const abi::pci_dev& dev, unsigned offset, unsigned width, u32 value)
{
    conf1_write(k, dev.bus->number, static_cast<u8>(dev.devfn), offset, width, value);
}

/// What the bridge passes on: the root's child that a range lies in.
abi::resource* window_of(abi::resource& root, const abi::resource& r)
{
    for (abi::resource* at = root.child; at; at = at->sibling)
        if ((at->flags & IORESOURCE_BUSY) == 0 && at->start <= r.start && r.end <= at->end)
            return at;
    return nullptr;
}

void say_bar(Kernel& k, const abi::pci_dev& dev, unsigned bar)
{
    const abi::resource& r = dev.resource[bar];
    const bool io = (r.flags & IORESOURCE_IO) != 0;
    const char* kind = io ? "io " : "mem";
    const char* prefetch = (r.flags & IORESOURCE_PREFETCH) != 0 ? " pref" : "";
    const int digits = io ? 4 : 8;
    if (k.config.release >= Release::v6_1)
        say(k, loglevel_info, "pci {}: BAR {} [{} {:#0{}x}-{:#0{}x}{}]", name_of(dev.dev), bar, kind, r.start, digits + 2,
            r.end, digits + 2, prefetch);
    else
        say(k, loglevel_info, "pci {}: reg {:#x}: [{} {:#0{}x}-{:#0{}x}{}]", name_of(dev.dev),
            hw::pci_config::bars + 4 * bar, kind, r.start, digits + 2, r.end, digits + 2, prefetch);
}

/// Sizing, with decoding off meanwhile. @return false: there is no such register.
bool size_bar(Kernel& k, abi::pci_dev& dev, unsigned bar)
{
    const unsigned offset = hw::pci_config::bars + 4 * bar;
    const u32 command = read(k, dev, hw::pci_config::command, 2);
    write(k, dev, hw::pci_config::command, 2, command & ~u32{3});
    const u32 value = read(k, dev, offset, 4);
    write(k, dev, offset, 4, ~0u);
    const u32 size = read(k, dev, offset, 4);
    write(k, dev, offset, 4, value);
    write(k, dev, hw::pci_config::command, 2, command);
    if (size == 0 || size == ~0u)
        return false;
    const bool io = (size & io_bar) != 0;
    const u32 bits = io ? io_flags : memory_flags;
    const u32 ones = io ? (size | 0xffff0000) & ~bits : size & ~bits;
    abi::resource& r = dev.resource[bar];
    r.start = value & ~bits;
    r.end = r.start + (~ones & mask_32);
    r.flags = (io ? IORESOURCE_IO : IORESOURCE_MEM) | size_align | (value & bits);
    if (!io && (value & memory_prefetch) != 0)
        r.flags |= IORESOURCE_PREFETCH;
    return true;
}

void find_bars(Kernel& k, abi::pci_dev& dev)
{
    for (unsigned bar = 0; bar < PCI_STD_NUM_BARS; ++bar) {
        abi::resource& r = dev.resource[bar];
        r.name = name_of(dev.dev);
        if (!size_bar(k, dev, bar))
            continue;
        say_bar(k, dev, bar);
        abi::resource& root = (r.flags & IORESOURCE_IO) != 0 ? k.memory->ioports : k.memory->iomem;
        if (abi::resource* window = r.start != 0 ? window_of(root, r) : nullptr)
            abi::request_resource(window, &r);
    }
}

void never_released(abi::device*) {} // A function of the board stays as long as the World.

void read_header(Kernel& k, abi::pci_dev& dev)
{
    using namespace hw::pci_config;
    dev.vendor = static_cast<u16>(read(k, dev, vendor, 2));
    dev.device = static_cast<u16>(read(k, dev, device, 2));
    const u32 class_revision = read(k, dev, revision, 4);
    dev.revision = static_cast<u8>(class_revision);
    dev.class_ = class_revision >> 8;
    dev.hdr_type = static_cast<u8>(read(k, dev, header, 1) & ~multi_function);
    dev.subsystem_vendor = static_cast<u16>(read(k, dev, subsystem, 2));
    dev.subsystem_device = static_cast<u16>(read(k, dev, subsystem + 2, 2));
    dev.pin = static_cast<u8>(read(k, dev, interrupt_pin, 1));
    dev.irq = dev.pin ? read(k, dev, interrupt_line, 1) : 0;
    const u8 bus = dev.bus->number, where = static_cast<u8>(dev.devfn);
    constexpr u8 id_power = 0x01, id_msi = 0x05, id_msix = 0x11;
    dev.pm_cap = find_capability(k, bus, where, id_power);
    dev.msi_cap = find_capability(k, bus, where, id_msi);
    dev.msix_cap = find_capability(k, bus, where, id_msix);
}

void set_up(Scan& scan, PciFunction& f, u8 devfn)
{
    abi::pci_dev& dev = f.dev;
    dev.__lab = &f;
    dev.bus = &scan.pci.bus;
    dev.devfn = devfn;
    dev.current_state = PCI_UNKNOWN;
    dev.dma_mask = mask_32;
    abi::device_initialize(&dev.dev);
    abi::dev_set_name(&dev.dev, "%04x:%02x:%02x.%u", 0, dev.bus->number, hw::slot_of(devfn), devfn & 7u);
    dev.dev.dma_mask = &dev.dma_mask;
    dev.dev.coherent_dma_mask = mask_32;
    dev.dev.parent = &scan.pci.bus.dev;
    dev.dev.bus = &abi::pci_bus_type;
    dev.dev.groups = pci_device_groups;
    dev.dev.release = never_released;
    f.no_msi = has_word(scan.k.config.no_msi, name_of(dev.dev));
}

void add(Scan& scan, u8 devfn)
{
    auto& f = *scan.k.arena.make<PciFunction>();
    set_up(scan, f, devfn);
    read_header(scan.k, f.dev);
    say(scan.k, loglevel_info, "pci {}: [{:04x}:{:04x}] type {:02x} class {:#08x}", name_of(f.dev.dev), f.dev.vendor,
        f.dev.device, f.dev.hdr_type, f.dev.class_);
    find_bars(scan.k, f.dev);
    *scan.tail = &f;
    scan.tail = &f.next;
    abi::list_head& devices = scan.pci.bus.devices;
    f.dev.bus_list = {&devices, devices.prev};
    devices.prev->next = &f.dev.bus_list;
    devices.prev = &f.dev.bus_list;
}

bool is_there(Kernel& k, u8 devfn)
{
    const u32 id = conf1_read(k, 0, devfn, hw::pci_config::vendor, 4);
    return id != ~0u && id != 0 && (id & 0xffff) != 0xffff;
}

void scan_slot(Scan& scan, unsigned slot)
{
    const u8 first = hw::devfn(slot, 0);
    if (!is_there(scan.k, first))
        return;
    add(scan, first);
    if ((conf1_read(scan.k, 0, first, hw::pci_config::header, 1) & multi_function) == 0)
        return;
    for (unsigned function = 1; function < functions_max; ++function)
        if (is_there(scan.k, hw::devfn(slot, function)))
            add(scan, hw::devfn(slot, function));
}

void make_bus(Kernel& k, abi::pci_bus& bus)
{
    bus.devices = {&bus.devices, &bus.devices};
    bus.dev.release = never_released;
    abi::device_initialize(&bus.dev);
    abi::dev_set_name(&bus.dev, "pci%04x:%02x", 0, 0);
    abi::device_add(&bus.dev);
    log_line(k, loglevel_info, "PCI host bridge to bus 0000:00");
}

// Until 5.11 a link says which lines it could have, with a star at the one that it has. [LX drivers/acpi/pci_link.c]
void say_link(Kernel& k, const char* kind, char letter, unsigned irq)
{
    const bool choice = irq == 10 || irq == 11;
    const char* lines = irq == 10 ? "5 *10 11" : "5 10 *11";
    if (k.config.release >= Release::v5_15)
        say(k, loglevel_info, "ACPI: PCI: Interrupt link {}{} configured for IRQ {}", kind, letter, irq);
    else if (choice)
        say(k, loglevel_info, "ACPI: PCI Interrupt Link [{}{}] (IRQs {})", kind, letter, lines);
    else
        say(k, loglevel_info, "ACPI: PCI Interrupt Link [{}{}] (IRQs *{})", kind, letter, irq);
}

// The links of QEMU's tables: the router's, the SCI's on pc, and on q35 one for each input of the I/O APIC beyond the
// ISA lines. laptop's tables have none.
void say_links(Kernel& k)
{
    const hw::BoardId board = k.config.board;
    if (board == hw::BoardId::laptop)
        return;
    const unsigned pirqs = hw::pirq_count(board);
    for (unsigned pirq = 0; pirq < pirqs; ++pirq)
        say_link(k, "LNK", static_cast<char>('A' + pirq), hw::firmware_lines[pirq & 3]);
    if (board == hw::BoardId::pc)
        say_link(k, "LNK", 'S', 9);
    for (unsigned pirq = 0; pirq < pirqs && board == hw::BoardId::q35; ++pirq)
        say_link(k, "GSI", static_cast<char>('A' + pirq), hw::gsi_of_pirq(board, pirq));
}

} // namespace

PciFunction& pci_stranger(abi::pci_dev& dev)
{
    auto& f = *kernel().arena.make<PciFunction>();
    dev.__lab = &f;
    return f;
}

void pci_init(Kernel& k)
{
    Pci& pci = *k.arena.make<Pci>();
    k.pci = &pci;
    pci.msi = cmdline_value(k.config.cmdline, "pci") != "nomsi" && k.irq->use_lapic;
    log_line(k, loglevel_info, "PCI: Using configuration type 1 for base access");
    abi::bus_register(&abi::pci_bus_type);
    make_bus(k, pci.bus);
    Scan scan{k, pci, &pci.functions};
    for (unsigned slot = 0; slot < hw::pci_slots; ++slot)
        scan_slot(scan, slot);
    say_links(k);
    for (PciFunction* f = pci.functions; f; f = f->next)
        abi::device_add(&f->dev.dev);
    pci_proc_init(k);
    intx_register_boards(k);
}

} // namespace irqlab::kernel
