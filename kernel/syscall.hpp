// The system calls of the lab's kernel, as its programs (the shell and its commands) make them.
//
// Each function runs in the calling task's context, may sleep, and answers as the Linux call of that
// name does: a result >= 0, or a negative errno. Buffers are ordinary host memory: the kernel carries
// them through the user address range itself, so that a driver always sees a user pointer.
//
// A task may be killed inside any of these calls (an Oops in the driver): the call then never returns,
// and no destructor of the caller runs. Programs therefore keep what they own in the World's arena.
// Source: [MAN2] for each call.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <sys/types.h>

#include "kernel/cpu_set.hpp"

namespace irqlab::kernel {

using Pid = int;

// --- files ------------------------------------------------------------------------------------------
// Flags and modes are those of the host's <fcntl.h>, <sys/stat.h>, <poll.h>: they are Linux's.
// Paths below /proc, /dev, /sys and /lib/modules are the lab's; all others are the host's.
int sys_open(const char* path, int flags, unsigned mode = 0666);
int sys_close(int fd);
ssize_t sys_read(int fd, void* buffer, std::size_t size);
ssize_t sys_write(int fd, const void* buffer, std::size_t size);
std::int64_t sys_lseek(int fd, std::int64_t offset, int whence);
int sys_ioctl(int fd, unsigned command, unsigned long argument);
int sys_poll(int fd, short events, int timeout_ms); // > 0: the events that are there; 0: timed out
int sys_dup2(int from, int to);
int sys_fcntl_dup(int from, int lowest); // F_DUPFD
int sys_pipe(int ends[2]);
bool sys_isatty(int fd); // the host terminal behind the console
int sys_chdir(const char* path);
int sys_getcwd(char* buffer, std::size_t size);
int sys_mkdir(const char* path, unsigned mode);
int sys_unlink(const char* path);
int sys_mknod(const char* path, unsigned mode, unsigned major, unsigned minor);
int sys_chmod(const char* path, unsigned mode);

struct Stat {
    unsigned mode;          // S_IFMT and permission bits
    std::uint64_t size;     // bytes
    unsigned major, minor;  // of a device node
    unsigned links;
    std::int64_t mtime_s;   // seconds since the epoch
    std::uint64_t inode;
};
int sys_stat(const char* path, Stat& out);

/// The names in a directory, in the order in which Linux lists them. Calls `entry` for each name.
/// @return 0, -ENOENT, -ENOTDIR.
int sys_readdir(const char* path, void (*entry)(void* context, const char* name), void* context);

// --- tasks ------------------------------------------------------------------------------------------
/// A new process: a copy of the caller's file table, directory and affinity. `main` returns its exit status.
/// @param comm  name as in /proc/PID/comm; cut to 15 characters.
/// @return the child's pid.
Pid sys_spawn(const char* comm, int (*main)(void* argument), void* argument);
/// Waits for a child. @param pid one child, or -1 for any.
/// @param status  0..255 for an exit, 128 + signal for a kill.  @return pid, or -ECHILD, or -EINTR.
Pid sys_wait(Pid pid, int& status);
/// As above, but returns 0 at once when the child still runs.
Pid sys_wait_nohang(Pid pid, int& status);
[[noreturn]] void sys_exit(int status);
int sys_kill(Pid pid, int signal);
/// The signals that are pending for the caller, bit n-1 for signal n; none are afterwards, as if handlers had run.
std::uint64_t sys_take_signals();
Pid sys_getpid();
int sys_nanosleep(std::uint64_t nanoseconds); // virtual time; -EINTR when a signal came
int sys_sched_setaffinity(Pid pid, const CpuSet& cpus);
CpuSet sys_sched_getaffinity(Pid pid);
/// Names the calling task anew, as exec does.
void sys_set_comm(const char* comm);

// --- modules, log, system -----------------------------------------------------------------------------
/// Loads the ELF object `image`. @param path as typed, for messages; @param parameters "a=1 b=x".
/// @return 0, or -ENOEXEC, -EEXIST, -ENOENT (unknown symbol), -EINVAL, or what the module's init returned.
int sys_init_module(const char* path, std::string_view image, const char* parameters);
/// @return 0, or -ENOENT (no such module), -EWOULDBLOCK (in use), -EBUSY (init or exit not done).
int sys_delete_module(const char* name);

/// What the kernel log holds, oldest first, one call per record.
/// @param text  one line without its newline.
int sys_syslog_read(bool clear, void (*record)(void* context, int level, std::uint64_t time_ns, const char* text),
                    void* context);
/// Blocks until a record after `sequence` exists; updates `sequence`. @return 0 or -EINTR.
int sys_syslog_wait(std::uint64_t& sequence);

struct Utsname {
    const char *sysname, *nodename, *release, *version, *machine;
};
Utsname sys_uname();
std::uint64_t sys_clock_monotonic_ns();
std::int64_t sys_clock_realtime_s();

// --- the lab's own: stimuli by hand -------------------------------------------------------------------
/// Drives ISA line or GSI `line` by hand. @return 0 or -EINVAL for a line that the board does not have.
int lab_line(unsigned line, bool high);
/// A pulse: the line falls as soon as an interrupt controller has taken note, as if a device had let go. A level line
/// interrupts once so, whatever the driver does. @return as lab_line.
int lab_pulse(unsigned line);
/// Scan codes (set 1, as software sees them) into the keyboard. @return how many were taken.
int lab_keyboard(const std::uint8_t* scancodes, std::size_t count);
int lab_mouse(int dx, int dy, unsigned buttons);
/// Bytes that arrive at a serial port. @return how many, or -ENODEV.
int lab_uart(unsigned port, const std::uint8_t* bytes, std::size_t count);
int lab_rtc_rate(unsigned hz);  // periodic interrupt rate: a power of two from 2 to 8192, else -EINVAL
int lab_rtc_event();            // the next enabled event happens now; -EAGAIN when none is enabled
int lab_lpt_ack();              // -EAGAIN when the port's interrupt is not enabled (control bit 4)
int lab_cpu_online(unsigned cpu, bool online);
/// The calling task's CPU raises exception `vector` (0 to 31; 2 is an NMI) with that error code, for 1 that DR6, as if
/// an instruction of the kernel had. @return 0 when Linux's handler came back, or -EINVAL.
int lab_exception(unsigned vector, std::uint32_t error);
/// A pulse on the board's NMI pin.
int lab_nmi_pin();
/// A message that is an NMI or SMI for one CPU. Firmware's handler of the latter takes its time, and nobody sees it.
/// @return 0 or -EINVAL: no such CPU.
int lab_nmi(unsigned cpu);
int lab_smi(unsigned cpu);

} // namespace irqlab::kernel
