// The builtins: what changes the shell itself. [POSIX] "Special Built-In Utilities".

#include "lab/shell/command.hpp"
#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

/// A non-negative number as the n-th argument; `otherwise` when there is none. False: reported.
bool count_argument(ShellContext& shell, const Vec<Str>& argv, int otherwise, int& value)
{
    value = otherwise;
    if (argv.size() < 2)
        return true;
    std::int64_t number = 0;
    if (!parse_number(argv[1], number) || number < 0) {
        complain(shell, "%s: Illegal number: %s", argv[0].c_str(), argv[1].c_str());
        leave(shell, 2);
        return false;
    }
    value = static_cast<int>(number);
    return true;
}

int leave_loops(ShellContext& shell, const Vec<Str>& argv, Flow flow)
{
    int levels = 1;
    if (!count_argument(shell, argv, 1, levels))
        return 2;
    if (shell.loop_depth > 0 && levels > 0) {
        shell.flow = flow;
        shell.flow_levels = levels < shell.loop_depth ? levels : shell.loop_depth;
    }
    return 0;
}

int builtin_break(ShellContext& shell, Vec<Str>& argv)
{
    return leave_loops(shell, argv, Flow::break_);
}

int builtin_continue(ShellContext& shell, Vec<Str>& argv)
{
    return leave_loops(shell, argv, Flow::continue_);
}

int builtin_exit(ShellContext& shell, Vec<Str>& argv)
{
    int status = 0;
    if (count_argument(shell, argv, shell.status, status))
        leave(shell, status & 255);
    return shell.status;
}

int builtin_return(ShellContext& shell, Vec<Str>& argv)
{
    int status = 0;
    if (!count_argument(shell, argv, shell.status, status))
        return 2;
    shell.status = status & 255;
    shell.flow = Flow::return_; // ends a function, a sourced file, or the script
    return shell.status;
}

int builtin_shift(ShellContext& shell, Vec<Str>& argv)
{
    int count = 1;
    if (!count_argument(shell, argv, 1, count))
        return 2;
    if (static_cast<std::size_t>(count) > shell.positional.size()) {
        complain(shell, "shift: can't shift that many");
        leave(shell, 2);
        return 2;
    }
    shell.positional.erase(shell.positional.begin(), shell.positional.begin() + count);
    return 0;
}

/// NAME or NAME=VALUE of export, readonly, local. Null: reported.
Variable* declare(ShellContext& shell, const Str& command, std::string_view argument)
{
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    if (!is_name(name)) {
        complain(shell, "%s: %.*s: bad variable name", command.c_str(), static_cast<int>(name.size()), name.data());
        leave(shell, 2);
        return nullptr;
    }
    if (equals != std::string_view::npos && !set(shell, name, argument.substr(equals + 1)))
        return nullptr;
    return &touch(shell, name);
}

int builtin_export(ShellContext& shell, Vec<Str>& argv)
{
    const bool lists = argv.size() < 2 || argv[1] == "-p";
    if (lists) {
        Str text(&shell.memory);
        for (const Variable& v : shell.variables)
            if (v.exported)
                text.append("export ").append(v.name).append("='").append(v.value).append("'\n");
        return write_all(1, text) ? 0 : 1;
    }
    for (std::size_t i = 1; i < argv.size(); ++i) {
        Variable* v = declare(shell, argv[0], argv[i]);
        if (!v)
            return 2;
        v->exported = true;
    }
    return 0;
}

int builtin_readonly(ShellContext& shell, Vec<Str>& argv)
{
    for (std::size_t i = 1; i < argv.size(); ++i) {
        Variable* v = declare(shell, argv[0], argv[i]);
        if (!v)
            return 2;
        v->read_only = true;
    }
    return 0;
}

int builtin_local(ShellContext& shell, Vec<Str>& argv)
{
    if (shell.function_depth == 0) {
        complain(shell, "local: not in a function");
        leave(shell, 2);
        return 2;
    }
    for (std::size_t i = 1; i < argv.size(); ++i) {
        const std::string_view name = std::string_view(argv[i]).substr(0, argv[i].find('='));
        shell.locals.emplace_back(shell.memory, name, find_variable(shell, name)).function_depth = shell.function_depth;
        if (!declare(shell, argv[0], argv[i]))
            return 2;
    }
    return 0;
}

int builtin_unset(ShellContext& shell, Vec<Str>& argv)
{
    bool functions = false;
    for (std::size_t i = 1; i < argv.size(); ++i) {
        if (argv[i] == "-f" || argv[i] == "-v") {
            functions = argv[i] == "-f";
        } else if (functions) {
            std::erase_if(shell.functions, [&](const Function& f) { return f.name == argv[i]; });
        } else if (const Variable* v = find_variable(shell, argv[i]); v && v->read_only) {
            complain(shell, "unset: %s: is read only", argv[i].c_str());
            leave(shell, 2);
            return 2;
        } else {
            unset(shell, argv[i]);
        }
    }
    return 0;
}

bool* option_flag(Options& options, char letter)
{
    switch (letter) {
    case 'e': return &options.exit_on_error;
    case 'u': return &options.no_unset;
    case 'x': return &options.trace;
    case 'f': return &options.no_glob;
    default: return nullptr;
    }
}

char option_letter(std::string_view name)
{
    return name == "errexit" ? 'e' : name == "nounset" ? 'u' : name == "xtrace" ? 'x' : name == "noglob" ? 'f' : '?';
}

int builtin_set(ShellContext& shell, Vec<Str>& argv)
{
    std::size_t i = 1;
    bool replaces = false;
    for (; i < argv.size() && argv[i].size() > 1 && (argv[i][0] == '-' || argv[i][0] == '+'); ++i) {
        if (argv[i] == "--") {
            replaces = true;
            ++i;
            break;
        }
        const bool on = argv[i][0] == '-';
        const bool by_name = argv[i] == "-o" || argv[i] == "+o";
        if (by_name && (i + 1 >= argv.size() || argv[i + 1] == "pipefail")) {
            complain(shell, "set: Illegal option -o%s", i + 1 < argv.size() ? " pipefail" : "");
            leave(shell, 2);
            return 2;
        }
        const char letter = by_name ? option_letter(argv[++i]) : '\0';
        const std::string_view letters = by_name ? std::string_view(&letter, 1) : std::string_view(argv[i]).substr(1);
        for (const char c : letters) {
            bool* flag = option_flag(shell.options, c);
            if (!flag) {
                complain(shell, "set: Illegal option %s", argv[i].c_str());
                leave(shell, 2);
                return 2;
            }
            *flag = on;
        }
    }
    if (!replaces && i >= argv.size())
        return 0;
    shell.positional.clear();
    for (; i < argv.size(); ++i)
        shell.positional.emplace_back(argv[i]);
    return 0;
}

int builtin_cd(ShellContext& shell, Vec<Str>& argv)
{
    const Str* home = get(shell, "HOME");
    const Str* old = get(shell, "OLDPWD");
    const bool back = argv.size() > 1 && argv[1] == "-";
    const Str target(argv.size() < 2 ? (home ? std::string_view(*home) : "/") : back && old ? std::string_view(*old)
                                                                                            : std::string_view(argv[1]),
                     &shell.memory);
    char before[1024] = "", after[1024] = "";
    kernel::sys_getcwd(before, sizeof before);
    const int error = kernel::sys_chdir(target.c_str());
    if (error < 0) {
        complain(shell, "cd: can't cd to %s", target.c_str());
        return 2;
    }
    kernel::sys_getcwd(after, sizeof after);
    set(shell, "OLDPWD", before);
    set(shell, "PWD", after);
    if (back)
        write_all(1, Str(after, &shell.memory) += '\n');
    return 0;
}

int builtin_eval(ShellContext& shell, Vec<Str>& argv)
{
    Str text(&shell.memory);
    for (std::size_t i = 1; i < argv.size(); ++i)
        text.append(i > 1 ? " " : "").append(argv[i]);
    const Str name(shell.name, &shell.memory);
    const int status = run_text(shell, text, name);
    if (status == 2 && shell.status == 2 && shell.flow == Flow::normal && shell.function_depth == 0)
        return 2;
    return status;
}

int builtin_source(ShellContext& shell, Vec<Str>& argv)
{
    if (argv.size() < 2)
        return 0;
    const char* pointers[] = {".", nullptr};
    Command reader(shell, 1, pointers);
    Str text(&shell.memory);
    if (!reader.read_all(argv[1].c_str(), text)) {
        leave(shell, 2);
        return 2;
    }
    const int status = run_text(shell, text, argv[1]);
    if (shell.flow == Flow::return_) {
        shell.flow = Flow::normal;
        return shell.status;
    }
    return status;
}

int builtin_exec(ShellContext& shell, Vec<Str>& argv)
{
    if (argv.size() < 2)
        return 0;
    Vec<const char*> pointers(&shell.memory);
    for (std::size_t i = 1; i < argv.size(); ++i)
        pointers.push_back(argv[i].c_str());
    pointers.push_back(nullptr);
    shell.exit_trap.clear();
    const int status = run_command(shell, static_cast<int>(argv.size()) - 1, pointers.data());
    leave(shell, status);
    return status;
}

int builtin_trap(ShellContext& shell, Vec<Str>& argv)
{
    for (std::size_t i = 2; i < argv.size(); ++i) {
        if (argv[i] != "EXIT" && argv[i] != "0") {
            complain(shell, "trap: %s: signals are not modelled, only EXIT", argv[i].c_str());
            return 1;
        }
        shell.exit_trap = argv[1] == "-" ? std::string_view() : std::string_view(argv[1]);
    }
    return 0;
}

/// command [-v] NAME: past functions, or where the name leads.
int builtin_command(ShellContext& shell, Vec<Str>& argv)
{
    const bool asks = argv.size() > 1 && (argv[1] == "-v" || argv[1] == "-V");
    argv.erase(argv.begin(), argv.begin() + (asks ? 2 : 1));
    if (argv.empty())
        return 0;
    Str how(&shell.memory);
    if (asks) {
        if (!resolve_command(shell, argv[0], how))
            return 127;
        return write_all(1, how += '\n') ? 0 : 1;
    }
    if (const BuiltinEntry* entry = find_builtin(argv[0]))
        return entry->run(shell, argv);
    Vec<const char*> pointers(&shell.memory);
    for (const Str& argument : argv)
        pointers.push_back(argument.c_str());
    const kernel::Pid pid = spawn_command(shell, static_cast<int>(pointers.size()), pointers.data());
    return pid > 0 ? wait_for(shell, pid, true) : shell.status;
}

int builtin_type(ShellContext& shell, Vec<Str>& argv)
{
    int status = 0;
    for (std::size_t i = 1; i < argv.size(); ++i) {
        Str how(&shell.memory), line(argv[i], &shell.memory);
        const bool found = resolve_command(shell, argv[i], how);
        line.append(!found ? ": not found" : how == argv[i] ? " is a shell builtin or function" : " is ");
        line.append(found && how != argv[i] ? std::string_view(how) : "").append("\n");
        write_all(1, line);
        status = found ? status : 127;
    }
    return status;
}

int builtin_nothing(ShellContext&, Vec<Str>&)
{
    return 0; // umask, ulimit, hash: accepted, since scripts set them out of habit
}

constexpr BuiltinEntry builtins[] = {
    {".", builtin_source, true},         {"break", builtin_break, true},   {"cd", builtin_cd, false},
    {"command", builtin_command, false}, {"continue", builtin_continue, true},
    {"eval", builtin_eval, true},        {"exec", builtin_exec, true},     {"exit", builtin_exit, true},
    {"export", builtin_export, true},    {"hash", builtin_nothing, false}, {"jobs", builtin_jobs, false},
    {"local", builtin_local, true},      {"read", builtin_read, false},    {"readonly", builtin_readonly, true},
    {"return", builtin_return, true},    {"set", builtin_set, true},       {"shift", builtin_shift, true},
    {"source", builtin_source, true},    {"trap", builtin_trap, true},     {"type", builtin_type, false},
    {"ulimit", builtin_nothing, false},  {"umask", builtin_nothing, false}, {"unset", builtin_unset, true},
    {"wait", builtin_wait, false},
};

} // namespace

const BuiltinEntry* find_builtin(std::string_view name)
{
    for (const BuiltinEntry& entry : builtins)
        if (entry.name == name)
            return &entry;
    return nullptr;
}

} // namespace irqlab::lab::sh
