// The lab's own commands: stimuli by hand, ioctl, show.
#include <cerrno>
#include <fcntl.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

constexpr std::uint64_t retry_ns = 1'000'000; // virtual time between two tries of a source that is not ready
constexpr int retries_max = 1000;

int usage(Command& c)
{
    const CommandEntry* entry = find_command(c.name());
    c.warn("Usage: %s %s\n", c.name(), entry ? entry->usage : "");
    return 2;
}

/// A whole number in a range; reported when it is none.
bool number(Command& c, const char* text, std::int64_t low, std::int64_t high, std::int64_t& value)
{
    if (parse_number(text, value) && value >= low && value <= high)
        return true;
    c.fail("invalid number: '%s'", text);
    return false;
}

/// Bytes into a device whose buffer may be full: the rest waits for the driver to take them.
template <class Send>
int deliver(Command& c, const Vec<std::uint8_t>& bytes, Send send)
{
    std::size_t at = 0;
    for (int tries = 0; at < bytes.size() && tries < retries_max; ++tries) {
        const int taken = send(bytes.data() + at, bytes.size() - at);
        if (taken < 0)
            return c.fail("%s", error_text(taken));
        at += static_cast<std::size_t>(taken);
        if (at < bytes.size() && kernel::sys_nanosleep(retry_ns) == -EINTR)
            return 130;
    }
    if (at < bytes.size())
        return c.fail("%zu of %zu bytes were not taken: the device's buffer stays full", bytes.size() - at, bytes.size());
    return 0;
}

// Scan code set 1 of the US layout: the code is the index, with and without shift. [8042] "Scan code set 1".
constexpr std::string_view plain_keys("\0\033" "1234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ", 58);
constexpr std::string_view shift_keys("\0\033" "!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ", 58);
static_assert(plain_keys[0x1e] == 'a' && plain_keys[0x39] == ' ' && shift_keys[0x35] == '?' && plain_keys[0x1c] == '\n');
constexpr std::uint8_t left_shift = 0x2a, break_bit = 0x80;

/// Make and break codes of one character. False: no key has it.
bool key_codes(char c, Vec<std::uint8_t>& codes)
{
    std::size_t code = c == '\0' ? std::string_view::npos : plain_keys.find(c);
    const bool shifted = code == std::string_view::npos;
    if (shifted)
        code = shift_keys.find(c);
    if (code == std::string_view::npos || c == '\0')
        return false;
    const auto key = static_cast<std::uint8_t>(code);
    if (shifted)
        codes.push_back(left_shift);
    codes.push_back(key);
    codes.push_back(key | break_bit);
    if (shifted)
        codes.push_back(left_shift | break_bit);
    return true;
}

/// @param error  what driving the line gave.
int driven(Command& c, unsigned line, int error)
{
    return error < 0 ? c.fail("the board has no line %u", line) : 0;
}

} // namespace

int irq_command(Command& c)
{
    std::int64_t line = 0, count = 1;
    if (c.argc < 3 || c.argc > 4)
        return usage(c);
    if (!number(c, c.argv[2], 0, 0xffff, line) || (c.argc > 3 && !number(c, c.argv[3], 0, 1 << 30, count)))
        return 2;
    const std::string_view verb = c.argv[1];
    const auto n = static_cast<unsigned>(line);
    if ((verb == "raise" || verb == "lower") && c.argc == 3)
        return driven(c, n, kernel::lab_line(n, verb == "raise"));
    if (verb != "pulse")
        return usage(c);
    for (std::int64_t i = 0; i < count; ++i)
        if (driven(c, n, kernel::lab_pulse(n)) != 0)
            return 1;
    return 0;
}

int kbd_command(Command& c)
{
    if (c.argc < 3)
        return usage(c);
    Vec<std::uint8_t> codes(&c.memory);
    const std::string_view verb = c.argv[1];
    for (int i = 2; i < c.argc; ++i) {
        std::int64_t code = 0;
        if (verb == "press") {
            if (!number(c, c.argv[i], 0, 255, code))
                return 2;
            codes.push_back(static_cast<std::uint8_t>(code));
            continue;
        }
        if (verb != "type")
            return usage(c);
        if (i > 2)
            key_codes(' ', codes);
        Str text(&c.memory);
        append_escapes(text, c.argv[i], false); // \n is Enter
        for (const char key : text)
            if (!key_codes(key, codes))
                return c.fail("no key for character 0x%02x", static_cast<unsigned char>(key));
    }
    return deliver(c, codes, [](const std::uint8_t* data, std::size_t size) { return kernel::lab_keyboard(data, size); });
}

int mouse_command(Command& c)
{
    std::int64_t x = 0, y = 0, buttons = 0;
    if (c.argc < 4 || c.argc > 5 || std::string_view(c.argv[1]) != "move")
        return usage(c);
    if (!number(c, c.argv[2], -256, 255, x) || !number(c, c.argv[3], -256, 255, y) ||
        (c.argc > 4 && !number(c, c.argv[4], 0, 7, buttons)))
        return 2;
    const int error = kernel::lab_mouse(static_cast<int>(x), static_cast<int>(y), static_cast<unsigned>(buttons));
    return error < 0 ? c.fail("%s", error_text(error)) : 0;
}

int uart_command(Command& c)
{
    std::int64_t port = 0;
    if (c.argc < 4)
        return usage(c);
    if (!number(c, c.argv[1], 0, 3, port))
        return 2;
    Vec<std::uint8_t> bytes(&c.memory);
    const std::string_view verb = c.argv[2];
    for (int i = 3; i < c.argc; ++i) {
        std::int64_t byte = 0;
        if (verb == "bytes") {
            if (!number(c, c.argv[i], 0, 255, byte))
                return 2;
            bytes.push_back(static_cast<std::uint8_t>(byte));
            continue;
        }
        if (verb != "send")
            return usage(c);
        Str text(i > 3 ? " " : "", &c.memory);
        append_escapes(text, c.argv[i], false);
        for (const char letter : text)
            bytes.push_back(static_cast<std::uint8_t>(letter));
    }
    const auto n = static_cast<unsigned>(port);
    return deliver(c, bytes, [n](const std::uint8_t* data, std::size_t size) { return kernel::lab_uart(n, data, size); });
}

int lpt_command(Command& c)
{
    if (c.argc != 2 || std::string_view(c.argv[1]) != "ack")
        return usage(c);
    const int error = kernel::lab_lpt_ack();
    if (error == -EAGAIN)
        return c.fail("the port's interrupt is not enabled: bit 4 of 0x37a is clear");
    return error < 0 ? c.fail("%s", error_text(error)) : 0;
}

int rtc_command(Command& c)
{
    const std::string_view verb = c.argc > 1 ? c.argv[1] : "";
    std::int64_t rate = 0;
    if (verb == "rate" && c.argc == 3) {
        if (!number(c, c.argv[2], 0, 1 << 20, rate))
            return 2;
        const int error = kernel::lab_rtc_rate(static_cast<unsigned>(rate));
        return error < 0 ? c.fail("%s Hz is not a power of two from 2 to 8192", c.argv[2]) : 0;
    }
    if (verb != "event" || c.argc != 2)
        return usage(c);
    for (int tries = 0; tries < retries_max; ++tries) { // a source that must be enabled first waits until it is
        const int error = kernel::lab_rtc_event();
        if (error != -EAGAIN)
            return error < 0 ? c.fail("%s", error_text(error)) : 0;
        if (kernel::sys_nanosleep(retry_ns) == -EINTR)
            return 130;
    }
    return c.fail("no event of the clock was enabled");
}

int ioctl_command(Command& c)
{
    std::int64_t request = 0, argument = 0;
    if (c.argc < 3 || c.argc > 4)
        return usage(c);
    if (!number(c, c.argv[2], 0, 0xffffffff, request))
        return 2;
    if (c.argc > 3 && !parse_number(c.argv[3], argument))
        return c.fail("invalid number: '%s'", c.argv[3]), 2;
    int fd = kernel::sys_open(c.argv[1], O_RDWR);
    if (fd == -EACCES || fd == -EROFS || fd == -EINVAL) // a driver that does not write
        fd = kernel::sys_open(c.argv[1], O_RDONLY);
    if (fd < 0)
        return c.fail_path(c.argv[1], fd);
    const int result = kernel::sys_ioctl(fd, static_cast<unsigned>(request), static_cast<unsigned long>(argument));
    kernel::sys_close(fd);
    if (result < 0)
        return c.fail_path(c.argv[1], result);
    if (result != 0)
        c.print("%d\n", result);
    return 0;
}

namespace {

/// exception N [ERROR]. Mostly it does not come back: Linux kills who raised it.
int cpu_exception(Command& c)
{
    std::int64_t vector = 0, error = 0;
    if (c.argc < 3 || c.argc > 4)
        return usage(c);
    if (!number(c, c.argv[2], 0, 31, vector) || (c.argc > 3 && !number(c, c.argv[3], 0, 0xffffffff, error)))
        return 2;
    c.flush();
    kernel::lab_exception(static_cast<unsigned>(vector), static_cast<std::uint32_t>(error));
    return 0;
}

/// nmi [N] | smi [N]. Without a CPU: the pin, or the caller's own.
int cpu_message(Command& c, bool nmi)
{
    std::int64_t cpu = 0;
    if (c.argc > 3)
        return usage(c);
    if (c.argc == 3 && !number(c, c.argv[2], 0, 255, cpu))
        return 2;
    const auto n = static_cast<unsigned>(cpu);
    const int error = nmi && c.argc == 2 ? kernel::lab_nmi_pin() : nmi ? kernel::lab_nmi(n) : kernel::lab_smi(n);
    return error < 0 ? c.fail("there is no CPU %u", n) : 0;
}

} // namespace

int cpu_command(Command& c)
{
    std::int64_t cpu = 0;
    const std::string_view verb = c.argc > 1 ? c.argv[1] : "";
    if (verb == "exception")
        return cpu_exception(c);
    if (verb == "nmi" || verb == "smi")
        return cpu_message(c, verb == "nmi");
    if (c.argc != 3 || (verb != "offline" && verb != "online"))
        return usage(c);
    if (!number(c, c.argv[2], 0, 255, cpu))
        return 2;
    const int error = kernel::lab_cpu_online(static_cast<unsigned>(cpu), verb == "online");
    return error < 0 ? c.fail("CPU %s: %s", c.argv[2], error_text(error)) : 0;
}

int show_command(Command& c)
{
    const ShellHooks& hooks = c.shell.hooks;
    if (!hooks.show)
        return c.fail("not available here"), 2;
    Str text(&c.memory);
    const int status = hooks.show(hooks.context, c.argc, c.argv, text);
    if (status == 0)
        c.write(text);
    else
        c.warn("%s", text.c_str());
    return status;
}

} // namespace irqlab::lab::sh
