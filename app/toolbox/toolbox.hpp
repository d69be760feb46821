// The toolbox: a folder, first on PATH, in which make, uname and their like are links to irqlab itself.
//
// Inside the lab a module's own Makefile is run as typed: GNU make runs it, and where it goes down into
// /lib/modules/.../build, or asks which kernel runs, irqlab answers instead of the host.
#pragma once
#include "app/host/paths.hpp"
#include "app/kbuild/build.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::app {

/// How modules are built inside the lab.
struct ToolboxSettings {
    kernel::Release release = kernel::Release::v6_1;
    kbuild::Optimize optimize = kbuild::Optimize::o0;
    bool instrument = true;
    std::vector<std::string> also_exported; // --export
};

/// The folder of links. It goes when the object goes.
class Toolbox {
  public:
    /// @param program  what the links lead to.
    explicit Toolbox(const ToolboxSettings& settings, const std::string& program = own_program());
    /// NAME=VALUE for a program that shall find the toolbox: PATH, and the settings.
    const std::vector<std::string>& environment() const { return environment_; }
    const std::string& directory() const { return directory_.path(); }

  private:
    TemporaryDirectory directory_;
    std::vector<std::string> environment_;
};

/// Runs a program of the host inside the toolbox. @param input  its stdin.
/// @param output  what it printed, both streams, is appended. @return 0..255, 127: there is no such program.
int run_host_command(const Toolbox& toolbox, const std::vector<std::string>& argv, const std::string& cwd,
                     std::string_view input, std::string& output);

/// Was this process started through a link of a toolbox, by the name argv0?
bool is_toolbox_call(const char* argv0);
/// Then this is its main.
int toolbox_main(int argc, const char* const* argv, kbuild::Exported exported);

} // namespace irqlab::app
