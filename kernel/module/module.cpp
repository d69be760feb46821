// The life of a module: from the bytes of a .ko to its init, and from its exit to nothing.
#include "kernel/module/module.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "hw/base/check.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/entry/trap.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lock/list.hpp"
#include "kernel/module/export.hpp"
#include "kernel/module/loading.hpp"
#include "kernel/module/state.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/syscall.hpp"
#include "linux/abi/lock.h"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr int own_reference = 1; // what a live module holds on itself

std::span<const std::byte> aligned_image(Kernel& k, std::string_view image)
{
    const void* bytes = image.data();
    if (reinterpret_cast<std::uintptr_t>(bytes) % alignof(Elf64_Shdr))
        bytes = std::memcpy(k.arena.take(image.size()), bytes, image.size());
    return {static_cast<const std::byte*>(bytes), image.size()};
}

char* keep(Kernel& k, std::string_view text)
{
    auto* copy = static_cast<char*>(k.arena.take(text.size() + 1));
    std::memcpy(copy, text.data(), text.size());
    return copy; // arena memory is zeroed
}

int place(Loading& l, LoadedModule& m)
{
    struct Context {
        Kernel& k;
        LoadedModule& m;
    } context{l.k, m};
    const LoadRequest request{
        l.image, l.k.modules->memory, l.k.arena, m.name, l.k.cpu_count, &context,
        [](void* c, const char* name, bool weak, std::uintptr_t& address) {
            auto& x = *static_cast<Context*>(c);
            return resolve_symbol(x.k, x.m, name, weak, address);
        },
        [](void*, const char* text) { abi::_printk("\0013%s\n", text); }};
    const int error = place_module(request, m, l.placement);
    if (error == -ENOMEM && !l.k.modules->memory.is_open())
        abi::_printk("\0013irqlab: no room for modules at %#lx in this process\n",
                     static_cast<unsigned long>(module_range));
    return error;
}

bool own_pointer(const LoadedModule& m, const void* p)
{
    const auto a = reinterpret_cast<std::uintptr_t>(p);
    return m.core.contains(a) || m.init.contains(a);
}

/// The exports of `m`. @return 0, or -ENOEXEC when one is taken already.
int take_exports(Loading& l, LoadedModule& m)
{
    const std::size_t section = l.image.find("__ksymtab");
    if (!section)
        return 0;
    m.exports = reinterpret_cast<const abi::kernel_symbol*>(l.placement.address_of(section));
    m.export_count = l.image.section(section).sh_size / sizeof(abi::kernel_symbol);
    for (std::size_t i = 0; i < m.export_count; ++i) {
        const char* name = m.exports[i].name;
        if (!own_pointer(m, name))
            return -ENOEXEC;
        const char* owner = find_export(name, l.k.config.release) ? "kernel" : nullptr;
        for (const LoadedModule* other = l.k.modules->first; other && !owner; other = other->next)
            for (std::size_t n = 0; n < other->export_count; ++n)
                if (std::strcmp(other->exports[n].name, name) == 0)
                    owner = other->name;
        if (owner) {
            abi::_printk("\0013%s: exports duplicate symbol %s (owned by %s)\n", m.name, name, owner);
            return -ENOEXEC;
        }
    }
    return 0;
}

int take_parameters(Loading& l, LoadedModule& m)
{
    const std::size_t section = l.image.find("__param");
    if (!section)
        return 0;
    m.mod->kp = reinterpret_cast<abi::kernel_param*>(l.placement.address_of(section));
    m.mod->num_kp = static_cast<unsigned>(l.image.section(section).sh_size / sizeof(abi::kernel_param));
    for (unsigned i = 0; i < m.mod->num_kp; ++i)
        if (!own_pointer(m, m.mod->kp[i].name))
            return -ENOEXEC;
    return 0;
}

/// Fills the module's own struct, as the driver sees it through THIS_MODULE.
int set_up(Loading& l, LoadedModule& m, unsigned taints)
{
    m.mod = reinterpret_cast<abi::module*>(l.placement.address_of(l.this_module));
    if (!m.data.contains(reinterpret_cast<std::uintptr_t>(m.mod)))
        return -ENOEXEC;
    abi::module& mod = *m.mod;
    const auto text_of = [&](const char* key) {
        const std::string_view value = l.image.modinfo(key);
        return value.data() ? keep(l.k, value) : nullptr;
    };
    m.version = mod.version = text_of("version");
    m.srcversion = mod.srcversion = text_of("srcversion");
    m.license = keep(l.k, m.license);
    mod.state = abi::MODULE_STATE_UNFORMED;
    mod.refcnt.counter = own_reference + 1; // one more while init runs
    mod.__lab = &m;
    mod.taints = taints;
    if (const int error = take_exports(l, m))
        return error;
    return take_parameters(l, m);
}

void drop_uses(Kernel& k, const LoadedModule& m)
{
    for (ModuleUse** u = &k.modules->uses; *u;) {
        if ((*u)->user != &m) {
            u = &(*u)->next;
            continue;
        }
        if ((*u)->used->mod)
            kernel::module_put((*u)->used->mod);
        *u = (*u)->next;
    }
}

void free_module(Kernel& k, LoadedModule& m)
{
    for (LoadedModule** at = &k.modules->first; *at; at = &(*at)->next)
        if (*at == &m) {
            *at = m.next;
            break;
        }
    if (m.linked && module_listed(k, m))
        list_unlink(&m.mod->list);
    drop_uses(k, m);
    gdb_unregister(m);
    unplace_module(k.modules->memory, m);
    m.mod = nullptr;
    m.export_count = 0;
}

void note_imbalance(Kernel& k, const void* function, unsigned count)
{
    char what[64] = "";
    if (k.this_cpu->preempt_count != count) {
        std::strcat(what, "preemption imbalance ");
        k.this_cpu->preempt_count = count;
    }
    hw::Cpu& cpu = k.machine.core[k.this_cpu->index].cpu;
    if (!hw::interrupts_on(cpu)) {
        std::strcat(what, "disabled interrupts ");
        cpu.rflags |= hw::rflags::If::mask;
    }
    if (*what)
        kernel_warn("init/main.c", 1316, "do_one_initcall", "initcall %pS returned with %s\n", function, what);
}

} // namespace

// Linux's names, so that a trace through them reads as Linux's.
[[gnu::noinline]] int do_one_initcall(Kernel& k, int (*function)())
{
    const unsigned count = k.this_cpu->preempt_count;
    const int result = function();
    note_imbalance(k, reinterpret_cast<const void*>(function), count);
    return result;
}

[[gnu::noinline]] int do_init_module(Kernel& k, LoadedModule& m)
{
    const int result = m.mod->init ? do_one_initcall(k, m.mod->init) : 0;
    if (result < 0) {
        m.mod->state = abi::MODULE_STATE_GOING;
        free_module(k, m);
        return result;
    }
    if (result > 0) {
        abi::_printk("\0014do_init_module: '%s'->init suspiciously returned %d, it should follow 0/-E convention\n"
                     "do_init_module: loading module anyway...\n", m.name, result);
        abi::dump_stack();
    }
    m.mod->state = abi::MODULE_STATE_LIVE;
    kernel::module_put(m.mod);
    k.emit(EventKind::module_load, 0, reinterpret_cast<u64>(m.mod));
    free_init(k.modules->memory, m);
    return 0;
}

namespace {

/// Everything between the placed bytes and a module that may run. @return 0 or a negative errno.
int make_coming(Loading& l, LoadedModule& m, unsigned taints, const char* parameters)
{
    if (const int error = set_up(l, m, taints))
        return error;
    protect_module(m);
    gdb_register(m, l.image, l.placement);
    m.next = l.k.modules->first;
    l.k.modules->first = &m;
    m.linked = true;
    list_add(&m.mod->list, &l.k.modules->list);
    m.mod->state = abi::MODULE_STATE_COMING;
    return module_params_parse(m.name, keep(l.k, parameters), m.mod->kp, m.mod->num_kp);
}

int load_module(Kernel& k, const char* path, std::string_view bytes, const char* parameters)
{
    Loading l{k, {}, 0, "", {}};
    ElfError wrong;
    if (!l.image.open(aligned_image(k, bytes), k.config.release, wrong)) {
        if (*wrong.text)
            abi::_printk("\0013%s\n", wrong.text);
        return -ENOEXEC;
    }
    if (const int error = find_this_module(l))
        return error;
    if (const int error = check_vermagic(l))
        return error;
    auto& m = *k.arena.make<LoadedModule>();
    unsigned taints = 0;
    announce_taints(l, m, taints);
    if (module_named(k, l.name))
        return -EEXIST;
    announce_unsigned(l, taints);
    m.name = keep(k, l.name);
    m.path = keep(k, path);
    int error = place(l, m);
    if (error) {
        drop_uses(k, m);
        return error;
    }
    error = make_coming(l, m, taints, parameters);
    if (error) {
        free_module(k, m);
        return error;
    }
    return do_init_module(k, m);
}

bool has_users(const Kernel& k, const LoadedModule& m)
{
    for (const ModuleUse* u = k.modules->uses; u; u = u->next)
        if (u->used == &m)
            return true;
    return false;
}

int unload_module(Kernel& k, const char* name)
{
    auto* m = const_cast<LoadedModule*>(module_named(k, name));
    if (!m)
        return -ENOENT;
    if (has_users(k, *m))
        return -EWOULDBLOCK;
    abi::module& mod = *m->mod;
    if (mod.state != abi::MODULE_STATE_LIVE)
        return -EBUSY;
    if (mod.init && !mod.exit)
        return -EBUSY;
    if (mod.refcnt.counter != own_reference)
        return -EWOULDBLOCK;
    mod.refcnt.counter = 0;
    mod.state = abi::MODULE_STATE_GOING;
    if (mod.exit)
        mod.exit();
    abi::synchronize_rcu(); // the memory goes after a grace period: a thread that was just told to end gets there
    char flags[24];
    mod.state = abi::MODULE_STATE_LIVE; // what is remembered is not "going"
    module_flags(*m, flags);
    std::snprintf(k.modules->last_unloaded, sizeof k.modules->last_unloaded, "%s%s", m->name,
                  k.config.release >= Release::v6_1 ? flags : "");
    k.emit(EventKind::module_free, 0, reinterpret_cast<u64>(m->mod));
    free_module(k, *m);
    return 0;
}

} // namespace

void modules_init(Kernel& k)
{
    k.modules = k.arena.make<Modules>();
    list_init(&k.modules->list);
    for (WatchState** watch : {&k.modules->watch_hard, &k.modules->watch_soft})
        *watch = ::new (k.arena.take(k.cpu_count * sizeof(WatchState))) WatchState[k.cpu_count]{};
    traps_install();
}

void modules_drop(Kernel& k)
{
    if (!k.modules)
        return;
    for (LoadedModule* m = k.modules->first; m; m = m->next)
        gdb_unregister(*m);
    k.modules->memory.close();
    k.modules = nullptr;
}

bool module_get(abi::module* module)
{
    if (!module)
        return true;
    if (module->state == abi::MODULE_STATE_GOING || module->refcnt.counter == 0)
        return false;
    ++module->refcnt.counter;
    return true;
}

void module_put(abi::module* module)
{
    if (module)
        --module->refcnt.counter;
}

int sys_init_module(const char* path, std::string_view image, const char* parameters)
{
    syscall_enter();
    const int result = load_module(kernel(), path, image, parameters);
    syscall_exit();
    return result;
}

int sys_delete_module(const char* name)
{
    syscall_enter();
    const int result = unload_module(kernel(), name);
    syscall_exit();
    return result;
}

} // namespace irqlab::kernel
