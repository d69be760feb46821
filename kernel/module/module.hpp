// Modules: loaded, live, leaving; their references, and where their bytes lie.
//
// A .ko is a relocatable object, as Linux's. The loader (loader.hpp) places it in the World's slot of the module
// range below 2 GiB; this file is its life. System calls: sys_init_module, sys_delete_module (kernel/syscall.hpp).
// Source: [LX kbuild/modules], [MAN2] "init_module", "delete_module".
#pragma once
#include <cstddef>
#include <cstdint>

#include "kernel/config.hpp"
#include "linux/abi/module.h"

namespace irqlab::kernel {

struct Kernel;
struct Modules;
struct LoadedModule;
class TextSink;

/// A range of bytes of a module.
struct Range {
    std::uintptr_t start = 0;
    std::size_t size = 0;
    bool contains(std::uintptr_t a) const { return a >= start && a - start < size; }
    std::uintptr_t end() const { return start + size; }
};

/// A named address inside a module, static functions included.
struct ModuleSymbol {
    const char* name;
    std::uintptr_t address;
    bool function;
};

/// An instruction that user space cannot trap, replaced by a HLT when the module was loaded.
struct PatchedInstruction {
    std::uintptr_t address;
    unsigned char original; // its first byte
};

/// A module that uses symbols of another one.
struct ModuleUse {
    LoadedModule* user;
    LoadedModule* used;
    ModuleUse* next;
};

struct LoadedModule {
    abi::module* mod = nullptr; // in the module's own data
    const char* name = "";
    const char* path = "";      // as typed to insmod
    const char* version = nullptr;
    const char* srcversion = nullptr;
    const char* license = "";
    Range core, text, rodata, data; // core covers the three others
    Range init, init_text;          // gone once init returned
    Range percpu;                   // the template of .data..percpu
    std::uintptr_t plt = 0;         // stubs for calls out of reach
    const abi::kernel_symbol* exports = nullptr;
    std::size_t export_count = 0;
    ModuleSymbol* symbols = nullptr; // by address
    std::size_t symbol_count = 0;
    PatchedInstruction* patches = nullptr; // by address
    std::size_t patch_count = 0;
    bool gpl = true;
    bool linked = false; // in the list that /proc/modules shows
    void* gdb = nullptr; // its entry in gdb's list
    LoadedModule* next = nullptr; // the one loaded before this
};

void modules_init(Kernel& k);
/// The World goes: its slot of the module range is free for another one. Call before the arena is reset.
void modules_drop(Kernel& k);

/// A reference for somebody who uses the module; null is the kernel itself. @return false: it is going.
bool module_get(abi::module* module);
void module_put(abi::module* module);

/// The module one of whose loaded bytes lies at `address`, or null.
const LoadedModule* module_at(Kernel& k, std::uintptr_t address);
const LoadedModule* module_named(Kernel& k, const char* name);
/// The module that was loaded last; go on with ->next. Order of /proc/modules.
const LoadedModule* modules_first(Kernel& k);
/// References besides the module's own, as /proc/modules counts them.
int module_users(const LoadedModule& m);

/// /proc/modules.
void modules_proc(Kernel& k, TextSink& out);
/// " a(OE) b [last unloaded: c(OE)]", as reports list the modules. Cut to `size`.
void modules_linked_in(Kernel& k, char* out, std::size_t size);
/// "(OE+)" or "". @param out at least 24 bytes.
void module_flags(const LoadedModule& m, char* out);

/// The magic that a module of this release must carry.
/// @param out at least 64 bytes.
void module_vermagic(Release release, char* out);

// --- /sys/module/NAME/parameters (params.cpp) ------------------------------------------------------------
/// @param buffer  a page. @return bytes written with the newline, or a negative errno (-EPERM: not readable).
int module_param_show(const LoadedModule& m, std::size_t index, char* buffer);
/// @return 0 or a negative errno (-EPERM: not writable).
int module_param_store(const LoadedModule& m, std::size_t index, const char* value);
/// Parses `args` ("a=1 b=x") into the parameters. Messages are Linux's.
/// @return 0, or what a parameter's set function refused with.
int module_params_parse(const char* module, char* args, const abi::kernel_param* params, std::size_t count);

/// Which CPU's copy of a per-CPU variable. Copies lie percpu_stride apart, above the template.
void* percpu_pointer(const volatile void* percpu, unsigned cpu);

} // namespace irqlab::kernel
