// A small kernel for the shell's tests: kernel/syscall.hpp in memory.
//
// sys_spawn runs the child at once, to its end, on the caller's stack; pipes are buffers that grow; a read
// from an empty pipe is the end of the input. A kill leaves the child by longjmp: no destructor runs, as in
// the lab. Files below /dev, /proc, /sys and /lib/modules are the test's, all others the host's.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace irqlab::test {

struct FakeDevice {
    std::function<long(char* buffer, std::size_t size, std::int64_t offset)> read;
    std::function<long(const char* data, std::size_t size)> write;
    std::function<int(unsigned command, unsigned long argument)> ioctl;
    unsigned major = 240, minor = 0;
};

struct LogRecord {
    int level;
    std::uint64_t time_ns;
    std::string text;
};

struct FakeKernel {
    std::map<std::string, std::string> files;     // path: text; a path that ends in / is a directory
    std::map<std::string, FakeDevice> devices;
    std::map<std::string, int> module_errors;     // what init_module answers by path
    std::map<std::string, int> delete_errors;
    std::vector<std::string> loaded;              // "path parameters"
    std::vector<LogRecord> log;
    std::vector<std::string> stimuli;             // what the lab_ calls were given
    std::vector<std::string> comms;               // name of each task that was made, and each new name
    std::string input;                            // descriptor 0 of the first task
    std::string output, errors;                   // descriptors 1 and 2
    std::string directory = "/";
    std::uint64_t now_ns = 0;
    int rtc_not_ready = 0;                        // so often lab_rtc_event says -EAGAIN
    int open_files = 0;                           // at the end of run(): what was not closed
};

/// The kernel of the test that runs.
FakeKernel& fake_kernel();
/// A new kernel.
void reset_fake_kernel();
/// Runs `main` as the first task. @return its status, 128 + signal when it was killed.
int run_task(int (*main)(void*), void* argument);
/// For devices: ends the calling task, as an Oops does.
[[noreturn]] void kill_current(int signal);

} // namespace irqlab::test
