// Inside kernel/module: a module that is being loaded, and what its image is asked before it is placed.
// The texts are Linux's [LX kernel/module/main.c].
#pragma once
#include "kernel/module/loader.hpp"

namespace irqlab::kernel {

/// What loading needs until init has returned. Lies on the loading task's stack; owns nothing.
struct Loading {
    Kernel& k;
    ElfImage image;
    std::size_t this_module = 0; // section
    const char* name = "";
    Placement placement;
};

/// Finds the module's own struct and name in the image. @return 0 or -ENOEXEC.
int find_this_module(Loading& l);
/// The image is made for this release. @return 0 or -ENOEXEC.
int check_vermagic(Loading& l);
/// Warns of what the module's information says: where it comes from, its license. `m.mod` is not there yet:
/// the bits go to `bits`.
void announce_taints(Loading& l, LoadedModule& m, unsigned& bits);
void announce_unsigned(Loading& l, unsigned& bits);

} // namespace irqlab::kernel
