// Builds one module of a survey, as its folder's Makefile says if that names it, else from its C file alone.
#pragma once
#include <string>
#include <vector>

#include "app/survey/row.hpp"
#include "kernel/config.hpp"

namespace irqlab::app::survey {

/// Fills in `built`, or `failure`.
/// @param directory  where the products go.
/// @return the modules to load, in this order: those whose symbols the module needs, then the module itself.
std::vector<std::string> build_one(const std::string& source, kernel::Release release,
                                   const std::vector<std::string>& exports, const std::string& directory,
                                   Row& row);

} // namespace irqlab::app::survey
