// A World's slot of the module range: pages and per-CPU copies. See the header.
#include "kernel/module/memory.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <sys/mman.h>

#include "hw/base/check.hpp"

namespace irqlab::kernel {

namespace {

/// A bit per slot. The only thing that Worlds on several host threads share.
std::atomic<std::uint64_t> slots_taken{0};

int take_slot()
{
    std::uint64_t taken = slots_taken.load();
    while (~taken) {
        const int slot = std::countr_one(taken);
        if (slots_taken.compare_exchange_weak(taken, taken | std::uint64_t{1} << slot))
            return slot;
    }
    return -1;
}

void* at(std::uintptr_t address) { return reinterpret_cast<void*>(address); }

} // namespace

bool ModuleMemory::open()
{
    CHECK(!is_open());
    for (int slot = take_slot(); slot >= 0; slot = take_slot()) {
        const std::uintptr_t base = module_range + static_cast<unsigned>(slot) * slot_bytes;
        void* got =
            mmap(at(base), slot_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
        if (got == at(base)) {
            *this = ModuleMemory{};
            base_ = base;
            return true;
        }
        // A host kernel that does not know the flag gives another place instead.
        if (got != MAP_FAILED)
            munmap(got, slot_bytes);
        // The host has something there, such as its heap, which it begins anywhere below 1 GiB: that slot stays taken.
    }
    return false;
}

void ModuleMemory::close()
{
    if (!is_open())
        return;
    munmap(at(base_), slot_bytes);
    const auto slot = (base_ - module_range) / slot_bytes;
    base_ = 0;
    slots_taken.fetch_and(~(std::uint64_t{1} << slot));
}

bool ModuleMemory::free_at(std::size_t offset, std::size_t bytes, std::size_t& skip_to) const
{
    for (unsigned i = 0; i < taken_count_; ++i) {
        const Taken& t = taken_[i];
        if (offset < std::size_t{t.offset} + t.size && t.offset < offset + bytes) {
            skip_to = std::size_t{t.offset} + t.size;
            return false;
        }
    }
    return true;
}

std::uintptr_t ModuleMemory::take(std::size_t bytes)
{
    bytes = page_up(bytes);
    if (bytes == 0 || bytes > slot_module_bytes || taken_count_ == ranges_max || (!is_open() && !open()))
        return 0;
    // Next fit: round the slot once, so that freed pages rest as long as possible.
    std::size_t offset = next_;
    for (bool wrapped = false;;) {
        if (offset + bytes > slot_module_bytes) {
            if (wrapped)
                return 0;
            wrapped = true;
            offset = 0;
        }
        std::size_t skip_to = 0;
        if (free_at(offset, bytes, skip_to))
            break;
        offset = skip_to;
    }
    taken_[taken_count_++] = {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(bytes)};
    next_ = offset + bytes + page_bytes; // a page between, so that an overrun faults
    protect({base_ + offset, bytes}, PROT_READ | PROT_WRITE);
    return base_ + offset;
}

void ModuleMemory::give_back(Range range)
{
    if (range.size == 0)
        return;
    const std::size_t bytes = page_up(range.size);
    for (unsigned i = 0; i < taken_count_; ++i)
        if (base_ + taken_[i].offset == range.start) {
            taken_[i] = taken_[--taken_count_];
            break;
        }
    protect({range.start, bytes}, PROT_NONE);
    madvise(at(range.start), bytes, MADV_DONTNEED);
}

void ModuleMemory::protect(Range range, int protection)
{
    if (range.size)
        CHECK(mprotect(at(range.start), page_up(range.size), protection) == 0);
}

std::uintptr_t ModuleMemory::take_percpu(std::size_t bytes, std::size_t align)
{
    if (bytes == 0 || bytes > percpu_stride || align > page_bytes || percpu_count_ == ranges_max ||
        (!is_open() && !open()))
        return 0;
    align = std::max(align, grain);
    std::size_t offset = 0;
    for (bool moved = true; moved;) {
        moved = false;
        offset = (offset + align - 1) & ~(align - 1);
        for (unsigned i = 0; i < percpu_count_; ++i) {
            const Taken& t = percpu_[i];
            if (offset < std::size_t{t.offset} + t.size && t.offset < offset + bytes) {
                offset = std::size_t{t.offset} + t.size;
                moved = true;
            }
        }
    }
    if (offset + bytes > percpu_stride)
        return 0;
    if (!percpu_mapped_) {
        // The template itself stays inaccessible: a per-CPU variable used without this_cpu_ptr() faults, as on Linux.
        protect({percpu_base() + percpu_stride, percpu_bytes - percpu_stride}, PROT_READ | PROT_WRITE);
        percpu_mapped_ = true;
    }
    percpu_[percpu_count_++] = {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(bytes)};
    return percpu_base() + offset;
}

void ModuleMemory::give_back_percpu(std::uintptr_t address)
{
    for (unsigned i = 0; i < percpu_count_; ++i)
        if (percpu_base() + percpu_[i].offset == address) {
            percpu_[i] = percpu_[--percpu_count_];
            return;
        }
}

void ModuleMemory::fill_percpu(std::uintptr_t address, const void* values, std::size_t bytes, unsigned cpus)
{
    for (unsigned cpu = 0; cpu < cpus; ++cpu) {
        void* copy = at(address + (cpu + 1) * percpu_stride);
        if (values)
            std::memcpy(copy, values, bytes);
        else
            std::memset(copy, 0, bytes);
    }
}

void* percpu_pointer(const volatile void* percpu, unsigned cpu)
{
    return at(reinterpret_cast<std::uintptr_t>(percpu) + (cpu + 1) * percpu_stride);
}

} // namespace irqlab::kernel
