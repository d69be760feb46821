// Modules as others see them: /proc/modules, the list in reports, lookup by name and address.
#include <cstdio>
#include <cstring>

#include "kernel/entry/symbols.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/state.hpp"
#include "kernel/vfs/text_sink.hpp"

namespace irqlab::kernel {

namespace {

struct ModuleTaint {
    unsigned bit;
    char letter;
};
/// The taints that a module may have [LX admin-guide/tainted-kernels].
constexpr ModuleTaint module_taints[] = {{taint_proprietary, 'P'}, {taint_forced, 'F'},       {10, 'C'},
                                         {taint_out_of_tree, 'O'}, {taint_unsigned, 'E'}, {15, 'K'}};

const char* state_name(const LoadedModule& m)
{
    switch (m.mod->state) {
    case abi::MODULE_STATE_GOING: return "Unloading";
    case abi::MODULE_STATE_COMING: return "Loading";
    default: return "Live";
    }
}

void show_users(Kernel& k, const LoadedModule& m, TextSink& out)
{
    bool any = false;
    for (const ModuleUse* u = k.modules->uses; u; u = u->next)
        if (u->used == &m) {
            out.format("{},", u->user->name);
            any = true;
        }
    if (m.mod->init && !m.mod->exit) {
        out.append("[permanent],");
        any = true;
    }
    if (!any)
        out.append("-");
}

} // namespace

bool module_listed(Kernel& k, const LoadedModule& m)
{
    const abi::list_head& head = k.modules->list;
    for (const abi::list_head* at = head.next; at != &head; at = at->next)
        if (at == &m.mod->list)
            return true;
    return false;
}

const LoadedModule* modules_first(Kernel& k) { return k.modules ? k.modules->first : nullptr; }

const LoadedModule* module_named(Kernel& k, const char* name)
{
    for (const LoadedModule* m = modules_first(k); m; m = m->next)
        if (std::strcmp(m->name, name) == 0 && module_listed(k, *m))
            return m;
    return nullptr;
}

const LoadedModule* module_at(Kernel& k, std::uintptr_t address)
{
    if (!in_module_range(address))
        return nullptr;
    for (const LoadedModule* m = modules_first(k); m; m = m->next)
        if (m->core.contains(address) || m->init.contains(address))
            return m;
    return nullptr;
}

int module_users(const LoadedModule& m) { return m.mod->refcnt.counter - 1; }

void module_flags(const LoadedModule& m, char* out)
{
    char* at = out;
    *at++ = '(';
    for (const ModuleTaint& t : module_taints)
        if (m.mod->taints >> t.bit & 1)
            *at++ = t.letter;
    if (m.mod->state == abi::MODULE_STATE_GOING)
        *at++ = '-';
    if (m.mod->state == abi::MODULE_STATE_COMING)
        *at++ = '+';
    if (at == out + 1)
        at = out;
    else
        *at++ = ')';
    *at = '\0';
}

void modules_linked_in(Kernel& k, char* out, std::size_t size)
{
    std::size_t used = 0;
    out[0] = '\0';
    for (const LoadedModule* m = modules_first(k); m && used < size; m = m->next) {
        if (!module_listed(k, *m))
            continue;
        char flags[24];
        module_flags(*m, flags);
        used += static_cast<std::size_t>(std::snprintf(out + used, size - used, " %s%s", m->name, flags));
    }
    if (used < size && k.modules && *k.modules->last_unloaded)
        std::snprintf(out + used, size - used, " [last unloaded: %s]", k.modules->last_unloaded);
}

void modules_proc(Kernel& k, TextSink& out)
{
    for (const LoadedModule* m = modules_first(k); m; m = m->next) {
        if (!module_listed(k, *m))
            continue;
        char flags[24];
        module_flags(*m, flags);
        out.format("{} {} {} ", m->name, m->core.size + m->init.size, module_users(*m));
        show_users(k, *m, out);
        out.format(" {} {:#018x}", state_name(*m), shown_address(k, m->core.start));
        if (*flags)
            out.format(" {}", flags);
        out.append('\n');
    }
}

void module_vermagic(Release release, char* out)
{
    std::snprintf(out, 64, "%s SMP %smod_unload ", names_of(release).uname.data(),
                  release >= Release::v6_1 ? "preempt " : "");
}

} // namespace irqlab::kernel
