// What kernel/module keeps in a World.
#pragma once
#include "kernel/entry/watch.hpp"
#include "kernel/module/memory.hpp"

namespace irqlab::kernel {

struct Modules {
    ModuleMemory memory;
    LoadedModule* first = nullptr; // the one loaded last
    abi::list_head list; // Linux's, through module::list: what is looked up by name. A driver may take itself off it
    ModuleUse* uses = nullptr;
    char last_unloaded[MODULE_NAME_LEN + 24] = ""; // "name(OE)", or empty
    WatchState *watch_hard = nullptr, *watch_soft = nullptr; // of each CPU
};

inline constexpr unsigned taint_proprietary = 0, taint_forced = 1, taint_die = 7, taint_warn = 9, taint_out_of_tree = 12,
                          taint_unsigned = 13, taint_softlockup = 14;

/// Is it on Linux's list still?
bool module_listed(Kernel& k, const LoadedModule& m);

/// The address of an undefined name, from the kernel or another module.
int resolve_symbol(Kernel& k, LoadedModule& user, const char* name, bool weak, std::uintptr_t& address);

// gdb's JIT interface (gdb.cpp): a debugger that runs this process learns where each module lies.
class ElfImage;
struct Placement;
void gdb_register(LoadedModule& m, const ElfImage& image, const Placement& placement);
void gdb_unregister(LoadedModule& m);

} // namespace irqlab::kernel
