// Tells a debugger where each module lies, so that `break lothars_handler` works.
//
// gdb reads __jit_debug_descriptor and stops in __jit_debug_register_code: the names are its interface. An entry is
// a copy of the module's ELF object with sh_addr filled in. It is made only when the process is traced, for the
// copy costs more than the load; somebody who attaches later sees modules that are loaded from then on.
// Source: [GDB] "JIT Compilation Interface".
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "kernel/module/loader.hpp"
#include "kernel/module/state.hpp"

extern "C" {
struct jit_code_entry {
    jit_code_entry* next_entry;
    jit_code_entry* prev_entry;
    const char* symfile_addr;
    std::uint64_t symfile_size;
};
struct jit_descriptor {
    std::uint32_t version;
    std::uint32_t action_flag; // 1: registered, 2: about to go
    jit_code_entry* relevant_entry;
    jit_code_entry* first_entry;
};
extern jit_descriptor __jit_debug_descriptor;
jit_descriptor __jit_debug_descriptor = {1, 0, nullptr, nullptr};
void __jit_debug_register_code();
[[gnu::noinline]] void __jit_debug_register_code() { asm volatile("" ::: "memory"); }
}

namespace irqlab::kernel {

namespace {

/// Worlds on several host threads share gdb's list.
std::mutex list_mutex;

bool read_traced()
{
    std::FILE* f = std::fopen("/proc/self/status", "re");
    if (!f)
        return false;
    char line[256];
    int tracer = 0;
    while (std::fgets(line, sizeof line, f))
        if (std::sscanf(line, "TracerPid: %d", &tracer) == 1)
            break;
    std::fclose(f);
    return tracer != 0;
}

} // namespace

void gdb_register(LoadedModule& m, const ElfImage& image, const Placement& placement)
{
    static const bool traced = read_traced();
    if (!traced)
        return;
    const std::size_t size = image.bytes().size();
    auto* copy = static_cast<char*>(std::malloc(size));
    if (!copy)
        return;
    std::memcpy(copy, image.bytes().data(), size);
    Elf64_Ehdr header;
    std::memcpy(&header, copy, sizeof header);
    for (std::size_t i = 1; i < placement.section_count; ++i) {
        char* at = copy + header.e_shoff + i * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_addr);
        std::memcpy(at, &placement.sections[i], sizeof(Elf64_Addr));
    }
    auto* entry = new jit_code_entry{nullptr, nullptr, copy, size};
    const std::lock_guard lock{list_mutex};
    entry->next_entry = __jit_debug_descriptor.first_entry;
    if (entry->next_entry)
        entry->next_entry->prev_entry = entry;
    __jit_debug_descriptor.first_entry = __jit_debug_descriptor.relevant_entry = entry;
    __jit_debug_descriptor.action_flag = 1;
    __jit_debug_register_code();
    m.gdb = entry;
}

void gdb_unregister(LoadedModule& m)
{
    auto* entry = static_cast<jit_code_entry*>(m.gdb);
    if (!entry)
        return;
    m.gdb = nullptr;
    const std::lock_guard lock{list_mutex};
    if (entry->prev_entry)
        entry->prev_entry->next_entry = entry->next_entry;
    else
        __jit_debug_descriptor.first_entry = entry->next_entry;
    if (entry->next_entry)
        entry->next_entry->prev_entry = entry->prev_entry;
    __jit_debug_descriptor.relevant_entry = entry;
    __jit_debug_descriptor.action_flag = 2;
    __jit_debug_register_code();
    std::free(const_cast<char*>(entry->symfile_addr));
    delete entry;
}

} // namespace irqlab::kernel
