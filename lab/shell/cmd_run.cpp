// Commands that run commands: sh, env, sudo, nohup, time, timeout, taskset, xargs, kill, which, sleep.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "lab/shell/commands.hpp"
#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

/// The rest of the command line, in place of this command.
int run_rest(Command& c, int first)
{
    if (first >= c.argc)
        return c.missing_operand();
    c.flush();
    return run_command(c.shell, c.argc - first, c.argv + first);
}

bool signal_number(std::string_view name, int& signal)
{
    std::int64_t number = 0;
    if (parse_number(name, number)) {
        signal = static_cast<int>(number);
        return number >= 0 && number <= 64;
    }
    if (name.starts_with("SIG"))
        name.remove_prefix(3);
    for (int i = 1; i < 32; ++i) {
        const char* abbreviation = sigabbrev_np(i);
        if (abbreviation && name == abbreviation) {
            signal = i;
            return true;
        }
    }
    return false;
}

/// 0,2-3 as a set.
bool cpu_list(std::string_view text, kernel::CpuSet& set)
{
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view item = text.substr(0, comma);
        const std::size_t dash = item.find('-');
        std::int64_t first = 0, last = 0;
        if (!parse_number(item.substr(0, dash), first))
            return false;
        last = first;
        if (dash != std::string_view::npos && !parse_number(item.substr(dash + 1), last))
            return false;
        if (first < 0 || last >= std::int64_t{kernel::cpu_set_bits})
            return false;
        for (std::int64_t cpu = first; cpu <= last; ++cpu)
            set.add(static_cast<unsigned>(cpu));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return !set.empty();
}

/// Hexadecimal digits, the last one CPUs 0 to 3.
bool cpu_mask(std::string_view text, kernel::CpuSet& set)
{
    if (text.starts_with("0x"))
        text.remove_prefix(2);
    if (text.size() > kernel::cpu_set_bits / 4)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char digit[] = "0x0";
        digit[2] = text[text.size() - 1 - i];
        std::int64_t value = 0;
        if (!std::isxdigit(static_cast<unsigned char>(digit[2])) || !parse_number(digit, value))
            return false;
        set.word[i / 16] |= static_cast<std::uint64_t>(value) << i % 16 * 4;
    }
    return !set.empty();
}

void print_cpus(Command& c, std::int64_t pid, const kernel::CpuSet& set)
{
    c.print("pid %lld's current affinity mask: ", static_cast<long long>(pid));
    std::size_t top = set.word.size() - 1;
    while (top > 0 && set.word[top] == 0)
        --top;
    c.print("%llx", static_cast<unsigned long long>(set.word[top]));
    while (top-- > 0)
        c.print("%016llx", static_cast<unsigned long long>(set.word[top]));
    c.print("\n");
}

struct Alarm {
    kernel::Pid target;
    int signal;
    std::uint64_t delay_ns;
};

int alarm_main(void* argument)
{
    const Alarm& alarm = *static_cast<Alarm*>(argument);
    if (kernel::sys_nanosleep(alarm.delay_ns) == 0)
        kernel::sys_kill(alarm.target, alarm.signal);
    return 0;
}

} // namespace

int sh_command(Command& c)
{
    Options options;
    bool text_given = false;
    int i = 1;
    for (; i < c.argc && c.argv[i][0] == '-' && c.argv[i][1]; ++i)
        for (const char letter : std::string_view(c.argv[i]).substr(1)) {
            text_given |= letter == 'c';
            options.exit_on_error |= letter == 'e';
            options.no_unset |= letter == 'u';
            options.trace |= letter == 'x';
        }
    if (text_given && i >= c.argc) {
        c.fail("0: -c requires an argument");
        return 2;
    }
    if (text_given) {
        const char* name = i + 1 < c.argc ? c.argv[i + 1] : c.argv[0];
        const int rest = std::min(i + 2, c.argc);
        return run_new_shell(c.shell, c.argv[i], name, c.argc - rest, c.argv + rest, options);
    }
    Str text(&c.memory);
    const bool file = i < c.argc;
    kernel::Stat stat{};
    if (file && kernel::sys_stat(c.argv[i], stat) < 0) {
        c.fail("0: cannot open %s: No such file", c.argv[i]);
        return 2;
    }
    if (!c.read_all(file ? c.argv[i] : "-", text))
        return 2;
    const int rest = std::min(i + 1, c.argc);
    return run_new_shell(c.shell, text, file ? c.argv[i] : c.argv[0], c.argc - rest, c.argv + rest, options);
}

int env_command(Command& c)
{
    // A new context, so that the shell that shares this one with us keeps its variables.
    ShellContext& shell = *make<ShellContext>(c.memory, c.shell, c.memory);
    int i = 1;
    for (; i < c.argc; ++i) {
        const std::string_view argument = c.argv[i];
        const std::size_t equals = argument.find('=');
        if (argument == "-i") {
            shell.variables.clear();
        } else if (argument == "-u" && i + 1 < c.argc) {
            unset(shell, c.argv[++i]);
        } else if (equals != std::string_view::npos && equals > 0) {
            set(shell, argument.substr(0, equals), argument.substr(equals + 1));
            touch(shell, argument.substr(0, equals)).exported = true;
        } else {
            break;
        }
    }
    if (i < c.argc)
        return run_command(shell, c.argc - i, c.argv + i);
    for (const Variable& v : shell.variables)
        if (v.exported && v.is_set)
            c.write(Str(v.name, &c.memory).append("=").append(v.value).append("\n"));
    return 0;
}

/// nohup, nice, setsid, stdbuf: what they change is not modelled, so that the command just runs.
int prefix_command(Command& c)
{
    int i = 1;
    while (i < c.argc && c.argv[i][0] == '-')
        i += std::strlen(c.argv[i]) == 2 && std::strchr("nioe", c.argv[i][1]) ? 2 : 1;
    return run_rest(c, i);
}

int sudo_command(Command& c)
{
    OptionReader reader(c, "+nEHSku:g:");
    while (const char option = reader.next())
        if (option == '?')
            return 1;
    int i = reader.first();
    while (i < c.argc && std::strchr(c.argv[i], '=')) { // sudo A=B CMD is env A=B CMD
        Command inner(c.shell, c.argc - i + 1, c.argv + i - 1);
        return env_command(inner);
    }
    return run_rest(c, i);
}

/// Without arguments: virtual time now, in seconds. With them: runs the command, as env does.
int time_command(Command& c)
{
    const int first = c.argc > 1 && std::string_view(c.argv[1]) == "-p" ? 2 : 1;
    if (first < c.argc)
        return run_rest(c, first);
    const std::uint64_t now = kernel::sys_clock_monotonic_ns();
    c.print("%llu.%09llu\n", static_cast<unsigned long long>(now / 1'000'000'000),
            static_cast<unsigned long long>(now % 1'000'000'000));
    return 0;
}

int timeout_command(Command& c)
{
    int signal = SIGTERM;
    OptionReader reader(c, "+s:k:fpv");
    while (const char option = reader.next()) {
        if (option == '?')
            return 125;
        if (option == 's' && !signal_number(reader.value(), signal))
            return c.fail("%s: invalid signal", reader.value()), 125;
    }
    const int first = reader.first();
    std::uint64_t limit = 0;
    if (first + 1 >= c.argc)
        return c.missing_operand(), 125;
    if (!parse_duration(c.argv[first], limit))
        return c.fail("invalid time interval '%s'", c.argv[first]), 125;
    const std::uint64_t start = kernel::sys_clock_monotonic_ns();
    const kernel::Pid pid = spawn_command(c.shell, c.argc - first - 1, c.argv + first + 1);
    if (pid <= 0)
        return 125;
    Alarm* alarm = make<Alarm>(c.memory, Alarm{pid, signal, limit});
    const kernel::Pid watcher = limit > 0 ? kernel::sys_spawn("timeout", alarm_main, alarm) : 0;
    int status = 0, ignored = 0;
    if (kernel::sys_wait(pid, status) == -EINTR) {
        kernel::sys_kill(pid, SIGTERM);
        status = 130;
    }
    if (watcher > 0) {
        kernel::sys_kill(watcher, SIGKILL);
        kernel::sys_wait(watcher, ignored);
    }
    const bool expired = limit > 0 && status == 128 + signal && kernel::sys_clock_monotonic_ns() - start >= limit;
    if (!expired)
        tell_death(c.shell, status);
    return expired ? 124 : status;
}

int taskset_command(Command& c)
{
    bool list = false, by_pid = false;
    OptionReader reader(c, "+cpa");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        list |= option == 'c';
        by_pid |= option == 'p';
    }
    const int first = reader.first();
    if (first >= c.argc)
        return c.fail("bad usage\nTry 'taskset --help' for more information.");
    std::int64_t pid = 0;
    kernel::CpuSet mask;
    const bool asks = by_pid && first + 1 == c.argc;
    if (!asks && !(list ? cpu_list(c.argv[first], mask) : cpu_mask(c.argv[first], mask)))
        return c.fail("failed to parse CPU %s: %s", list ? "list" : "mask", c.argv[first]);
    if (by_pid && !parse_number(c.argv[c.argc - 1], pid))
        return c.fail("invalid PID argument: '%s'", c.argv[c.argc - 1]);
    if (asks) {
        print_cpus(c, pid, kernel::sys_sched_getaffinity(static_cast<int>(pid)));
        return 0;
    }
    const int error = kernel::sys_sched_setaffinity(static_cast<int>(by_pid ? pid : kernel::sys_getpid()), mask);
    if (error < 0)
        return c.fail("failed to set pid %lld's affinity: %s", static_cast<long long>(pid), error_text(error));
    return by_pid ? 0 : run_rest(c, first + 1);
}

int xargs_command(Command& c)
{
    std::uint64_t most = ~std::uint64_t{0};
    const char* marker = nullptr;
    bool skips_empty = false;
    OptionReader reader(c, "+n:I:r0tL:");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        if (option == 'I')
            marker = reader.value();
        if ((option == 'n' || option == 'L') && !parse_size(reader.value(), most))
            return c.fail("invalid number \"%s\" for -%c option", reader.value(), option);
        skips_empty |= option == 'r';
    }
    Str input(&c.memory);
    if (!c.read_all("-", input))
        return 1;
    Vec<const char*> command(c.argv + reader.first(), c.argv + c.argc, &c.memory);
    if (command.empty())
        command.push_back("echo");
    Vec<Str> items(&c.memory);
    const std::string_view text = input;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t stop = std::min(text.find_first_of(marker ? "\n" : " \t\n", at), text.size());
        if (stop > at)
            items.emplace_back(text.substr(at, stop - at));
        at = stop + 1;
    }
    int status = 0;
    for (std::size_t at = 0; at < items.size() || (at == 0 && !skips_empty && !marker);) {
        Vec<const char*> argv(command, &c.memory);
        const std::size_t stop = marker ? at + 1 : items.size() - at > most ? at + static_cast<std::size_t>(most) : items.size();
        for (const char*& argument : argv) {
            const std::size_t found = marker ? std::string_view(argument).find(marker) : std::string_view::npos;
            if (found == std::string_view::npos)
                continue;
            Str* replaced = make<Str>(c.memory, argument);
            argument = replaced->replace(found, std::strlen(marker), items[at]).c_str();
        }
        for (std::size_t i = at; i < stop && !marker; ++i)
            argv.push_back(items[i].c_str());
        const kernel::Pid pid = spawn_command(c.shell, static_cast<int>(argv.size()), argv.data());
        const int one = pid > 0 ? wait_for(c.shell, pid, true) : 1;
        status = one == 0 ? status : one == 127 ? 127 : 123;
        if (one == 127 || one >= 128)
            break;
        at = std::max(stop, at + 1);
    }
    return status;
}

int kill_command(Command& c)
{
    int signal = SIGTERM, i = 1;
    if (c.argc > 1 && std::string_view(c.argv[1]) == "-l") {
        for (int n = 1; n < 32; ++n)
            c.print("%s%c", sigabbrev_np(n), n == 31 ? '\n' : ' ');
        return 0;
    }
    if (c.argc > 1 && c.argv[1][0] == '-') {
        const bool separate = std::string_view(c.argv[1]) == "-s" && c.argc > 2;
        const char* name = separate ? c.argv[2] : c.argv[1] + 1;
        if (!signal_number(name, signal))
            return complain(c.shell, "kill: Illegal option %s", c.argv[1]), 2;
        i = separate ? 3 : 2;
    }
    if (i >= c.argc)
        return complain(c.shell, "kill: No pid or jobspec"), 2;
    int status = 0;
    for (; i < c.argc; ++i) {
        std::int64_t pid = 0;
        const bool job = c.argv[i][0] == '%';
        const bool number = parse_number(c.argv[i] + job, pid);
        if (number && job && pid >= 1 && static_cast<std::size_t>(pid) <= c.shell.jobs.size())
            pid = c.shell.jobs[static_cast<std::size_t>(pid) - 1].pid;
        else if (!number || job)
            return complain(c.shell, "kill: No such job: %s", c.argv[i]), 2;
        const int error = kernel::sys_kill(static_cast<kernel::Pid>(pid), signal);
        if (error < 0) {
            complain(c.shell, "kill: %s", error_text(error));
            status = 1;
        }
    }
    return status;
}

int which_command(Command& c)
{
    int status = c.argc < 2;
    for (int i = 1; i < c.argc; ++i) {
        Str how(&c.memory);
        const CommandEntry* entry = find_command(c.argv[i]);
        if (entry && entry->in_shell)
            c.print("/usr/bin/%s\n", c.argv[i]);
        else if (resolve_command(c.shell, c.argv[i], how) && how.find('/') != Str::npos)
            c.write(how += '\n');
        else
            status = 1;
    }
    return status;
}

int sleep_command(Command& c)
{
    if (c.argc < 2)
        return c.missing_operand();
    std::uint64_t total = 0;
    for (int i = 1; i < c.argc; ++i) {
        std::uint64_t one = 0;
        if (!parse_duration(c.argv[i], one)) {
            c.fail("invalid time interval '%s'", c.argv[i]);
            c.warn("Try 'sleep --help' for more information.\n");
            return 1;
        }
        total += one;
    }
    return kernel::sys_nanosleep(total) == -EINTR ? 130 : 0;
}

} // namespace irqlab::lab::sh
