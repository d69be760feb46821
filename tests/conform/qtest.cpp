// The process, its pipes and the object tree. See the header.
#include "tests/conform/qtest.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace irqlab::conform {

namespace {

constexpr int patience_ms = 20'000;

[[noreturn]] void fail(const char* what)
{
    throw WitnessError{fmt::format("{}: {}", what, std::strerror(errno))};
}

struct Pipe {
    int read = -1, write = -1;
    Pipe()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            fail("pipe");
        read = ends[0];
        write = ends[1];
    }
};

constexpr u64 clock_starts_ns = 1'000'000'000; // a clock of 0 is none

} // namespace

struct Qtest::File {
    int fd = -1;
    ~File()
    {
        if (fd >= 0)
            ::close(fd);
    }
    void create(const std::string& bytes)
    {
        fd = ::memfd_create("irqlab", MFD_CLOEXEC);
        if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            fail("memfd_create");
    }
    void inherit() const
    {
        if (fd >= 0)
            ::fcntl(fd, F_SETFD, 0);
    }
};

std::string find_qemu()
{
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string program = folder + "/qemu-system-x86_64";
        if (::access(program.c_str(), X_OK) == 0)
            return program;
    }
    return {};
}

void Qtest::make_clock(const File& page)
{
    void* at = ::mmap(nullptr, sizeof *clock_, PROT_READ | PROT_WRITE, MAP_SHARED, page.fd, 0);
    if (at == MAP_FAILED)
        fail("mmap");
    clock_ = static_cast<volatile u64*>(at);
    *clock_ = clock_ns_ = batches_[0].clock_ns = clock_starts_ns;
}

void Qtest::start(const std::vector<std::string>& arguments, int monitor_fd, const File& clock,
                  const File& firmware)
{
    const std::string qemu = find_qemu();
    if (qemu.empty())
        throw WitnessError{"qemu-system-x86_64 is not installed (Debian: qemu-system-x86)"};
    std::vector<std::string> words{qemu,        "-accel",
                                   "tcg",       "-qtest",
                                   "stdio",     "-qtest-log",
                                   "/dev/null", "-display",
                                   "none",      "-nodefaults",
                                   "-m",        "16",
                                   "-chardev",  fmt::format("socket,id=qmp,fd={}", monitor_fd),
                                   "-mon",      "chardev=qmp,mode=control"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    if (clock_)
        words.insert(words.end(), {"-bios", fmt::format("/proc/self/fd/{}", firmware.fd)});
    else
        words.push_back("-S");
    std::vector<char*> argv;
    for (std::string& w : words)
        argv.push_back(w.data());
    argv.push_back(nullptr);
    const Pipe to, from;
    pid_ = ::fork();
    if (pid_ < 0)
        fail("fork");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(to.read, 0);
        ::dup2(from.write, 1);
        ::fcntl(monitor_fd, F_SETFD, 0);
        clock.inherit();
        firmware.inherit();
        if (clock_) {
            ::setenv("IRQLAB_CLOCK_FD", fmt::format("{}", clock.fd).c_str(), 1);
            ::setenv("LD_PRELOAD", IRQLAB_QEMU_CLOCK, 1);
        }
        ::execv(qemu.c_str(), argv.data());
        ::_exit(127);
    }
    ::close(to.read);
    ::close(from.write);
    in_ = to.write;
    out_ = from.read;
    ::fcntl(in_, F_SETFL, O_NONBLOCK);
}

Qtest::Qtest(const std::vector<std::string>& arguments, Clock clock)
{
    File page, firmware;
    if (clock == Clock::ours) {
        page.create(std::string(sizeof *clock_, '\0'));
        firmware.create(std::string(0x10000, '\xf4')); // HLT, with IF clear
        make_clock(page);
    }
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        fail("socketpair");
    monitor_ = ends[0];
    start(arguments, ends[1], page, firmware);
    ::close(ends[1]);
    ask("");
    ask(R"({"execute":"qmp_capabilities"})");
    read_tree();
}

Qtest::~Qtest()
{
    for (const int fd : {in_, out_, monitor_})
        if (fd >= 0)
            ::close(fd);
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    if (clock_)
        ::munmap(const_cast<u64*>(clock_), sizeof *clock_);
}

std::string Qtest::ask(const std::string& json)
{
    const std::string line = json.empty() ? "" : json + "\n";
    if (::send(monitor_, line.data(), line.size(), MSG_NOSIGNAL) < 0)
        fail("QEMU's monitor");
    std::string answer;
    for (;;) {
        char byte = 0;
        pollfd waiting{monitor_, POLLIN, 0};
        if (::poll(&waiting, 1, patience_ms) != 1 || ::read(monitor_, &byte, 1) != 1)
            throw WitnessError{"QEMU's monitor does not answer (did QEMU refuse its arguments?)"};
        if (byte != '\n') {
            answer += byte;
            continue;
        }
        if (answer.find("\"event\"") == std::string::npos) // Events come when they like.
            return answer;
        answer.clear();
    }
}

std::string Qtest::monitor(const std::string& command)
{
    const nlohmann::json question{{"execute", "human-monitor-command"},
                                  {"arguments", {{"command-line", command}}}};
    const nlohmann::json answer = nlohmann::json::parse(ask(question.dump()));
    if (!answer.contains("return"))
        throw WitnessError{fmt::format("QEMU's monitor: {}: {}", command, answer.dump())};
    return answer["return"];
}

/// Lines like "    /device[6] (isa-i8259)", two blanks a level.
void Qtest::read_tree()
{
    std::istringstream lines(monitor("info qom-tree"));
    std::vector<std::string> stack;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t depth = line.find_first_not_of(' ') / 2;
        const std::size_t type = line.rfind(" (");
        if (type == std::string::npos || depth > stack.size())
            continue;
        stack.resize(depth);
        stack.push_back(line.substr(2 * depth, type - 2 * depth));
        std::string path;
        for (const std::string& part : stack)
            path += part;
        std::string name = line.substr(type + 2);
        name.resize(name.find(')'));
        tree_.push_back({std::move(path), std::move(name)});
    }
}

std::vector<std::string> Qtest::paths_of(std::string_view type) const
{
    std::vector<std::string> paths;
    for (const Object& o : tree_)
        if (o.type == type)
            paths.push_back(o.path);
    // device[10] sorts before device[2] in the tree: by number they come in the order of creation.
    std::stable_sort(paths.begin(), paths.end(),
                     [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
    return paths;
}

void Qtest::intercept_outputs(const std::string& path)
{
    queue("irq_intercept_out " + path);
    flush();
}

void Qtest::intercept_inputs(const std::string& path)
{
    queue("irq_intercept_in " + path);
    flush();
}

void Qtest::queue(std::string_view command)
{
    batches_.back().bytes.append(command).push_back('\n');
    ++batches_.back().commands;
    ++commands_;
}

/// QEMU runs its timers after it has answered what woke it up: so two commands, and the first one's answer in
/// between.
void Qtest::advance_clock(u64 ns)
{
    clock_ns_ += ns;
    for (int i = 0; i < 2; ++i) {
        batches_.push_back({clock_ns_, {}, 0});
        queue("readb 0");
    }
}

void Qtest::send_some()
{
    const ssize_t sent = ::write(in_, sending_.data(), sending_.size());
    if (sent > 0)
        sending_.erase(0, static_cast<std::size_t>(sent));
    else if (sent < 0 && errno != EAGAIN)
        fail("QEMU has ended");
}

bool Qtest::take_line(std::string& line)
{
    const std::size_t end = pending_.find('\n', at_);
    if (end == std::string::npos) {
        pending_.erase(0, at_);
        at_ = 0;
        return false;
    }
    line.assign(pending_, at_, end - at_);
    at_ = end + 1;
    return true;
}

/// "OK", "OK 0x1f", "IRQ raise 0", "IRQ lower 0", "FAIL ...".
Qtest::Answer Qtest::wait_answer()
{
    for (std::string line;;) {
        while (!take_line(line)) {
            pollfd waiting[2] = {{out_, POLLIN, 0}, {in_, POLLOUT, 0}};
            if (::poll(waiting, sending_.empty() ? 1 : 2, patience_ms) <= 0)
                throw WitnessError{"QEMU does not answer"};
            if (!sending_.empty() && waiting[1].revents != 0)
                send_some();
            if (waiting[0].revents == 0)
                continue;
            char bytes[16384];
            const ssize_t got = ::read(out_, bytes, sizeof bytes);
            if (got <= 0)
                throw WitnessError{"QEMU has ended"};
            pending_.append(bytes, static_cast<std::size_t>(got));
        }
        if (line.starts_with("IRQ ")) {
            const u64 output = u64{1} << (std::atoi(line.c_str() + 10) & 63);
            levels_ = line[4] == 'r' ? levels_ | output : levels_ & ~output;
            continue;
        }
        if (!line.starts_with("OK"))
            throw WitnessError{"QEMU says: " + line};
        return {line.size() > 3 ? std::strtoull(line.c_str() + 3, nullptr, 0) : 0, levels_};
    }
}

std::vector<Qtest::Answer> Qtest::flush()
{
    std::vector<Answer> answers;
    answers.reserve(commands_);
    for (Batch& batch : batches_) {
        if (clock_)
            *clock_ = batch.clock_ns;
        sending_ = std::move(batch.bytes);
        for (; batch.commands != 0; --batch.commands)
            answers.push_back(wait_answer());
    }
    batches_.assign(1, {clock_ns_, {}, 0});
    commands_ = 0;
    return answers;
}

} // namespace irqlab::conform
