// Who has which ports and which memory: the two trees behind /proc/ioports and /proc/iomem.
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "linux/abi/device.h"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

struct Claim {
    u64 start, end;
    const char* name;
    unsigned parent; // 1-based row; 0: the root
    bool busy;
};

// What a PC's kernel claims at boot, parents before children, siblings in order. [PIIX] "I/O map"
constexpr Claim port_claims[] = {
    {0x0000, 0x0cf7, "PCI Bus 0000:00", 0, false},
    {0x0000, 0x001f, "dma1", 1, true},
    {0x0020, 0x0021, "pic1", 1, true},
    {0x0040, 0x0043, "timer0", 1, true},
    {0x0050, 0x0053, "timer1", 1, true},
    {0x0060, 0x0060, "keyboard", 1, true},
    {0x0064, 0x0064, "keyboard", 1, true},
    {0x0070, 0x0071, "rtc0", 1, true},
    {0x0080, 0x008f, "dma page reg", 1, true},
    {0x00a0, 0x00a1, "pic2", 1, true},
    {0x00c0, 0x00df, "dma2", 1, true},
    {0x00f0, 0x00ff, "fpu", 1, true},
    {0x03c0, 0x03df, "vga+", 1, true},
    {0x03f8, 0x03ff, "serial", 1, true},
    {0x0cf8, 0x0cff, "PCI conf1", 0, true},
    {0x0d00, 0xffff, "PCI Bus 0000:00", 0, false},
};
constexpr Claim memory_claims[] = {
    {0x00000000, 0x00000fff, "Reserved", 0, true},     {0x00001000, 0x0009fbff, "System RAM", 0, true},
    {0x0009fc00, 0x0009ffff, "Reserved", 0, true},     {0x000a0000, 0x000bffff, "PCI Bus 0000:00", 0, false},
    {0x000f0000, 0x000fffff, "Reserved", 0, true},     {0x00100000, ram_end - 1, "System RAM", 0, true},
    {ram_end, ram_end + 0x1ffff, "Reserved", 0, true}, {0x80000000, 0xfebfffff, "PCI Bus 0000:00", 0, false},
    {0xfec00000, 0xfec003ff, "IOAPIC 0", 0, true},     {0xfee00000, 0xfee00fff, "Local APIC", 0, true},
    {0xfffc0000, 0xffffffff, "Reserved", 0, true},
};

/// A driver that was left out, or has no device on this board, claims nothing.
bool left_out(const Config& config, std::string_view name)
{
    if (name == "serial")
        return has_word(config.without, "serial8250") || config.board == hw::BoardId::laptop;
    return name == "rtc0" && has_word(config.without, "rtc_cmos");
}

void build(Kernel& k, abi::resource& root, const Claim* claims, std::size_t count, unsigned long flags)
{
    auto* made = static_cast<abi::resource*>(k.arena.take(count * sizeof(abi::resource)));
    abi::resource** last[32]; // by row + 1: where its next child is to be linked
    last[0] = &root.child;
    for (std::size_t i = 0; i < count; ++i) {
        const Claim& c = claims[i];
        last[i + 1] = &made[i].child;
        if (left_out(k.config, c.name))
            continue;
        made[i].start = c.start;
        made[i].end = c.end;
        made[i].name = c.name;
        made[i].flags = flags | (c.busy ? IORESOURCE_BUSY : 0);
        made[i].parent = c.parent ? &made[c.parent - 1] : &root;
        *last[c.parent] = &made[i];
        last[c.parent] = &made[i].sibling;
    }
}

using abi::resource;

/// Links `fresh` below `root`. @return null, or what is in its way (root itself when it does not fit).
resource* insert(resource* root, resource* fresh)
{
    if (fresh->end < fresh->start || fresh->start < root->start || fresh->end > root->end)
        return root;
    resource** at = &root->child;
    while (*at && (*at)->end < fresh->start)
        at = &(*at)->sibling;
    if (*at && (*at)->start <= fresh->end)
        return *at;
    fresh->sibling = *at;
    fresh->parent = root;
    *at = fresh;
    return nullptr;
}

bool unlink(resource* r)
{
    for (resource** at = r->parent ? &r->parent->child : nullptr; at && *at; at = &(*at)->sibling)
        if (*at == r) {
            *at = r->sibling;
            r->parent = nullptr;
            return true;
        }
    return false;
}

struct Region {
    resource* parent;
    u64 start, size;
};
void release(void* data)
{
    auto* region = static_cast<Region*>(data);
    abi::__release_region(region->parent, region->start, region->size);
    kernel().arena.give_back(region, sizeof(Region));
}

} // namespace

void resources_init(Kernel& k)
{
    Memory& m = *k.memory;
    m.ioports = {0, 0xffff, "PCI IO", IORESOURCE_IO, 0, nullptr, nullptr, nullptr, nullptr};
    m.iomem = {0, ~0ull, "PCI mem", IORESOURCE_MEM, 0, nullptr, nullptr, nullptr, nullptr};
    build(k, m.ioports, port_claims, std::size(port_claims), IORESOURCE_IO);
    build(k, m.iomem, memory_claims, std::size(memory_claims), IORESOURCE_MEM);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

// A region goes below whatever covers it, as long as that is not busy itself. [LX driver-api/io-mapping]
struct resource* __request_region(struct resource* parent, resource_size_t start, resource_size_t n,
                                  const char* name, int flags)
{
    Kernel& k = kernel::kernel();
    auto* fresh = k.arena.make<resource>();
    fresh->name = name;
    fresh->start = start;
    fresh->end = start + n - 1;
    fresh->flags =
        (parent->flags & (IORESOURCE_IO | IORESOURCE_MEM)) | IORESOURCE_BUSY | static_cast<unsigned>(flags);
    for (;;) {
        resource* conflict = insert(parent, fresh);
        if (!conflict)
            return fresh;
        if (conflict != parent && (conflict->flags & IORESOURCE_BUSY) == 0) {
            parent = conflict;
            continue;
        }
        k.arena.give_back(fresh, sizeof(resource));
        return nullptr;
    }
}

void __release_region(struct resource* parent, resource_size_t start, resource_size_t n)
{
    const resource_size_t end = start + n - 1;
    resource** at = &parent->child;
    while (resource* r = *at) {
        if (r->start <= start && r->end >= end) {
            if ((r->flags & IORESOURCE_BUSY) == 0) {
                at = &r->child;
                continue;
            }
            if (r->start != start || r->end != end)
                break;
            *at = r->sibling;
            kernel::kernel().arena.give_back(r, sizeof(resource));
            return;
        }
        at = &r->sibling;
    }
    _printk("\0014Trying to free nonexistent resource <%016llx-%016llx>\n", start, end);
}

struct resource* __devm_request_region(struct device* dev, struct resource* parent, resource_size_t start,
                                       resource_size_t n, const char* name)
{
    resource* region = __request_region(parent, start, n, name, 0);
    if (region) {
        auto* kept = kernel::kernel().arena.make<Region>();
        *kept = {parent, start, n};
        __devm_add_action(dev, release, kept, "devm_region_release");
    }
    return region;
}

int request_resource(struct resource* root, struct resource* r) { return insert(root, r) ? -EBUSY : 0; }
int release_resource(struct resource* r) { return unlink(r) ? 0 : -EINVAL; }

} // namespace irqlab::abi
