// Commands by name: the lab's own, script files, and those that run on the host.
#include "lab/shell/command.hpp"
#include "lab/shell/interpreter.hpp"
#include "lab/shell/parser.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace irqlab::lab::sh {

namespace {

// What a module's author runs besides the lab's commands: it works on files of the host.
constexpr std::string_view host_commands[] = {"make", "gcc", "cc", "g++", "clang", "ld", "ar", "nm", "objdump", "objcopy",
                                              "readelf", "file", "gdb", "strace", "addr2line", "size", "strings", "diff"};
constexpr std::string_view system_directories[] = {"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"};

/// The name without a directory of the system in front: /sbin/insmod is insmod.
std::string_view plain_name(std::string_view name)
{
    const std::size_t slash = name.rfind('/');
    for (const std::string_view directory : system_directories)
        if (slash != std::string_view::npos && name.substr(0, slash + 1) == directory)
            return name.substr(slash + 1);
    return name;
}

bool is_host_command(std::string_view name)
{
    for (const std::string_view command : host_commands)
        if (command == name)
            return true;
    return false;
}

/// Runs a program of the host. Its input is the task's only when an argument "-" asks for it: reading it
/// unasked would take what is meant for the commands after it.
int run_on_host(ShellContext& shell, int argc, const char* const* argv)
{
    if (!shell.hooks.host_command) {
        complain(shell, "%s: not available here", argv[0]);
        return 2;
    }
    Command command(shell, argc, argv);
    Str input(&shell.memory), output(&shell.memory);
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]) == "-")
            command.read_all("-", input);
    char directory[1024] = "/";
    kernel::sys_getcwd(directory, sizeof directory);
    const int status = shell.hooks.host_command(shell.hooks.context, argc, argv, directory, input.data(), input.size(),
                                                output);
    write_all(1, output);
    return status;
}

int run_file(ShellContext& shell, int argc, const char* const* argv)
{
    kernel::Stat stat{};
    const int error = kernel::sys_stat(argv[0], stat);
    if (error < 0) {
        complain(shell, "%s: %s", argv[0], error == -ENOENT ? "not found" : error_text(error));
        return 127;
    }
    if (S_ISDIR(stat.mode) || (stat.mode & 0111) == 0) {
        complain(shell, "%s: Permission denied", argv[0]);
        return 126;
    }
    Str text(&shell.memory);
    Command reader(shell, argc, argv);
    if (!reader.read_all(argv[0], text))
        return 126;
    if (text.starts_with("\177ELF"))
        return run_on_host(shell, argc, argv);
    return run_new_shell(shell, text, argv[0], argc - 1, argv + 1, {});
}

} // namespace

int run_command(ShellContext& shell, int argc, const char* const* argv)
{
    const std::string_view name = plain_name(argv[0]);
    const CommandEntry* entry = find_command(name);
    if (entry) {
        if (!entry->in_shell)
            kernel::sys_set_comm(name.data());
        return invoke(shell, *entry, argc, argv);
    }
    if (is_host_command(name))
        return run_on_host(shell, argc, argv);
    if (name.find('/') != std::string_view::npos)
        return run_file(shell, argc, argv);
    complain(shell, "%s: not found", argv[0]);
    return 127;
}

bool resolve_command(ShellContext& shell, std::string_view name, Str& how)
{
    const CommandEntry* entry = find_command(plain_name(name));
    kernel::Stat stat{};
    if (find_builtin(name) || find_function(shell, name) || (entry && entry->in_shell) || is_keyword(name))
        how = name;
    else if (entry || is_host_command(name))
        how.assign(plain_name(name) == name ? "/usr/bin/" : "").append(name);
    else if (name.find('/') != std::string_view::npos && kernel::sys_stat(Str(name, &shell.memory).c_str(), stat) == 0)
        how = name;
    else
        return false;
    return true;
}

} // namespace irqlab::lab::sh
