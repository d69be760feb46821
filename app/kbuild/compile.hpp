// The command lines of gcc and ld for a module, and what irqlab adds to gcc's messages.
#pragma once
#include "app/kbuild/makefile.hpp"
#include "kernel/config.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::app::kbuild {

/// -O0 keeps the source's accesses one by one; -O2 is what this compiler really makes of the code.
enum class Optimize : unsigned char { o0, o2, as_written };

struct Compiler {
    std::string gcc, ld;         // absolute
    std::string own_headers;     // gcc's own include folder: stddef.h, stdarg.h
    std::string linux_directory; // irqlab's include/ and abi/
    kernel::Release release = kernel::Release::v6_1;
    Optimize optimize = Optimize::o0;
    bool instrument = true; // every memory access calls the lab
    bool colour = false;
};

/// Finds gcc, ld and the headers. @return false after saying on `output` what is missing.
bool find_compiler(Compiler& compiler, Output& output);

/// gcc -c of one part of a module.
std::vector<std::string> compile_command(const Compiler& compiler, const ModulePlan& module, const Part& part,
                                         const std::string& object);
/// gcc -c of NAME.mod.c.
std::vector<std::string> compile_mod_command(const Compiler& compiler, const ModulePlan& module,
                                             const std::string& source, const std::string& object);
std::vector<std::string> link_command(const Compiler& compiler, const std::vector<std::string>& objects,
                                      const std::string& output, bool build_id);

/// For each header that gcc did not find, one line that says so in irqlab's words.
std::string explain_missing_headers(std::string_view messages, const std::string& cwd);

} // namespace irqlab::app::kbuild
