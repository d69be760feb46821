// Programs of the host: started with an argument vector (no shell, hence no quoting), their output caught.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::app {

struct Process {
    std::vector<std::string> argv;        // argv[0] is looked up in PATH, that of `environment` if it has one
    std::string cwd;                      // empty: ours
    std::vector<std::string> environment; // NAME=VALUE, added to ours or in place of them
    std::string_view input;               // its stdin; empty: /dev/null
};

/// Exit status of a program that could not be started, as shells have it.
inline constexpr int status_not_found = 127;
inline constexpr int status_not_executable = 126;

/// What a caller of run_processes wants to hear. Calls come from run_processes itself, never concurrently.
class ProcessObserver {
  public:
    virtual ~ProcessObserver() = default;
    virtual void started(std::size_t) {}
    virtual void output(std::size_t index, std::string_view text) = 0; // stdout and stderr, as they come
    /// @param status 0..255, or 128 + signal. @return false: start no more of them.
    virtual bool finished(std::size_t index, int status) = 0;
};

/// Runs the processes in their order, at most `jobs` of them at a time, and returns when all have ended.
void run_processes(const std::vector<Process>& processes, unsigned jobs, ProcessObserver& observer);

/// Runs one process; its stdout and stderr are appended to `output`. @return as ProcessObserver::finished.
int run_process(const Process& process, std::string& output);

} // namespace irqlab::app
