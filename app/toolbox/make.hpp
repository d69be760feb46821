// `make -C /lib/modules/VERSION/build M=DIR TARGET`: the one call of make that irqlab answers itself.
#pragma once
#include "app/toolbox/toolbox.hpp"
#include <string>
#include <vector>

namespace irqlab::app {

struct MakeCall {
    std::string directory;             // of -C, as typed; empty: none
    std::string module_directory;      // of M=, SUBDIRS= or KBUILD_EXTMOD=; empty: none
    std::vector<std::string> targets;
    std::vector<std::string> variables; // the other NAME=VALUE
    unsigned jobs = 0;
    bool print_directory = true;        // unless -s or --no-print-directory
};

/// Reads GNU make's command line. [MAKE] "Summary of Options".
MakeCall parse_make_call(const std::vector<std::string>& arguments);

/// Would this call build modules with a kernel's build system? True when a module folder is given, and -C leads to
/// /lib/modules/*/build, or to no folder at all, or to a kernel tree.
bool is_kbuild_call(const MakeCall& call);

/// Does what that kernel's make would. @return its exit status: 0, or 2 when something failed.
int kbuild_make(const MakeCall& call, kbuild::Exported exported);

/// The settings that the Toolbox left in the environment.
ToolboxSettings toolbox_settings();

} // namespace irqlab::app
