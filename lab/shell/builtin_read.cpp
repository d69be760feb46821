// The builtin read. [POSIX] "read".
#include <utility>

#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

struct ReadOptions {
    bool raw = false; // -r: backslashes are ordinary
    std::size_t first = 1;
};

ReadOptions read_options(const Vec<Str>& argv)
{
    ReadOptions options;
    for (; options.first < argv.size() && argv[options.first].starts_with('-'); ++options.first) {
        options.raw |= argv[options.first].find('r') != Str::npos;
        if (argv[options.first].ends_with('p')) // the prompt: nobody is there to see it
            ++options.first;
    }
    return options;
}

/// A line, byte by byte, so that what follows is left to the next reader. Escaped characters are noted in
/// `kept` (same length). @return 0, 1 at the end of the input, or a negative errno.
int read_line(int fd, bool raw, Str& line, Str& kept)
{
    bool escaped = false;
    for (;;) {
        char c = 0;
        const ssize_t n = read_some(fd, &c, 1);
        if (n <= 0)
            return n < 0 ? static_cast<int>(n) : 1;
        if (c == '\0')
            continue;
        if (!raw && !escaped && c == '\\') {
            escaped = true;
            continue;
        }
        if (c == '\n' && !escaped)
            return 0;
        if (c != '\n') {
            line += c;
            kept += escaped ? 'k' : ' ';
        }
        escaped = false;
    }
}

/// Gives each name a field, the last one all that is left.
int assign_fields(ShellContext& shell, const Vec<Str>& argv, std::size_t first, const Str& line, const Str& kept)
{
    const Str* variable = get(shell, "IFS");
    const Str ifs(variable ? std::string_view(*variable) : " \t\n", &shell.memory);
    const auto separates = [&](std::size_t i) { return kept[i] == ' ' && ifs.find(line[i]) != Str::npos; };
    const auto blank = [&](std::size_t i) { return separates(i) && std::string_view(" \t\n").find(line[i]) != std::string_view::npos; };
    std::size_t at = 0, end = line.size();
    while (at < end && blank(at))
        ++at;
    while (end > at && blank(end - 1))
        --end;
    for (std::size_t i = first; i < argv.size(); ++i) {
        std::size_t stop = at;
        if (i + 1 == argv.size()) {
            stop = end;
            std::size_t separators = 0, last = end; // one separator that ends the last field is dropped
            for (std::size_t k = at; k < end; ++k)
                if (separates(k) && !blank(k)) {
                    ++separators;
                    last = k;
                }
            if (separators == 1 && last == end - 1)
                --stop;
        } else {
            while (stop < end && !separates(stop))
                ++stop;
        }
        if (!set(shell, argv[i], std::string_view(line).substr(at, stop - at)))
            return 2;
        at = stop;
        while (at < end && blank(at))
            ++at;
        if (at < end && at == stop && separates(at))
            ++at;
        else if (at < end && at > stop && separates(at))
            ++at;
        while (at < end && blank(at))
            ++at;
    }
    return 0;
}

int read_from(ShellContext& shell, const Vec<Str>& argv, int fd)
{
    const ReadOptions options = read_options(argv);
    for (std::size_t i = options.first; i < argv.size(); ++i)
        if (!is_name(argv[i])) {
            complain(shell, "read: %s: bad variable name", argv[i].c_str());
            return 2;
        }
    if (options.first >= argv.size()) {
        complain(shell, "read: arg count");
        return 2;
    }
    Str line(&shell.memory), kept(&shell.memory);
    const int end = read_line(fd, options.raw, line, kept);
    const int status = assign_fields(shell, argv, options.first, line, kept);
    return status != 0 ? status : end != 0;
}

struct Pump {
    ShellContext* shell;
    Vec<Opening> openings;
    int read_end, write_end;
    bool raw;
};

/// Opens the redirections, and passes one line on, with its backslashes.
int pump_main(void* argument)
{
    const Pump& pump = *static_cast<Pump*>(argument);
    kernel::sys_close(pump.read_end);
    const int out = kernel::sys_fcntl_dup(pump.write_end, 20); // out of the way of the redirections
    kernel::sys_close(pump.write_end);
    if (!apply_redirects(*pump.shell, pump.openings, nullptr))
        return 2;
    bool escaped = false;
    for (;;) {
        char c = 0;
        const ssize_t n = read_some(0, &c, 1);
        if (n <= 0)
            return n < 0 ? 2 : 0;
        kernel::sys_write(out, &c, 1);
        if (c == '\n' && !escaped)
            return 0;
        escaped = !pump.raw && !escaped && c == '\\';
    }
}

} // namespace

int builtin_read(ShellContext& shell, Vec<Str>& argv)
{
    return read_from(shell, argv, 0);
}

/// A driver behind the file may kill whoever reads it, so that a child reads, and the shell has the variables.
int read_redirected(ShellContext& shell, Vec<Str>& argv, Vec<Opening>& openings)
{
    int ends[2];
    if (kernel::sys_pipe(ends) < 0)
        return 2;
    Pump* pump = make<Pump>(shell.memory, Pump{&shell, std::move(openings), ends[0], ends[1], read_options(argv).raw});
    shell.idle_rounds = 0;
    const kernel::Pid pid = kernel::sys_spawn("sh", pump_main, pump);
    kernel::sys_close(ends[1]);
    const int status = pid > 0 ? read_from(shell, argv, ends[0]) : 2;
    kernel::sys_close(ends[0]);
    const int child = pid > 0 ? wait_for(shell, pid, true) : 2;
    return child != 0 ? child : status;
}

} // namespace irqlab::lab::sh
