// pcim_: what the driver core takes back when the device loses its driver. [LX drivers/pci/devres.c]
#include <new>
#include <utility>

#include "kernel/pci/pci.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/io.h"

namespace irqlab::kernel {

namespace {

// As Linux's pcim_release(): MSI off, regions free, the device off.
void release(void* memory)
{
    auto& managed = *static_cast<PciManaged*>(memory);
    abi::pci_dev* dev = nullptr;
    for (PciFunction* f = kernel().pci->functions; f; f = f->next)
        if (f->managed == &managed)
            dev = &f->dev;
    if (!dev)
        return;
    PciFunction& f = function_of(*dev);
    for (void*& cookie : managed.mapping)
        if (cookie)
            abi::pci_iounmap(dev, std::exchange(cookie, nullptr));
    if (dev->msi_enabled)
        abi::pci_disable_msi(dev);
    abi::pci_release_selected_regions(dev, static_cast<int>(f.regions));
    if (managed.enabled && !managed.pinned)
        abi::pci_disable_device(dev);
    f.managed = nullptr;
    dev->is_managed = 0;
}

PciManaged* managed_of(abi::pci_dev& dev)
{
    PciFunction& f = function_of(dev);
    if (f.managed)
        return f.managed;
    void* memory = devres_add(dev.dev, sizeof(PciManaged), release);
    return f.managed = memory ? new (memory) PciManaged : nullptr;
}

/// Requests and maps one register. @return 0 or a negative errno, nothing being held then.
int take(abi::pci_dev& dev, PciManaged& managed, int bar, const char* name)
{
    const abi::resource& r = dev.resource[bar];
    if (r.end == 0)
        return -EINVAL;
    if (const int error = abi::pci_request_region(&dev, bar, name))
        return error;
    if (!managed.mapping[static_cast<unsigned>(bar)])
        managed.mapping[static_cast<unsigned>(bar)] = abi::pci_iomap(&dev, bar, 0);
    if (managed.mapping[static_cast<unsigned>(bar)])
        return 0;
    abi::pci_release_region(&dev, bar);
    return -ENOMEM;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int pcim_enable_device(struct pci_dev* dev)
{
    PciManaged* managed = managed_of(*dev);
    if (!managed)
        return -ENOMEM;
    if (managed->enabled)
        return 0;
    const int error = pci_enable_device(dev);
    if (error == 0) {
        dev->is_managed = 1;
        managed->enabled = true;
    }
    return error;
}

void pcim_pin_device(struct pci_dev* dev)
{
    if (PciManaged* managed = function_of(*dev).managed)
        managed->pinned = true;
}

void* const* pcim_iomap_table(struct pci_dev* dev)
{
    PciManaged* managed = managed_of(*dev);
    return managed ? managed->mapping.data() : nullptr;
}

void* pcim_iomap(struct pci_dev* dev, int bar, unsigned long max)
{
    PciManaged* managed = managed_of(*dev);
    if (!managed || bar < 0 || bar >= PCI_STD_NUM_BARS || managed->mapping[static_cast<unsigned>(bar)])
        return nullptr;
    return managed->mapping[static_cast<unsigned>(bar)] = pci_iomap(dev, bar, max);
}

void pcim_iounmap(struct pci_dev* dev, void* cookie)
{
    if (PciManaged* managed = function_of(*dev).managed)
        for (void*& mapped : managed->mapping)
            if (mapped == cookie)
                mapped = nullptr;
    pci_iounmap(dev, cookie);
}

int pcim_iomap_regions(struct pci_dev* dev, int mask, const char* name)
{
    PciManaged* managed = managed_of(*dev);
    if (!managed)
        return -ENOMEM;
    for (int bar = 0; bar < PCI_STD_NUM_BARS; ++bar) {
        if ((mask >> bar & 1) == 0)
            continue;
        if (const int error = take(*dev, *managed, bar, name)) {
            pcim_iounmap_regions(dev, mask & ((1 << bar) - 1));
            return error;
        }
    }
    return 0;
}

int pcim_iomap_regions_request_all(struct pci_dev* dev, int mask, const char* name)
{
    const int others = ~mask & ((1 << PCI_STD_NUM_BARS) - 1);
    if (const int error = pci_request_selected_regions(dev, others, name))
        return error;
    const int error = pcim_iomap_regions(dev, mask, name);
    if (error)
        pci_release_selected_regions(dev, others);
    return error;
}

void pcim_iounmap_regions(struct pci_dev* dev, int mask)
{
    PciManaged* managed = managed_of(*dev);
    for (int bar = 0; managed && bar < PCI_STD_NUM_BARS; ++bar)
        if (void* cookie = managed->mapping[static_cast<unsigned>(bar)]; cookie && (mask >> bar & 1) != 0) {
            pcim_iounmap(dev, cookie);
            pci_release_region(dev, bar);
        }
}

} // namespace irqlab::abi
