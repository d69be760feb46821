// The driver model: what its files share.
#pragma once
#include "kernel/vfs/vfs.hpp"
#include "linux/abi/device.h"

namespace irqlab::kernel {

using abi::gfp_t; // for the GFP_ macros

/// What the kernel keeps of a device that was added; device.p points here.
struct DeviceState {
    abi::device* device = nullptr;
    abi::device* next = nullptr;    // Vfs::devices
    Node* in_class = nullptr;       // the link in /sys/class/NAME
    Node* in_dev = nullptr;         // the node in /dev
    Node* in_bus = nullptr;
    bool own_class_dir = false;
};

struct ClassState {
    const abi::class_* cls;
    Node* node;          // /sys/class/NAME
    abi::kobject* kobj;  // for class attributes
    ClassState* next;
    bool allocated;      // by class_create
};

struct DriverState {
    abi::device_driver* driver;
    abi::kobject kobj;
    DriverState* next;
};

struct BusState {
    const abi::bus_type* bus;
    Node* node;
    DriverState* drivers;
    BusState* next;
};

inline DeviceState* state_of(const abi::device& d) { return static_cast<DeviceState*>(d.p); }
inline const char* name_of(const abi::device& d) { return d.kobj.name ? d.kobj.name : d.init_name; }

// --- kobjects and sysfs -------------------------------------------------------------------------------------
/// The directory of a kobject, or null when it has none.
Node* node_of(Kernel& k, const abi::kobject* kobj);
/// Gives `kobj` (named, initialised) a directory below `parent`. @return 0, -EEXIST, -EINVAL.
int kobject_enter(Kernel& k, abi::kobject* kobj, Node& parent);
/// Linux's complaint and -EEXIST when `name` is taken in `parent`.
int sysfs_check_free(Kernel& k, Node& parent, const char* name);
int sysfs_add(Kernel& k, Node& directory, abi::kobject* kobj, const abi::attribute* attr, unsigned mode);
void sysfs_remove_name(Kernel& k, Node& directory, const char* name);
/// Formats into memory of kmalloc.
char* format_name(const char* format, va_list args);
template <class T>
T* error_pointer(long error)
{
    return reinterpret_cast<T*>(error);
}
inline bool is_error(const void* p) { return reinterpret_cast<std::uintptr_t>(p) >= static_cast<std::uintptr_t>(-4095); }

// --- buses, classes, resources --------------------------------------------------------------------------------
ClassState* class_state(Kernel& k, const abi::class_* cls);
BusState* bus_state(Kernel& k, const abi::bus_type* bus);
/// Enters a device at its bus and looks for a driver.
void bus_add_device(Kernel& k, abi::device& device);
void bus_remove_device(Kernel& k, abi::device& device);
/// By hand: the driver probes a device that has none, if it is for it. @return whether it took it.
bool bus_bind(Kernel& k, abi::device& device, abi::device_driver& driver);
/// A device loses its driver.
void bus_unbind(Kernel& k, abi::device& device);
/// Memory that lives as long as the device is bound; action(memory) is called when it ends. @return null: no memory.
void* devres_add(abi::device& device, std::size_t size, void (*action)(void* memory));
/// Forgets the newest such memory for which same(memory, wanted) holds, without its action. @return was there one?
bool devres_take(abi::device& device, void (*action)(void*), bool (*same)(const void* memory, const void* wanted),
                 const void* wanted);
/// Frees what devm_ functions took for it, newest first.
void devres_release_all(abi::device& device);
extern const abi::class_ misc_class;
extern abi::bus_type platform_bus;

} // namespace irqlab::kernel
