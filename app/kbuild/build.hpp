// `irqlab build` as a function: from a Makefile or C files to kernel modules (x86-64 ET_REL, NAME.ko).
#pragma once
#include "app/kbuild/compile.hpp"
#include "app/kbuild/modpost.hpp"
#include "app/output.hpp"
#include <string>
#include <vector>

namespace irqlab::app {

struct BuildRequest {
    std::vector<std::string> inputs;    // folders with a Kbuild or Makefile, or FILE.c; none: "."
    std::string cwd;                    // what relative inputs are relative to; empty: ours
    std::string output_directory;       // where NAME.ko goes; empty: beside the sources, as kbuild has it
    kernel::Release release = kernel::Release::v6_1;
    kbuild::Optimize optimize = kbuild::Optimize::o0;
    bool instrument = true;
    unsigned jobs = 0;                  // 0: as many as the host has processors
    std::string only_source;            // absolute: the modules made from this file, or from it alone if none is
    std::vector<std::string> variables; // NAME=VALUE of make's command line
    std::vector<std::string> environment; // for $(shell ...) in Makefiles: the toolbox's PATH
    kbuild::Exported exported = nullptr;  // null: symbols are not checked
    std::vector<std::string> also_exported; // --export
};

struct BuildResult {
    int status = 0;                   // 0; 1: a module does not build; 2: used wrongly, or the host lacks something
    std::vector<std::string> modules; // absolute paths of the NAME.ko made
};

/// Prints kbuild's lines ("  CC [M]  /path/x.o") and gcc's messages on `output`.
BuildResult build_modules(const BuildRequest& request, Output& output);

/// What an earlier build of this folder left beside its sources: the files that `make clean` removes.
/// @return false after saying why on `output`.
bool list_products(const BuildRequest& request, Output& output, std::vector<std::string>& files);

} // namespace irqlab::app
