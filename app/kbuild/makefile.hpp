// Reading a Kbuild or Makefile: GNU make evaluates it, with the variables set that kbuild sets, and tells
// what its own variables became. The file is neither changed nor are its rules run.
// Source: [LX kbuild/makefiles] "The kbuild files", [LX kbuild/modules].
#pragma once
#include "app/output.hpp"
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::app::kbuild {

/// What the evaluation needs to know.
struct Evaluation {
    std::string directory;                // absolute: $(M)
    std::string release;                  // "6.1.0": $(KERNELRELEASE)
    std::string linux_directory;          // $(srctree)
    std::vector<std::string> variables;   // NAME=VALUE of the command line
    std::vector<std::string> environment; // for the programs that $(shell ...) starts
};

/// One folder's variables, expanded.
struct Kbuild {
    std::string directory;
    std::string file; // the Kbuild or Makefile that was read
    std::map<std::string, std::string, std::less<>> variables;

    std::string_view value(std::string_view name) const;
};

/// Evaluates directory + "/Kbuild", or ".../Makefile" when there is none.
/// @return false after saying why on `output`.
bool evaluate(const Evaluation& evaluation, const std::string& directory, Output& output, Kbuild& out);

/// One object file and what it is made from.
struct Part {
    std::string source; // absolute; .c, .S or .o_shipped
    std::string object; // its name within the module: "sub/x.o"
    std::vector<std::string> flags;
};

struct ModulePlan {
    std::string name;      // "x" of x.ko, as written, without folder
    std::string directory; // absolute: where the .ko goes by default
    bool composite = false;
    std::vector<Part> parts;
};

/// Walks the folders from evaluation.directory on and lists the modules that their obj-m name.
/// @param extra_symbols  the files of KBUILD_EXTRA_SYMBOLS are added.
/// @return false after saying why on `output`: no such file, a source that is not there, make's own error.
bool plan_modules(const Evaluation& evaluation, Output& output, std::vector<ModulePlan>& modules,
                  std::vector<std::string>& extra_symbols);

} // namespace irqlab::app::kbuild
