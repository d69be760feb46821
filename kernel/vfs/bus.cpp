// Buses and drivers: who drives which device. [LX driver-api/driver-model/binding]
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

DriverState* driver_state(abi::kobject* kobj)
{
    return reinterpret_cast<DriverState*>(reinterpret_cast<char*>(kobj) - offsetof(DriverState, kobj));
}

ssize_t show_driver(abi::kobject* kobj, abi::attribute* attr, char* buf)
{
    auto* a = reinterpret_cast<abi::driver_attribute*>(attr);
    return a->show ? a->show(driver_state(kobj)->driver, buf) : -EIO;
}

ssize_t store_driver(abi::kobject* kobj, abi::attribute* attr, const char* buf, size_t count)
{
    auto* a = reinterpret_cast<abi::driver_attribute*>(attr);
    return a->store ? a->store(driver_state(kobj)->driver, buf, count) : -EIO;
}

void release_driver(abi::kobject* kobj) { kernel().arena.give_back(driver_state(kobj), sizeof(DriverState)); }

const abi::sysfs_ops driver_sysfs_ops{show_driver, store_driver};
const abi::kobj_type driver_type{.release = release_driver,
                                 .sysfs_ops = &driver_sysfs_ops,
                                 .default_attrs = nullptr,
                                 .default_groups = nullptr,
                                 .namespace_ = nullptr};

void say_failed(const abi::device_driver& driver, const abi::device& d, int error)
{
    if (error == -ENODEV || error == -ENXIO || error == -EPROBE_DEFER)
        return;
    if (kernel().config.release >= Release::v6_12)
        abi::_printk("\0014%s %s: probe with driver %s failed with error %d\n", driver.name, name_of(d), driver.name,
                     error);
    else
        abi::_printk("\0014%s: probe of %s failed with error %d\n", driver.name, name_of(d), error);
}

void unlink_driver(Kernel& k, abi::device& d)
{
    if (Node* node = node_of(k, &d.kobj))
        sysfs_remove_name(k, *node, "driver");
    if (auto* s = static_cast<DriverState*>(d.driver->p))
        if (Node* node = node_of(k, &s->kobj))
            sysfs_remove_name(k, *node, name_of(d));
}

bool probe(Kernel& k, abi::device_driver& driver, abi::device& d)
{
    d.driver = &driver;
    Node* node = node_of(k, &d.kobj);
    if (auto* s = static_cast<DriverState*>(driver.p)) {
        vfs_make_link(k, *node, "driver", *node_of(k, &s->kobj));
        vfs_make_link(k, *node_of(k, &s->kobj), name_of(d), *node);
    }
    int error = 0;
    if (d.bus->probe)
        error = d.bus->probe(&d);
    else if (driver.probe)
        error = driver.probe(&d);
    if (error == 0)
        error = abi::device_add_groups(&d, driver.dev_groups);
    if (error == 0)
        return true;
    say_failed(driver, d, error);
    devres_release_all(d);
    unlink_driver(k, d);
    d.driver = nullptr;
    d.driver_data = nullptr;
    return false;
}

void unbind(Kernel& k, abi::device& d)
{
    abi::device_driver& driver = *d.driver;
    abi::device_remove_groups(&d, driver.dev_groups);
    if (d.bus->remove)
        d.bus->remove(&d);
    else if (driver.remove)
        driver.remove(&d);
    devres_release_all(d);
    unlink_driver(k, d);
    d.driver = nullptr;
    d.driver_data = nullptr;
}

bool matches(abi::device& d, abi::device_driver& driver)
{
    return !d.bus->match || d.bus->match(&d, &driver) > 0;
}

} // namespace

BusState* bus_state(Kernel& k, const abi::bus_type* bus)
{
    for (BusState* s = k.vfs->buses; s; s = s->next)
        if (s->bus == bus)
            return s;
    if (bus != &platform_bus)
        return nullptr;
    abi::bus_register(bus); // the kernel's own: entered when first needed
    return k.vfs->buses;
}

void bus_add_device(Kernel& k, abi::device& d)
{
    BusState* bus = bus_state(k, d.bus);
    if (!bus)
        return;
    Node& node = *node_of(k, &d.kobj);
    state_of(d)->in_bus = &vfs_make_link(k, vfs_make_dir(k, *bus->node, "devices"), name_of(d), node);
    vfs_make_link(k, node, "subsystem", *bus->node);
    for (DriverState* s = bus->drivers; s && !d.driver; s = s->next)
        if (matches(d, *s->driver))
            probe(k, *s->driver, d);
}

bool bus_bind(Kernel& k, abi::device& d, abi::device_driver& driver)
{
    return matches(d, driver) && probe(k, driver, d);
}

void bus_unbind(Kernel& k, abi::device& d) { unbind(k, d); }

void bus_remove_device(Kernel& k, abi::device& d)
{
    if (d.driver)
        unbind(k, d);
    DeviceState& state = *state_of(d);
    if (state.in_bus)
        vfs_remove(k, *state.in_bus);
    state.in_bus = nullptr;
}

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::kernel;
extern "C" {

int bus_register(const struct bus_type* bus)
{
    kernel::Kernel& k = kernel();
    kernel::Node& buses = kernel::vfs_dir(k, "/sys/bus");
    for (kernel::BusState* s = k.vfs->buses; s; s = s->next)
        if (std::strcmp(s->bus->name, bus->name) == 0)
            return kernel::sysfs_check_free(k, buses, bus->name);
    kernel::Node& node = kernel::vfs_make_dir(k, buses, bus->name);
    kernel::vfs_make_dir(k, node, "devices");
    kernel::vfs_make_dir(k, node, "drivers");
    k.vfs->buses = k.arena.make<kernel::BusState>(kernel::BusState{bus, &node, nullptr, k.vfs->buses});
    return 0;
}

void bus_unregister(const struct bus_type* bus)
{
    for (kernel::BusState** at = &kernel().vfs->buses; *at; at = &(*at)->next)
        if ((*at)->bus == bus) {
            kernel::BusState* state = *at;
            *at = state->next;
            if (!state->node->generated)
                kernel::vfs_remove(kernel(), *state->node);
            kernel().arena.give_back(state, sizeof *state);
            return;
        }
}

int driver_register(struct device_driver* driver)
{
    kernel::Kernel& k = kernel();
    kernel::BusState* bus = driver->bus ? kernel::bus_state(k, driver->bus) : nullptr;
    if (!bus) {
        _printk("\0013Driver '%s' was unable to register with bus_type '%s' because the bus was not initialized.\n",
                driver->name, driver->bus ? driver->bus->name : "(null)");
        return -EINVAL;
    }
    for (kernel::DriverState* s = bus->drivers; s; s = s->next)
        if (std::strcmp(s->driver->name, driver->name) == 0) {
            _printk("\0013Error: Driver '%s' is already registered, aborting...\n", driver->name);
            return -EBUSY;
        }
    auto* state = k.arena.make<kernel::DriverState>();
    state->driver = driver;
    driver->p = state;
    kobject_init(&state->kobj, &kernel::driver_type);
    kobject_set_name(&state->kobj, "%s", driver->name);
    kernel::kobject_enter(k, &state->kobj, kernel::vfs_make_dir(k, *bus->node, "drivers"));
    kernel::DriverState** at = &bus->drivers;
    while (*at)
        at = &(*at)->next;
    *at = state;
    sysfs_create_groups(&state->kobj, driver->groups);
    for (device *d = k.vfs->devices, *next; d; d = next) {
        next = kernel::state_of(*d)->next;
        if (d->bus == driver->bus && !d->driver && kernel::matches(*d, *driver))
            kernel::probe(k, *driver, *d);
    }
    return 0;
}

void driver_unregister(struct device_driver* driver)
{
    kernel::Kernel& k = kernel();
    auto* state = static_cast<kernel::DriverState*>(driver->p);
    if (!state) {
        __lab_warn("drivers/base/driver.c", 0, "driver_unregister", "Unexpected driver unregister!\n");
        return;
    }
    for (device *d = k.vfs->devices, *next; d; d = next) {
        next = kernel::state_of(*d)->next;
        if (d->driver == driver)
            kernel::unbind(k, *d);
    }
    for (kernel::DriverState** at = &kernel::bus_state(k, driver->bus)->drivers; *at; at = &(*at)->next)
        if (*at == state) {
            *at = state->next;
            break;
        }
    driver->p = nullptr;
    sysfs_remove_groups(&state->kobj, driver->groups);
    kobject_del(&state->kobj);
    kobject_put(&state->kobj);
}

} // extern "C"
} // namespace irqlab::abi
