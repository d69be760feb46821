// The World's terminal and hooks.
#include "app/session.hpp"
#include "app/verbs.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched_state.hpp"
#include "lab/show/show.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace irqlab::app {

namespace {

void write_terminal(void*, int fd, const char* text, std::size_t size)
{
    while (size > 0) {
        const ssize_t n = ::write(fd == 2 ? STDERR_FILENO : STDOUT_FILENO, text, size);
        if (n < 0 && errno != EINTR)
            return; // a closed pipe: the World does not care who listens
        const std::size_t done = n > 0 ? static_cast<std::size_t>(n) : 0;
        text += done;
        size -= done;
    }
}

ssize_t read_terminal(void*, char* buffer, std::size_t size)
{
    const ssize_t n = ::read(STDIN_FILENO, buffer, size);
    return n < 0 ? -errno : n;
}

bool terminal_isatty(void*, int fd) { return ::isatty(fd) != 0; }

// As a virtual console shows it, with the time that printk puts in front: between the programs' own output.
void console_line(void*, int, std::uint64_t time_ns, const char* line)
{
    const std::string text = fmt::format("[{:5}.{:06}] {}\n", time_ns / 1'000'000'000,
                                         time_ns / 1'000 % 1'000'000, line);
    write_terminal(nullptr, STDOUT_FILENO, text.data(), text.size());
}

int host_command(void* context, int argc, const char* const* argv, const char* cwd, const char* input,
                 std::size_t size, std::pmr::string& output)
{
    std::string text;
    const int status = run_host_command(static_cast<Session*>(context)->toolbox(), {argv, argv + argc}, cwd,
                                        {input != nullptr ? input : "", size}, text);
    output.append(text);
    return status;
}

int show(void* context, int argc, const char* const* argv, std::pmr::string& output)
{
    const auto result = lab::show(static_cast<Session*>(context)->world().kernel(), {argv + 1, argv + argc});
    output.append(result.status == 0 ? result.text : "show: " + result.text + "\n");
    return result.status;
}

lab::Terminal terminal() { return {write_terminal, read_terminal, terminal_isatty, console_line, nullptr}; }

ToolboxSettings settings_of(const lab::WorldConfig& config, kbuild::Optimize optimize)
{
    return {config.release, optimize, true, config.exports};
}

/// Where pid 1 starts: as a full path, for $(PWD) in a Makefile.
lab::WorldConfig in_this_directory(lab::WorldConfig config)
{
    config.directory = std::filesystem::absolute(config.directory).lexically_normal().string();
    if (config.directory.size() > 1 && config.directory.back() == '/')
        config.directory.pop_back();
    return config;
}

} // namespace

Session::Session(const lab::WorldConfig& config, kbuild::Optimize optimize)
    : toolbox_(settings_of(config, optimize)), config_(in_this_directory(config)), world_(config_, choice_, terminal())
{
    hooks_.host_command = host_command;
    hooks_.show = show;
    hooks_.context = this;
}

bool load_script(const std::string& who, const std::string& path, const std::string& commands, lab::Script& script)
{
    std::string text = commands;
    if (!path.empty() && !read_file(path, text)) {
        TerminalOutput().error(fmt::format("{}: cannot read '{}': {}\n", who, path, std::strerror(errno)));
        return false;
    }
    lab::ParseError error;
    const std::string name = path.empty() ? "irqlab" : path;
    if (lab::Script::parse(text, name, script, error))
        return true;
    TerminalOutput().error(lab::to_string(error, name) + "\n");
    return false;
}

namespace {

// Who waits, and in what: one line for each task.
std::string waiting_tasks(kernel::Kernel& k)
{
    std::string text;
    for (const kernel::Task* t = k.sched->all; t != nullptr; t = t->next_all)
        if (!t->exited && !t->is_kthread)
            text += fmt::format("  {}[{}] waits in {}\n", t->comm(), t->pid(), t->waits_in);
    return text;
}

} // namespace

int status_of(const std::string& who, Session& session, const lab::World::Result& result)
{
    switch (result.end) {
    case kernel::RunEnd::finished: return result.status;
    case kernel::RunEnd::stopped: return 128 + 2; // by SIGINT, as shells have it
    case kernel::RunEnd::stuck: break;
    }
    TerminalOutput().error(who + ": every task waits, and nothing is left that could wake one\n" +
                           waiting_tasks(session.world().kernel()));
    return status_failed;
}

} // namespace irqlab::app
