// The platform bus. [LX driver-api/driver-model/platform]
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/io.h"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr int devid_none = -1, devid_auto = -2;

abi::platform_device* platform_of(abi::device* d)
{
    return reinterpret_cast<abi::platform_device*>(reinterpret_cast<char*>(d) - offsetof(abi::platform_device, dev));
}

abi::platform_driver* platform_of(abi::device_driver* d)
{
    return reinterpret_cast<abi::platform_driver*>(reinterpret_cast<char*>(d) -
                                                   offsetof(abi::platform_driver, driver));
}

int match(abi::device* d, abi::device_driver* driver)
{
    abi::platform_device* device = platform_of(d);
    if (const abi::platform_device_id* id = platform_of(driver)->id_table) {
        for (; id->name[0]; ++id)
            if (std::strcmp(device->name, id->name) == 0) {
                device->id_entry = id;
                return 1;
            }
        return 0;
    }
    return std::strcmp(device->name, driver->name) == 0;
}

int probe(abi::device* d)
{
    abi::platform_driver* driver = platform_of(d->driver);
    return driver->probe ? driver->probe(platform_of(d)) : 0;
}

// Before 6.11 remove returned an int: the register that carries it is not looked at.
void remove(abi::device* d)
{
    abi::platform_driver* driver = platform_of(d->driver);
    if (driver->remove_new)
        driver->remove_new(platform_of(d));
    else if (driver->remove)
        driver->remove(platform_of(d));
}

abi::bus_type make_bus()
{
    abi::bus_type bus{};
    bus.name = "platform";
    bus.match = match;
    bus.probe = probe;
    bus.remove = remove;
    return bus;
}

void release_allocated(abi::device* d)
{
    abi::platform_device* device = platform_of(d);
    abi::kfree(device->resource);
    abi::kfree(device->name);
    abi::kfree(device);
}

/// Any bus address of 32 bits, until the driver says otherwise. [LX drivers/base/platform.c] setup_pdev_dma_masks
void set_dma_masks(abi::platform_device& p)
{
    constexpr u64 bits_32 = 0xffffffff;
    if (!p.dev.coherent_dma_mask)
        p.dev.coherent_dma_mask = bits_32;
    if (!p.dev.dma_mask) {
        p.platform_dma_mask = bits_32;
        p.dev.dma_mask = &p.platform_dma_mask;
    }
}

int next_auto_id(Kernel& k, const char* name)
{
    int id = 0;
    for (const abi::device* d = k.vfs->devices; d; d = state_of(*d)->next)
        if (d->bus == &platform_bus) {
            const abi::platform_device* p = platform_of(const_cast<abi::device*>(d));
            id = p->id_auto && std::strcmp(p->name, name) == 0 && p->id >= id ? p->id + 1 : id;
        }
    return id;
}

} // namespace

abi::bus_type platform_bus = make_bus();

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::kernel;
extern "C" {

int __platform_driver_register(struct platform_driver* driver, struct module* owner)
{
    driver->driver.owner = owner;
    driver->driver.bus = &kernel::platform_bus;
    return driver_register(&driver->driver);
}

void platform_driver_unregister(struct platform_driver* driver) { driver_unregister(&driver->driver); }

int platform_device_register(struct platform_device* pdev)
{
    device_initialize(&pdev->dev);
    kernel::set_dma_masks(*pdev);
    return platform_device_add(pdev);
}

int platform_device_add(struct platform_device* pdev)
{
    pdev->dev.bus = &kernel::platform_bus;
    if (pdev->id == kernel::devid_auto) {
        pdev->id = kernel::next_auto_id(kernel(), pdev->name);
        pdev->id_auto = true;
        dev_set_name(&pdev->dev, "%s.%d.auto", pdev->name, pdev->id);
    } else if (pdev->id == kernel::devid_none) {
        dev_set_name(&pdev->dev, "%s", pdev->name);
    } else {
        dev_set_name(&pdev->dev, "%s.%d", pdev->name, pdev->id);
    }
    return device_add(&pdev->dev);
}

struct platform_device* platform_device_alloc(const char* name, int id)
{
    auto* p = static_cast<platform_device*>(__kmalloc(sizeof(platform_device), GFP_KERNEL | __GFP_ZERO));
    if (!p)
        return nullptr;
    p->name = kstrdup(name, GFP_KERNEL);
    p->id = id;
    device_initialize(&p->dev);
    kernel::set_dma_masks(*p);
    p->dev.release = kernel::release_allocated;
    return p;
}

void platform_device_unregister(struct platform_device* pdev)
{
    device_del(&pdev->dev);
    platform_device_put(pdev);
}

void platform_device_put(struct platform_device* pdev)
{
    if (pdev && !kernel::is_error(pdev))
        put_device(&pdev->dev);
}

struct platform_device* __lab_platform_device_register_simple(const char* name, int id,
                                                              const struct resource* resources, unsigned int count)
{
    platform_device* p = platform_device_alloc(name, id);
    if (!p)
        return kernel::error_pointer<platform_device>(-ENOMEM);
    if (count != 0) {
        p->resource = static_cast<resource*>(kmemdup(resources, sizeof(resource) * count, GFP_KERNEL));
        p->num_resources = p->resource ? count : 0;
    }
    const int error = count != 0 && !p->resource ? -ENOMEM : platform_device_add(p);
    if (error == 0)
        return p;
    platform_device_put(p);
    return kernel::error_pointer<platform_device>(error);
}

struct resource* platform_get_resource(struct platform_device* pdev, unsigned int type, unsigned int index)
{
    constexpr unsigned types = IORESOURCE_IO | IORESOURCE_MEM | IORESOURCE_IRQ | IORESOURCE_DMA | IORESOURCE_BUS;
    for (u32 i = 0; i < pdev->num_resources; ++i)
        if ((pdev->resource[i].flags & types) == type && index-- == 0)
            return &pdev->resource[i];
    return nullptr;
}

int platform_get_irq_optional(struct platform_device* pdev, unsigned int index)
{
    const resource* r = platform_get_resource(pdev, IORESOURCE_IRQ, index);
    return r ? static_cast<int>(r->start) : -ENXIO;
}

int platform_get_irq(struct platform_device* pdev, unsigned int index)
{
    const int irq = platform_get_irq_optional(pdev, index);
    if (irq < 0)
        _dev_err(&pdev->dev, "IRQ index %u not found\n", index);
    return irq;
}

} // extern "C"
} // namespace irqlab::abi
