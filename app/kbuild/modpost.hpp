// What Linux's modpost does between compiling and the last link: checks a module's symbols and licence, and
// writes NAME.mod.c, which holds the module's own object. [LX kbuild/modules] "Symbols and CONFIG_MODVERSIONS".
#pragma once
#include "app/kbuild/compile.hpp"
#include "app/kbuild/object.hpp"
#include "app/output.hpp"
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::app::kbuild {

struct LinkedModule {
    const ModulePlan* plan = nullptr;
    std::string object; // path of the linked NAME.o
    ObjectFile contents;
};

/// Which module offers a symbol: this build's own, and those of KBUILD_EXTRA_SYMBOLS.
using Providers = std::map<std::string, std::string, std::less<>>;

/// Reads a Module.symvers. Lines that are none are passed over. @return false: it cannot be read.
bool read_symvers(const std::string& path, Providers& providers);
/// The Module.symvers of these modules; empty when they export nothing.
std::string symvers_text(const std::vector<LinkedModule>& modules);

/// Does the lab's kernel export the name to modules, in that release?
using Exported = bool (*)(const char* name, kernel::Release release);

/// Where the names that a module needs may come from.
struct Symbols {
    const Providers& providers;
    Exported exported; // null: anything may be there
    kernel::Release release;
    const std::vector<std::string>& also_exported; // --export
};

/// Checks one module. @return false after saying on `output` what modpost would, and where the name is used.
bool check_module(const LinkedModule& module, const Symbols& symbols, Output& output);

/// The text of NAME.mod.c.
std::string mod_source(const LinkedModule& module, const Providers& providers, kernel::Release release);

/// "6.1.0 SMP preempt mod_unload ": what insmod compares with the kernel's own. [LX kernel/module/version.c]
std::string version_magic(kernel::Release release);

} // namespace irqlab::app::kbuild
