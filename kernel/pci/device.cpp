// Enabling and disabling, bus mastering, power states' names. [LX drivers/pci/pci.c]
#include "hw/pci/config.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/pci/pci.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr u16 io = hw::pci_command::IoSpace::mask, memory = hw::pci_command::MemorySpace::mask,
              master = hw::pci_command::BusMaster::mask, intx_off = hw::pci_command::InterruptDisable::mask;
constexpr unsigned any_space = IORESOURCE_IO | IORESOURCE_MEM;
constexpr int state_d0 = 0;

/// Opens the spaces of the base address registers that the function has. @return 0 or -EINVAL.
int enable_resources(abi::pci_dev& dev, unsigned spaces)
{
    const u32 old = config_read(dev, hw::pci_config::command, 2);
    u32 command = old;
    for (unsigned bar = 0; bar < PCI_STD_NUM_BARS; ++bar) {
        abi::resource& r = dev.resource[bar];
        if ((r.flags & spaces) == 0)
            continue;
        if (!r.parent) {
            abi::_dev_err(&dev.dev, "can't enable device: BAR %d %pR not claimed\n", bar, &r);
            return -EINVAL;
        }
        command |= (r.flags & IORESOURCE_IO) != 0 ? io : memory;
    }
    if (command == old)
        return 0;
    abi::_dev_info(&dev.dev, "enabling device (%04x -> %04x)\n", old, command);
    config_write(dev, hw::pci_config::command, 2, command);
    return 0;
}

int enable(Kernel& k, abi::pci_dev& dev, unsigned spaces)
{
    if (++dev.enable_cnt.counter > 1)
        return 0; // somebody did so already
    dev.current_state = state_d0;
    int error = enable_resources(dev, spaces);
    if (error == 0 && !dev.msi_enabled) {
        error = intx_enable(k, dev);
        if (error == 0 && dev.pin)
            command_change(dev, intx_off, 0);
    }
    if (error)
        --dev.enable_cnt.counter;
    return error;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int pci_enable_device(struct pci_dev* dev) { return enable(kernel::kernel(), *dev, any_space); }
int pci_enable_device_mem(struct pci_dev* dev) { return enable(kernel::kernel(), *dev, IORESOURCE_MEM); }
int pci_enable_device_io(struct pci_dev* dev) { return enable(kernel::kernel(), *dev, IORESOURCE_IO); }

void pci_disable_device(struct pci_dev* dev)
{
    if (PciManaged* managed = function_of(*dev).managed)
        managed->enabled = false;
    if (dev->enable_cnt.counter <= 0) {
        kernel_warn("drivers/pci/pci.c", 2222, "pci_disable_device", "%s %s: disabling already-disabled device",
                   dev->driver ? dev->driver->name : "pci", name_of(dev->dev));
        return;
    }
    if (--dev->enable_cnt.counter != 0)
        return;
    command_change(*dev, master, 0);
    if (!dev->msi_enabled)
        intx_disable(kernel::kernel(), *dev);
    dev->is_busmaster = 0;
}

void pci_set_master(struct pci_dev* dev)
{
    command_change(*dev, 0, master);
    dev->is_busmaster = 1;
}

void pci_clear_master(struct pci_dev* dev)
{
    command_change(*dev, master, 0);
    dev->is_busmaster = 0;
}

// The boards' functions have no such bit: it reads as clear after it was set.
int pci_set_mwi(struct pci_dev* dev)
{
    constexpr u16 invalidate = 0x10;
    command_change(*dev, 0, invalidate);
    return 0;
}
int pci_try_set_mwi(struct pci_dev* dev) { return pci_set_mwi(dev); }
void pci_clear_mwi(struct pci_dev* dev) { command_change(*dev, 0x10, 0); }

void pci_intx(struct pci_dev* dev, int on) { command_change(*dev, on ? intx_off : u16{0}, on ? u16{0} : intx_off); }

// Masks the pin if it is asserted: for who shares a line without knowing the device. [LX drivers/pci/pci.c]
bool pci_check_and_mask_intx(struct pci_dev* dev)
{
    const u16 status = static_cast<u16>(config_read(*dev, hw::pci_config::status, 2));
    const bool asserted = hw::pci_status::Interrupt::test(status);
    if (asserted)
        command_change(*dev, 0, intx_off);
    return asserted;
}

bool pci_check_and_unmask_intx(struct pci_dev* dev)
{
    const u16 status = static_cast<u16>(config_read(*dev, hw::pci_config::status, 2));
    const bool asserted = hw::pci_status::Interrupt::test(status);
    if (!asserted)
        command_change(*dev, intx_off, 0);
    return !asserted;
}

bool pci_intx_mask_supported(struct pci_dev*) { return true; }

int pci_save_state(struct pci_dev* dev)
{
    PciFunction& f = function_of(*dev);
    for (unsigned i = 0; i < f.saved.size(); ++i)
        f.saved[i] = config_read(*dev, i * 4, 4);
    f.is_saved = true;
    return 0;
}

void pci_restore_state(struct pci_dev* dev)
{
    PciFunction& f = function_of(*dev);
    if (!f.is_saved)
        return;
    for (unsigned i = static_cast<unsigned>(f.saved.size()); i-- > 0;) // the command register last
        if (config_read(*dev, i * 4, 4) != f.saved[i])
            config_write(*dev, i * 4, 4, f.saved[i]);
    f.is_saved = false;
}

// Without a power management capability a function is always on. [LX drivers/pci/pci.c] pci_set_power_state
int pci_set_power_state(struct pci_dev* dev, int state)
{
    if (state < state_d0 || dev->current_state == state)
        return 0;
    if (state != state_d0)
        return -EIO;
    dev->current_state = state_d0;
    return 0;
}

int pci_wake_from_d3(struct pci_dev*, bool) { return 0; }

} // namespace irqlab::abi
