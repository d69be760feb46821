// Who drives which function: IDs, probe and remove, and the search for devices. [LX drivers/pci/pci-driver.c],
// [LX drivers/pci/search.c]
#include "kernel/pci/pci.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

abi::pci_driver& driver_of(abi::device_driver& d)
{
    return *reinterpret_cast<abi::pci_driver*>(reinterpret_cast<char*>(&d) - offsetof(abi::pci_driver, driver));
}

bool same(u32 wanted, u32 is) { return wanted == PCI_ANY_ID || wanted == is; }

bool matches(const abi::pci_device_id& id, const abi::pci_dev& dev)
{
    return same(id.vendor, dev.vendor) && same(id.device, dev.device) && same(id.subvendor, dev.subsystem_vendor) &&
           same(id.subdevice, dev.subsystem_device) && ((id.class_ ^ dev.class_) & id.class_mask) == 0;
}

const abi::pci_device_id* find(const abi::pci_device_id* ids, const abi::pci_dev& dev)
{
    for (; ids && (ids->vendor || ids->subvendor || ids->class_mask); ++ids)
        if (matches(*ids, dev))
            return ids;
    return nullptr;
}

int match(abi::device* d, abi::device_driver* driver)
{
    return pci_match(kernel(), driver_of(*driver), pci_dev_of(*d)) != nullptr;
}

int probe(abi::device* d)
{
    abi::pci_dev& dev = pci_dev_of(*d);
    abi::pci_driver& driver = driver_of(*d->driver);
    const abi::pci_device_id* id = pci_match(kernel(), driver, dev);
    if (!id)
        return -ENODEV;
    if (!driver.probe)
        return 0;
    dev.driver = &driver;
    const int result = driver.probe(&dev, id);
    if (result > 0)
        abi::_dev_warn(d, "Driver probe function unexpectedly returned %d\n", result);
    if (result < 0)
        dev.driver = nullptr;
    return result < 0 ? result : 0;
}

void remove(abi::device* d)
{
    abi::pci_dev& dev = pci_dev_of(*d);
    if (dev.driver && dev.driver->remove)
        dev.driver->remove(&dev);
    dev.driver = nullptr;
    if (dev.current_state == 0)
        dev.current_state = PCI_UNKNOWN;
}

abi::bus_type make_bus()
{
    abi::bus_type bus{};
    bus.name = "pci";
    bus.match = match;
    bus.probe = probe;
    bus.remove = remove;
    return bus;
}

void forget_new_ids(Kernel& k, const abi::pci_driver& driver)
{
    for (PciNewId** at = &k.pci->new_ids; *at;)
        if ((*at)->driver == &driver) {
            PciNewId* gone = *at;
            *at = gone->next;
            k.arena.give_back(gone, sizeof *gone);
        } else {
            at = &(*at)->next;
        }
}

/// The first function after `from` for which wanted(dev) holds; a reference to it, and the one to `from` is given back.
template <class Wanted>
abi::pci_dev* search(abi::pci_dev* from, Wanted wanted)
{
    PciFunction* f = from ? function_of(*from).next : kernel().pci->functions; // of a stranger: none
    while (f && !wanted(f->dev))
        f = f->next;
    abi::pci_dev_put(from);
    return f ? abi::pci_dev_get(&f->dev) : nullptr;
}

} // namespace

const abi::pci_device_id* pci_match(Kernel& k, const abi::pci_driver& driver, const abi::pci_dev& dev)
{
    for (const PciNewId* n = k.pci->new_ids; n; n = n->next)
        if (n->driver == &driver && matches(n->id, dev))
            return &n->id;
    return find(driver.id_table, dev);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

extern const bus_type pci_bus_type = make_bus();

int __pci_register_driver(struct pci_driver* driver, struct module* owner, const char* mod_name)
{
    driver->driver.name = driver->name;
    driver->driver.bus = &pci_bus_type;
    driver->driver.owner = owner;
    driver->driver.mod_name = mod_name;
    driver->driver.groups = driver->groups;
    driver->driver.dev_groups = driver->dev_groups;
    const int error = driver_register(&driver->driver);
    if (error == 0)
        pci_driver_files_add(kernel::kernel(), *driver);
    return error;
}

void pci_unregister_driver(struct pci_driver* driver)
{
    driver_unregister(&driver->driver);
    forget_new_ids(kernel::kernel(), *driver);
}

const struct pci_device_id* pci_match_id(const struct pci_device_id* ids, struct pci_dev* dev)
{
    return find(ids, *dev);
}

struct pci_dev* pci_dev_get(struct pci_dev* dev)
{
    if (dev)
        get_device(&dev->dev);
    return dev;
}

void pci_dev_put(struct pci_dev* dev)
{
    if (dev)
        put_device(&dev->dev);
}

struct pci_dev* pci_get_device(unsigned int vendor, unsigned int device, struct pci_dev* from)
{
    return pci_get_subsys(vendor, device, PCI_ANY_ID, PCI_ANY_ID, from);
}

struct pci_dev* pci_get_subsys(unsigned int vendor, unsigned int device, unsigned int ss_vendor,
                               unsigned int ss_device, struct pci_dev* from)
{
    const pci_device_id id{vendor, device, ss_vendor, ss_device, 0, 0, 0, 0};
    return search(from, [&](const pci_dev& dev) { return matches(id, dev); });
}

struct pci_dev* pci_get_class(unsigned int cls, struct pci_dev* from)
{
    return search(from, [&](const pci_dev& dev) { return dev.class_ == cls; });
}

struct pci_dev* pci_get_domain_bus_and_slot(int domain, unsigned int bus, unsigned int devfn)
{
    return search(nullptr, [&](const pci_dev& dev) {
        return domain == 0 && dev.bus->number == bus && dev.devfn == devfn;
    });
}

struct pci_dev* pci_get_slot(struct pci_bus* bus, unsigned int devfn)
{
    return pci_get_domain_bus_and_slot(0, bus->number, devfn);
}

struct pci_bus* pci_find_bus(int domain, int number)
{
    pci_bus& bus = kernel::kernel().pci->bus;
    return domain == 0 && number == bus.number ? &bus : nullptr;
}

int pci_dev_present(const struct pci_device_id* ids)
{
    for (const PciFunction* f = kernel::kernel().pci->functions; f; f = f->next)
        if (find(ids, f->dev))
            return 1;
    return 0;
}

} // namespace irqlab::abi
