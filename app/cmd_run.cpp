// irqlab run: one World, one script.
#include "app/interrupt_key.hpp"
#include "app/machine_options.hpp"
#include "app/host/paths.hpp"
#include "app/session.hpp"
#include "app/verbs.hpp"
#include "kernel/syscall.hpp"
#include <CLI/CLI.hpp>
#include <memory>

namespace irqlab::app {

namespace {

struct Options {
    lab::WorldConfig config;
    std::string script, commands, optimize = "0";
    bool echo = false;
};

struct EchoedRun {
    lab::World& world;
    const lab::ShellHooks& hooks;
    const std::string& text;
};

void print(std::string_view text) { kernel::sys_write(1, text.data(), text.size()); }

// Command by command, each behind a prompt, as a terminal would show the session.
int echoed_main(void* argument)
{
    const EchoedRun& run = *static_cast<const EchoedRun*>(argument);
    lab::Interactive shell(run.world.memory(), run.hooks);
    int status = 0;
    std::pmr::string command(&run.world.memory());
    for (std::size_t at = 0; at < run.text.size() && !shell.exited();) {
        const std::size_t end = std::min(run.text.find('\n', at), run.text.size() - 1) + 1;
        const std::string_view line(run.text.data() + at, end - at);
        at = end;
        if (command.empty() && (line.front() == '#' || line.front() == '\n'))
            continue;
        print(command.empty() ? "$ " : "> ");
        print(line.ends_with('\n') ? line.substr(0, line.size() - 1) : line);
        print("\n");
        command += line;
        if (at < run.text.size() && !lab::Interactive::complete(command))
            continue;
        status = shell.run_line(command);
        command.clear();
    }
    return status;
}

lab::World::Result run_echoed(Session& session, const Options& options)
{
    std::string text = options.commands;
    if (!options.script.empty())
        read_file(options.script, text);
    EchoedRun run{session.world(), session.hooks(), text};
    return session.world().run("sh", echoed_main, &run);
}

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
    const auto result =
        options.echo ? run_echoed(session, options) : session.world().run(script, session.hooks());
    key.watch(nullptr);
    return status_of("irqlab run", session, result);
}

} // namespace

void add_run(CLI::App& irqlab, int& status)
{
    auto options = std::make_shared<Options>();
    CLI::App* verb = irqlab.add_subcommand("run", "run one script in one World; the exit status is the script's");
    add_machine_options(*verb, options->config);
    verb->add_option("-c", options->commands, "the commands themselves")->type_name("'COMMANDS'");
    verb->add_flag("--echo", options->echo, "print each command behind a prompt before it runs");
    verb->add_option("-O", options->optimize, "of the modules that `make` builds inside: 0 or 2 (0)")
        ->type_name("LEVEL")
        ->check(CLI::IsMember({"0", "2"}));
    verb->add_option("script", options->script, "file with the commands")->type_name("SCRIPT");
    verb->footer("Example: the interrupts of a PC on which one key was pressed\n"
                 "  irqlab run --board pc --cpus 2 -c 'kbd type a; grep i8042 /proc/interrupts'");
    verb->callback([options, &status] { status = run(*options); });
}

} // namespace irqlab::app
