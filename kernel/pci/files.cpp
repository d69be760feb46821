// What /sys/bus/pci and /proc/bus/pci show. [LX ABI/testing/sysfs-bus-pci], [LX drivers/pci/proc.c]
#include <cstdlib>
#include <iterator>
#include <sys/stat.h>

#include "hw/pci/config.hpp"
#include "kernel/pci/pci.hpp"
#include "kernel/vfs/device.hpp"
#include "kernel/vfs/tables.hpp"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

using abi::device_attribute;

#define PCI_FIELD(name, format, value)                                                                       \
    ssize_t show_##name(abi::device* d, device_attribute*, char* buf)                                        \
    {                                                                                                        \
        const abi::pci_dev& dev = pci_dev_of(*d);                                                            \
        return abi::sysfs_emit(buf, format, value);                                                          \
    }
PCI_FIELD(vendor, "0x%04x\n", dev.vendor)
PCI_FIELD(device, "0x%04x\n", dev.device)
PCI_FIELD(subsystem_vendor, "0x%04x\n", dev.subsystem_vendor)
PCI_FIELD(subsystem_device, "0x%04x\n", dev.subsystem_device)
PCI_FIELD(revision, "0x%02x\n", dev.revision)
PCI_FIELD(class, "0x%06x\n", dev.class_)
PCI_FIELD(irq, "%u\n", dev.irq)
#undef PCI_FIELD

ssize_t show_modalias(abi::device* d, device_attribute*, char* buf)
{
    const abi::pci_dev& dev = pci_dev_of(*d);
    return abi::sysfs_emit(buf, "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\n", dev.vendor, dev.device,
                           dev.subsystem_vendor, dev.subsystem_device, dev.class_ >> 16 & 0xff,
                           dev.class_ >> 8 & 0xff, dev.class_ & 0xff);
}

// The six base address registers and the ROM.
ssize_t show_resource(abi::device* d, device_attribute*, char* buf)
{
    constexpr int shown = 7;
    const abi::pci_dev& dev = pci_dev_of(*d);
    int at = 0;
    for (int i = 0; i < shown; ++i)
        at += abi::sysfs_emit_at(buf, at, "0x%016llx 0x%016llx 0x%016llx\n", dev.resource[i].start,
                                 dev.resource[i].end, static_cast<unsigned long long>(dev.resource[i].flags));
    return at;
}

ssize_t show_enable(abi::device* d, device_attribute*, char* buf)
{
    return abi::sysfs_emit(buf, "%u\n", static_cast<unsigned>(pci_dev_of(*d).enable_cnt.counter));
}

ssize_t store_enable(abi::device* d, device_attribute*, const char* buf, size_t count)
{
    abi::pci_dev& dev = pci_dev_of(*d);
    unsigned value = 0;
    if (const int error = abi::kstrtouint(buf, 0, &value))
        return error;
    int error = 0;
    if (d->driver)
        error = -EBUSY;
    else if (value != 0)
        error = abi::pci_enable_device(&dev);
    else if (dev.enable_cnt.counter > 0)
        abi::pci_disable_device(&dev);
    else
        error = -EIO;
    return error ? error : static_cast<ssize_t>(count);
}

device_attribute files[] = {{{"vendor", 0444}, show_vendor, nullptr},
                            {{"device", 0444}, show_device, nullptr},
                            {{"subsystem_vendor", 0444}, show_subsystem_vendor, nullptr},
                            {{"subsystem_device", 0444}, show_subsystem_device, nullptr},
                            {{"revision", 0444}, show_revision, nullptr},
                            {{"class", 0444}, show_class, nullptr},
                            {{"irq", 0444}, show_irq, nullptr},
                            {{"modalias", 0444}, show_modalias, nullptr},
                            {{"resource", 0444}, show_resource, nullptr},
                            {{"enable", 0644}, show_enable, store_enable}};

abi::pci_dev& dev_of(abi::kobject* kobj) { return pci_dev_of(*reinterpret_cast<abi::device*>(kobj)); }

ssize_t read_config(abi::file*, abi::kobject* kobj, abi::bin_attribute*, char* buf, abi::loff_t off, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        buf[i] = static_cast<char>(config_read(dev_of(kobj), static_cast<unsigned>(off) + static_cast<unsigned>(i), 1));
    return static_cast<ssize_t>(count);
}

ssize_t write_config(abi::file*, abi::kobject* kobj, abi::bin_attribute*, char* buf, abi::loff_t off, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        config_write(dev_of(kobj), static_cast<unsigned>(off) + static_cast<unsigned>(i), 1,
                     static_cast<u8>(buf[i]));
    return static_cast<ssize_t>(count);
}

abi::bin_attribute config_attribute{{"config", 0644}, hw::pci_config_bytes, nullptr, read_config, write_config, nullptr};

// Ended by a null.
std::array<abi::attribute*, std::size(files) + 1> attributes = [] {
    std::array<abi::attribute*, std::size(files) + 1> list{};
    for (std::size_t i = 0; i < std::size(files); ++i)
        list[i] = &files[i].attr;
    return list;
}();
abi::bin_attribute* bin_attributes[] = {&config_attribute, nullptr};

const abi::attribute_group group = [] {
    abi::attribute_group g{};
    g.attrs = attributes.data();
    g.bin_attrs = bin_attributes;
    return g;
}();

// --- drivers ---------------------------------------------------------------------------------------------------

abi::pci_driver& pci_driver_of(abi::device_driver* d)
{
    return *reinterpret_cast<abi::pci_driver*>(reinterpret_cast<char*>(d) - offsetof(abi::pci_driver, driver));
}

/// "VENDOR DEVICE [SUBVENDOR SUBDEVICE [CLASS MASK [DRIVER_DATA]]]" in hexadecimal.
bool parse_id(const char* text, abi::pci_device_id& id)
{
    unsigned long long field[7] = {0, 0, PCI_ANY_ID, PCI_ANY_ID, 0, 0, 0};
    unsigned fields = 0;
    for (char* end = nullptr; fields < 7; ++fields, text = end) {
        field[fields] = std::strtoull(text, &end, 16);
        if (end == text)
            break;
    }
    if (fields < 2)
        return false;
    const auto word = [&](unsigned i) { return static_cast<u32>(fields > i || i < 2 ? field[i] : i < 4 ? PCI_ANY_ID : 0); };
    id = {word(0), word(1), word(2), word(3), word(4), word(5), fields > 6 ? static_cast<unsigned long>(field[6]) : 0, 0};
    return true;
}

abi::device* find_device(Kernel& k, const char* buf, size_t count)
{
    const std::string_view name(buf, count - (count != 0 && buf[count - 1] == '\n'));
    for (PciFunction* f = k.pci->functions; f; f = f->next)
        if (name == name_of(f->dev.dev))
            return &f->dev.dev;
    return nullptr;
}

ssize_t store_new_id(abi::device_driver* driver, const char* buf, size_t count)
{
    Kernel& k = kernel();
    abi::pci_device_id id{};
    if (!parse_id(buf, id))
        return -EINVAL;
    k.pci->new_ids = k.arena.make<PciNewId>(PciNewId{&pci_driver_of(driver), id, k.pci->new_ids});
    for (PciFunction* f = k.pci->functions; f; f = f->next)
        if (!f->dev.dev.driver)
            bus_bind(k, f->dev.dev, *driver);
    return static_cast<ssize_t>(count);
}

ssize_t store_bind(abi::device_driver* driver, const char* buf, size_t count)
{
    Kernel& k = kernel();
    abi::device* d = find_device(k, buf, count);
    if (!d || d->driver || !bus_bind(k, *d, *driver))
        return -ENODEV;
    return static_cast<ssize_t>(count);
}

ssize_t store_unbind(abi::device_driver* driver, const char* buf, size_t count)
{
    Kernel& k = kernel();
    abi::device* d = find_device(k, buf, count);
    if (!d || d->driver != driver)
        return -ENODEV;
    bus_unbind(k, *d);
    return static_cast<ssize_t>(count);
}

const abi::driver_attribute driver_files[] = {
    {{"new_id", 0200}, nullptr, store_new_id}, {{"bind", 0200}, nullptr, store_bind}, {{"unbind", 0200}, nullptr, store_unbind}};

// --- /proc ------------------------------------------------------------------------------------------------------

void show_devices(Kernel& k, void*, TextSink& out)
{
    constexpr unsigned shown = 7;
    for (const PciFunction* f = k.pci->functions; f; f = f->next) {
        const abi::pci_dev& dev = f->dev;
        out.format("{:02x}{:02x}\t{:04x}{:04x}\t{:x}", dev.bus->number, dev.devfn, dev.vendor, dev.device, dev.irq);
        for (unsigned i = 0; i < shown; ++i)
            out.format("\t{:16x}", dev.resource[i].start | (dev.resource[i].flags & 0xf));
        for (unsigned i = 0; i < shown; ++i)
            out.format("\t{:16x}", dev.resource[i].end ? dev.resource[i].end - dev.resource[i].start + 1 : 0);
        out.format("\t{}\n", dev.driver ? dev.driver->name : "");
    }
}

void show_msi(Kernel&, void*, TextSink& out) { out.append("msi\n"); }

} // namespace

const abi::attribute_group* pci_device_groups[] = {&group, nullptr};

void pci_driver_files_add(Kernel& k, abi::pci_driver& driver)
{
    auto* state = static_cast<DriverState*>(driver.driver.p);
    for (const abi::driver_attribute& file : driver_files)
        sysfs_add(k, *node_of(k, &state->kobj), &state->kobj, &file.attr, file.attr.mode);
}

void pci_proc_init(Kernel& k)
{
    Node& directory = vfs_make_dir(k, vfs_dir(k, "/proc/bus"), "pci");
    vfs_make_text(k, directory, "devices", S_IFREG | 0444u, show_devices, nullptr, nullptr);
}

void pci_msi_files_add(Kernel& k, PciFunction& f)
{
    char name[16];
    abi::__lab_snprintf(name, sizeof name, "%u", f.msi_irq);
    Node& directory = vfs_make_dir(k, *node_of(k, &f.dev.dev.kobj), "msi_irqs");
    vfs_make_text(k, directory, name, S_IFREG | 0444u, show_msi, nullptr, nullptr);
}

void pci_msi_files_remove(Kernel& k, PciFunction& f)
{
    if (Node* directory = vfs_child(k, *node_of(k, &f.dev.dev.kobj), "msi_irqs"))
        vfs_remove(k, *directory);
}

} // namespace irqlab::kernel
