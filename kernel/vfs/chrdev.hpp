// Character device numbers and the devices behind them.
#pragma once
#include "kernel/vfs/file.hpp"

namespace irqlab::kernel {

inline constexpr unsigned minor_bits = 20;
constexpr u32 make_dev(unsigned major, unsigned minor) { return major << minor_bits | minor; }
constexpr unsigned major_of(u32 dev) { return dev >> minor_bits; }
constexpr unsigned minor_of(u32 dev) { return dev & ((1u << minor_bits) - 1); }

/// A range of numbers that a driver has reserved.
struct ChrdevRegion {
    unsigned major, first_minor, count;
    char name[64];
    ChrdevRegion* next;
    abi::cdev* cdev; // of __register_chrdev
};

/// A range of numbers that a cdev serves.
struct CdevRange {
    abi::cdev* cdev;
    u32 first;
    unsigned count;
    CdevRange* next;
};

/// Who serves `device`. @param cdev  the cdev, or null for the kernel's own. @return null: nobody.
const abi::file_operations* chrdev_find(Kernel& k, u32 device, abi::cdev*& cdev);
/// A reference of the cdev and of its owner, as each open file has one. Null is nobody.
bool chrdev_get(abi::cdev* cdev);
void chrdev_put(abi::cdev* cdev);
/// The operations of major 10, which find the misc device and give the file over to it.
extern const abi::file_operations misc_operations;

/// The regions of the kernel's own drivers that Debian's kernel has built in; null name: end.
struct BuiltinRegion {
    unsigned major, first_minor, count;
    const char* name;
    const char* without; // left out with --without this
};
extern const BuiltinRegion builtin_regions[];
bool builtin_present(const Kernel& k, const BuiltinRegion& region);
/// /proc/devices.
void devices_proc(Kernel& k, void*, TextSink& out);

} // namespace irqlab::kernel
