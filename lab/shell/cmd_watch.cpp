// The command watch: rounds of a command, in virtual time.
#include <cerrno>
#include <ctime>

#include "lab/shell/commands.hpp"
#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

void print_header(Command& c, std::uint64_t interval, const Str& line)
{
    char when[40];
    const std::time_t now = static_cast<std::time_t>(kernel::sys_clock_realtime_s());
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(when, sizeof when, "%a %b %e %H:%M:%S %Y", &parts);
    c.print("Every %llu.%llus: %s  %s: %s\n\n", static_cast<unsigned long long>(interval / 1'000'000'000),
            static_cast<unsigned long long>(interval / 100'000'000 % 10), line.c_str(), kernel::sys_uname().nodename, when);
}

} // namespace

int watch_command(Command& c)
{
    std::uint64_t interval = 2'000'000'000, rounds = ~std::uint64_t{0};
    bool header = true;
    const LongOption longs[] = {{"rounds", 'R'}, {"interval", 'n'}, {"differences", 'd'}, {"no-title", 't'}};
    OptionReader reader(c, "+n:dtcxegR:", longs, 4);
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        header &= option != 't';
        if ((option == 'n' && !parse_duration(reader.value(), interval)) ||
            (option == 'R' && !parse_size(reader.value(), rounds)))
            return c.fail("failed to parse argument: '%s'", reader.value());
    }
    if (reader.first() >= c.argc)
        return c.missing_operand();
    Str line(&c.memory);
    for (int i = reader.first(); i < c.argc; ++i)
        line.append(i > reader.first() ? " " : "").append(c.argv[i]);
    interval = interval < 100'000'000 ? 100'000'000 : interval; // a tenth of a second is its least
    const char* argv[] = {"sh", "-c", line.c_str()};
    for (std::uint64_t round = 0; round < rounds; ++round) {
        if (round > 0 && kernel::sys_nanosleep(interval) == -EINTR)
            break;
        if (kernel::sys_isatty(1))
            c.write("\033[H\033[J");
        if (header)
            print_header(c, interval, line);
        if (!c.flush())
            return 1;
        const kernel::Pid pid = spawn_command(c.shell, 3, argv);
        int status = 0;
        if (pid <= 0 || kernel::sys_wait(pid, status) == -EINTR)
            break;
    }
    return 0;
}

} // namespace irqlab::lab::sh
