// The kernel's own lines, formatted by fmt: for boot, where no driver's format string is involved.
#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "kernel/printk/console.hpp"

namespace irqlab::kernel {

/// One line of at most 255 bytes into the log; what is longer is cut.
template <class... Args> void say(Kernel& k, int level, fmt::format_string<Args...> format, Args&&... args)
{
    char line[256];
    const auto end = fmt::format_to_n(line, sizeof line, format, std::forward<Args>(args)...);
    log_line(k, level, {line, std::min<std::size_t>(end.size, sizeof line)});
}

} // namespace irqlab::kernel
