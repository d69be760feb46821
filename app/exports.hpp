// The builder's question to the kernel: would a module of that release find this symbol?
#pragma once
#include "kernel/config.hpp"

namespace irqlab::app {

/// As kbuild::Exported. Symbols that need --export are not among them.
bool exported_by_release(const char* name, kernel::Release release);

} // namespace irqlab::app
