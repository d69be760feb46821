// The kernel's own files in /sys: /sys/kernel/irq, /sys/module, and the directories that drivers fill.
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/vfs/proc_texts.hpp"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

using abi::gfp_t; // for the GFP_ macros

namespace {

// --- /sys/module/NAME -----------------------------------------------------------------------------------------
// The context is the LoadedModule. A file that was opened before the module went finds it gone.

const LoadedModule* module_of(Kernel& k, void* context)
{
    for (const LoadedModule* m = k.modules ? modules_first(k) : nullptr; m; m = m->next)
        if (m == context)
            return m;
    return nullptr;
}

void coresize(Kernel& k, void* context, TextSink& out)
{
    if (const LoadedModule* m = module_of(k, context))
        out.format("{}\n", m->core.size);
}

void initsize(Kernel& k, void* context, TextSink& out)
{
    if (const LoadedModule* m = module_of(k, context))
        out.format("{}\n", m->init.size);
}

void initstate(Kernel& k, void* context, TextSink& out)
{
    const LoadedModule* m = module_of(k, context);
    if (!m)
        return;
    switch (m->mod->state) {
    case abi::MODULE_STATE_LIVE: out.append("live\n"); break;
    case abi::MODULE_STATE_COMING: out.append("coming\n"); break;
    case abi::MODULE_STATE_GOING: out.append("going\n"); break;
    default: out.append("unknown\n");
    }
}

void refcnt(Kernel& k, void* context, TextSink& out)
{
    if (const LoadedModule* m = module_of(k, context))
        out.format("{}\n", module_users(*m));
}

/// The letters of module_flags() without their brackets and the sign of coming or going.
void taint(Kernel& k, void* context, TextSink& out)
{
    const LoadedModule* m = module_of(k, context);
    if (!m)
        return;
    char flags[24];
    module_flags(*m, flags);
    for (const char* c = flags; *c; ++c)
        if (*c >= 'A' && *c <= 'Z')
            out.append(*c);
    out.append('\n');
}

void srcversion(Kernel& k, void* context, TextSink& out)
{
    if (const LoadedModule* m = module_of(k, context))
        out.format("{}\n", m->srcversion ? m->srcversion : "");
}

void module_version(Kernel& k, void* context, TextSink& out)
{
    if (const LoadedModule* m = module_of(k, context))
        out.format("{}\n", m->version ? m->version : "");
}

int store_uevent(Kernel& k, void*, std::string_view)
{
    ++k.vfs->uevents;
    return 0;
}

// --- parameters: the context is the kernel_param, which lies in the module's data ---------------------------------

struct Parameter {
    const LoadedModule* module = nullptr;
    std::size_t index = 0;
};

Parameter parameter_of(Kernel& k, const void* context)
{
    for (const LoadedModule* m = k.modules ? modules_first(k) : nullptr; m; m = m->next)
        if (m->mod->kp <= context && context < m->mod->kp + m->mod->num_kp)
            return {m, static_cast<std::size_t>(static_cast<const abi::kernel_param*>(context) - m->mod->kp)};
    return {};
}

void show_parameter(Kernel& k, void* context, TextSink& out)
{
    const Parameter p = parameter_of(k, context);
    if (!p.module)
        return;
    auto* page = reinterpret_cast<char*>(abi::get_zeroed_page(GFP_KERNEL));
    const int n = module_param_show(*p.module, p.index, page);
    if (n > 0)
        out.append({page, static_cast<std::size_t>(n)});
    abi::free_pages(reinterpret_cast<unsigned long>(page), 0);
}

int store_parameter(Kernel& k, void* context, std::string_view text)
{
    const Parameter p = parameter_of(k, context);
    if (!p.module)
        return -ENODEV;
    auto* value = static_cast<char*>(abi::__kmalloc(text.size() + 1, GFP_KERNEL));
    std::memcpy(value, text.data(), text.size());
    value[text.size()] = 0;
    const int error = module_param_store(*p.module, p.index, value);
    abi::kfree(value);
    return error;
}

/// The name without the module's prefix.
std::string_view parameter_name(const abi::kernel_param& p)
{
    const std::string_view name = p.name;
    const std::size_t dot = name.find('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

bool find_parameter(Kernel& k, void* context, std::string_view name, Fixed& out)
{
    const LoadedModule* m = module_of(k, context);
    for (unsigned i = 0; m && i < m->mod->num_kp; ++i) {
        abi::kernel_param& p = m->mod->kp[i];
        if (p.perm == 0 || parameter_name(p) != name)
            continue;
        out = {.name = name,
               .mode = S_IFREG | (p.perm & 0777u),
               .show = p.perm & 0444 ? show_parameter : nullptr,
               .store = p.perm & 0222 ? store_parameter : nullptr,
               .context = &p};
        return true;
    }
    return false;
}

void list_parameters(Kernel& k, void* context, const NameList& names)
{
    const LoadedModule* m = module_of(k, context);
    for (unsigned i = 0; m && i < m->mod->num_kp; ++i)
        if (m->mod->kp[i].perm != 0)
            names.add(names.context, parameter_name(m->mod->kp[i]));
}

constexpr Directory parameters{nullptr, 0, find_parameter, list_parameters};
constexpr Fixed module_rows[] = {text_row("coresize", coresize),
                                 dir_row("holders"),
                                 text_row("initsize", initsize),
                                 text_row("initstate", initstate),
                                 dir_row("notes"),
                                 text_row("refcnt", refcnt),
                                 dir_row("sections"),
                                 text_row("srcversion", srcversion),
                                 text_row("taint", taint),
                                 {.name = "uevent", .mode = S_IFREG | 0200, .store = store_uevent}};

bool find_optional(Kernel& k, void* context, std::string_view name, Fixed& out)
{
    const LoadedModule* m = module_of(k, context);
    if (m && m->version && name == "version")
        out = text_row("version", module_version);
    else if (m && m->mod->num_kp != 0 && name == "parameters")
        out = dir_row("parameters", &parameters);
    else
        return false;
    return true;
}

void list_optional(Kernel& k, void* context, const NameList& names)
{
    const LoadedModule* m = module_of(k, context);
    if (m && m->mod->num_kp != 0)
        names.add(names.context, "parameters");
    if (m && m->version)
        names.add(names.context, "version");
}

constexpr Directory module_directory = directory_of(module_rows, find_optional, list_optional);

bool find_module(Kernel& k, void*, std::string_view name, Fixed& out)
{
    for (const LoadedModule* m = k.modules ? modules_first(k) : nullptr; m; m = m->next)
        if (name == m->name) {
            out = {.name = name,
                   .mode = S_IFDIR | 0755,
                   .directory = &module_directory,
                   .context = const_cast<LoadedModule*>(m)};
            return true;
        }
    return false;
}

void list_modules(Kernel& k, void*, const NameList& names)
{
    for (const LoadedModule* m = k.modules ? modules_first(k) : nullptr; m; m = m->next)
        names.add(names.context, m->name);
}

constexpr Directory modules{nullptr, 0, find_module, list_modules};

// --- the directories that are always there --------------------------------------------------------------------

void online(Kernel& k, void*, TextSink& out)
{
    append_list(out, online_cpus(k));
    out.append('\n');
}

void possible(Kernel& k, void*, TextSink& out)
{
    append_list(out, CpuSet::first_of(k.cpu_count));
    out.append('\n');
}

constexpr Fixed cpu_rows[] = {text_row("online", online), text_row("possible", possible),
                              text_row("present", possible)};
constexpr Directory cpu_directory = directory_of(cpu_rows);
constexpr Fixed system_rows[] = {dir_row("cpu", &cpu_directory)};
constexpr Directory system_directory = directory_of(system_rows);
constexpr Fixed devices_rows[] = {dir_row("platform"), dir_row("system", &system_directory), dir_row("virtual")};
constexpr Directory devices_directory = directory_of(devices_rows);
constexpr Fixed bus_n_rows[] = {dir_row("devices"), dir_row("drivers")};
constexpr Directory bus_n = directory_of(bus_n_rows);
constexpr Fixed bus_rows[] = {dir_row("pci", &bus_n), dir_row("platform", &bus_n)};
constexpr Directory bus_directory = directory_of(bus_rows);
constexpr Fixed debug_rows[] = {dir_row("tracing", &tracing_directory, 0700)}; // drivers add theirs
constexpr Directory debug_directory = directory_of(debug_rows);
constexpr Fixed kernel_rows[] = {dir_row("debug", &debug_directory, 0700), dir_row("irq", &sys_kernel_irq_directory),
                                 dir_row("tracing", &tracing_directory, 0700)};
constexpr Directory kernel_directory = directory_of(kernel_rows);

constexpr Fixed sys_rows[] = {dir_row("bus", &bus_directory),
                              dir_row("class"),
                              dir_row("devices", &devices_directory),
                              dir_row("firmware"),
                              dir_row("kernel", &kernel_directory),
                              dir_row("module", &modules),
                              dir_row("power")};

} // namespace

constinit const Directory sys_directory = directory_of(sys_rows);

} // namespace irqlab::kernel
