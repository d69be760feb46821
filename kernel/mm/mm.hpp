// The drivers' memory: one address range per World for kmalloc, pages and vmalloc, another one for device
// memory.
//
// The heap keeps an account of each object: its size, who took it and who gave it back. Objects lie apart,
// with a red zone behind each, and what was freed is poisoned and kept from reuse for a while. Bytes, order
// of reuse and words of the reports are those of SLUB with its debugging on. [LX mm/slub]
//
// Device memory is an address range without pages behind it: a cookie of ioremap() is good for readl() and
// friends; plain moves to it trap, and are carried out (kernel/entry/emulate_memory).
//
// Not modelled: NUMA nodes, zones, memory pressure; only the size of the range bounds what may be taken.
#pragma once
#include <cstddef>
#include <cstdint>

#include "hw/base/bits.hpp"
#include "kernel/mm/page.hpp"
#include "linux/abi/io.h"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

struct Kernel;
struct Span;
struct Slot;

using abi::gfp_t; // the flags of mm.h are casts to it

inline constexpr std::size_t heap_bytes = std::size_t{1} << 30;
inline constexpr std::size_t cookie_bytes = std::size_t{1} << 30;
inline constexpr std::uintptr_t zero_size_ptr = 16; // what kmalloc(0) gives
inline constexpr u64 heap_phys = 0x00400000;        // where the heap stands in physical memory: low, for devices of few
                                                    // address lines
inline constexpr u64 ram_end = 0x7ffe0000;          // end of System RAM

struct Cache {
    const char* name;
    unsigned size;   // of an object, as asked for
    unsigned stride; // from object to object
    unsigned span_pages;
    void (*ctor)(void* object);
    Span* fresh; // the span with objects that were never used
    Slot *freed, **freed_tail;
    unsigned freed_count;
    unsigned live; // objects in use
    Cache* next;
};

struct Slot {
    Slot* next;
    Span* span;
    std::uintptr_t taken_by, freed_by; // return addresses
    unsigned requested;                // bytes
    bool live, used;
};

enum class SpanKind : u8 { slab, large, pages, vmalloc };

/// Consecutive pages: a slab's, or one allocation.
struct Span {
    std::uintptr_t base;
    unsigned pages;
    SpanKind kind;
    bool live;
    unsigned count, next_fresh; // slab: objects, and those that were given out
    Cache* cache;
    Slot* slots;
    std::size_t requested; // bytes, if not a slab
    std::uintptr_t taken_by, freed_by;
    abi::page* page; // struct page of each, made when asked for
    Span* next_free;
};

/// What is known of an address in the heap.
struct HeapObject {
    enum class State : u8 { none, live, freed };
    State state = State::none;
    std::uintptr_t start = 0;
    std::size_t size = 0;   // bytes asked for
    std::size_t room = 0;   // up to the next object
    const char* cache = ""; // "kmalloc-64", "vmalloc", ...
    std::uintptr_t taken_by = 0, freed_by = 0;
};

/// A device's memory or ports that the board does not have: PCI functions of the lab.
struct MmioClaim {
    u64 start, end; // physical, end is the last byte
    void* ctx;
    u64 (*read)(void* ctx, u64 offset, int width);
    void (*write)(void* ctx, u64 offset, u64 value, int width);
    MmioClaim* next;
};

/// A part of a user mapping (vm_area_struct::__lab is the list of them) and the memory that stands there.
struct VmaPiece {
    unsigned long addr; // user address
    u64 phys;
    unsigned long size; // bytes
    VmaPiece* next;
};

/// A page of user memory that a driver asked for; its address is page.__lab.
struct UserPage {
    abi::page page;
    UserPage* next;
};

struct IoMapping {
    std::uintptr_t cookie;
    u64 start; // physical address or port
    std::size_t size;
    bool port;
    bool live;
    IoMapping* next;
};

inline constexpr unsigned kmalloc_classes = 13;

struct Memory {
    std::byte* heap = nullptr;    // heap_bytes
    std::byte* cookies = nullptr; // cookie_bytes, no access
    std::size_t heap_used = 0;
    std::size_t cookies_used = 0;
    Span** leaf[512]{}; // by page: 512 x 512
    Span* free_spans = nullptr;
    unsigned free_span_count = 0;
    Cache kmalloc[kmalloc_classes];
    Cache* caches = nullptr;    // of kmem_cache_create
    std::size_t live_bytes = 0; // of all objects in use
    unsigned live_objects = 0;
    bool warned_free = false;
    bool booting = true; // Nothing fails before the first task.
    abi::resource ioports, iomem;
    IoMapping* mappings = nullptr;
    UserPage* user_pages = nullptr;
    MmioClaim* claims = nullptr;
    MmioClaim* port_claims = nullptr;
};

/// Makes k.memory: takes a range from this host thread's pool and claims what a PC claims at boot.
void memory_init(Kernel& k);
/// The range goes back to the pool. To be called before the World's arena is reset.
void memory_drop(Kernel& k);

bool memory_contains(const Kernel& k, const void* p);
std::size_t memory_offset(const Kernel& k, const void* p);
/// @return false when the address is not in the part of the heap that is in use.
bool memory_find(const Kernel& k, const void* p, HeapObject& out);
/// Is the address a cookie of ioremap()?
bool is_io_cookie(const Kernel& k, const void* p);
u64 phys_of(const Kernel& k, const void* p);

/// Accesses to [start, end] go to the functions of `claim`, which must live as long as the World or be
/// unclaimed.
void mmio_claim(Kernel& k, MmioClaim& claim);
void port_claim(Kernel& k, MmioClaim& claim);
void mmio_unclaim(Kernel& k, MmioClaim& claim);

// --- within kernel/mm
// ------------------------------------------------------------------------------------------

Span* span_of(const Memory& m, const void* p);
/// `bytes` rounded up to pages, a page of nothing behind. Null when the range is used up.
Span* span_take(Kernel& k, std::size_t bytes, std::size_t align_pages, SpanKind kind, std::uintptr_t caller);
void span_free(Kernel& k, Span& span, std::uintptr_t caller);
void caches_init(Kernel& k);
void* cache_take(Kernel& k, Cache& cache, std::size_t size, abi::gfp_t flags, std::uintptr_t caller);
void cache_free(Kernel& k, Span& span, void* object, std::uintptr_t caller);
void* heap_take(Kernel& k, std::size_t size, abi::gfp_t flags, std::uintptr_t caller);
void heap_free(Kernel& k, const void* object, std::uintptr_t caller);
/// Sleeps allowed? Does the chooser let it fail?
bool allocation_fails(Kernel& k, abi::gfp_t flags);
void resources_init(Kernel& k);

void report_redzone(Kernel& k, const Slot& slot, const u8* first, const u8* end);
void report_poison(Kernel& k, const Slot& slot, const u8* first, const u8* end);
void report_double_free(Kernel& k, const Slot& slot);
void report_invalid_free(Kernel& k, const Span& span, const void* object);
std::uintptr_t object_address(const Slot& slot);

} // namespace irqlab::kernel
