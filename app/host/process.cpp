// posix_spawn, one pipe and one pidfd per child, one poll over all of them.
#include "app/host/process.hpp"
#include "app/host/paths.hpp"
#include "hw/base/check.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace irqlab::app {

namespace {

struct Child {
    std::size_t index;
    pid_t pid;
    int pidfd;
    int pipe;
};

std::vector<std::string> merged_environment(const std::vector<std::string>& additions)
{
    const auto name_of = [](std::string_view entry) { return entry.substr(0, entry.find('=')); };
    std::vector<std::string> merged;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const bool replaced = std::any_of(additions.begin(), additions.end(),
                                          [&](const std::string& a) { return name_of(a) == name_of(*entry); });
        if (!replaced)
            merged.emplace_back(*entry);
    }
    merged.insert(merged.end(), additions.begin(), additions.end());
    return merged;
}

std::vector<char*> pointers(const std::vector<std::string>& strings)
{
    std::vector<char*> result;
    for (const std::string& s : strings)
        result.push_back(const_cast<char*>(s.c_str()));
    result.push_back(nullptr);
    return result;
}

// A file in memory rather than a pipe: the child may leave it unread without blocking us.
int open_input(std::string_view input)
{
    if (input.empty())
        return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int fd = ::memfd_create("stdin", MFD_CLOEXEC);
    for (std::size_t done = 0; fd >= 0 && done < input.size();) {
        const ssize_t n = ::write(fd, input.data() + done, input.size() - done);
        if (n <= 0)
            break;
        done += static_cast<std::size_t>(n);
    }
    ::lseek(fd, 0, SEEK_SET);
    return fd;
}

std::string program_path(const Process& process, const std::vector<std::string>& environment)
{
    const std::string& name = process.argv.front();
    if (name.find('/') != std::string::npos)
        return name;
    for (const std::string& entry : environment)
        if (entry.starts_with("PATH="))
            return find_program(name, entry.substr(5));
    return {};
}

int spawn(const Process& process, int input, int output, pid_t& pid)
{
    const auto environment = merged_environment(process.environment);
    const std::string path = program_path(process, environment);
    if (path.empty())
        return ENOENT;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    if (!process.cwd.empty())
        posix_spawn_file_actions_addchdir_np(&actions, process.cwd.c_str());
    sigset_t none, defaults; // whatever the lab blocks or ignores is no business of the child
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int error = ::posix_spawn(&pid, path.c_str(), &actions, &attributes, pointers(process.argv).data(),
                                    pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

int start(const Process& process, Child& child)
{
    CHECK(!process.argv.empty());
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    const int input = open_input(process.input);
    const int error = spawn(process, input, ends[1], child.pid);
    ::close(input);
    ::close(ends[1]);
    if (error != 0) {
        ::close(ends[0]);
        return error;
    }
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    child.pipe = ends[0];
    child.pidfd = static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0));
    return 0;
}

void drain(const Child& child, ProcessObserver& observer)
{
    std::array<char, 16384> buffer;
    for (;;) {
        const ssize_t n = ::read(child.pipe, buffer.data(), buffer.size());
        if (n > 0)
            observer.output(child.index, {buffer.data(), static_cast<std::size_t>(n)});
        else if (n == 0 || errno != EINTR)
            return;
    }
}

int reap(const Child& child)
{
    int status = 0;
    while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ::close(child.pipe);
    if (child.pidfd >= 0)
        ::close(child.pidfd);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// The end is told by the pidfd, not by the pipe's: a daemon left behind may hold the pipe for ever.
bool wait_for_some(const std::vector<Child>& running, ProcessObserver& observer, std::vector<Child>& ended)
{
    std::vector<pollfd> polled;
    for (const Child& child : running) {
        polled.push_back({child.pipe, POLLIN, 0});
        polled.push_back({child.pidfd, POLLIN, 0});
    }
    if (::poll(polled.data(), polled.size(), -1) < 0)
        return errno == EINTR;
    for (std::size_t i = 0; i < running.size(); ++i) {
        const bool over = running[i].pidfd < 0 || polled[2 * i + 1].revents != 0;
        if (polled[2 * i].revents != 0 || over)
            drain(running[i], observer);
        if (over)
            ended.push_back(running[i]);
        else if ((polled[2 * i].revents & (POLLHUP | POLLIN)) == POLLHUP)
            ::poll(&polled[2 * i + 1], 1, 50); // it closed its output early: do not spin until it ends
    }
    return true;
}

class Collector : public ProcessObserver {
  public:
    explicit Collector(std::string& text) : text_(text) {}
    void output(std::size_t, std::string_view text) override { text_ += text; }
    bool finished(std::size_t, int status) override
    {
        status_ = status;
        return true;
    }
    int status() const { return status_; }

  private:
    std::string& text_;
    int status_ = status_not_found;
};

} // namespace

void run_processes(const std::vector<Process>& processes, unsigned jobs, ProcessObserver& observer)
{
    std::vector<Child> running;
    std::size_t next = 0;
    bool go_on = true;
    while (!running.empty() || (go_on && next < processes.size())) {
        while (go_on && next < processes.size() && running.size() < std::max(1u, jobs)) {
            Child child{next, 0, -1, -1};
            observer.started(next);
            const int error = start(processes[next], child);
            if (error == 0)
                running.push_back(child);
            else
                go_on = observer.finished(next, error == ENOENT ? status_not_found : status_not_executable);
            ++next;
        }
        std::vector<Child> ended;
        if (!running.empty())
            CHECK(wait_for_some(running, observer, ended));
        for (const Child& child : ended) {
            std::erase_if(running, [&](const Child& c) { return c.pid == child.pid; });
            const int status = reap(child);
            go_on = observer.finished(child.index, status) && go_on;
        }
    }
}

int run_process(const Process& process, std::string& output)
{
    Collector collector{output};
    run_processes({process}, 1, collector);
    return collector.status();
}

} // namespace irqlab::app
