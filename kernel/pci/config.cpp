// Configuration space: mechanism 1, the accessors of drivers, capabilities.
//
// An access is two port accesses that nothing comes between: Linux holds pci_lock there, interrupts off.
// Source: [PCI] "Configuration Mechanism #1"; [LX drivers/pci/access.c].
#include "hw/pci/bridges.hpp"
#include "kernel/pci/pci.hpp"
#include "kernel/sched/sched.hpp"

namespace irqlab::kernel {

namespace {

constexpr int bad_register = 0x87; // PCIBIOS_BAD_REGISTER_NUMBER
constexpr u64 config_ns = 2000; // two cycles of ports
constexpr unsigned space_bytes = 256;
constexpr int capabilities_max = 48; // what fits
constexpr u8 first_capability = 0x40;

void address(Kernel& k, u8 bus, u8 devfn, unsigned offset)
{
    u32 value = hw::pci_address::Enable::mask;
    value = hw::pci_address::Bus::put(value, bus);
    value = hw::pci_address::Devfn::put(value, devfn);
    value = hw::pci_address::Offset::put(value, offset / 4);
    hw::port_write(k.machine, k.this_cpu->index, hw::pci_address_port, 4, value, k.signals);
}

u16 data_port(unsigned offset) { return static_cast<u16>(hw::pci_data_port + offset % 4); }

/// As [LX drivers/pci/access.c]: misaligned is refused, what the device does not have is ones.
template <class T>
int read(const abi::pci_dev* dev, int where, T* value)
{
    *value = static_cast<T>(~T{0});
    if (where % static_cast<int>(sizeof(T)) != 0)
        return bad_register;
    if (where < 0 || where >= static_cast<int>(space_bytes))
        return -EINVAL;
    *value = static_cast<T>(config_read(*dev, static_cast<unsigned>(where), sizeof(T)));
    return 0;
}

template <class T>
int write(const abi::pci_dev* dev, int where, T value)
{
    if (where % static_cast<int>(sizeof(T)) != 0)
        return bad_register;
    if (where < 0 || where >= static_cast<int>(space_bytes))
        return -EINVAL;
    config_write(*dev, static_cast<unsigned>(where), sizeof(T), value);
    return 0;
}

/// The first capability `id` from the list's link at `link` on, or 0.
u8 follow(Kernel& k, u8 bus, u8 devfn, unsigned link, u8 id)
{
    for (int left = capabilities_max; left > 0; --left) {
        const u8 at = static_cast<u8>(conf1_read(k, bus, devfn, link, 1) & 0xfc);
        if (at < first_capability)
            return 0;
        const u8 found = static_cast<u8>(conf1_read(k, bus, devfn, at, 1));
        if (found == id)
            return at;
        if (found == 0xff)
            return 0;
        link = at + 1u;
    }
    return 0;
}

} // namespace

u32 conf1_read(Kernel& k, u8 bus, u8 devfn, unsigned offset, unsigned width)
{
    address(k, bus, devfn, offset);
    return hw::port_read(k.machine, k.this_cpu->index, data_port(offset), width, k.signals);
}

void conf1_write(Kernel& k, u8 bus, u8 devfn, unsigned offset, unsigned width, u32 value)
{
    address(k, bus, devfn, offset);
    hw::port_write(k.machine, k.this_cpu->index, data_port(offset), width, value, k.signals);
}

u32 config_read(const abi::pci_dev& dev, unsigned offset, unsigned width)
{
    Kernel& k = kernel();
    sched_spend(k, config_ns);
    const u32 value = conf1_read(k, dev.bus->number, static_cast<u8>(dev.devfn), offset, width);
    sched_signals(k);
    return value;
}

void config_write(const abi::pci_dev& dev, unsigned offset, unsigned width, u32 value)
{
    Kernel& k = kernel();
    sched_spend(k, config_ns);
    conf1_write(k, dev.bus->number, static_cast<u8>(dev.devfn), offset, width, value);
    sched_signals(k);
}

void command_change(abi::pci_dev& dev, u16 clear, u16 set)
{
    const u32 old = config_read(dev, hw::pci_config::command, 2);
    const u32 fresh = (old & ~u32{clear}) | set;
    if (fresh != old)
        config_write(dev, hw::pci_config::command, 2, fresh);
}

u8 find_capability(Kernel& k, u8 bus, u8 devfn, u8 id)
{
    const u32 status = conf1_read(k, bus, devfn, hw::pci_config::status, 2);
    return hw::pci_status::CapabilityList::test(static_cast<u16>(status))
               ? follow(k, bus, devfn, hw::pci_config::capabilities, id)
               : u8{0};
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int pci_read_config_byte(const struct pci_dev* dev, int where, u8* value) { return read(dev, where, value); }
int pci_read_config_word(const struct pci_dev* dev, int where, u16* value) { return read(dev, where, value); }
int pci_read_config_dword(const struct pci_dev* dev, int where, u32* value) { return read(dev, where, value); }
int pci_write_config_byte(const struct pci_dev* dev, int where, u8 value) { return write(dev, where, value); }
int pci_write_config_word(const struct pci_dev* dev, int where, u16 value) { return write(dev, where, value); }
int pci_write_config_dword(const struct pci_dev* dev, int where, u32 value) { return write(dev, where, value); }

u8 pci_find_capability(struct pci_dev* dev, int capability)
{
    return find_capability(kernel::kernel(), dev->bus->number, static_cast<u8>(dev->devfn),
                           static_cast<u8>(capability));
}

// No function of the boards has the PCI Express capability: its registers read as zero. [LX drivers/pci/access.c]
int pcie_capability_read_word(struct pci_dev*, int pos, u16* value)
{
    *value = 0;
    return pos % 2 != 0 ? bad_register : 0;
}
int pcie_capability_read_dword(struct pci_dev*, int pos, u32* value)
{
    *value = 0;
    return pos % 4 != 0 ? bad_register : 0;
}

u8 pci_find_next_capability(struct pci_dev* dev, u8 from, int capability)
{
    return follow(kernel::kernel(), dev->bus->number, static_cast<u8>(dev->devfn), from + 1u,
                  static_cast<u8>(capability));
}

} // namespace irqlab::abi
