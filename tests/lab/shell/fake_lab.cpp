// A small kernel for the shell's tests: modules, log, clocks, stimuli.
#include <algorithm>
#include <cerrno>

#include "kernel/syscall.hpp"
#include "tests/lab/shell/fake_kernel.hpp"

namespace irqlab::kernel {

using namespace irqlab::test;

int sys_nanosleep(std::uint64_t nanoseconds)
{
    fake_kernel().now_ns += nanoseconds;
    return 0;
}

std::uint64_t sys_take_signals() { return 0; }

int sys_init_module(const char* path, std::string_view, const char* parameters)
{
    const auto error = fake_kernel().module_errors.find(path);
    if (error != fake_kernel().module_errors.end())
        return error->second;
    fake_kernel().loaded.push_back(std::string(path) + " " + parameters);
    return 0;
}

int sys_delete_module(const char* name)
{
    const auto error = fake_kernel().delete_errors.find(name);
    return error == fake_kernel().delete_errors.end() ? 0 : error->second;
}

int sys_syslog_read(bool clear, void (*record)(void*, int, std::uint64_t, const char*), void* context)
{
    for (const LogRecord& r : fake_kernel().log)
        record(context, r.level, r.time_ns, r.text.c_str());
    if (clear)
        fake_kernel().log.clear();
    return 0;
}

int sys_syslog_wait(std::uint64_t&) { return -EINTR; }
Utsname sys_uname() { return {"Linux", "lab", "6.1.0", "#1 SMP PREEMPT_DYNAMIC", "x86_64"}; }
std::uint64_t sys_clock_monotonic_ns() { return fake_kernel().now_ns; }
std::int64_t sys_clock_realtime_s()
{
    return 1'700'473'920 + static_cast<std::int64_t>(fake_kernel().now_ns / 1'000'000'000); // 2023-11-20 09:52 UTC
}

namespace {

int note(std::string text)
{
    fake_kernel().stimuli.push_back(std::move(text));
    return 0;
}

std::string hex(const std::uint8_t* bytes, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += " ";
        text += "0123456789abcdef"[bytes[i] >> 4];
        text += "0123456789abcdef"[bytes[i] & 15];
    }
    return text;
}

} // namespace

int lab_line(unsigned line, bool high)
{
    return line > 23 ? -EINVAL : note("line " + std::to_string(line) + (high ? " high" : " low"));
}
int lab_pulse(unsigned line)
{
    const int error = lab_line(line, true);
    return error < 0 ? error : lab_line(line, false);
}
int lab_keyboard(const std::uint8_t* codes, std::size_t count)
{
    const std::size_t taken = std::min<std::size_t>(count, 4); // a small buffer: the rest must be sent again
    note("kbd" + hex(codes, taken));
    return static_cast<int>(taken);
}
int lab_mouse(int dx, int dy, unsigned) { return note("mouse " + std::to_string(dx) + " " + std::to_string(dy)); }
int lab_uart(unsigned port, const std::uint8_t* bytes, std::size_t count)
{
    if (port > 1)
        return -ENODEV;
    note("uart " + std::to_string(port) + hex(bytes, count));
    return static_cast<int>(count);
}
int lab_rtc_rate(unsigned hz) { return hz < 2 || hz > 8192 || (hz & (hz - 1)) ? -EINVAL : note("rate " + std::to_string(hz)); }
int lab_rtc_event() { return fake_kernel().rtc_not_ready-- > 0 ? -EAGAIN : note("rtc event"); }
int lab_lpt_ack() { return note("lpt ack"); }
int lab_cpu_online(unsigned cpu, bool online)
{
    return cpu > 3 ? -EINVAL : note("cpu " + std::to_string(cpu) + (online ? " on" : " off"));
}
int lab_exception(unsigned vector, std::uint32_t error)
{
    return note("exception " + std::to_string(vector) + " " + std::to_string(error));
}
int lab_nmi_pin() { return note("nmi pin"); }
int lab_nmi(unsigned cpu) { return cpu > 3 ? -EINVAL : note("nmi " + std::to_string(cpu)); }
int lab_smi(unsigned cpu) { return cpu > 3 ? -EINVAL : note("smi " + std::to_string(cpu)); }

} // namespace irqlab::kernel
