// What a running shell knows: variables, functions, options, jobs, and how it is about to leave.
//
// There are no globals. A subshell gets a copy, made before its task starts.
#pragma once
#include "kernel/syscall.hpp"
#include "lab/shell/ast.hpp"
#include "lab/shell/memory.hpp"
#include "lab/shell/shell.hpp"

namespace irqlab::lab::sh {

/// Functions, `.`, eval and sh may call themselves this often; each level costs stack of the task.
inline constexpr int run_depth_max = 100;

struct Variable {
    Variable(Memory& memory, std::string_view n, std::string_view v) : name(n, &memory), value(v, &memory) {}
    Str name, value;
    bool is_set = true;
    bool exported = false;
    bool read_only = false;
};

struct Function {
    std::string_view name;
    const Node* body;
};

struct Job {
    kernel::Pid pid;
    std::string_view text; // in the script or the arena
    bool is_command;       // one command and not a list: its death is told
    bool done = false;
    int status = 0;
};

/// A variable as it was before `local` or a prefix assignment, to be put back.
struct SavedVariable {
    SavedVariable(Memory& memory, std::string_view name, const Variable* before);
    Variable variable;
    bool existed;
    int function_depth = 0;
};

struct Options {
    bool exit_on_error = false; // -e
    bool no_unset = false;      // -u
    bool trace = false;         // -x
    bool no_glob = false;       // -f
    bool operator==(const Options&) const = default;
};

enum class Flow : std::uint8_t { normal, break_, continue_, return_, exit_ };

struct ShellContext {
    ShellContext(Memory& memory, const ShellHooks& hooks, std::string_view name);
    /// A subshell's copy. Jobs stay with the parent.
    ShellContext(const ShellContext& parent, Memory& memory);
    ShellContext(const ShellContext&) = delete;
    ShellContext& operator=(const ShellContext&) = delete;

    Memory& memory;
    ShellHooks hooks;
    Str name; // $0
    Vec<Variable> variables;
    Vec<Function> functions;
    Vec<Str> positional;
    Vec<SavedVariable> locals;
    Vec<Job> jobs;
    Vec<int> saved_descriptors; // copies of redirected ones, not for children
    Str exit_trap;
    Options options{};

    int line = 0;
    int status = 0; // $?
    kernel::Pid shell_pid = 0;
    kernel::Pid last_background = 0;
    Flow flow = Flow::normal;
    bool interrupted = false; // a loop of this shell's own was, by a signal
    int flow_levels = 0;      // of break and continue that are left to leave
    int loop_depth = 0;
    int function_depth = 0;
    int run_depth = 0;
    int condition_depth = 0;  // > 0: set -e does not apply here
    int redirect_depth = 0;   // > 0: descriptors of this task itself are redirected
    int idle_rounds = 0;      // of loops, since the last task was started
    int substitution_status = -1; // of the last $( ) of the command at hand
};

const Variable* find_variable(const ShellContext& shell, std::string_view name);
/// Value of a variable that is set, else null.
const Str* get(const ShellContext& shell, std::string_view name);
/// False, and reported: the variable is read-only.
bool set(ShellContext& shell, std::string_view name, std::string_view value);
Variable& touch(ShellContext& shell, std::string_view name); // made, not set, when it is not there
void unset(ShellContext& shell, std::string_view name);
void restore(ShellContext& shell, const SavedVariable& saved);
const Node* find_function(const ShellContext& shell, std::string_view name);

/// `NAME: LINE: message` on descriptor 2.
void complain(ShellContext& shell, const char* format, ...) __attribute__((format(printf, 2, 3)));
/// Leaves the shell with `status` as soon as the command at hand has ended.
void leave(ShellContext& shell, int status);
/// sys_read; a driver that claims more than it was asked for is cut to that.
ssize_t read_some(int fd, void* buffer, std::size_t size);
/// Writes everything, retrying short counts. False: an error, in `error` as a negative errno.
bool write_all(int fd, std::string_view text, int* error = nullptr);

} // namespace irqlab::lab::sh
