// A small kernel for the shell's tests: files, pipes, tasks.
#include "tests/lab/shell/fake_kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <csetjmp>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <set>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kernel/syscall.hpp"

namespace irqlab::test {

namespace {

using kernel::CpuSet;

constexpr std::size_t pipe_limit = 1 << 20; // a writer that never ends gets EPIPE here

struct OpenFile {
    std::string* text = nullptr; // a file of the test, or a stream
    std::shared_ptr<std::string> pipe;
    FakeDevice* device = nullptr;
    int host = -1;
    std::int64_t offset = 0;
    bool appends = false, stream = false;
    explicit OpenFile(FakeKernel& k) : kernel(k) { ++kernel.open_files; }
    ~OpenFile()
    {
        --kernel.open_files;
        if (host >= 0)
            ::close(host);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    FakeKernel& kernel;
};

struct Task {
    int pid = 1, parent = 0;
    std::string directory = "/";
    std::map<int, std::shared_ptr<OpenFile>> files;
    std::jmp_buf* exit = nullptr;
    int status = 0;
    CpuSet affinity = CpuSet::first_of(4);
};

struct State {
    FakeKernel kernel;
    Task* current = nullptr;
    std::map<int, std::pair<int, int>> ended; // pid: parent, status
    int next_pid = 100;
};

std::unique_ptr<State> state = std::make_unique<State>();

bool is_lab(const std::string& path)
{
    for (const char* root : {"/dev", "/proc", "/sys", "/lib/modules"}) {
        const std::string with_slash = std::string(root) + "/";
        if (path == root || path.starts_with(with_slash))
            return true;
    }
    return false;
}

std::string absolute(const char* path)
{
    std::string full = path[0] == '/' ? path : state->current->directory + "/" + path;
    for (std::size_t at; (at = full.find("/./")) != std::string::npos;)
        full.erase(at, 2);
    for (std::size_t at; (at = full.find("//")) != std::string::npos;)
        full.erase(at, 1);
    if (full.ends_with("/."))
        full.resize(full.size() - 2);
    while (full.size() > 1 && full.ends_with('/'))
        full.pop_back();
    return full;
}

int install(std::shared_ptr<OpenFile> file, int lowest = 0)
{
    int fd = lowest;
    while (state->current->files.contains(fd))
        ++fd;
    state->current->files[fd] = std::move(file);
    return fd;
}

OpenFile* file_at(int fd)
{
    const auto found = state->current->files.find(fd);
    return found == state->current->files.end() ? nullptr : found->second.get();
}

/// Runs a task to its end. setjmp is alone in its function, so that no local of it is lost.
void enter(Task& task, int (*main)(void*), void* argument)
{
    std::jmp_buf point;
    task.exit = &point;
    if (setjmp(point) == 0)
        task.status = main(argument) & 255;
}

[[noreturn]] void leave(int status)
{
    state->current->status = status;
    std::longjmp(*state->current->exit, 1);
}

} // namespace

FakeKernel& fake_kernel() { return state->kernel; }

void reset_fake_kernel() { state = std::make_unique<State>(); }

void kill_current(int signal) { leave(128 + signal); }

int run_task(int (*main)(void*), void* argument)
{
    Task task;
    task.directory = state->kernel.directory;
    std::string* streams[] = {&state->kernel.input, &state->kernel.output, &state->kernel.errors};
    for (int fd = 0; fd < 3; ++fd) {
        task.files[fd] = std::make_shared<OpenFile>(state->kernel);
        task.files[fd]->text = streams[fd];
        task.files[fd]->stream = true;
    }
    state->current = &task;
    enter(task, main, argument);
    task.files.clear();
    state->current = nullptr;
    return task.status;
}

} // namespace irqlab::test

namespace irqlab::kernel {

using namespace irqlab::test;

int sys_open(const char* name, int flags, unsigned mode)
{
    const std::string path = absolute(name);
    auto file = std::make_shared<OpenFile>(state->kernel);
    file->appends = (flags & O_APPEND) != 0;
    auto& files = state->kernel.files;
    if (state->kernel.devices.contains(path)) {
        file->device = &state->kernel.devices[path];
    } else if (is_lab(path)) {
        if (!files.contains(path) && !(flags & O_CREAT))
            return -ENOENT;
        file->text = &files[path];
        if (flags & O_TRUNC)
            file->text->clear();
    } else {
        file->host = ::open(path.c_str(), flags, mode);
        if (file->host < 0)
            return -errno;
    }
    return install(std::move(file));
}

int sys_close(int fd) { return state->current->files.erase(fd) ? 0 : -EBADF; }

ssize_t sys_read(int fd, void* buffer, std::size_t size)
{
    OpenFile* file = file_at(fd);
    if (!file)
        return -EBADF;
    char* to = static_cast<char*>(buffer);
    if (file->host >= 0) {
        const ssize_t n = ::read(file->host, buffer, size);
        return n < 0 ? -errno : n;
    }
    if (file->device) {
        const long n = file->device->read ? file->device->read(to, size, file->offset) : -EINVAL;
        file->offset += n > 0 ? n : 0;
        return n;
    }
    std::string& text = file->pipe ? *file->pipe : *file->text;
    const std::size_t from = file->pipe ? 0 : std::min(static_cast<std::size_t>(file->offset), text.size());
    const std::size_t n = text.copy(to, size, from);
    if (file->pipe)
        text.erase(0, n);
    else
        file->offset += static_cast<std::int64_t>(n);
    return static_cast<ssize_t>(n);
}

ssize_t sys_write(int fd, const void* buffer, std::size_t size)
{
    OpenFile* file = file_at(fd);
    if (!file)
        return -EBADF;
    const char* from = static_cast<const char*>(buffer);
    if (file->host >= 0) {
        const ssize_t n = ::write(file->host, buffer, size);
        return n < 0 ? -errno : n;
    }
    if (file->device)
        return file->device->write ? file->device->write(from, size) : -EINVAL;
    std::string& text = file->pipe ? *file->pipe : *file->text;
    if (file->pipe && text.size() > pipe_limit)
        return -EPIPE;
    if (file->pipe || file->stream || file->appends) {
        text.append(from, size);
    } else {
        const auto at = static_cast<std::size_t>(file->offset);
        text.resize(std::max(text.size(), at + size));
        text.replace(at, size, from, size);
        file->offset += static_cast<std::int64_t>(size);
    }
    return static_cast<ssize_t>(size);
}

std::int64_t sys_lseek(int fd, std::int64_t offset, int whence)
{
    OpenFile* file = file_at(fd);
    if (!file)
        return -EBADF;
    if (file->pipe || file->stream)
        return -ESPIPE;
    if (file->host >= 0)
        return ::lseek(file->host, offset, whence);
    file->offset = whence == SEEK_CUR ? file->offset + offset : offset;
    return file->offset;
}

int sys_ioctl(int fd, unsigned command, unsigned long argument)
{
    OpenFile* file = file_at(fd);
    return !file ? -EBADF : file->device && file->device->ioctl ? file->device->ioctl(command, argument) : -ENOTTY;
}

int sys_poll(int, short events, int) { return events; }

int sys_dup2(int from, int to)
{
    if (!file_at(from))
        return -EBADF;
    const std::shared_ptr<OpenFile> file = state->current->files[from];
    state->current->files[to] = file;
    return to;
}

int sys_fcntl_dup(int from, int lowest)
{
    if (!file_at(from))
        return -EBADF;
    return install(std::shared_ptr<OpenFile>(state->current->files[from]), lowest);
}

int sys_pipe(int ends[2])
{
    auto buffer = std::make_shared<std::string>();
    for (int i = 0; i < 2; ++i) {
        auto file = std::make_shared<OpenFile>(state->kernel);
        file->pipe = buffer;
        ends[i] = install(std::move(file));
    }
    return 0;
}

bool sys_isatty(int) { return false; }

int sys_chdir(const char* path)
{
    Stat stat{};
    const std::string full = absolute(path);
    const int error = sys_stat(full.c_str(), stat);
    if (error < 0)
        return error;
    if (!S_ISDIR(stat.mode))
        return -ENOTDIR;
    char real[4096];
    state->current->directory = !is_lab(full) && ::realpath(full.c_str(), real) ? real : full;
    return 0;
}

int sys_getcwd(char* buffer, std::size_t size)
{
    const std::string& directory = state->current->directory;
    if (directory.size() >= size)
        return -ERANGE;
    std::memcpy(buffer, directory.c_str(), directory.size() + 1);
    return static_cast<int>(directory.size());
}

int sys_mkdir(const char* path, unsigned mode) { return ::mkdir(absolute(path).c_str(), mode) < 0 ? -errno : 0; }

int sys_unlink(const char* path)
{
    const std::string full = absolute(path);
    if (is_lab(full))
        return state->kernel.files.erase(full) + state->kernel.devices.erase(full) ? 0 : -ENOENT;
    return ::unlink(full.c_str()) < 0 ? -errno : 0;
}

int sys_mknod(const char* path, unsigned, unsigned major, unsigned minor)
{
    FakeDevice& device = state->kernel.devices[absolute(path)];
    device.major = major;
    device.minor = minor;
    return 0;
}

int sys_chmod(const char* path, unsigned mode) { return ::chmod(absolute(path).c_str(), mode) < 0 ? -errno : 0; }

int sys_stat(const char* name, Stat& out)
{
    const std::string path = absolute(name);
    out = {};
    out.links = 1;
    if (const auto device = state->kernel.devices.find(path); device != state->kernel.devices.end()) {
        out.mode = S_IFCHR | 0600;
        out.major = device->second.major;
        out.minor = device->second.minor;
        return 0;
    }
    if (!is_lab(path)) {
        struct ::stat host{};
        if (::stat(path.c_str(), &host) < 0)
            return -errno;
        out = {host.st_mode, static_cast<std::uint64_t>(host.st_size), major(host.st_rdev), minor(host.st_rdev),
               static_cast<unsigned>(host.st_nlink), host.st_mtime, host.st_ino};
        return 0;
    }
    if (const auto file = state->kernel.files.find(path); file != state->kernel.files.end()) {
        out.mode = S_IFREG | 0644;
        out.size = file->second.size();
        return 0;
    }
    const std::string below = path + "/";
    const auto inside = [&](const auto& entry) { return entry.first.starts_with(below); };
    if (std::none_of(state->kernel.files.begin(), state->kernel.files.end(), inside) &&
        std::none_of(state->kernel.devices.begin(), state->kernel.devices.end(), inside))
        return -ENOENT;
    out.mode = S_IFDIR | 0755;
    return 0;
}

int sys_readdir(const char* name, void (*entry)(void*, const char*), void* context)
{
    const std::string path = absolute(name);
    std::set<std::string> names;
    if (is_lab(path)) {
        const std::string below = path + "/";
        const auto add = [&](const std::string& full) {
            if (full.starts_with(below))
                names.insert(full.substr(below.size(), full.find('/', below.size()) - below.size()));
        };
        for (const auto& [full, text] : state->kernel.files)
            add(full);
        for (const auto& [full, device] : state->kernel.devices)
            add(full);
    } else {
        DIR* directory = ::opendir(path.c_str());
        if (!directory)
            return -errno;
        while (const dirent* e = ::readdir(directory))
            names.insert(e->d_name);
        ::closedir(directory);
    }
    if (names.empty())
        return -ENOENT;
    for (const std::string& one : names)
        if (one != "." && one != "..")
            entry(context, one.c_str());
    return 0;
}

Pid sys_spawn(const char* comm, int (*main)(void*), void* argument)
{
    state->kernel.comms.emplace_back(comm);
    Task* parent = state->current;
    auto task = std::make_unique<Task>();
    task->pid = state->next_pid++;
    task->parent = parent->pid;
    task->directory = parent->directory;
    task->files = parent->files;
    task->affinity = parent->affinity;
    state->current = task.get();
    enter(*task, main, argument);
    state->current = parent;
    state->ended[task->pid] = {parent->pid, task->status};
    return task->pid;
}

Pid sys_wait(Pid pid, int& status)
{
    for (auto it = state->ended.begin(); it != state->ended.end(); ++it)
        if (it->second.first == state->current->pid && (pid == -1 || pid == it->first)) {
            const Pid found = it->first;
            status = it->second.second;
            state->ended.erase(it);
            return found;
        }
    return -ECHILD;
}

Pid sys_wait_nohang(Pid pid, int& status) { return sys_wait(pid, status); }
void sys_exit(int status) { leave(status & 255); }

int sys_kill(Pid pid, int signal)
{
    if (pid == state->current->pid && signal != 0)
        kill_current(signal);
    return pid == state->current->pid || state->ended.contains(pid) ? 0 : -ESRCH;
}

Pid sys_getpid() { return state->current->pid; }

int sys_sched_setaffinity(Pid, const CpuSet& cpus)
{
    state->current->affinity = cpus;
    return 0;
}
CpuSet sys_sched_getaffinity(Pid) { return state->current->affinity; }
void sys_set_comm(const char* comm) { state->kernel.comms.emplace_back(comm); }

} // namespace irqlab::kernel
