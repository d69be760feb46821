// The built-in shell of the lab: what the floors above call.
//
// A script is parsed once and may be run in many Worlds. It runs as a task of the lab: its commands are
// tasks too, and files, pipes, waiting and sleeping are the lab's system calls (kernel/syscall.hpp). The
// language is POSIX sh less: tilde expansion, aliases, signal traps, job control.
// Source: [POSIX] "Shell Command Language".
#pragma once
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>

namespace irqlab::lab {

namespace sh {
struct Node;
struct ShellContext;
} // namespace sh

struct ParseError {
    int line = 0;
    std::string message;        // `Syntax error: "fi" unexpected`
    bool at_end = false;        // more text could complete the script
};

/// The error as the shell prints it: `NAME: LINE: Syntax error: ...`.
std::string to_string(const ParseError& error, std::string_view name);

/// A parsed script. Immutable; any number of Worlds may run it, one after the other or at once.
class Script {
public:
    /// @return false, with `error` filled in, when the text is no script. Nothing has run then.
    static bool parse(std::string_view text, std::string name, Script& out, ParseError& error);

    const std::string& name() const { return name_; }
    const sh::Node* root() const { return root_; } // null: nothing to do

private:
    std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
    std::string name_;
    const sh::Node* root_ = nullptr;
};

/// What some commands need of the application. All may be null: the command then says so, status 2.
struct ShellHooks {
    /// `show pic` ...: appends text to `out`. @return exit status.
    int (*show)(void* context, int argc, const char* const* argv, std::pmr::string& out) = nullptr;
    /// make, gcc ...: runs on the host. @param cwd, stdin_data, stdin_size  what the program is given.
    /// @return exit status; what the program printed is in `out_and_err`.
    int (*host_command)(void* context, int argc, const char* const* argv, const char* cwd,
                        const char* stdin_data, std::size_t stdin_size, std::pmr::string& out_and_err) = nullptr;
    void* context = nullptr;
};

/// Runs the script in the calling task. @param memory  the World's arena.
/// @return the exit status, 0..255.
int run_script(const Script& script, std::pmr::memory_resource& memory, const ShellHooks& hooks);

/// As above, with $1, $2, ...
int run_script(const Script& script, std::pmr::memory_resource& memory, const ShellHooks& hooks, int argc,
               const char* const* argv);

/// A shell at a prompt: variables, functions and the directory last from line to line.
class Interactive {
public:
    Interactive(std::pmr::memory_resource& memory, const ShellHooks& hooks, std::string_view name = "irqlab");

    /// False: the text needs a continuation line (an open quote, `if` without `fi`, ...).
    static bool complete(std::string_view text);
    /// Runs the text in the calling task; prints its own syntax errors. @return the status ($?).
    int run_line(std::string_view text);
    /// True once `exit` ran; its status is what run_line returned.
    bool exited() const;

private:
    sh::ShellContext* context_; // in the arena
};

} // namespace irqlab::lab
