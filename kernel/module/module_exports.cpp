// What this folder offers to modules: references, parameters, per-CPU memory, symbols by name.
#include <cerrno>
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/module/state.hpp"

namespace irqlab::abi {

using irqlab::kernel::percpu_pointer;

bool try_module_get(struct module* m) { return kernel::module_get(m); }
void __module_get(struct module* m)
{
    if (m)
        ++m->refcnt.counter;
}
void module_put(struct module* m) { kernel::module_put(m); }
int module_refcount(struct module* m) { return m->refcnt.counter - 1; }

/// There is no user-mode helper in the lab: as where modprobe is missing.
int __request_module(bool, const char*, ...) { return -ENOENT; }

void* __lab_this_cpu_ptr(const volatile void* percpu) { return percpu_pointer(percpu, kernel::this_cpu().index); }
void* __lab_per_cpu_ptr(const volatile void* percpu, unsigned cpu) { return percpu_pointer(percpu, cpu); }

void* __alloc_percpu(size_t size, size_t align)
{
    kernel::Kernel& k = kernel::kernel();
    const std::uintptr_t address = k.modules->memory.take_percpu(size, align);
    if (address)
        kernel::ModuleMemory::fill_percpu(address, nullptr, size, k.cpu_count);
    return reinterpret_cast<void*>(address);
}
void* __alloc_percpu_gfp(size_t size, size_t align, gfp_t) { return __alloc_percpu(size, align); }
void free_percpu(void* percpu)
{
    if (percpu)
        kernel::kernel().modules->memory.give_back_percpu(reinterpret_cast<std::uintptr_t>(percpu));
}

} // namespace irqlab::abi

namespace irqlab::kernel {

namespace {

constexpr Export until(Export e, Release last)
{
    e.until = last;
    return e;
}

} // namespace

extern const Export module_exports[];
extern const std::size_t module_exports_count;

const Export module_exports[] = {
    EXPORT(try_module_get),
    EXPORT(__module_get),
    EXPORT(module_put),
    EXPORT(module_refcount),
    EXPORT(__request_module),
    EXPORT_GPL(__symbol_get),
    EXPORT(__symbol_put),
    EXPORT_GPL(sprint_symbol),
    until(EXPORT_GPL(kallsyms_lookup_name), Release::v5_4),
    EXPORT(__lab_this_cpu_ptr),
    EXPORT(__lab_per_cpu_ptr),
    EXPORT_GPL(__alloc_percpu),
    EXPORT_GPL(__alloc_percpu_gfp),
    EXPORT_GPL(free_percpu),
    EXPORT(param_ops_byte),
    EXPORT(param_ops_short),
    EXPORT(param_ops_ushort),
    EXPORT(param_ops_int),
    EXPORT(param_ops_uint),
    EXPORT(param_ops_long),
    EXPORT(param_ops_ulong),
    EXPORT(param_ops_ullong),
    EXPORT(param_ops_hexint),
    EXPORT(param_ops_charp),
    EXPORT(param_ops_bool),
    EXPORT(param_ops_invbool),
    EXPORT(param_ops_bint),
    EXPORT(param_ops_string),
    EXPORT(param_array_ops),
    EXPORT(param_set_int),
    EXPORT(param_get_int),
    EXPORT(param_set_uint),
    EXPORT(param_get_uint),
    EXPORT(param_set_ulong),
    EXPORT(param_get_ulong),
    EXPORT(param_set_bool),
    EXPORT(param_get_bool),
    EXPORT(param_set_charp),
    EXPORT(param_get_charp),
    EXPORT(param_set_copystring),
    EXPORT(param_get_string),
};
const std::size_t module_exports_count = std::size(module_exports);

} // namespace irqlab::kernel
