// Which C files below some folders are kernel modules.
#pragma once
#include <string>
#include <vector>

#include "app/output.hpp"

namespace irqlab::app::survey {

/// Absolute paths, sorted, each once: C files that say MODULE_LICENSE, module_init or the like.
/// @param only  a file with one path a line (absolute, or below one of the folders): no others. Empty: all.
/// @return false after saying on `output` what cannot be read.
bool find_modules(const std::vector<std::string>& inputs, const std::string& only, Output& output,
                  std::vector<std::string>& modules);

} // namespace irqlab::app::survey
