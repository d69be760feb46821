// Misc devices: major 10, one minor each. [LX driver-api/misc_devices]
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/vfs/chrdev.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

struct MiscList {
    abi::miscdevice* misc;
    MiscList* next;
};

namespace {

constexpr int dynamic_minor = 255;

/// Those of the kernel's own drivers.
struct BuiltinMisc {
    int minor;
    const char* name;
};
constexpr BuiltinMisc builtin[] = {{1, "psaux"},        {126, "cpu_dma_latency"}, {127, "vga_arbiter"},
                                   {144, "nvram"},      {183, "hw_random"},       {227, "mcelog"},
                                   {228, "hpet"},       {231, "snapshot"}};

bool minor_taken(Kernel& k, int minor)
{
    for (const BuiltinMisc& b : builtin)
        if (b.minor == minor)
            return true;
    for (const MiscList* m = k.vfs->misc; m; m = m->next)
        if (m->misc->minor == minor)
            return true;
    return false;
}

// 64 dynamic minors until 5.14, 128 from then on, given out from the top [LX drivers/char/misc.c].
int free_minor(Kernel& k)
{
    for (int minor = k.config.release < Release::v5_15 ? 63 : 127; minor >= 0; --minor)
        if (!minor_taken(k, minor))
            return minor;
    return -EBUSY;
}

/// The file becomes the misc device's own: its operations, and the device as private_data until open says else.
int misc_open(abi::inode* inode, abi::file* file)
{
    for (const MiscList* m = kernel().vfs->misc; m; m = m->next) {
        if (static_cast<unsigned>(m->misc->minor) != minor_of(inode->i_rdev))
            continue;
        const abi::file_operations* ops = m->misc->fops;
        if (!ops || !owner_get(ops->owner))
            return -ENODEV;
        file->private_data = m->misc;
        file->f_op = ops;
        return ops->open ? ops->open(inode, file) : 0;
    }
    return -ENODEV;
}

abi::file_operations make_operations()
{
    abi::file_operations ops{};
    ops.open = misc_open;
    ops.llseek = abi::noop_llseek;
    return ops;
}

char* misc_node(const abi::device* d, abi::umode_t* mode)
{
    const auto* misc = static_cast<const abi::miscdevice*>(d->driver_data);
    if (misc->mode)
        *mode = misc->mode;
    return misc->nodename ? abi::kstrdup(misc->nodename, GFP_KERNEL) : nullptr;
}

abi::class_ make_class()
{
    abi::class_ cls{};
    cls.name = "misc";
    cls.devnode = misc_node;
    return cls;
}

} // namespace

const abi::file_operations misc_operations = make_operations();
const abi::class_ misc_class = make_class();

/// /proc/misc: newest first.
void misc_proc(Kernel& k, void*, TextSink& out)
{
    for (const MiscList* m = k.vfs->misc; m; m = m->next)
        out.format("{:3} {}\n", m->misc->minor, m->misc->name);
    for (const BuiltinMisc& b : builtin)
        out.format("{:3} {}\n", b.minor, b.name);
}

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::kernel;
extern "C" {

int misc_register(struct miscdevice* misc)
{
    kernel::Kernel& k = kernel();
    const bool dynamic = misc->minor == kernel::dynamic_minor;
    const int minor = dynamic ? kernel::free_minor(k) : misc->minor;
    if (minor < 0 || (!dynamic && kernel::minor_taken(k, minor)))
        return -EBUSY;
    misc->minor = minor;
    misc->list.next = misc->list.prev = &misc->list;
    misc->this_device =
        device_create_with_groups(&kernel::misc_class, misc->parent, kernel::make_dev(10, static_cast<unsigned>(minor)),
                                  misc, misc->groups, "%s", misc->name);
    if (kernel::is_error(misc->this_device)) {
        if (dynamic)
            misc->minor = kernel::dynamic_minor;
        return static_cast<int>(reinterpret_cast<long>(misc->this_device));
    }
    k.vfs->misc = k.arena.make<kernel::MiscList>(kernel::MiscList{misc, k.vfs->misc});
    return 0;
}

void misc_deregister(struct miscdevice* misc)
{
    kernel::Kernel& k = kernel();
    for (kernel::MiscList** at = &k.vfs->misc; *at; at = &(*at)->next)
        if ((*at)->misc == misc) {
            kernel::MiscList* entry = *at;
            *at = entry->next;
            k.arena.give_back(entry, sizeof *entry);
            device_destroy(&kernel::misc_class, kernel::make_dev(10, static_cast<unsigned>(misc->minor)));
            return;
        }
    __lab_warn("drivers/char/misc.c", 0, "misc_deregister", "%s", "");
}

} // extern "C"
} // namespace irqlab::abi
