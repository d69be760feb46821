// The built-in shell of the lab: its entry points.
#include "lab/shell/shell.hpp"

#include <csignal>
#include <utility>

#include "lab/shell/interpreter.hpp"
#include "lab/shell/parser.hpp"

namespace irqlab::lab {

namespace {

/// The variables that a login on the lab's machine has.
void set_environment(sh::ShellContext& shell)
{
    char directory[1024] = "/";
    kernel::sys_getcwd(directory, sizeof directory);
    const std::pair<std::string_view, std::string_view> initial[] = {
        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        {"HOME", "/root"}, {"USER", "root"}, {"PWD", directory},
    };
    for (const auto& [name, value] : initial) {
        sh::set(shell, name, value);
        sh::touch(shell, name).exported = true;
    }
    sh::set(shell, "IFS", " \t\n");
    sh::set(shell, "OPTIND", "1");
}

} // namespace

std::string to_string(const ParseError& error, std::string_view name)
{
    return std::string(name) + ": " + std::to_string(error.line) + ": " + error.message;
}

bool Script::parse(std::string_view text, std::string name, Script& out, ParseError& error)
{
    auto memory = std::make_unique<std::pmr::monotonic_buffer_resource>(std::pmr::new_delete_resource());
    sh::Parser parser(*memory, sh::keep(*memory, text));
    const sh::Node* root = parser.parse_program();
    if (parser.failed()) {
        error = {parser.error_line(), std::string(parser.error()), parser.at_end()};
        return false;
    }
    out.root_ = root;
    out.name_ = std::move(name);
    out.memory_ = std::move(memory);
    return true;
}

int run_script(const Script& script, std::pmr::memory_resource& memory, const ShellHooks& hooks)
{
    return run_script(script, memory, hooks, 0, nullptr);
}

int run_script(const Script& script, std::pmr::memory_resource& memory, const ShellHooks& hooks, int argc,
               const char* const* argv)
{
    auto* shell = sh::make<sh::ShellContext>(memory, memory, hooks, script.name());
    set_environment(*shell);
    for (int i = 0; i < argc; ++i)
        shell->positional.emplace_back(argv[i]);
    return sh::run_program(*shell, script.root());
}

Interactive::Interactive(std::pmr::memory_resource& memory, const ShellHooks& hooks, std::string_view name)
    : context_(sh::make<sh::ShellContext>(memory, memory, hooks, name))
{
    set_environment(*context_);
}

bool Interactive::complete(std::string_view text)
{
    std::pmr::monotonic_buffer_resource memory(std::pmr::new_delete_resource());
    if (text.ends_with("\\\n") || text.ends_with('\\'))
        return false;
    sh::Parser parser(memory, text);
    parser.parse_program();
    return !parser.at_end();
}

int Interactive::run_line(std::string_view text)
{
    sh::ShellContext& shell = *context_;
    int status = sh::run_text(shell, text, shell.name);
    if (std::exchange(shell.interrupted, false)) {
        shell.flow = sh::Flow::normal;
        status = 128 + SIGINT;
    }
    if (shell.flow != sh::Flow::exit_)
        shell.flow = sh::Flow::normal;
    shell.loop_depth = shell.function_depth = shell.condition_depth = shell.run_depth = 0;
    return status & 255;
}

bool Interactive::exited() const
{
    return context_->flow == sh::Flow::exit_;
}

} // namespace irqlab::lab
