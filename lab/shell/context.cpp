// What a running shell knows: variables, and how it complains.
#include "lab/shell/context.hpp"

#include <cerrno>
#include <cstdarg>
#include <algorithm>
#include <cstdio>

namespace irqlab::lab::sh {

SavedVariable::SavedVariable(Memory& memory, std::string_view name, const Variable* before)
    : variable(memory, name, before ? std::string_view(before->value) : std::string_view()),
      existed(before != nullptr)
{
    if (!before)
        return;
    variable.is_set = before->is_set;
    variable.exported = before->exported;
    variable.read_only = before->read_only;
}

ShellContext::ShellContext(Memory& m, const ShellHooks& h, std::string_view n)
    : memory(m), hooks(h), name(n, &m), variables(&m), functions(&m), positional(&m), locals(&m), jobs(&m),
      saved_descriptors(&m), exit_trap(&m)
{
    shell_pid = kernel::sys_getpid();
}

ShellContext::ShellContext(const ShellContext& parent, Memory& m) : ShellContext(m, parent.hooks, parent.name)
{
    variables.reserve(parent.variables.size());
    for (const Variable& v : parent.variables) {
        Variable& copy = variables.emplace_back(m, v.name, v.value);
        copy.is_set = v.is_set;
        copy.exported = v.exported;
        copy.read_only = v.read_only;
    }
    functions.assign(parent.functions.begin(), parent.functions.end());
    for (const Str& parameter : parent.positional)
        positional.emplace_back(parameter);
    saved_descriptors.assign(parent.saved_descriptors.begin(), parent.saved_descriptors.end());
    options = parent.options;
    line = parent.line;
    status = parent.status;
    shell_pid = parent.shell_pid; // $$ is the same in a subshell. [POSIX] "Special Parameters"
    last_background = parent.last_background;
    function_depth = parent.function_depth;
    run_depth = parent.run_depth;
    loop_depth = parent.loop_depth;
    condition_depth = parent.condition_depth;
    redirect_depth = parent.redirect_depth;
}

const Variable* find_variable(const ShellContext& shell, std::string_view name)
{
    for (const Variable& v : shell.variables)
        if (v.name == name)
            return &v;
    return nullptr;
}

const Str* get(const ShellContext& shell, std::string_view name)
{
    const Variable* v = find_variable(shell, name);
    return v && v->is_set ? &v->value : nullptr;
}

Variable& touch(ShellContext& shell, std::string_view name)
{
    for (Variable& v : shell.variables)
        if (v.name == name)
            return v;
    Variable& made = shell.variables.emplace_back(shell.memory, name, std::string_view());
    made.is_set = false;
    return made;
}

bool set(ShellContext& shell, std::string_view name, std::string_view value)
{
    Variable& v = touch(shell, name);
    if (v.read_only) {
        complain(shell, "%s: is read only", v.name.c_str());
        leave(shell, 2);
        return false;
    }
    v.value = value;
    v.is_set = true;
    return true;
}

void unset(ShellContext& shell, std::string_view name)
{
    for (std::size_t i = 0; i < shell.variables.size(); ++i)
        if (shell.variables[i].name == name) {
            shell.variables.erase(shell.variables.begin() + static_cast<std::ptrdiff_t>(i));
            return;
        }
}

void restore(ShellContext& shell, const SavedVariable& saved)
{
    if (!saved.existed)
        return unset(shell, saved.variable.name);
    Variable& v = touch(shell, saved.variable.name);
    v.value = saved.variable.value;
    v.is_set = saved.variable.is_set;
    v.exported = saved.variable.exported;
    v.read_only = saved.variable.read_only;
}

const Node* find_function(const ShellContext& shell, std::string_view name)
{
    for (const Function& f : shell.functions)
        if (f.name == name)
            return f.body;
    return nullptr;
}

ssize_t read_some(int fd, void* buffer, std::size_t size)
{
    const ssize_t n = kernel::sys_read(fd, buffer, size);
    return n > 0 && static_cast<std::size_t>(n) > size ? static_cast<ssize_t>(size) : n;
}

bool write_all(int fd, std::string_view text, int* error)
{
    while (!text.empty()) {
        const ssize_t n = kernel::sys_write(fd, text.data(), text.size());
        if (n <= 0) {
            if (error) // a driver whose write takes nothing: what full_write of the core utilities says
                *error = n < 0 ? static_cast<int>(n) : -ENOSPC;
            return false;
        }
        text.remove_prefix(std::min(static_cast<std::size_t>(n), text.size()));
    }
    return true;
}

void complain(ShellContext& shell, const char* format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    Str text(&shell.memory);
    appendf(text, "%s: %d: %s\n", shell.name.c_str(), shell.line, message);
    write_all(2, text);
}

void leave(ShellContext& shell, int status)
{
    shell.status = status;
    shell.flow = Flow::exit_;
}

} // namespace irqlab::lab::sh
