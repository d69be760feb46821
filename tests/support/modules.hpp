// Kernel modules for tests: built from their C files when first asked for, once for each test program.
#pragma once
#include <string>

#include "app/kbuild/build.hpp"

namespace irqlab::test {

struct ModuleOptions {
    kernel::Release release = kernel::Release::v6_1;
    app::kbuild::Optimize optimize = app::kbuild::Optimize::o0;
    bool instrument = true;
};

/// Where the tests' own files lie.
std::string tests_directory();

/// Builds SOURCE, a path below tests/ (`modules/plain.c`). What does not build fails the test that asks.
/// @return the absolute path of the .ko; empty when it does not build.
std::string module_path(const std::string& source, const ModuleOptions& options = {});

} // namespace irqlab::test
