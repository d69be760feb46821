// alloc_chrdev_region and its family, cdevs. [LX fs/char_dev.c, admin-guide/devices]
#include "kernel/vfs/chrdev.hpp"

#include <cstdio>
#include <cstring>

#include "kernel/kernel.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"

namespace irqlab::kernel {


// The dynamic majors are those that Debian's 6.1 takes while it boots (its 247 to 254), so that the first module
// gets 246 as there.
const BuiltinRegion builtin_regions[] = {{1, 0, 256, "mem", ""},
                                         {4, 0, 1, "/dev/vc/0", ""},
                                         {4, 1, 63, "tty", ""},
                                         {4, 64, 4, "ttyS", "serial8250"},
                                         {5, 0, 1, "/dev/tty", ""},
                                         {5, 1, 1, "/dev/console", ""},
                                         {5, 2, 1, "/dev/ptmx", ""},
                                         {7, 0, 256, "vcs", ""},
                                         {10, 0, 256, "misc", ""},
                                         {13, 0, 1024, "input", ""},
                                         {29, 0, 256, "fb", ""},
                                         {128, 0, 1048576, "ptm", ""},
                                         {136, 0, 1048576, "pts", ""},
                                         {229, 0, 8, "hvc", ""},
                                         {247, 0, 32768, "bsg", ""},
                                         {248, 0, 1048576, "ptp", ""},
                                         {249, 0, 16, "pps", ""},
                                         {250, 0, 16, "rtc", ""},
                                         {251, 0, 65536, "cxl", ""},
                                         {252, 0, 1048576, "dax", ""},
                                         {253, 0, 65536, "tpm", ""},
                                         {254, 0, 512, "gpiochip", ""},
                                         {0, 0, 0, nullptr, nullptr}};

bool builtin_present(const Kernel& k, const BuiltinRegion& region)
{
    return *region.without == 0 || !has_word(k.config.without, region.without);
}

namespace {

constexpr unsigned major_max = 512; // [LX fs.h] CHRDEV_MAJOR_MAX
constexpr unsigned hash_size = 255;
constexpr unsigned minor_mask = (1u << minor_bits) - 1;

/// Is anything in the hash bucket of `major`? That is what Linux's search looks at.
bool bucket_taken(const Kernel& k, unsigned major)
{
    for (const BuiltinRegion* b = builtin_regions; b->name; ++b)
        if (b->major % hash_size == major % hash_size && builtin_present(k, *b))
            return true;
    for (const ChrdevRegion* r = k.vfs->regions; r; r = r->next)
        if (r->major % hash_size == major % hash_size)
            return true;
    return false;
}

bool major_taken(const Kernel& k, unsigned major)
{
    for (const BuiltinRegion* b = builtin_regions; b->name; ++b)
        if (b->major == major && builtin_present(k, *b))
            return true;
    for (const ChrdevRegion* r = k.vfs->regions; r; r = r->next)
        if (r->major == major)
            return true;
    return false;
}

int find_dynamic_major(const Kernel& k)
{
    for (unsigned major = 254; major >= 234; --major)
        if (!bucket_taken(k, major))
            return static_cast<int>(major);
    for (unsigned major = 511; major >= 384; --major)
        if (!major_taken(k, major))
            return static_cast<int>(major);
    return -EBUSY;
}

bool overlaps(unsigned a, unsigned a_count, unsigned b, unsigned b_count)
{
    return a < b + b_count && b < a + a_count;
}

bool range_taken(const Kernel& k, unsigned major, unsigned minor, unsigned count)
{
    for (const BuiltinRegion* b = builtin_regions; b->name; ++b)
        if (b->major == major && builtin_present(k, *b) && overlaps(minor, count, b->first_minor, b->count))
            return true;
    for (const ChrdevRegion* r = k.vfs->regions; r; r = r->next)
        if (r->major == major && overlaps(minor, count, r->first_minor, r->count))
            return true;
    return false;
}

void insert(Vfs& vfs, ChrdevRegion& region)
{
    ChrdevRegion** at = &vfs.regions;
    while (*at && make_dev((*at)->major, (*at)->first_minor) < make_dev(region.major, region.first_minor))
        at = &(*at)->next;
    region.next = *at;
    *at = &region;
}

/// @param major  0: any. @return null and `error`.
ChrdevRegion* reserve(Kernel& k, unsigned major, unsigned minor, unsigned count, const char* name, int& error)
{
    error = -EINVAL;
    if (major >= major_max) {
        abi::_printk("\0013CHRDEV \"%s\" major requested (%u) is greater than the maximum (%u)\n", name, major,
                     major_max - 1);
        return nullptr;
    }
    if (count > minor_mask + 1 - minor) {
        abi::_printk("\0013CHRDEV \"%s\" minor range requested (%u-%u) is out of range of maximum range (%u-%u) for a "
                     "single major\n",
                     name, minor, minor + count - 1, 0u, minor_mask);
        return nullptr;
    }
    if (major == 0) {
        const int found = find_dynamic_major(k);
        error = found;
        if (found < 0) {
            abi::_printk("\0013CHRDEV \"%s\" dynamic allocation region is full\n", name);
            return nullptr;
        }
        major = static_cast<unsigned>(found);
    }
    error = -EBUSY;
    if (range_taken(k, major, minor, count))
        return nullptr;
    auto& region = *k.arena.make<ChrdevRegion>(ChrdevRegion{major, minor, count, {}, nullptr, nullptr});
    std::snprintf(region.name, sizeof region.name, "%s", name);
    for (char& c : region.name)
        c = c == '/' ? '!' : c;
    insert(*k.vfs, region);
    error = 0;
    return &region;
}

ChrdevRegion* take_out(Vfs& vfs, unsigned major, unsigned minor, unsigned count)
{
    for (ChrdevRegion** at = &vfs.regions; *at; at = &(*at)->next)
        if ((*at)->major == major && (*at)->first_minor == minor && (*at)->count == count) {
            ChrdevRegion* found = *at;
            *at = found->next;
            return found;
        }
    return nullptr;
}

void free_region(Kernel& k, unsigned major, unsigned minor, unsigned count)
{
    if (ChrdevRegion* region = take_out(*k.vfs, major, minor, count))
        k.arena.give_back(region, sizeof *region);
}

/// The end of the part of [from, to) that lies in from's major.
u32 end_in_major(u32 from, u32 to)
{
    const u32 next = make_dev(major_of(from) + 1, 0);
    return next < to ? next : to;
}

void release_dynamic(abi::kobject* kobj)
{
    abi::kfree(reinterpret_cast<char*>(kobj) - offsetof(abi::cdev, kobj));
}
void release_nothing(abi::kobject*) {}

const abi::kobj_type dynamic_type{.release = release_dynamic,
                                  .sysfs_ops = nullptr,
                                  .default_attrs = nullptr,
                                  .default_groups = nullptr,
                                  .namespace_ = nullptr};
const abi::kobj_type default_type{.release = release_nothing,
                                  .sysfs_ops = nullptr,
                                  .default_attrs = nullptr,
                                  .default_groups = nullptr,
                                  .namespace_ = nullptr};

void unmap(Kernel& k, abi::cdev* cdev)
{
    for (CdevRange** at = &k.vfs->cdevs; *at;) {
        CdevRange* range = *at;
        if (range->cdev != cdev) {
            at = &range->next;
            continue;
        }
        *at = range->next;
        k.arena.give_back(range, sizeof *range);
    }
}

} // namespace

const abi::file_operations* chrdev_find(Kernel& k, u32 device, abi::cdev*& cdev)
{
    const CdevRange* best = nullptr;
    for (const CdevRange* r = k.vfs->cdevs; r; r = r->next)
        if (device - r->first < r->count && (!best || r->count < best->count))
            best = r;
    cdev = best ? best->cdev : nullptr;
    if (best)
        return best->cdev->ops;
    return major_of(device) == 10 ? &misc_operations : nullptr;
}

bool chrdev_get(abi::cdev* cdev)
{
    if (!owner_get(cdev->owner))
        return false;
    abi::kobject_get(&cdev->kobj);
    return true;
}

void chrdev_put(abi::cdev* cdev)
{
    if (!cdev)
        return;
    abi::module* owner = cdev->owner;
    abi::kobject_put(&cdev->kobj);
    owner_put(owner);
}

void devices_proc(Kernel& k, void*, TextSink& out)
{
    out.append("Character devices:\n");
    const BuiltinRegion* b = builtin_regions;
    const ChrdevRegion* r = k.vfs->regions;
    while (b->name || r) {
        const bool builtin = b->name && (!r || make_dev(b->major, b->first_minor) < make_dev(r->major, r->first_minor));
        if (!builtin || builtin_present(k, *b))
            out.format("{:3} {}\n", builtin ? b->major : r->major, builtin ? b->name : r->name);
        if (builtin)
            ++b;
        else
            r = r->next;
    }
    out.append("\nBlock devices:\n259 blkext\n");
}

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::the_kernel;
extern "C" {

int alloc_chrdev_region(dev_t* dev, unsigned first_minor, unsigned count, const char* name)
{
    int error = 0;
    const kernel::ChrdevRegion* region = kernel::reserve(*the_kernel, 0, first_minor, count, name, error);
    if (region)
        *dev = kernel::make_dev(region->major, region->first_minor);
    return error;
}

int register_chrdev_region(dev_t from, unsigned count, const char* name)
{
    const dev_t to = from + count;
    int error = 0;
    for (dev_t at = from; at < to; at = kernel::end_in_major(at, to)) {
        const dev_t end = kernel::end_in_major(at, to);
        // A fixed major 0 would mean "any": Linux has the same quirk.
        if (kernel::reserve(*the_kernel, kernel::major_of(at), kernel::minor_of(at), end - at, name, error))
            continue;
        unregister_chrdev_region(from, at - from);
        return error;
    }
    return 0;
}

void unregister_chrdev_region(dev_t from, unsigned count)
{
    const dev_t to = from + count;
    for (dev_t at = from; at < to; at = kernel::end_in_major(at, to))
        kernel::free_region(*the_kernel, kernel::major_of(at), kernel::minor_of(at),
                            kernel::end_in_major(at, to) - at);
}

int __register_chrdev(unsigned int major, unsigned int first_minor, unsigned int count, const char* name,
                      const struct file_operations* ops)
{
    int error = 0;
    kernel::ChrdevRegion* region = kernel::reserve(*the_kernel, major, first_minor, count, name, error);
    if (!region)
        return error;
    cdev* c = cdev_alloc();
    c->owner = ops->owner;
    c->ops = ops;
    kobject_set_name(&c->kobj, "%s", name);
    region->cdev = c;
    cdev_add(c, kernel::make_dev(region->major, first_minor), count);
    return major ? 0 : static_cast<int>(region->major);
}

void __unregister_chrdev(unsigned int major, unsigned int first_minor, unsigned int count, const char*)
{
    kernel::ChrdevRegion* region = kernel::take_out(*the_kernel->vfs, major, first_minor, count);
    if (!region)
        return;
    if (region->cdev)
        cdev_del(region->cdev);
    the_kernel->arena.give_back(region, sizeof *region);
}

void cdev_init(struct cdev* cdev, const struct file_operations* ops)
{
    std::memset(static_cast<void*>(cdev), 0, sizeof *cdev);
    cdev->list.next = cdev->list.prev = &cdev->list;
    kobject_init(&cdev->kobj, &kernel::default_type);
    cdev->ops = ops;
}

struct cdev* cdev_alloc(void)
{
    auto* c = static_cast<cdev*>(__kmalloc(sizeof(cdev), GFP_KERNEL | __GFP_ZERO));
    if (!c)
        return nullptr;
    c->list.next = c->list.prev = &c->list;
    kobject_init(&c->kobj, &kernel::dynamic_type);
    return c;
}

int cdev_add(struct cdev* cdev, dev_t dev, unsigned count)
{
    kernel::Kernel& k = *the_kernel;
    cdev->dev = dev;
    cdev->count = count;
    auto* range = k.arena.make<kernel::CdevRange>(kernel::CdevRange{cdev, dev, count, k.vfs->cdevs});
    k.vfs->cdevs = range;
    if (cdev->kobj.parent)
        kobject_get(cdev->kobj.parent);
    return 0;
}

void cdev_del(struct cdev* cdev)
{
    kernel::unmap(*the_kernel, cdev);
    kobject_put(&cdev->kobj);
}

void cdev_set_parent(struct cdev* cdev, struct kobject* kobj) { cdev->kobj.parent = kobj; }

int cdev_device_add(struct cdev* cdev, struct device* dev)
{
    if (dev->devt) {
        cdev_set_parent(cdev, &dev->kobj);
        if (const int error = cdev_add(cdev, dev->devt, 1))
            return error;
    }
    const int error = device_add(dev);
    if (error && dev->devt)
        cdev_del(cdev);
    return error;
}

void cdev_device_del(struct cdev* cdev, struct device* dev)
{
    device_del(dev);
    if (dev->devt)
        cdev_del(cdev);
}

} // extern "C"
} // namespace irqlab::abi
