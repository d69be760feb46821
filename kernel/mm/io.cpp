// Ports and device memory: what a driver's inb(), readl() and ioremap() become.
//
// An access takes the time that it takes on a PC before it happens, so that the machine it meets is up to
// date.
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/sched/sched.hpp"
#include "linux/abi/device.h"

namespace irqlab::kernel {

namespace {

constexpr u64 port_ns = 1000; // a cycle on the ISA bus
constexpr u64 mmio_ns = 200;
constexpr std::uintptr_t guard = page_bytes;

MmioClaim* claim_of(MmioClaim* first, u64 address)
{
    while (first && (address < first->start || address > first->end))
        first = first->next;
    return first;
}

u64 ones(int width) { return width >= 8 ? ~u64{0} : (u64{1} << (width * 8)) - 1; }

u32 port_in(u16 port, int width)
{
    Kernel& k = kernel();
    sched_spend(k, port_ns);
    if (MmioClaim* c = claim_of(k.memory->port_claims, port))
        return static_cast<u32>(c->read(c->ctx, port - c->start, width) & ones(width));
    const u32 value =
        hw::port_read(k.machine, k.this_cpu->index, port, static_cast<unsigned>(width), k.signals);
    sched_signals(k);
    return value;
}

void port_out(u16 port, int width, u32 value)
{
    Kernel& k = kernel();
    sched_spend(k, port_ns);
    if (MmioClaim* c = claim_of(k.memory->port_claims, port))
        return c->write(c->ctx, port - c->start, value, width);
    hw::port_write(k.machine, k.this_cpu->index, port, static_cast<unsigned>(width), value, k.signals);
    sched_signals(k);
}

u64 phys_read(Kernel& k, u64 address, int width)
{
    if (MmioClaim* c = claim_of(k.memory->claims, address))
        return c->read(c->ctx, address - c->start, width) & ones(width);
    const unsigned cpu = k.this_cpu->index;
    const u64 value = hw::mmio_read(k.machine, cpu, address, static_cast<unsigned>(width), k.signals);
    sched_signals(k);
    return value & ones(width);
}

void phys_write(Kernel& k, u64 address, u64 value, int width)
{
    if (MmioClaim* c = claim_of(k.memory->claims, address))
        return c->write(c->ctx, address - c->start, value, width);
    const unsigned cpu = k.this_cpu->index;
    hw::mmio_write(k.machine, cpu, address, static_cast<unsigned>(width), value, k.signals);
    sched_signals(k);
}

void* map(Kernel& k, u64 start, std::size_t size, bool port)
{
    Memory& m = *k.memory;
    const std::size_t offset = port ? 0 : start % page_bytes;
    const std::size_t bytes = (offset + size + page_bytes - 1) / page_bytes * page_bytes + guard;
    if (size == 0 || bytes > cookie_bytes - m.cookies_used)
        return nullptr;
    const auto base = reinterpret_cast<std::uintptr_t>(m.cookies + m.cookies_used);
    m.cookies_used += bytes;
    auto* mapping = k.arena.make<IoMapping>();
    *mapping = {base + offset, start, size, port, true, m.mappings};
    m.mappings = mapping;
    return reinterpret_cast<void*>(mapping->cookie);
}

IoMapping* mapping_of(Kernel& k, std::uintptr_t cookie)
{
    for (IoMapping* at = k.memory->mappings; at; at = at->next)
        if (at->live && cookie - at->cookie < at->size)
            return at;
    return nullptr;
}

bool in_ram(u64 start) { return start < 0x9fc00 || (start >= 0x100000 && start < ram_end); }

void* remap(u64 start, std::size_t size)
{
    Kernel& k = kernel();
    if (size == 0)
        return nullptr;
    if (in_ram(start)) {
        u64 last = start + size - 1;
        abi::__lab_warn("arch/x86/mm/ioremap.c", 219, "__ioremap_caller", "ioremap on RAM at %pa - %pa\n",
                        static_cast<void*>(&start), static_cast<void*>(&last));
        return nullptr;
    }
    return map(k, start, size, false);
}

void unmap(volatile void* cookie)
{
    Kernel& k = kernel();
    const auto address = reinterpret_cast<std::uintptr_t>(const_cast<void*>(cookie));
    for (IoMapping* at = k.memory->mappings; at; at = at->next)
        if (at->live && at->cookie == address) {
            at->live = false;
            return;
        }
    if (address >= 0x10000) // ports below are no mappings, as Linux sees it
        abi::__lab_warn("arch/x86/mm/ioremap.c", 498, "iounmap", "iounmap: bad address %p\n",
                        const_cast<void*>(cookie));
}

void release_mapping(void* cookie) { unmap(cookie); }

} // namespace

void mmio_claim(Kernel& k, MmioClaim& claim)
{
    claim.next = k.memory->claims;
    k.memory->claims = &claim;
}

void port_claim(Kernel& k, MmioClaim& claim)
{
    claim.next = k.memory->port_claims;
    k.memory->port_claims = &claim;
}

void mmio_unclaim(Kernel& k, MmioClaim& claim)
{
    for (MmioClaim** list : {&k.memory->claims, &k.memory->port_claims})
        for (MmioClaim** at = list; *at; at = &(*at)->next)
            if (*at == &claim) {
                *at = claim.next;
                return;
            }
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

unsigned char __lab_inb(unsigned short port) { return static_cast<unsigned char>(port_in(port, 1)); }
unsigned short __lab_inw(unsigned short port) { return static_cast<unsigned short>(port_in(port, 2)); }
unsigned int __lab_inl(unsigned short port) { return port_in(port, 4); }
void __lab_outb(unsigned char value, unsigned short port) { port_out(port, 1, value); }
void __lab_outw(unsigned short value, unsigned short port) { port_out(port, 2, value); }
void __lab_outl(unsigned int value, unsigned short port) { port_out(port, 4, value); }

// A cookie that is none is read as the memory it is: a wild one faults there, as on hardware.
u64 __lab_mmio_read(const volatile void* addr, int width)
{
    Kernel& k = kernel::kernel();
    const auto address = reinterpret_cast<unsigned long>(const_cast<const void*>(addr));
    const IoMapping* m = mapping_of(k, address);
    if (m && m->port)
        return port_in(static_cast<unsigned short>(m->start + (address - m->cookie)), width);
    sched_spend(k, mmio_ns);
    if (m)
        return phys_read(k, m->start + (address - m->cookie), width);
    switch (width) {
    case 1: return *static_cast<const volatile u8*>(addr);
    case 2: return *static_cast<const volatile u16*>(addr);
    case 4: return *static_cast<const volatile u32*>(addr);
    default: return *static_cast<const volatile u64*>(addr);
    }
}

void __lab_mmio_write(volatile void* addr, u64 value, int width)
{
    Kernel& k = kernel::kernel();
    const auto address = reinterpret_cast<unsigned long>(const_cast<void*>(addr));
    const IoMapping* m = mapping_of(k, address);
    if (m && m->port)
        return port_out(static_cast<unsigned short>(m->start + (address - m->cookie)), width,
                        static_cast<u32>(value));
    sched_spend(k, mmio_ns);
    if (m)
        return phys_write(k, m->start + (address - m->cookie), value, width);
    switch (width) {
    case 1: *static_cast<volatile u8*>(addr) = static_cast<u8>(value); break;
    case 2: *static_cast<volatile u16*>(addr) = static_cast<u16>(value); break;
    case 4: *static_cast<volatile u32*>(addr) = static_cast<u32>(value); break;
    default: *static_cast<volatile u64*>(addr) = value; break;
    }
}

void* ioport_map(unsigned long port, unsigned int count)
{
    return port <= 0xffff ? map(kernel::kernel(), port, count, true) : nullptr;
}
void ioport_unmap(void* cookie) { unmap(cookie); }

void* ioremap(resource_size_t start, unsigned long size) { return remap(start, size); }
void* ioremap_wc(resource_size_t start, unsigned long size) { return remap(start, size); }
void* ioremap_cache(resource_size_t start, unsigned long size) { return remap(start, size); }
void iounmap(volatile void* cookie) { unmap(cookie); }

void* devm_ioremap(struct device* dev, resource_size_t start, resource_size_t size)
{
    void* cookie = remap(start, size);
    if (cookie)
        __devm_add_action(dev, release_mapping, cookie, "devm_ioremap_release");
    return cookie;
}

void* devm_ioremap_resource(struct device* dev, const struct resource* r)
{
    const auto error = [](long e) { return reinterpret_cast<void*>(e); };
    if (!r || (r->flags & IORESOURCE_MEM) == 0)
        return error(-EINVAL);
    const resource_size_t size = r->end - r->start + 1;
    if (!__devm_request_region(dev, &kernel::kernel().memory->iomem, r->start, size, r->name))
        return error(-EBUSY);
    void* cookie = devm_ioremap(dev, r->start, size);
    return cookie ? cookie : error(-ENOMEM);
}

// Memory, not a device: RAM of the heap is mapped as it is.
void* memremap(resource_size_t start, size_t size, unsigned long)
{
    const u64 offset = start - heap_phys;
    return offset < heap_bytes ? kernel::kernel().memory->heap + offset
                               : map(kernel::kernel(), start, size, false);
}
void memunmap(void* addr)
{
    if (is_io_cookie(kernel::kernel(), addr))
        unmap(addr);
}

} // namespace irqlab::abi
