// The commands of the shell: output, messages, input.
#include "lab/shell/command.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <fcntl.h>

namespace irqlab::lab::sh {

namespace {

constexpr std::size_t output_chunk = 4096;

std::string_view format_into(char (&buffer)[512], const char* format, va_list arguments)
{
    const int size = std::vsnprintf(buffer, sizeof buffer, format, arguments);
    const std::size_t length = size < 0 ? 0 : static_cast<std::size_t>(size);
    return {buffer, length < sizeof buffer ? length : sizeof buffer - 1};
}

} // namespace

void Command::write(std::string_view text)
{
    if (broken())
        return;
    out_ += text;
    if (out_.size() >= output_chunk && !held_)
        flush();
}

void Command::print(const char* format, ...)
{
    char buffer[512];
    va_list arguments;
    va_start(arguments, format);
    write(format_into(buffer, format, arguments));
    va_end(arguments);
}

bool Command::flush()
{
    if (!out_.empty() && !broken())
        write_all(1, out_, &write_error_);
    out_.clear();
    return !broken();
}

void Command::warn(const char* format, ...)
{
    char buffer[512];
    va_list arguments;
    va_start(arguments, format);
    const std::string_view text = format_into(buffer, format, arguments);
    va_end(arguments);
    flush();
    write_all(2, text);
}

int Command::fail(const char* format, ...)
{
    char buffer[512];
    va_list arguments;
    va_start(arguments, format);
    const std::string_view text = format_into(buffer, format, arguments);
    va_end(arguments);
    if (muted_)
        return 1;
    flush();
    Str message(name(), &memory);
    message.append(": ").append(text).append("\n");
    write_all(2, message);
    return 1;
}

int Command::fail_path(std::string_view path, std::int64_t error)
{
    return fail("%.*s: %s", static_cast<int>(path.size()), path.data(), error_text(error));
}

int Command::missing_operand()
{
    fail("missing operand");
    warn("Try '%s --help' for more information.\n", name());
    return 1;
}

int Command::open_input(const char* path)
{
    if (std::string_view(path) == "-")
        return 0;
    const int fd = kernel::sys_open(path, O_RDONLY);
    if (fd < 0)
        fail("%s%s%s: %s", open_before, path, open_after, error_text(fd));
    return fd;
}

void Command::close_input(int fd)
{
    if (fd > 0)
        kernel::sys_close(fd);
}

bool Command::read_all(const char* path, Str& out)
{
    const int fd = open_input(path);
    if (fd < 0)
        return false;
    ssize_t n = 1;
    while (n > 0) {
        const std::size_t before = out.size();
        out.resize(before + output_chunk);
        n = read_some(fd, out.data() + before, output_chunk);
        out.resize(before + (n > 0 ? static_cast<std::size_t>(n) : 0));
    }
    if (n < 0)
        fail_path(path, n);
    close_input(fd);
    return n == 0;
}

int invoke(ShellContext& shell, const CommandEntry& entry, int argc, const char* const* argv)
{
    Command& command = *make<Command>(shell.memory, shell, argc, argv);
    int status = 0;
    if (entry.usage && argc == 2 && std::string_view(argv[1]) == "--help")
        command.print("Usage: %s %s\n", argv[0], entry.usage);
    else
        status = entry.run(command);
    command.flush();
    const int error = command.write_error();
    if (error != 0 && error != -EPIPE && error != -EINTR) {
        command.fail("write error: %s", error_text(error));
        status = 1;
    } else if (error != 0 && status == 0) {
        status = 1;
    }
    drop(shell.memory, &command);
    return status;
}

bool LineReader::next(std::string_view& line)
{
    for (;;) {
        const std::size_t newline = pending_.find('\n', start_);
        if (newline != Str::npos) {
            line = std::string_view(pending_).substr(start_, newline - start_);
            start_ = newline + 1;
            return true;
        }
        pending_.erase(0, start_);
        start_ = 0;
        if (end_)
            break;
        const std::size_t before = pending_.size();
        pending_.resize(before + output_chunk);
        const ssize_t n = read_some(fd_, pending_.data() + before, output_chunk);
        pending_.resize(before + (n > 0 ? static_cast<std::size_t>(n) : 0));
        end_ = n <= 0;
        error_ = n < 0 ? static_cast<int>(n) : 0;
    }
    if (pending_.empty())
        return false;
    newline_ = false;
    line = pending_;
    start_ = pending_.size();
    return true;
}

int for_each_input(Command& command, const Vec<const char*>& paths, int (*work)(Command&, int, const char*, void*),
                   void* context)
{
    if (paths.empty())
        return work(command, 0, "-", context);
    int status = 0;
    for (const char* path : paths) {
        const int fd = command.open_input(path);
        if (fd < 0) {
            status = 1;
            continue;
        }
        status |= work(command, fd, path, context);
        command.close_input(fd);
        if (command.broken())
            break;
    }
    return status;
}

bool parse_size(std::string_view text, std::uint64_t& value)
{
    std::uint64_t unit = 1;
    if (text.ends_with("kB") || text.ends_with("MB")) {
        unit = text[text.size() - 2] == 'k' ? 1000 : 1000000;
        text.remove_suffix(2);
    } else if (!text.empty() && !text.starts_with("0x")) {
        switch (text.back()) {
        case 'b': unit = 512; break;
        case 'k':
        case 'K': unit = 1024; break;
        case 'M': unit = 1024 * 1024; break;
        case 'G': unit = 1024 * 1024 * 1024; break;
        default: break;
        }
        if (unit != 1)
            text.remove_suffix(1);
    }
    if (text.empty() || text[0] < '0' || text[0] > '9')
        return false;
    while (text.size() > 1 && text[0] == '0' && text[1] != 'x') // decimal, whatever its zeros
        text.remove_prefix(1);
    std::int64_t number = 0;
    if (!parse_number(text, number) || number < 0)
        return false;
    value = static_cast<std::uint64_t>(number) * unit;
    return true;
}

bool parse_duration(std::string_view text, std::uint64_t& nanoseconds)
{
    std::uint64_t unit = 1'000'000'000;
    if (!text.empty()) {
        const char suffix = text.back();
        const std::uint64_t factor = suffix == 'm' ? 60 : suffix == 'h' ? 3600 : suffix == 'd' ? 86400 : 1;
        if (factor != 1 || suffix == 's')
            text.remove_suffix(1);
        unit *= factor;
    }
    const std::size_t dot = std::min(text.find('.'), text.size());
    std::uint64_t whole = 0;
    for (const char c : text.substr(0, dot)) {
        if (c < '0' || c > '9' || whole > 1'000'000'000)
            return false;
        whole = whole * 10 + static_cast<std::uint64_t>(c - '0');
    }
    nanoseconds = whole * unit;
    std::uint64_t place = unit;
    for (const char c : text.substr(std::min(dot + 1, text.size()))) {
        if (c < '0' || c > '9')
            return false;
        place /= 10;
        nanoseconds += place * static_cast<std::uint64_t>(c - '0');
    }
    return text.size() > (dot < text.size() ? 1u : 0u);
}

} // namespace irqlab::lab::sh
