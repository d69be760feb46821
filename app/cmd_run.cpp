// irqlab run: one World, one script.
#include "app/interrupt_key.hpp"
#include "app/machine_options.hpp"
#include "app/session.hpp"
#include "app/verbs.hpp"
#include <CLI/CLI.hpp>
#include <memory>

namespace irqlab::app {

namespace {

struct Options {
    lab::WorldConfig config;
    std::string script, commands, optimize = "0";
};

int run(const Options& options)
{
    if (options.script.empty() == options.commands.empty()) {
        TerminalOutput().error("irqlab run: give a SCRIPT or -c 'COMMANDS', one of them\n");
        return status_usage;
    }
    lab::Script script;
    if (!load_script("irqlab run", options.script, options.commands, script))
        return status_usage;
    Session session(options.config, options.optimize == "2" ? kbuild::Optimize::o2 : kbuild::Optimize::o0);
    InterruptKey key;
    key.watch(&session.world().kernel());
    const auto result = session.world().run(script, session.hooks());
    key.watch(nullptr);
    return status_of("irqlab run", result);
}

} // namespace

void add_run(CLI::App& irqlab, int& status)
{
    auto options = std::make_shared<Options>();
    CLI::App* verb = irqlab.add_subcommand("run", "run one script in one World; the exit status is the script's");
    add_machine_options(*verb, options->config);
    verb->add_option("-c", options->commands, "the commands themselves")->type_name("'COMMANDS'");
    verb->add_option("-O", options->optimize, "of the modules that `make` builds inside: 0 or 2 (0)")
        ->type_name("LEVEL")
        ->check(CLI::IsMember({"0", "2"}));
    verb->add_option("script", options->script, "file with the commands")->type_name("SCRIPT");
    verb->footer("Example: the interrupts of a PC on which one key was pressed\n"
                 "  irqlab run --board pc --cpus 2 -c 'kbd type a; grep i8042 /proc/interrupts'");
    verb->callback([options, &status] { status = run(*options); });
}

} // namespace irqlab::app
