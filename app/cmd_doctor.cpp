// irqlab doctor: what of this host irqlab can use, and what to install for the rest.
#include "app/host/paths.hpp"
#include "app/kbuild/compile.hpp"
#include "app/verbs.hpp"
#include <CLI/CLI.hpp>
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace irqlab::app {

namespace {

struct Check {
    const char* name;
    std::string (*find)(const char* name); // where it is, or empty
    const char* purpose;
    const char* remedy;
    bool needed; // by build and run
};

std::string program(const char* name) { return find_program(name); }

std::string device(const char* name)
{
    const int fd = ::open(name, O_RDWR | O_CLOEXEC);
    if (fd >= 0)
        ::close(fd);
    return fd >= 0 ? "opens" : "";
}

// The only sure way to know is to try; in a child, since it cannot be undone.
std::string user_namespaces(const char*)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 ? 0 : 1);
    int status = -1;
    return child > 0 && ::waitpid(child, &status, 0) == child && status == 0 ? "can be made" : "";
}

std::string headers(const char*) { return linux_directory(); }

constexpr const char* sysctl = "sysctl kernel.unprivileged_userns_clone=1";

const std::array checks{
    Check{"gcc", program, "compiles modules", "apt-get install gcc", true},
    Check{"ld", program, "links modules", "apt-get install binutils", true},
    Check{"make", program, "reads Makefiles", "apt-get install make", true},
    Check{"driver headers", headers, "what modules include", "set IRQLAB_LINUX to the folder with include/", true},
    Check{"addr2line", program, "names the line that asks for a missing symbol", "apt-get install binutils", false},
    Check{"modinfo", program, "shows what is in a .ko", "apt-get install kmod", false},
    Check{"gdb", program, "stops in a driver's handler", "apt-get install gdb", false},
    Check{"/dev/fuse", device, "the lab's files for programs of the host", "apt-get install fuse3", false},
    Check{"user namespaces", user_namespaces, "mounts of the lab's own, without root", sysctl, false},
    Check{"/dev/kvm", device, "a witness for the chips' tests", "apt-get install qemu-system-x86; usermod -aG kvm $USER",
          false},
    Check{"qemu-system-x86_64", program, "a witness for the chips' tests", "apt-get install qemu-system-x86", false},
};

int doctor()
{
    TerminalOutput output;
    int status = 0;
    for (const Check& check : checks) {
        const std::string found = check.find(check.name);
        output.out(fmt::format("{:<19} {:<8} {:<45} {}\n", check.name,
                               !found.empty()  ? "found"
                               : check.needed ? "MISSING"
                                              : "missing",
                               check.purpose, found.empty() ? check.remedy : found));
        if (found.empty() && check.needed)
            status = status_usage;
    }
    output.out(status == 0 ? "irqlab can build and run modules here.\n"
                           : "irqlab cannot build or run modules here until what is MISSING is installed.\n");
    return status;
}

} // namespace

void add_doctor(CLI::App& irqlab, int& status)
{
    CLI::App* verb = irqlab.add_subcommand("doctor", "what of this host irqlab can use, and what to install");
    verb->footer("Example:\n  irqlab doctor || sudo apt-get install gcc make binutils");
    verb->callback([&status] { status = doctor(); });
}

} // namespace irqlab::app
