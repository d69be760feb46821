// The command dd: each block is one read and one write, which is why drivers' authors use it. [POSIX] "dd".
#include <cstdio>
#include <fcntl.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

struct Copy {
    const char* in = nullptr;
    const char* out = nullptr;
    std::uint64_t in_size = 512, out_size = 512, count = ~std::uint64_t{0}, skip = 0, seek = 0;
    bool keep_length = false, quiet = false, no_transfer = false;
    std::uint64_t full_in = 0, part_in = 0, full_out = 0, part_out = 0, bytes = 0;
    int in_fd = 0, out_fd = 1;
};

/// False: reported.
bool parse_operand(Command& c, Copy& copy, std::string_view operand)
{
    const std::size_t equals = operand.find('=');
    const std::string_view key = operand.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? "" : operand.substr(equals + 1);
    std::uint64_t number = 0;
    const bool numeric = parse_size(value, number);
    if (key == "if")
        copy.in = value.data();
    else if (key == "of")
        copy.out = value.data();
    else if (key == "conv" || key == "oflag" || key == "iflag")
        copy.keep_length |= value.find("notrunc") != std::string_view::npos;
    else if (key == "status")
        copy.quiet = value == "none", copy.no_transfer = value == "noxfer";
    else if (key == "bs" && numeric && number > 0)
        copy.in_size = copy.out_size = number;
    else if (key == "ibs" && numeric && number > 0)
        copy.in_size = number;
    else if (key == "obs" && numeric && number > 0)
        copy.out_size = number;
    else if (key == "count" && numeric)
        copy.count = number;
    else if ((key == "skip" || key == "iseek") && numeric)
        copy.skip = number;
    else if ((key == "seek" || key == "oseek") && numeric)
        copy.seek = number;
    else {
        const bool known = std::string_view("bs ibs obs count skip seek").find(key) != std::string_view::npos && !key.empty();
        c.fail(known ? "invalid number: '%s'" : "unrecognized operand '%s'", known ? value.data() : operand.data());
        return false;
    }
    return true;
}

bool open_files(Command& c, Copy& copy)
{
    if (copy.in && (copy.in_fd = kernel::sys_open(copy.in, O_RDONLY)) < 0) {
        c.fail("failed to open '%s': %s", copy.in, error_text(copy.in_fd));
        return false;
    }
    const bool truncates = !copy.keep_length && copy.seek == 0;
    if (copy.out && (copy.out_fd = kernel::sys_open(copy.out, O_WRONLY | O_CREAT | (truncates ? O_TRUNC : 0), 0666)) < 0) {
        c.fail("failed to open '%s': %s", copy.out, error_text(copy.out_fd));
        return false;
    }
    return true;
}

/// Passes over blocks at the start: by seeking, or by reading where that is not possible.
bool skip_input(Command& c, const Copy& copy, char* buffer)
{
    if (copy.skip == 0 || kernel::sys_lseek(copy.in_fd, static_cast<std::int64_t>(copy.skip * copy.in_size), SEEK_CUR) >= 0)
        return true;
    for (std::uint64_t i = 0; i < copy.skip; ++i) {
        const ssize_t n = read_some(copy.in_fd, buffer, copy.in_size);
        if (n < 0) {
            c.fail("error reading '%s': %s", copy.in ? copy.in : "standard input", error_text(n));
            return false;
        }
    }
    return true;
}

bool write_block(Command& c, Copy& copy, const char* buffer, std::size_t size)
{
    const ssize_t n = kernel::sys_write(copy.out_fd, buffer, size);
    if (n == static_cast<ssize_t>(size)) {
        ++(size == copy.out_size ? copy.full_out : copy.part_out);
        copy.bytes += size;
        return true;
    }
    if (n >= 0) {
        copy.bytes += static_cast<std::uint64_t>(n);
        int error = 0;
        const std::string_view rest(buffer + n, size - static_cast<std::size_t>(n));
        if (write_all(copy.out_fd, rest, &error)) {
            ++copy.full_out;
            copy.bytes += rest.size();
            return true;
        }
        ++copy.part_out;
        c.fail("error writing '%s': %s", copy.out ? copy.out : "standard output", error_text(error));
        return false;
    }
    c.fail("error writing '%s': %s", copy.out ? copy.out : "standard output", error_text(n));
    return false;
}

int transfer(Command& c, Copy& copy, char* buffer)
{
    while (copy.full_in + copy.part_in < copy.count) {
        const ssize_t n = read_some(copy.in_fd, buffer, copy.in_size);
        if (n < 0)
            return c.fail("error reading '%s': %s", copy.in ? copy.in : "standard input", error_text(n));
        if (n == 0)
            break;
        ++(static_cast<std::uint64_t>(n) == copy.in_size ? copy.full_in : copy.part_in);
        if (!write_block(c, copy, buffer, static_cast<std::size_t>(n)))
            return 1;
    }
    return 0;
}

void human(Str& out, std::uint64_t bytes, std::uint64_t unit, const char* suffix)
{
    double value = static_cast<double>(bytes);
    int power = 0;
    for (; value >= static_cast<double>(unit); value /= static_cast<double>(unit))
        ++power;
    const char letter = power == 0 ? ' ' : std::string_view(unit == 1000 ? " kMGT" : " KMGT")[static_cast<std::size_t>(power)];
    appendf(out, value < 10 && power > 0 ? "%.1f %c%s" : "%.0f %c%s", value, letter, suffix);
}

void report(Command& c, const Copy& copy, std::uint64_t nanoseconds)
{
    Str text(&c.memory);
    appendf(text, "%llu+%llu records in\n%llu+%llu records out\n", static_cast<unsigned long long>(copy.full_in),
            static_cast<unsigned long long>(copy.part_in), static_cast<unsigned long long>(copy.full_out),
            static_cast<unsigned long long>(copy.part_out));
    if (!copy.no_transfer) {
        appendf(text, "%llu byte%s", static_cast<unsigned long long>(copy.bytes), copy.bytes == 1 ? "" : "s");
        if (copy.bytes >= 1000) {
            text += " (";
            human(text, copy.bytes, 1000, "B");
            if (copy.bytes >= 1024) {
                text += ", ";
                human(text, copy.bytes, 1024, "iB");
            }
            text += ")";
        }
        const double seconds = static_cast<double>(nanoseconds) / 1e9; // only printed, never computed with
        appendf(text, " copied, %g s, ", seconds);
        human(text, nanoseconds ? static_cast<std::uint64_t>(static_cast<double>(copy.bytes) / seconds) : 0, 1000, "B/s\n");
    }
    c.warn("%s", text.c_str());
}

} // namespace

int dd_command(Command& c)
{
    Copy copy;
    for (int i = 1; i < c.argc; ++i)
        if (!parse_operand(c, copy, c.argv[i]))
            return 1;
    if (copy.in_size > (std::uint64_t{1} << 30))
        return c.fail("memory exhausted by input buffer of size %llu bytes", static_cast<unsigned long long>(copy.in_size));
    if (!open_files(c, copy))
        return 1;
    const std::uint64_t start = kernel::sys_clock_monotonic_ns();
    char* buffer = static_cast<char*>(c.memory.allocate(copy.in_size, 16));
    int status = skip_input(c, copy, buffer) ? 0 : 1;
    if (copy.seek > 0)
        kernel::sys_lseek(copy.out_fd, static_cast<std::int64_t>(copy.seek * copy.out_size), SEEK_SET);
    if (status == 0)
        status = transfer(c, copy, buffer);
    c.memory.deallocate(buffer, copy.in_size, 16);
    if (!copy.quiet)
        report(c, copy, kernel::sys_clock_monotonic_ns() - start);
    if (copy.in)
        kernel::sys_close(copy.in_fd);
    const int closed = copy.out ? kernel::sys_close(copy.out_fd) : 0;
    if (closed < 0)
        status = c.fail("closing output file '%s': %s", copy.out, error_text(closed));
    return status;
}

} // namespace irqlab::lab::sh
