// The command dmesg. Format of util-linux: seconds right-aligned to five digits.
#include <cerrno>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

constexpr std::string_view level_names[] = {"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"};

struct Log {
    Command& command;
    unsigned levels = 0xff;
    bool times = true;
    bool decode = false;
    std::uint64_t seen = 0, printed = 0; // records of this pass; of all passes, for -w
};

void print_record(void* context, int level, std::uint64_t time_ns, const char* text)
{
    Log& log = *static_cast<Log*>(context);
    if (log.seen++ < log.printed || !(log.levels & (1u << (level & 7))))
        return;
    Command& c = log.command;
    if (log.decode)
        c.print("kern  :%-6.*s: ", static_cast<int>(level_names[level & 7].size()), level_names[level & 7].data());
    if (log.times)
        c.print("[%5llu.%06llu] ", static_cast<unsigned long long>(time_ns / 1'000'000'000),
                static_cast<unsigned long long>(time_ns / 1000 % 1'000'000));
    c.write(text);
    c.put('\n');
}

bool parse_levels(std::string_view text, unsigned& levels)
{
    levels = 0;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        const std::string_view name = text.substr(0, comma);
        unsigned bit = 0;
        for (unsigned i = 0; i < 8; ++i)
            if (name == level_names[i])
                bit = 1u << i;
        if (bit == 0)
            return false;
        levels |= bit;
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return levels != 0;
}

void print_new(Log& log, bool clear)
{
    log.seen = 0;
    log.command.hold(true); // the log must not change under the callback
    kernel::sys_syslog_read(clear, print_record, &log);
    log.command.hold(false);
    log.command.flush();
    log.printed = log.seen;
}

int follow(Log& log)
{
    std::uint64_t sequence = 0;
    for (;;) {
        if (kernel::sys_syslog_wait(sequence) == -EINTR)
            return 130;
        std::uint64_t total = 0;
        kernel::sys_syslog_read(
            false, [](void* context, int, std::uint64_t, const char*) { ++*static_cast<std::uint64_t*>(context); }, &total);
        if (total < log.printed) // somebody cleared the log
            log.printed = 0;
        print_new(log, false);
        if (log.command.broken())
            return 1;
    }
}

} // namespace

int dmesg_command(Command& c)
{
    Log log{c};
    bool clears = false, prints = true, follows = false;
    const LongOption longs[] = {{"level", 'l'}, {"follow", 'w'}, {"clear", 'C'}, {"read-clear", 'c'}, {"notime", 't'},
                                {"console-level", 'n'}, {"color", 'k'}, {"decode", 'x'}, {"kernel", 'k'}};
    OptionReader reader(c, "CcwWtl:n:kxHPDES", longs, std::size(longs));
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        clears |= option == 'c' || option == 'C';
        prints &= option != 'C' && option != 'n' && option != 'D' && option != 'E';
        follows |= option == 'w' || option == 'W';
        log.times &= option != 't';
        log.decode |= option == 'x';
        if (option == 'l' && !parse_levels(reader.value(), log.levels))
            return c.fail("unknown level '%s'", reader.value());
    }
    if (!prints) {
        if (clears)
            kernel::sys_syslog_read(true, [](void*, int, std::uint64_t, const char*) {}, nullptr);
        return 0;
    }
    print_new(log, clears);
    return follows ? follow(log) : 0;
}

} // namespace irqlab::lab::sh
