// One World in front of a person: its terminal is ours, its host commands run in a toolbox, `show` shows it.
#pragma once
#include "app/toolbox/toolbox.hpp"
#include "lab/world.hpp"
#include <string>

namespace irqlab::app {

class Session {
  public:
    Session(const lab::WorldConfig& config, kbuild::Optimize optimize);
    lab::World& world() { return world_; }
    const lab::ShellHooks& hooks() const { return hooks_; }
    const Toolbox& toolbox() const { return toolbox_; }

  private:
    Toolbox toolbox_;
    sim::NaturalChoice choice_;
    lab::WorldConfig config_; // the World keeps views of its texts
    lab::World world_;
    lab::ShellHooks hooks_;
};

/// Reads the script's file, or takes `commands` when a file is not named, and parses it.
/// @return false after saying on stderr what is wrong with it, as `who`.
bool load_script(const std::string& who, const std::string& path, const std::string& commands, lab::Script& script);

/// What became of a run as an exit status. Says so on stderr when the World stopped without an end.
int status_of(const std::string& who, Session& session, const lab::World::Result& result);

} // namespace irqlab::app
