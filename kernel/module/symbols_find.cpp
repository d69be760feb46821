// Names that a module leaves undefined: the kernel's exports first, then those of the other modules.
#include <cerrno>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/module/state.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

const Export* kernel_export(Kernel& k, const LoadedModule& user, const char* name)
{
    const bool requested = has_word(k.config.exports, name);
    const Export* e = find_export(name, k.config.release);
    if (!e && requested)
        e = find_export_any(name);
    if (!e || (e->on_request && !requested))
        return nullptr;
    return e->gpl && !user.gpl ? nullptr : e;
}

const abi::kernel_symbol* module_export(Kernel& k, const LoadedModule& user, const char* name, LoadedModule*& owner)
{
    for (LoadedModule* m = k.modules->first; m; m = m->next)
        for (std::size_t i = 0; m != &user && i < m->export_count; ++i)
            if (std::strcmp(m->exports[i].name, name) == 0 && (user.gpl || !m->exports[i].gpl_only)) {
                owner = m;
                return m->exports + i;
            }
    return nullptr;
}

/// `user` holds a reference to `used` from now on. @return 0, or -EBUSY while `used` runs its init, or -ENOENT.
int use(Kernel& k, LoadedModule& user, LoadedModule& used)
{
    for (const ModuleUse* u = k.modules->uses; u; u = u->next)
        if (u->user == &user && u->used == &used)
            return 0;
    if (used.mod->state == abi::MODULE_STATE_COMING) {
        abi::_printk("\0014%s: gave up waiting for init of module %s.\n", user.name, used.name);
        return -EBUSY;
    }
    if (!module_get(used.mod))
        return -ENOENT;
    auto* u = k.arena.make<ModuleUse>();
    *u = {&user, &used, k.modules->uses};
    k.modules->uses = u;
    return 0;
}

} // namespace

int resolve_symbol(Kernel& k, LoadedModule& user, const char* name, bool weak, std::uintptr_t& address)
{
    address = 0;
    if (!*name)
        return 0; // a section's own symbol that nobody defined
    if (const Export* e = kernel_export(k, user, name)) {
        address = reinterpret_cast<std::uintptr_t>(e->per_world ? e->per_world(k) : e->address);
        return 0;
    }
    int error = -ENOENT;
    LoadedModule* owner = nullptr;
    if (const abi::kernel_symbol* s = module_export(k, user, name, owner)) {
        error = use(k, user, *owner);
        address = reinterpret_cast<std::uintptr_t>(s->value);
    }
    if (!error || (weak && !owner))
        return 0;
    abi::_printk("\0014%s: Unknown symbol %s (err %d)\n", user.name, name, error);
    return error;
}

} // namespace irqlab::kernel

// --- what modules ask at run time ------------------------------------------------------------------------------

namespace irqlab::abi {

using namespace irqlab::kernel;

unsigned long kallsyms_lookup_name(const char* name)
{
    Kernel& k = kernel::kernel();
    if (const Export* e = find_export_any(name))
        return reinterpret_cast<unsigned long>(e->per_world ? e->per_world(k) : e->address);
    for (const LoadedModule* m = modules_first(k); m; m = m->next)
        for (std::size_t i = 0; i < m->symbol_count; ++i)
            if (std::strcmp(m->symbols[i].name, name) == 0)
                return m->symbols[i].address;
    return 0;
}

void* __symbol_get(const char* name)
{
    Kernel& k = kernel::kernel();
    if (const Export* e = find_export(name, k.config.release))
        return e->per_world ? e->per_world(k) : const_cast<void*>(e->address);
    LoadedModule* owner = nullptr;
    const abi::kernel_symbol* s = module_export(k, {}, name, owner);
    if (!s || owner->mod->state == MODULE_STATE_COMING || !module_get(owner->mod))
        return nullptr;
    return const_cast<void*>(s->value);
}

void __symbol_put(const char* name)
{
    LoadedModule* owner = nullptr;
    if (module_export(kernel::kernel(), {}, name, owner))
        kernel::module_put(owner->mod);
}

} // namespace irqlab::abi
