// PCI as Linux has it: functions found in configuration space, their drivers, their interrupts.
//
// scan.cpp finds them at boot; bus.cpp matches drivers; device.cpp enables; region.cpp and managed.cpp are the BARs;
// intx.cpp and msi.cpp the interrupts; config.cpp the accessors; files.cpp what /sys and /proc show; dma.cpp moves
// what a device wants moved.
//
// Not modelled: buses behind bridges, hot plugging, power management but its states' names, MSI-X and MSI of several
// vectors (no function here has them), error recovery, SR-IOV. Source: [LX PCI/pci], [LX PCI/msi-howto], [LX drivers/pci].
#pragma once
#include <array>
#include <span>

#include "hw/base/bits.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/pci.h"

namespace irqlab::kernel {

/// Regions and mappings that pcim_ functions took: one for each device that one of them was called for.
struct PciManaged {
    std::array<void*, PCI_STD_NUM_BARS> mapping{}; // what pcim_iomap_table() gives
    bool enabled = false, pinned = false;
};

/// A function, and what the kernel keeps of it: pci_dev.__lab.
struct PciFunction {
    abi::pci_dev dev;
    PciFunction* next = nullptr; // by bus, device and function
    PciManaged* managed = nullptr;
    unsigned regions = 0;        // Bit n: BAR n was requested while the device was managed.
    unsigned msi_irq = 0;        // 0: no MSI
    unsigned intx_irq = 0;       // what dev.irq was before that
    abi::irq_chip* msi_chip = nullptr;
    int gsi = -1;                // where its INTx is registered
    bool no_msi = false;
    std::array<u32, 16> saved{}; // by pci_save_state()
    bool is_saved = false;
};

/// An ID that was written to a driver's new_id.
struct PciNewId {
    abi::pci_driver* driver;
    abi::pci_device_id id;
    PciNewId* next;
};

struct Pci {
    abi::pci_bus bus;
    PciFunction* functions = nullptr;
    PciNewId* new_ids = nullptr;
    bool msi = true;      // not pci=nomsi
    unsigned links_on = 0; // Bit n: the link of PIRQ n is enabled.
};

/// A pci_dev that a driver made by itself gets a PciFunction of its own when it is first asked for.
PciFunction& pci_stranger(abi::pci_dev& dev);
inline PciFunction& function_of(abi::pci_dev& dev)
{
    return dev.__lab ? *static_cast<PciFunction*>(dev.__lab) : pci_stranger(dev);
}
inline PciFunction& function_of(const abi::pci_dev& dev) { return function_of(const_cast<abi::pci_dev&>(dev)); }
inline abi::pci_dev& pci_dev_of(abi::device& d)
{
    return *reinterpret_cast<abi::pci_dev*>(reinterpret_cast<char*>(&d) - offsetof(abi::pci_dev, dev));
}

/// Finds what is on bus 0, and enters it. Needs memory, files and the IRQ core.
void pci_init(Kernel& k);
/// Moves the bytes of the transfers that wait. Signals of their ends are in k.signals then.
void pci_run_transfers(Kernel& k);

// --- within kernel/pci
// -----------------------------------------------------------------------------------------

/// Configuration space by mechanism 1, in no time. @param width  1, 2 or 4 bytes, inside a dword.
u32 conf1_read(Kernel& k, u8 bus, u8 devfn, unsigned offset, unsigned width);
void conf1_write(Kernel& k, u8 bus, u8 devfn, unsigned offset, unsigned width, u32 value);
u32 config_read(const abi::pci_dev& dev, unsigned offset, unsigned width);
void config_write(const abi::pci_dev& dev, unsigned offset, unsigned width, u32 value);
/// Clears and sets bits of the command register; writes it only if that changes it.
void command_change(abi::pci_dev& dev, u16 clear, u16 set);
u8 find_capability(Kernel& k, u8 bus, u8 devfn, u8 id);

/// The driver's entry for a device: IDs written to new_id, then its table. Null: it is not for it.
const abi::pci_device_id* pci_match(Kernel& k, const abi::pci_driver& driver, const abi::pci_dev& dev);
/// The function's files in /sys.
extern const abi::attribute_group* pci_device_groups[];
/// new_id, bind and unbind in a driver's directory.
void pci_driver_files_add(Kernel& k, abi::pci_driver& driver);
void pci_proc_init(Kernel& k);
/// The directory msi_irqs, with a file for its vector.
void pci_msi_files_add(Kernel& k, PciFunction& f);
void pci_msi_files_remove(Kernel& k, PciFunction& f);

/// Says which input the function's INTx pin goes to, and registers it. Sets dev.irq. @return 0 or a negative errno.
int intx_enable(Kernel& k, abi::pci_dev& dev);
void intx_disable(Kernel& k, abi::pci_dev& dev);
/// Inputs that the drivers of a notebook's own devices have registered before any other is loaded.
void intx_register_boards(Kernel& k);

} // namespace irqlab::kernel
