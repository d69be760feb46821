// Expansion: parameters and command substitution. [POSIX] "Parameter Expansion", "Command Substitution".
#include "lab/shell/expand.hpp"
#include "lab/shell/interpreter.hpp"

#include <cerrno>

namespace irqlab::lab::sh {

namespace {

/// Value of a parameter other than @ and *. False: it is not set.
bool parameter_value(ShellContext& shell, std::string_view name, Str& out)
{
    if (is_name_start(name[0])) {
        const Str* value = get(shell, name);
        if (value)
            out = *value;
        return value != nullptr;
    }
    if (name[0] >= '0' && name[0] <= '9') {
        std::int64_t n = 0;
        for (const char digit : name)
            n = n < 1000000 ? n * 10 + (digit - '0') : n;
        if (n == 0)
            out = shell.name;
        else if (static_cast<std::size_t>(n) <= shell.positional.size())
            out = shell.positional[static_cast<std::size_t>(n) - 1];
        else
            return false;
        return true;
    }
    switch (name[0]) {
    case '?': appendf(out, "%d", shell.status); return true;
    case '#': appendf(out, "%zu", shell.positional.size()); return true;
    case '$': appendf(out, "%d", shell.shell_pid); return true;
    case '!':
        if (shell.last_background == 0)
            return false;
        appendf(out, "%d", shell.last_background);
        return true;
    case '-':
        out += shell.options.exit_on_error ? "e" : "";
        out += shell.options.no_glob ? "f" : "";
        out += shell.options.no_unset ? "u" : "";
        out += shell.options.trace ? "x" : "";
        return true;
    default: return false;
    }
}

/// $@ and $*. In quotes, $@ is one field for each parameter, $* one field of all.
void expand_all(ShellContext& shell, const Part& part, Marked& out)
{
    const Str* ifs = get(shell, "IFS");
    const bool join = part.text[0] == '*' && part.quoted;
    bool first = true;
    for (const Str& parameter : shell.positional) {
        if (!first && join)
            out.add(!ifs ? " " : std::string_view(*ifs).substr(0, 1), mark_quoted);
        else if (!first)
            out.add(std::string_view("\0", 1), mark_break);
        if (parameter.empty() && part.quoted)
            out.add(std::string_view("\0", 1), mark_empty);
        out.add(parameter, part.quoted ? mark_quoted : mark_result);
        first = false;
    }
    if (join && shell.positional.empty())
        out.add(std::string_view("\0", 1), mark_empty);
}

void trim(ShellContext& shell, const Part& part, Str& value)
{
    const Str pattern = expand_pattern(shell, part.word);
    const bool prefix = part.op == ParameterOp::prefix_short || part.op == ParameterOp::prefix_long;
    const bool longest = part.op == ParameterOp::prefix_long || part.op == ParameterOp::suffix_long;
    const std::string_view text = value;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const std::size_t size = longest ? text.size() - i : i; // of what goes
        const std::string_view piece = prefix ? text.substr(0, size) : text.substr(text.size() - size);
        if (!matches(pattern, piece))
            continue;
        if (prefix)
            value.erase(0, size);
        else
            value.resize(text.size() - size);
        return;
    }
}

void report_unset(ShellContext& shell, const Part& part)
{
    Str message(&shell.memory);
    if (part.op == ParameterOp::error && part.word->parts)
        message = expand_string(shell, part.word);
    else
        message = part.op == ParameterOp::error && part.colon ? "parameter not set or null" : "parameter not set";
    complain(shell, "%.*s: %s", static_cast<int>(part.text.size()), part.text.data(), message.c_str());
    leave(shell, 2);
}

void add_value(const Part& part, const Str& value, Marked& out)
{
    if (part.quoted && value.empty())
        out.add(std::string_view("\0", 1), mark_empty);
    else
        out.add(value, part.quoted ? mark_quoted : mark_result);
}

/// The operand in place of the value, or added to nothing.
void expand_operand(ShellContext& shell, const Part& part, Marked& out)
{
    if (part.quoted && !part.word->parts)
        out.add(std::string_view("\0", 1), mark_empty);
    expand_parts(shell, part.word->parts, mark_result, out);
}

bool is_all(const Part& part)
{
    return part.text == "@" || part.text == "*";
}

} // namespace

void expand_parameter(ShellContext& shell, const Part& part, Marked& out)
{
    Str value(&shell.memory);
    const bool all = is_all(part);
    const bool is_set = all ? !shell.positional.empty() : parameter_value(shell, part.text, value);
    const bool empty = !is_set || (part.colon && (all ? shell.positional[0].empty() : value.empty()));
    switch (part.op) {
    case ParameterOp::use_default:
        if (empty)
            return expand_operand(shell, part, out);
        break;
    case ParameterOp::alternative:
        if (!empty)
            expand_operand(shell, part, out);
        else if (part.quoted)
            add_value(part, Str(&shell.memory), out);
        return;
    case ParameterOp::assign:
        if (!empty)
            break;
        value = expand_string(shell, part.word);
        if (!is_name(part.text)) {
            complain(shell, "%.*s: bad variable name", static_cast<int>(part.text.size()), part.text.data());
            return leave(shell, 2);
        }
        set(shell, part.text, value);
        return add_value(part, value, out);
    case ParameterOp::error:
        if (empty)
            return report_unset(shell, part);
        break;
    default:
        if (!is_set && shell.options.no_unset && !all)
            return report_unset(shell, part);
    }
    if (all)
        return expand_all(shell, part, out);
    if (part.op == ParameterOp::length) {
        Str digits(&shell.memory);
        appendf(digits, "%zu", value.size());
        return add_value(part, digits, out);
    }
    if (part.op >= ParameterOp::prefix_short)
        trim(shell, part, value);
    add_value(part, value, out);
}

void substitute_command(ShellContext& shell, const Part& part, Marked& out)
{
    if (!part.body)
        return add_value(part, Str(&shell.memory), out);
    int ends[2];
    if (kernel::sys_pipe(ends) < 0) {
        complain(shell, "Pipe call failed");
        return leave(shell, 2);
    }
    Child* child = start_child(shell, part.body, {.out = ends[1], .close = ends[0]});
    kernel::sys_close(ends[1]);
    Str value(&shell.memory);
    char* buffer = static_cast<char*>(shell.memory.allocate(4096, 1));
    for (ssize_t n = 1; child && n > 0;) {
        n = read_some(ends[0], buffer, 4096);
        for (ssize_t i = 0; i < n; ++i)
            if (buffer[i] != '\0')
                value += buffer[i];
    }
    shell.memory.deallocate(buffer, 4096, 1);
    kernel::sys_close(ends[0]);
    shell.substitution_status = finish_child(shell, child);
    while (value.ends_with('\n'))
        value.pop_back();
    add_value(part, value, out);
}

} // namespace irqlab::lab::sh
