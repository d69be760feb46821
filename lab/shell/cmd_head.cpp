// Commands that print a part of their input: head, tail.
#include <algorithm>
#include <cerrno>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

struct Portion {
    std::uint64_t count = 10;
    bool bytes = false;
    bool from_start = false; // tail -n +N
    bool headers = false, quiet = false;
    bool first = true;
};

void header(Command& c, Portion& part, const char* path)
{
    if (part.headers && !part.quiet)
        c.print("%s==> %s <==\n", part.first ? "" : "\n", std::string_view(path) == "-" ? "standard input" : path);
    part.first = false;
}

int head_one(Command& c, int fd, const char* path, void* context)
{
    Portion& part = *static_cast<Portion*>(context);
    header(c, part, path);
    std::uint64_t left = part.count;
    char* buffer = static_cast<char*>(c.memory.allocate(4096, 1));
    ssize_t n = 0;
    while (left > 0 && !c.broken()) {
        n = read_some(fd, buffer, part.bytes ? std::min<std::uint64_t>(left, 4096) : 4096);
        if (n <= 0)
            break;
        std::size_t size = static_cast<std::size_t>(n);
        if (part.bytes) {
            left -= size;
        } else {
            std::size_t end = 0;
            while (end < size && left > 0)
                left -= buffer[end++] == '\n';
            size = end;
        }
        c.write({buffer, size});
        c.flush();
    }
    c.memory.deallocate(buffer, 4096, 1);
    return n < 0 && n != -EINTR ? c.fail("error reading '%s': %s", path, error_text(n)) : 0;
}

std::size_t tail_start(std::string_view text, const Portion& part)
{
    if (part.bytes)
        return part.from_start ? std::min<std::size_t>(part.count > 0 ? part.count - 1 : 0, text.size())
                               : text.size() - std::min<std::size_t>(part.count, text.size());
    if (part.from_start) {
        std::size_t at = 0;
        for (std::uint64_t line = 1; line < part.count && at < text.size(); ++line)
            at = std::min(text.find('\n', at), text.size() - 1) + 1;
        return at;
    }
    std::size_t at = text.size();
    std::uint64_t left = part.count + (text.ends_with('\n') ? 1 : 0);
    if (part.count == 0)
        return at;
    while (at > 0) {
        left -= text[at - 1] == '\n';
        if (left == 0)
            break;
        --at;
    }
    return at;
}

int tail_one(Command& c, int fd, const char* path, void* context)
{
    Portion& part = *static_cast<Portion*>(context);
    header(c, part, path);
    Str text(&c.memory);
    ssize_t n = 1;
    while (n > 0) {
        const std::size_t before = text.size();
        text.resize(before + 4096);
        n = read_some(fd, text.data() + before, 4096);
        text.resize(before + (n > 0 ? static_cast<std::size_t>(n) : 0));
    }
    c.write(std::string_view(text).substr(tail_start(text, part)));
    return n < 0 && n != -EINTR ? c.fail("error reading '%s': %s", path, error_text(n)) : 0;
}

/// -N as the old form of -n N; everything else is getopt's.
int run_part(Command& c, Portion& part, int (*work)(Command&, int, const char*, void*))
{
    const LongOption longs[] = {{"lines", 'n'}, {"bytes", 'c'}, {"quiet", 'q'}};
    OptionReader reader(c, "n:c:qv0123456789", longs, 3);
    std::uint64_t digits = 0;
    bool verbose = false;
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        part.quiet |= option == 'q';
        verbose |= option == 'v';
        if (option >= '0' && option <= '9')
            part.count = digits = digits * 10 + static_cast<std::uint64_t>(option - '0');
        if (option != 'n' && option != 'c')
            continue;
        std::string_view text = reader.value();
        part.bytes = option == 'c';
        part.from_start = text.starts_with('+');
        if (part.from_start || text.starts_with('-'))
            text.remove_prefix(1);
        if (!parse_size(text, part.count))
            return c.fail("invalid number of %s: '%s'", part.bytes ? "bytes" : "lines", reader.value());
    }
    c.open_before = "cannot open '";
    c.open_after = "' for reading";
    part.headers = reader.operands().size() > 1 || verbose;
    return for_each_input(c, reader.operands(), work, &part);
}

} // namespace

int head_command(Command& c)
{
    Portion part;
    return run_part(c, part, head_one);
}

int tail_command(Command& c)
{
    Portion part;
    return run_part(c, part, tail_one);
}

} // namespace irqlab::lab::sh
