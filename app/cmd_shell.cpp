// irqlab shell: a prompt inside a World.
//
// The shell is one task of the World. While it waits for a line, virtual time stands still. Ctrl-C stops the
// World; a task of our own then sends SIGINT to what the shell had started, and the World goes on.
#include "app/interrupt_key.hpp"
#include "app/line_editor.hpp"
#include "app/machine_options.hpp"
#include "app/session.hpp"
#include "app/verbs.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/sched/task.hpp"
#include "kernel/syscall.hpp"
#include <CLI/CLI.hpp>
#include <csignal>
#include <memory>
#include <unistd.h>

namespace irqlab::app {

namespace {

struct Prompt {
    lab::World& world;
    const lab::ShellHooks& hooks;
    LineEditor& editor;
    InterruptKey& key;
    kernel::Pid shell = 0;
    bool over = false;
    int status = 0;
};

// One command: a line, and those that go on from it.
LineEditor::Got read_command(LineEditor& editor, std::string& command)
{
    command.clear();
    std::string line;
    do {
        const auto got = editor.read(command.empty() ? "irqlab:~# " : "> ", line);
        if (got == LineEditor::Got::interrupted)
            return got;
        if (got == LineEditor::Got::end)
            return command.empty() ? got : LineEditor::Got::line;
        command += line;
    } while (!lab::Interactive::complete(command));
    editor.remember(command);
    return LineEditor::Got::line;
}

int shell_main(void* argument)
{
    Prompt& prompt = *static_cast<Prompt*>(argument);
    prompt.shell = kernel::sys_getpid();
    lab::Interactive shell(prompt.world.memory(), prompt.hooks);
    while (!shell.exited()) {
        std::string* command = new std::string; // on the heap: a kill in between must not leave it half destroyed
        const auto got = read_command(prompt.editor, *command);
        prompt.key.pressed();
        prompt.key.watch(&prompt.world.kernel());
        if (got == LineEditor::Got::line)
            prompt.status = shell.run_line(*command);
        prompt.key.watch(nullptr);
        delete command;
        if (got == LineEditor::Got::end)
            break;
    }
    prompt.over = true;
    kernel::sched_stop(prompt.world.kernel()); // the root task may be the interrupter by now
    return prompt.status;
}

bool descends_from(const kernel::Task& task, kernel::Pid ancestor)
{
    for (const kernel::Task* t = task.parent; t != nullptr; t = t->parent)
        if (t->pid() == ancestor)
            return true;
    return false;
}

int interrupt_main(void* argument)
{
    const Prompt& prompt = *static_cast<Prompt*>(argument);
    for (kernel::Task* t = kernel::kernel().sched->all; t != nullptr; t = t->next_all)
        if (!t->is_kthread && !t->exited && descends_from(*t, prompt.shell))
            kernel::send_signal(*t, SIGINT);
    // The shell itself, unless it waits for one of these: then their end is enough.
    kernel::Task* shell = kernel::find_task(kernel::kernel(), prompt.shell);
    if (shell != nullptr && (shell->linux.__state == kernel::task_running || shell->waits_in != std::string_view("wait4")))
        kernel::send_signal(*shell, SIGINT);
    int ends[2];
    char byte;
    if (kernel::sys_pipe(ends) == 0)
        while (kernel::sys_read(ends[0], &byte, 1) < 0) { // nobody writes: the World is the others' from here
        }
    return 0;
}

// The World came back without the shell's end: by Ctrl-C, or because nothing in it can move any more.
lab::World::Result go_on(Prompt& prompt, const lab::World::Result& result)
{
    // A command that waits for something outside waits until Ctrl-C, as anywhere; where nobody can press it, not at all.
    if (result.end == kernel::RunEnd::stuck) {
        if (::isatty(STDIN_FILENO) == 0)
            TerminalOutput().error("irqlab: every task waits, and nothing is left that could wake one: interrupted\n");
        else
            while (!prompt.key.pressed())
                ::usleep(20'000);
    }
    TerminalOutput().out("\n");
    return prompt.world.run("sigint", interrupt_main, &prompt);
}

int shell(const lab::WorldConfig& config)
{
    Session session(config, kbuild::Optimize::o0);
    InterruptKey key;
    LineEditor editor;
    Prompt prompt{session.world(), session.hooks(), editor, key};
    auto result = session.world().run("sh", shell_main, &prompt);
    for (int fruitless = 0; !prompt.over && result.end != kernel::RunEnd::finished && fruitless < 3; ++fruitless) {
        const int before = prompt.status;
        result = go_on(prompt, result);
        if (prompt.status != before || key.pressed())
            fruitless = 0;
    }
    return prompt.over ? prompt.status : status_of("irqlab shell", session, result);
}

struct Options {
    lab::WorldConfig config;
    bool builtin = false;
};

} // namespace

void add_shell(CLI::App& irqlab, int& status)
{
    auto options = std::make_shared<Options>();
    CLI::App* verb = irqlab.add_subcommand("shell", "a prompt inside a World");
    add_machine_options(*verb, options->config);
    verb->add_flag("--builtin", options->builtin, "irqlab's own shell");
    verb->footer("Example: watch a key's interrupt being counted\n"
                 "  irqlab shell --builtin --cpus 2\n"
                 "  irqlab:~# kbd type a\n"
                 "  irqlab:~# grep i8042 /proc/interrupts");
    verb->callback([options, &status] {
        if (!options->builtin)
            TerminalOutput().error("irqlab shell: the host's bash inside the lab is not there yet; this is the "
                                   "built-in shell\n");
        status = shell(options->config);
    });
}

} // namespace irqlab::app
