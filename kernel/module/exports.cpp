// Gathers the subsystems' export tables into one index, sorted by name, once for the process.
#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "kernel/module/export.hpp"

namespace irqlab::kernel {

#define IRQLAB_TABLE(subsystem)                    \
    extern const Export subsystem##_exports[];     \
    extern const std::size_t subsystem##_exports_count;
#define IRQLAB_TABLES(X) \
    X(bh) X(domain) X(hook) X(irq) X(lib) X(lock) X(mm) X(module) X(msr) X(oops) X(pci) X(printk) X(proc_read) \
    X(sched) X(smp) X(time) X(tty) X(vfs) X(work)
IRQLAB_TABLES(IRQLAB_TABLE)

namespace {

std::string_view name_of(const Export* e) { return e->name; }

std::vector<const Export*> gather()
{
    std::vector<const Export*> all;
    const auto add = [&](const Export* table, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(table + i);
    };
#define IRQLAB_ADD(subsystem) add(subsystem##_exports, subsystem##_exports_count);
    IRQLAB_TABLES(IRQLAB_ADD)
    std::ranges::stable_sort(all, {}, name_of);
    return all;
}

const std::vector<const Export*>& index()
{
    static const std::vector<const Export*> all = gather();
    return all;
}

/// The rows of a name, one for each range of releases. (clang before 16 cannot compile libstdc++'s subrange.)
std::span<const Export* const> range_of(std::string_view name)
{
    const std::vector<const Export*>& all = index();
    const auto first = std::ranges::lower_bound(all, name, {}, name_of);
    return {first, std::ranges::upper_bound(first, all.end(), name, {}, name_of)};
}

} // namespace

const Export* find_export(std::string_view name, Release release)
{
    for (const Export* e : range_of(name))
        if (e->since <= release && release <= e->until)
            return e;
    return nullptr;
}

const Export* find_export_any(std::string_view name)
{
    const auto found = range_of(name);
    return found.empty() ? nullptr : found.front();
}

bool exported_to_modules(const char* name) { return find_export_any(name) != nullptr; }

void each_export(Release release, void (*visit)(void* context, const Export& e), void* context)
{
    for (const Export* e : index())
        if (e->since <= release && release <= e->until)
            visit(context, *e);
}

} // namespace irqlab::kernel
