// Places a relocatable object in a World's module memory: layout, copy, symbols, relocations, protection.
//
// Sections go page-aligned into three parts: text (r-x), read-only data (r--), data (rw-); those named .init* into
// a block of their own that goes once init has run; .data..percpu becomes a copy per CPU.
#pragma once
#include "kernel/module/elf_image.hpp"
#include "kernel/module/memory.hpp"
#include "sim/arena.hpp"

namespace irqlab::kernel {

struct LoadRequest {
    const ElfImage& image;
    ModuleMemory& memory;
    sim::Arena& arena;
    const char* name; // for messages
    unsigned cpus;    // how many copies of per-CPU data there are
    void* context;
    /// Address of an undefined symbol. @return 0, or the negative errno with which it was refused and reported.
    /// A weak symbol that nobody defines is 0 at address 0.
    int (*resolve)(void* context, const char* name, bool weak, std::uintptr_t& address);
    /// One line for the log, without its newline.
    void (*say)(void* context, const char* text);
};

/// What place_module fills besides the LoadedModule: the address of each section, 0 for those not placed.
struct Placement {
    std::uintptr_t* sections = nullptr; // by index
    std::size_t section_count = 0;
    std::uintptr_t address_of(std::size_t section) const { return section < section_count ? sections[section] : 0; }
};

/// Fills the ranges, symbols and patches of `out`. On failure nothing stays taken.
/// @return 0, -ENOEXEC (malformed), -ENOMEM, or what `resolve` refused with.
int place_module(const LoadRequest& request, LoadedModule& out, Placement& placement);
/// Makes text executable and read-only data read-only.
void protect_module(const LoadedModule& m);
/// Gives all its memory back.
void unplace_module(ModuleMemory& memory, LoadedModule& m);
/// Gives back what is needed until init has run only. A call into it faults from now on.
void free_init(ModuleMemory& memory, LoadedModule& m);

// --- parts, for the loader itself --------------------------------------------------------------------------

/// Applies relocations of one place. Entries of the module's own GOT and stubs for far calls are made as needed.
class Relocator {
public:
    struct Tables {
        std::uintptr_t got = 0, stubs = 0; // start of each table
        std::size_t got_room = 0, stub_room = 0; // entries
    };
    Relocator(const LoadRequest& request, const Placement& placement, const std::uintptr_t* values, Tables tables);
    /// @return 0 or -ENOEXEC.
    int apply_section(std::size_t rela_section);

    static constexpr std::size_t stub_bytes = 16;

private:
    int apply(std::uintptr_t place, std::size_t room, const Elf64_Rela& r);
    int put32(std::uintptr_t place, std::size_t room, std::int64_t value, unsigned type, bool is_signed);
    std::uintptr_t got_entry(std::uint32_t symbol);
    std::uintptr_t stub(std::uint32_t symbol);

    const LoadRequest& request_;
    const Placement& placement_;
    const std::uintptr_t* values_; // by symbol
    Tables tables_;
    std::size_t got_used_ = 0, stubs_used_ = 0;
};

/// Finds instructions that user space runs without a trap though the lab must see them (PUSHF, POPF, CPUID, RDTSC,
/// SIDT, SGDT, SLDT, STR, SMSW, INT 80h) in the functions of `m`, and puts a HLT in their place.
void patch_untrappable(sim::Arena& arena, LoadedModule& m);
/// The original first byte of the instruction at `address`. @return false: it was not replaced.
bool patched_at(const LoadedModule& m, std::uintptr_t address, std::uint8_t& original);

} // namespace irqlab::kernel
