// Base address registers: regions that a driver claims, and mappings of them. [LX drivers/pci/pci.c],
// [LX lib/pci_iomap.c]
#include "kernel/mm/mm.hpp"
#include "kernel/pci/pci.hpp"
#include "linux/abi/io.h"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

u64 length(const abi::resource& r) { return r.end == 0 ? 0 : r.end - r.start + 1; }

abi::resource& tree_of(Kernel& k, const abi::resource& r)
{
    return (r.flags & IORESOURCE_IO) != 0 ? k.memory->ioports : k.memory->iomem;
}

constexpr unsigned all_bars = (1u << PCI_STD_NUM_BARS) - 1;

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int pci_request_region(struct pci_dev* dev, int bar, const char* name)
{
    resource& r = dev->resource[bar];
    if (length(r) == 0)
        return 0;
    if (!__request_region(&tree_of(kernel::kernel(), r), r.start, length(r), name, 0)) {
        _dev_warn(&dev->dev, "BAR %d: can't reserve %pR\n", bar, &r);
        return -EBUSY;
    }
    if (dev->is_managed)
        function_of(*dev).regions |= 1u << bar;
    return 0;
}

void pci_release_region(struct pci_dev* dev, int bar)
{
    resource& r = dev->resource[bar];
    if (length(r) == 0)
        return;
    __release_region(&tree_of(kernel::kernel(), r), r.start, length(r));
    function_of(*dev).regions &= ~(1u << bar);
}

int pci_request_selected_regions(struct pci_dev* dev, int bars, const char* name)
{
    for (int bar = 0; bar < PCI_STD_NUM_BARS; ++bar)
        if ((bars >> bar & 1) != 0)
            if (pci_request_region(dev, bar, name) != 0) {
                pci_release_selected_regions(dev, bars & ((1 << bar) - 1));
                return -EBUSY;
            }
    return 0;
}

void pci_release_selected_regions(struct pci_dev* dev, int bars)
{
    for (int bar = 0; bar < PCI_STD_NUM_BARS; ++bar)
        if ((bars >> bar & 1) != 0)
            pci_release_region(dev, bar);
}

int pci_request_regions(struct pci_dev* dev, const char* name)
{
    return pci_request_selected_regions(dev, all_bars, name);
}
void pci_release_regions(struct pci_dev* dev) { pci_release_selected_regions(dev, all_bars); }

int pci_select_bars(struct pci_dev* dev, unsigned long flags)
{
    int bars = 0;
    for (int bar = 0; bar < PCI_STD_NUM_BARS; ++bar)
        if ((dev->resource[bar].flags & flags) != 0)
            bars |= 1 << bar;
    return bars;
}

void* pci_iomap(struct pci_dev* dev, int bar, unsigned long max)
{
    if (bar < 0 || bar >= PCI_STD_NUM_BARS)
        return nullptr;
    const resource& r = dev->resource[bar];
    u64 bytes = length(r);
    if (bytes == 0 || r.start == 0)
        return nullptr;
    if (max != 0 && bytes > max)
        bytes = max;
    if ((r.flags & IORESOURCE_IO) != 0)
        return ioport_map(r.start, static_cast<unsigned>(bytes));
    return ioremap(r.start, bytes);
}

void* pci_ioremap_bar(struct pci_dev* dev, int bar)
{
    const resource& r = dev->resource[bar];
    if ((r.flags & IORESOURCE_MEM) == 0) {
        _dev_warn(&dev->dev, "can't ioremap BAR %d: %pR\n", bar, &r);
        return nullptr;
    }
    return ioremap(r.start, length(r));
}

void pci_iounmap(struct pci_dev*, void* cookie) { iounmap(cookie); }

} // namespace irqlab::abi
