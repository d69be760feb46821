// The constant directories of the kernel's own files.
#pragma once
#include <sys/stat.h>

#include "kernel/cpu_set.hpp"
#include "kernel/vfs/vfs.hpp"

namespace irqlab::kernel {

extern const Directory root_directory, proc_directory, dev_directory, sys_directory;
extern const Directory proc_irq_directory, sys_kernel_irq_directory;
extern const Directory tracing_directory; // kernel/trace

template <std::size_t N>
constexpr Directory directory_of(const Fixed (&rows)[N], decltype(Directory::find) find = nullptr,
                                 decltype(Directory::list) list = nullptr)
{
    return {rows, N, find, list};
}
constexpr Fixed text_row(std::string_view name, Show show, Store store = nullptr, void* context = nullptr)
{
    return {.name = name, .mode = S_IFREG | (store ? 0644u : 0444u), .show = show, .store = store, .context = context};
}
constexpr Fixed dir_row(std::string_view name, const Directory* directory = nullptr, unsigned permissions = 0755)
{
    return {.name = name, .mode = S_IFDIR | permissions, .directory = directory};
}
constexpr Fixed link_row(std::string_view name, const char* target)
{
    return {.name = name, .mode = S_IFLNK | 0777u, .target = target};
}

/// A mask as Linux prints it: hexadecimal, as wide as the number of possible CPUs needs.
void append_mask(TextSink& out, const CpuSet& mask, unsigned cpus);
/// A mask as a list: 0-1,3
void append_list(TextSink& out, const CpuSet& mask);
/// Reads a mask or, with `list`, a list. @return false when it is neither.
bool parse_mask(std::string_view text, bool list, CpuSet& mask);

} // namespace irqlab::kernel
