// irqlab: the command. Finds the verb, or, called through a link of the toolbox, is that tool.
#include "app/exports.hpp"
#include "app/toolbox/toolbox.hpp"
#include "app/verbs.hpp"
#include <CLI/CLI.hpp>
#include <string>

using namespace irqlab::app;

namespace {

/// The verbs by name, or nothing when `word` is one of them.
std::string verbs_unless(CLI::App& irqlab, const std::string& word)
{
    std::string list;
    for (const CLI::App* verb : irqlab.get_subcommands([](CLI::App*) { return true; })) {
        if (verb->get_name() == word)
            return {};
        list += (list.empty() ? "" : ", ") + verb->get_name();
    }
    return list;
}

int unknown_verb(const std::string& word, const std::string& verbs)
{
    TerminalOutput().error("irqlab: '" + word + "' is no verb; verbs: " + verbs + "\n");
    return status_usage;
}

// CLI11 has a status for each kind of mistake; ours is 2 for all of them.
int usage_error(CLI::App& irqlab, const CLI::ParseError& error)
{
    if (error.get_exit_code() == 0) // --help, --version
        return irqlab.exit(error);
    const auto chosen = irqlab.get_subcommands();
    const std::string who = chosen.empty() ? "irqlab" : "irqlab " + chosen.front()->get_name();
    TerminalOutput().error(who + ": " + error.what() + "\nTry '" + who + " --help'.\n");
    return status_usage;
}

int run(int argc, char** argv)
{
    CLI::App irqlab{"irqlab: a laboratory for x86 interrupts under Linux, in user space.", "irqlab"};
    int status = 0;
    irqlab.set_version_flag("--version", std::string("irqlab ") + version());
    irqlab.require_subcommand(1);
    add_build(irqlab, status);
    add_run(irqlab, status);
    add_shell(irqlab, status);
    add_show(irqlab, status);
    add_survey(irqlab, status);
    add_doctor(irqlab, status);
    if (argc < 2) {
        TerminalOutput().error(irqlab.help());
        return status_usage;
    }
    const std::string verbs = argv[1][0] == '-' ? std::string{} : verbs_unless(irqlab, argv[1]);
    if (!verbs.empty())
        return unknown_verb(argv[1], verbs);
    try {
        irqlab.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return usage_error(irqlab, error);
    }
    return status;
}

} // namespace

int main(int argc, char** argv)
{
    if (is_toolbox_call(argv[0]))
        return toolbox_main(argc, argv, exported_by_release);
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        TerminalOutput().error(std::string("irqlab: ") + error.what() + "\n");
        return status_usage;
    }
}
