// The interpreter: simple commands. [POSIX] "Simple Commands".
//
// The task of the shell itself runs only what must change the shell. Everything else, and echo and its
// like when their output goes to a file, runs in a child, so that a driver's Oops kills the child only.
#include <utility>

#include "lab/shell/command.hpp"
#include "lab/shell/expand.hpp"
#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

/// What a child needs, in the arena and not on the stack of its parent, who may be killed first.
struct Launch {
    Launch(ShellContext& context, Vec<Opening>&& list) : shell(context), openings(std::move(list)), argv(&context.memory)
    {
    }
    ShellContext& shell;
    Vec<Opening> openings;
    Vec<const char*> argv;
    int argc() const { return static_cast<int>(argv.size()) - 1; }
};

int launch_main(void* argument)
{
    const Launch& launch = *static_cast<Launch*>(argument);
    for (const int fd : launch.shell.saved_descriptors)
        kernel::sys_close(fd);
    if (!apply_redirects(launch.shell, launch.openings, nullptr))
        return 2;
    return run_command(launch.shell, launch.argc(), launch.argv.data()) & 255;
}

/// argv as commands take it: pointers, and a null at the end.
void as_pointers(const Vec<Str>& argv, Vec<const char*>& out)
{
    for (const Str& argument : argv)
        out.push_back(argument.c_str());
    out.push_back(nullptr);
}

kernel::Pid spawn_launch(ShellContext& shell, std::string_view name, Launch* launch)
{
    char comm[16] = {};
    name.substr(name.rfind('/') + 1).copy(comm, 15);
    shell.idle_rounds = 0;
    const kernel::Pid pid = kernel::sys_spawn(comm, launch_main, launch);
    if (pid <= 0) {
        complain(shell, "Cannot fork: %s", error_text(pid));
        leave(shell, 2);
    }
    return pid;
}

/// Runs an outside command in a child, or in place when the task ends with it.
int run_outside(ShellContext& shell, const Vec<Str>& argv, Vec<Opening>& openings, bool tail)
{
    Launch* launch = make<Launch>(shell.memory, shell, std::move(openings));
    as_pointers(argv, launch->argv);
    if (tail) {
        if (!apply_redirects(shell, launch->openings, nullptr))
            return 2;
        return run_command(shell, launch->argc(), launch->argv.data());
    }
    const CommandEntry* entry = find_command(argv[0]);
    const std::string_view comm = entry && entry->in_shell ? std::string_view("sh") : std::string_view(argv[0]);
    const kernel::Pid pid = spawn_launch(shell, comm, launch);
    const int status = pid > 0 ? wait_for(shell, pid, true) : shell.status;
    if (shell.flow == Flow::normal)
        drop(shell.memory, launch);
    return status;
}

bool assign_all(ShellContext& shell, const Assignment* assignments, bool exported)
{
    for (const Assignment* a = assignments; a; a = a->next) {
        const Str value = expand_string(shell, a->value);
        if (shell.flow != Flow::normal || !set(shell, a->name, value))
            return false;
        if (exported)
            touch(shell, a->name).exported = true;
        if (shell.options.trace) {
            Str text("+ ", &shell.memory);
            text.append(a->name).append("=").append(value).append("\n");
            write_all(2, text);
        }
    }
    return true;
}

void trace(ShellContext& shell, const Vec<Str>& argv)
{
    if (!shell.options.trace || shell.flow != Flow::normal)
        return;
    Str text("+", &shell.memory);
    for (const Str& argument : argv) {
        text += ' ';
        const bool plain = !argument.empty() && argument.find_first_of(" \t\n'\"\\$*?[]|&;<>(){}#`") == Str::npos;
        text.append(plain ? "" : "'").append(argument).append(plain ? "" : "'");
    }
    text += '\n';
    write_all(2, text);
}

/// export A=$x keeps the value in one piece, as an assignment does.
void expand_arguments(ShellContext& shell, const Word* words, Vec<Str>& argv)
{
    if (!words)
        return;
    Word first = *words;
    first.next = nullptr;
    expand_words(shell, &first, argv);
    const bool declares = argv.size() == 1 && (argv[0] == "export" || argv[0] == "local" || argv[0] == "readonly");
    for (const Word* word = words->next; word && shell.flow == Flow::normal; word = word->next) {
        const Part* part = word->parts;
        const std::size_t equals = part && part->kind == PartKind::text && !part->quoted ? part->text.find('=') : 0;
        if (declares && equals != 0 && equals != std::string_view::npos && is_name(part->text.substr(0, equals))) {
            argv.emplace_back(expand_string(shell, word));
            continue;
        }
        Word one = *word;
        one.next = nullptr;
        expand_words(shell, &one, argv);
    }
}

/// Assignments and redirections without a command.
int execute_bare(ShellContext& shell, const Node& node, Vec<Opening>& openings)
{
    if (!assign_all(shell, node.assignments, false))
        return shell.status;
    if (!openings.empty()) { // > file: opened for its effect, in a child since it may be the lab's
        Vec<Str> argv(&shell.memory);
        argv.emplace_back("true");
        return run_outside(shell, argv, openings, false);
    }
    return shell.substitution_status >= 0 ? shell.substitution_status : 0;
}

int run_builtin(ShellContext& shell, const BuiltinEntry& entry, Vec<Str>& argv, Vec<Opening>& openings)
{
    if (openings.empty())
        return entry.run(shell, argv);
    if (entry.name == "read")
        return read_redirected(shell, argv, openings);
    if (entry.name == "exec") { // these redirections stay
        ++shell.redirect_depth;
        return apply_redirects(shell, openings, nullptr) ? entry.run(shell, argv) : (leave(shell, 2), 2);
    }
    Vec<SavedDescriptor> saved(&shell.memory);
    ++shell.redirect_depth;
    const int status = apply_redirects(shell, openings, &saved) ? entry.run(shell, argv) : 2;
    restore_descriptors(shell, saved);
    --shell.redirect_depth;
    return status;
}

int run_function(ShellContext& shell, const Node& body, Vec<Str>& argv, Vec<Opening>& openings)
{
    Vec<SavedDescriptor> saved(&shell.memory);
    shell.redirect_depth += !openings.empty();
    const int status = apply_redirects(shell, openings, &saved) ? call_function(shell, body, argv) : 2;
    restore_descriptors(shell, saved);
    shell.redirect_depth -= !openings.empty();
    return status;
}

/// The command of a line, with its prefix assignments already made.
int dispatch(ShellContext& shell, Vec<Str>& argv, Vec<Opening>& openings, bool tail)
{
    const BuiltinEntry* builtin = find_builtin(argv[0]);
    const Node* function = builtin && builtin->special ? nullptr : find_function(shell, argv[0]);
    if (function)
        return run_function(shell, *function, argv, openings);
    if (builtin)
        return run_builtin(shell, *builtin, argv, openings);
    const CommandEntry* entry = find_command(argv[0]);
    if (!entry || !entry->in_shell || !openings.empty() || shell.redirect_depth > 0 || tail)
        return run_outside(shell, argv, openings, tail);
    Vec<const char*> pointers(&shell.memory);
    as_pointers(argv, pointers);
    return invoke(shell, *entry, static_cast<int>(argv.size()), pointers.data());
}

} // namespace

int execute_simple(ShellContext& shell, const Node& node, bool tail)
{
    shell.line = node.line;
    shell.substitution_status = -1;
    Vec<Str> argv(&shell.memory);
    Vec<Opening> openings(&shell.memory);
    expand_arguments(shell, node.words, argv);
    if (shell.flow != Flow::normal || !expand_redirects(shell, node.redirects, openings))
        return shell.status;
    if (argv.empty())
        return execute_bare(shell, node, openings);
    const BuiltinEntry* builtin = find_builtin(argv[0]);
    const bool stays = argv[0] == ":" || (builtin && builtin->special && argv[0] != "exec");
    Vec<SavedVariable> before(&shell.memory);
    for (const Assignment* a = node.assignments; a && !stays; a = a->next)
        before.emplace_back(shell.memory, a->name, find_variable(shell, a->name));
    if (!assign_all(shell, node.assignments, !stays))
        return shell.status;
    trace(shell, argv);
    const int status = dispatch(shell, argv, openings, tail);
    for (std::size_t i = before.size(); i-- > 0;)
        restore(shell, before[i]);
    return status;
}

kernel::Pid spawn_command(ShellContext& shell, int argc, const char* const* argv)
{
    Launch* launch = make<Launch>(shell.memory, shell, Vec<Opening>(&shell.memory));
    launch->argv.assign(argv, argv + argc);
    launch->argv.push_back(nullptr);
    return spawn_launch(shell, argv[0], launch);
}

} // namespace irqlab::lab::sh
