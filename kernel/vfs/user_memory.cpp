// User memory: an address range of its own, a slot of it for each process that needs one.
//
// A program's buffers are the host's; what a driver gets is always a pointer into its process's slot.
// The range stays with the host thread; a slot is cleared when its process ends, so that runs are the same.
#include <algorithm>
#include <bit>
#include <cstring>
#include <sys/mman.h>

#include "hw/base/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/vfs/file.hpp"
#include "kernel/vfs/user_memory.hpp"

namespace irqlab::kernel {

namespace {

constexpr std::size_t slot_bytes = std::size_t{16} << 20;
constexpr unsigned slots = 256;
constexpr std::size_t scratch_bytes = std::size_t{1} << 20; // at the end of a slot
constexpr std::size_t bounce_max = slot_bytes - scratch_bytes;
constexpr std::size_t keep_bytes = std::size_t{1} << 18; // pages kept when a process ends

struct UserRange {
    char* base = nullptr;
    char* start()
    {
        if (!base) {
            void* p = mmap(nullptr, slots * slot_bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            CHECK(p != MAP_FAILED);
            base = static_cast<char*>(p);
        }
        return base;
    }
    ~UserRange()
    {
        if (base)
            munmap(base, slots * slot_bytes);
    }
};
thread_local UserRange range;

char* slot_of(Kernel& k, Files& files)
{
    if (files.user_slot < 0)
        for (unsigned word = 0; word < 4 && files.user_slot < 0; ++word)
            if (~k.vfs->user_slots[word] != 0) {
                const auto bit = static_cast<unsigned>(std::countr_one(k.vfs->user_slots[word]));
                k.vfs->user_slots[word] |= u64{1} << bit;
                files.user_slot = static_cast<int>(word * 64 + bit);
            }
    return files.user_slot < 0 ? nullptr : range.start() + static_cast<std::size_t>(files.user_slot) * slot_bytes;
}

void clear(char* memory, std::size_t bytes)
{
    std::memset(memory, 0, std::min(bytes, keep_bytes));
    if (bytes > keep_bytes)
        madvise(memory + keep_bytes, (bytes - keep_bytes + 4095) & ~std::size_t{4095}, MADV_DONTNEED);
}

} // namespace

char* user_bounce(Kernel& k, Files& files, std::size_t size)
{
    if (size > bounce_max)
        return nullptr;
    files.user_used = std::max(files.user_used, size);
    return slot_of(k, files);
}

void user_drop(Kernel& k, Files& files)
{
    if (files.user_slot < 0)
        return;
    char* slot = slot_of(k, files);
    clear(slot, files.user_used);
    const auto number = static_cast<unsigned>(files.user_slot);
    k.vfs->user_slots[number / 64] &= ~(u64{1} << (number % 64));
    files.user_slot = -1;
}

std::size_t user_bytes_from(const volatile void* address)
{
    const Files* files = current_task().files;
    if (!files || files->user_slot < 0)
        return 0;
    const auto low = reinterpret_cast<std::uintptr_t>(range.base) +
                     static_cast<std::size_t>(files->user_slot) * slot_bytes;
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return at >= low && at < low + slot_bytes ? low + slot_bytes - at : 0;
}

bool user_range(const volatile void* address, std::size_t size) { return user_bytes_from(address) >= size; }

bool is_user_address(const volatile void* address)
{
    const auto low = reinterpret_cast<std::uintptr_t>(range.base);
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return range.base && at >= low && at < low + slots * slot_bytes;
}

std::size_t user_size_max() { return bounce_max; }

void* user_scratch(Kernel& k, std::size_t bytes)
{
    char* slot = bytes <= scratch_bytes ? slot_of(k, current_files()) : nullptr;
    if (!slot)
        return nullptr;
    char* scratch = slot + bounce_max;
    current_files().user_used = slot_bytes;
    std::memset(scratch, 0, bytes);
    return scratch;
}

} // namespace irqlab::kernel
