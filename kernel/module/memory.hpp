// Where modules lie: a range below 2 GiB, so that 32-bit relocations reach the kernel's own text and data, which is
// linked at fixed addresses. Each World takes one slot of it.
//
// A slot holds the modules from below and the per-CPU copies above. Memory of an unloaded module is inaccessible,
// and used again as late as possible, so that a stale pointer into it faults.
#pragma once
#include <cstddef>
#include <cstdint>

#include "kernel/mm/page.hpp"
#include "kernel/module/module.hpp"

namespace irqlab::kernel {

inline constexpr std::uintptr_t module_range = 0x20000000;
inline constexpr std::size_t slot_bytes = std::size_t{16} << 20;
inline constexpr unsigned slots_max = 64;

/// A CPU's copy of a per-CPU variable lies (cpu + 1) strides above the template.
inline constexpr std::size_t percpu_stride = std::size_t{32} << 10;
inline constexpr unsigned percpu_cpus = 255;
inline constexpr std::size_t percpu_bytes = percpu_stride * (percpu_cpus + 1);
inline constexpr std::size_t slot_module_bytes = slot_bytes - percpu_bytes - page_bytes;

inline bool in_module_range(std::uintptr_t a) { return a - module_range < slot_bytes * slots_max; }
constexpr std::size_t page_up(std::size_t n) { return (n + page_bytes - 1) & ~(page_bytes - 1); }

/// One World's part of the module range. Trivially destructible: it may lie in an arena.
class ModuleMemory {
public:
    /// Takes a slot; the first take() does it too. @return false when all are taken or the host has no room there.
    bool open();
    /// Gives the slot back, if there is one.
    void close();
    bool is_open() const { return base_ != 0; }

    /// Whole pages, readable and writable, zeroed. @return 0 when the slot is full.
    std::uintptr_t take(std::size_t bytes);
    /// The pages become inaccessible.
    void give_back(Range range);
    static void protect(Range range, int protection);

    /// Room in the per-CPU template, and the same in each CPU's copy; zeroed. @return 0: no room.
    /// @param align  a power of two, at most a page.
    std::uintptr_t take_percpu(std::size_t bytes, std::size_t align);
    void give_back_percpu(std::uintptr_t address);
    /// Copies `bytes` of initial values into each CPU's copy.
    static void fill_percpu(std::uintptr_t address, const void* values, std::size_t bytes, unsigned cpus);

    std::uintptr_t base() const { return base_; }

private:
    static constexpr unsigned ranges_max = 512;
    static constexpr std::size_t grain = 8;
    struct Taken {
        std::uint32_t offset, size;
    };
    bool free_at(std::size_t offset, std::size_t bytes, std::size_t& skip_to) const;
    std::uintptr_t percpu_base() const { return base_ + slot_module_bytes + page_bytes; }

    std::uintptr_t base_ = 0;
    std::size_t next_ = 0; // where the search for room goes on
    Taken taken_[ranges_max]{};
    unsigned taken_count_ = 0;
    Taken percpu_[ranges_max]{};
    unsigned percpu_count_ = 0;
    bool percpu_mapped_ = false;
};

} // namespace irqlab::kernel
