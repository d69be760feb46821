// Running a syntax tree in the calling task, and the tasks that it starts.
#pragma once
#include "lab/shell/context.hpp"

namespace irqlab::lab::sh {

/// Runs a node. @param tail  the task ends with it: an outside command may take the task's place.
/// @return the exit status; `shell.flow` tells whether the caller must leave.
int execute(ShellContext& shell, const Node* node, bool tail = false);
int execute_simple(ShellContext& shell, const Node& node, bool tail);
int execute_compound(ShellContext& shell, const Node& node);
int call_function(ShellContext& shell, const Node& body, Vec<Str>& argv);

/// Runs a whole program and its EXIT trap. @return 0..255.
int run_program(ShellContext& shell, const Node* root);
/// Parses text at run time into the arena, and runs it in this shell. Reports syntax errors: status 2.
int run_text(ShellContext& shell, std::string_view text, std::string_view name);
/// Runs a text in a new shell that inherits only what is exported.
int run_new_shell(ShellContext& parent, std::string_view text, std::string_view name, int argc,
                  const char* const* argv, const Options& options);

// --- tasks --------------------------------------------------------------------------------------------

/// Descriptors of a child: -1 leaves as it is.
struct ChildFiles {
    int in = -1, out = -1, close = -1;
};

/// A subshell, with its copy of the context.
struct Child {
    ShellContext* shell;
    const Node* node;
    ChildFiles files;
    kernel::Pid pid;
    bool is_command;
};

/// Null, and reported: no task could be made.
Child* start_child(ShellContext& shell, const Node* node, const ChildFiles& files);
/// Waits for it and gives back its memory. @return its status.
int finish_child(ShellContext& shell, Child* child);
/// Waits for one task; tells how it died. A signal for the shell itself makes it leave with 130.
int wait_for(ShellContext& shell, kernel::Pid pid, bool is_command);
void tell_death(ShellContext& shell, int status);
int execute_pipeline(ShellContext& shell, const Node& node);
int execute_background(ShellContext& shell, const Node& node);

// --- redirections ---------------------------------------------------------------------------------------

/// A redirection whose word is expanded. [POSIX] "Redirection".
struct Opening {
    Opening(RedirectKind k, int f, Str&& t) : kind(k), fd(f), target(static_cast<Str&&>(t)) {}
    RedirectKind kind;
    int fd;
    Str target;
};

struct SavedDescriptor {
    int fd, copy; // copy < 0: it was closed
};

bool expand_redirects(ShellContext& shell, const Redirect* redirects, Vec<Opening>& out);
/// Opens them in the calling task. @param saved  where to note what was there; null: for good.
bool apply_redirects(ShellContext& shell, const Vec<Opening>& openings, Vec<SavedDescriptor>* saved);
void restore_descriptors(ShellContext& shell, const Vec<SavedDescriptor>& saved);

// --- commands -------------------------------------------------------------------------------------------

/// Runs an outside command in the calling task, which takes its name. 127, and reported: there is none.
int run_command(ShellContext& shell, int argc, const char* const* argv);
/// As above, in a child task. @return the child, for wait_for.
kernel::Pid spawn_command(ShellContext& shell, int argc, const char* const* argv);

using Builtin = int (*)(ShellContext& shell, Vec<Str>& argv);
struct BuiltinEntry {
    std::string_view name;
    Builtin run;
    bool special; // prefix assignments stay. [POSIX] "Special Built-In Utilities"
};
const BuiltinEntry* find_builtin(std::string_view name);
/// Whether the name is a builtin, a function, a command or a file; `how` says which.
bool resolve_command(ShellContext& shell, std::string_view name, Str& how);
/// read, with its line taken by a child from redirected input.
int read_redirected(ShellContext& shell, Vec<Str>& argv, Vec<Opening>& openings);
int builtin_read(ShellContext& shell, Vec<Str>& argv);
int builtin_wait(ShellContext& shell, Vec<Str>& argv);
int builtin_jobs(ShellContext& shell, Vec<Str>& argv);

} // namespace irqlab::lab::sh
