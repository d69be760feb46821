// Child processes with a pipe each. See the header.
#include "app/survey/workers.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace irqlab::app::survey {

namespace {

struct Child {
    std::size_t index;
    pid_t pid;
    int fd;
    std::string text;
};

[[noreturn]] void be_child(int fd, unsigned seconds, const std::function<std::string(std::size_t)>& work,
                           std::size_t index)
{
    ::setpgid(0, 0); // Compilers that a late one has started end with it.
    ::alarm(seconds);
    const int null = ::open("/dev/null", O_RDWR);
    for (const int stream : {0, 1, 2})
        ::dup2(null, stream);
    const std::string text = work(index);
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t n = ::write(fd, text.data() + at, text.size() - at);
        if (n <= 0)
            break;
        at += static_cast<std::size_t>(n);
    }
    ::_exit(0);
}

Child start(std::size_t index, unsigned seconds, const std::function<std::string(std::size_t)>& work)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::runtime_error(std::string("no pipe for a child process: ") + std::strerror(errno));
    const pid_t pid = ::fork();
    if (pid < 0)
        throw std::runtime_error(std::string("no child process: ") + std::strerror(errno));
    if (pid == 0) {
        ::close(ends[0]);
        be_child(ends[1], seconds, work, index);
    }
    ::close(ends[1]);
    return {index, pid, ends[0], {}};
}

std::string death_of(int status, unsigned seconds)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return {};
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return fmt::format("it took longer than {} s", seconds);
    if (WIFSIGNALED(status))
        return fmt::format("killed by SIG{}", ::sigabbrev_np(WTERMSIG(status)));
    return fmt::format("exited with {}", WEXITSTATUS(status));
}

/// Takes what it wrote. @return false: it has ended.
bool listen(Child& child)
{
    char buffer[4096];
    const ssize_t n = ::read(child.fd, buffer, sizeof buffer);
    if (n > 0)
        child.text.append(buffer, static_cast<std::size_t>(n));
    return n > 0 || (n < 0 && errno == EINTR);
}

} // namespace

void run_workers(std::size_t count, unsigned jobs, unsigned seconds,
                 const std::function<std::string(std::size_t)>& work,
                 const std::function<void(std::size_t, const std::string&, const std::string&)>& done)
{
    std::vector<Child> children;
    for (std::size_t next = 0; next < count || !children.empty();) {
        while (children.size() < jobs && next < count)
            children.push_back(start(next++, seconds, work));
        std::vector<pollfd> ends;
        for (const Child& child : children)
            ends.push_back({child.fd, POLLIN, 0});
        ::poll(ends.data(), ends.size(), -1);
        for (std::size_t i = ends.size(); i-- > 0;) {
            Child& child = children[i];
            if (ends[i].revents == 0 || listen(child))
                continue;
            int status = 0;
            ::close(child.fd);
            ::waitpid(child.pid, &status, 0);
            ::kill(-child.pid, SIGKILL);
            const Child ended = child;
            children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
            done(ended.index, ended.text, death_of(status, seconds));
        }
    }
}

} // namespace irqlab::app::survey
