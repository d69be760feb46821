// irqlab show: the machine's registers by name, as it is or at the end of a script.
#include "app/machine_options.hpp"
#include "app/session.hpp"
#include "app/verbs.hpp"
#include "lab/show/show.hpp"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

namespace irqlab::app {

namespace {

struct Options {
    lab::WorldConfig config;
    std::vector<std::string> words; // WHAT [N] [SCRIPT]
    std::string commands;
    bool json = false;
};

bool is_number(const std::string& word)
{
    return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

// A script's file comes last; what is no number after WHAT can be nothing else.
std::string take_script(std::vector<std::string>& words)
{
    if (words.size() < 2 || is_number(words.back()))
        return {};
    std::string script = words.back();
    words.pop_back();
    return script;
}

int show(const Options& options)
{
    TerminalOutput output;
    std::vector<std::string> words = options.words;
    const std::string path = take_script(words);
    if (!path.empty() && !options.commands.empty()) {
        output.error("irqlab show: give a SCRIPT or -c 'COMMANDS', not both\n");
        return status_usage;
    }
    if (options.json)
        words.emplace_back("--json");
    lab::Script script;
    const bool has_script = !path.empty() || !options.commands.empty();
    if (has_script && !load_script("irqlab show", path, options.commands, script))
        return status_usage;
    Session session(options.config, kbuild::Optimize::o0);
    const int script_status =
        has_script ? status_of("irqlab show", session, session.world().run(script, session.hooks())) : 0;
    const auto result = lab::show(session.world().kernel(), words);
    if (result.status != 0) {
        output.error("irqlab show: " + result.text + "\n");
        return status_usage;
    }
    output.out(result.text);
    return script_status;
}

} // namespace

void add_show(CLI::App& irqlab, int& status)
{
    auto options = std::make_shared<Options>();
    CLI::App* verb = irqlab.add_subcommand("show", "registers by their datasheets' names, of a machine or after a script");
    add_machine_options(*verb, options->config);
    verb->add_option("what", options->words, "pic, ioapic, lapic [CPU], idt, wires, cpu [N] or irq N; then a script")
        ->type_name("WHAT [N] [SCRIPT]")
        ->required();
    verb->add_flag("--json", options->json, "as JSON");
    verb->add_option("-c", options->commands, "commands to run before")->type_name("'COMMANDS'");
    verb->footer("Example: the pair of 8259A with line 7 high\n"
                 "  irqlab show --cmdline noapic pic -c 'irq raise 7'");
    verb->callback([options, &status] { status = show(*options); });
}

} // namespace irqlab::app
