// Commands that pass input on: cat, tee, wc.
#include <cctype>
#include <cerrno>
#include <fcntl.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

constexpr std::size_t cat_chunk = 131072; // what cat of the core utilities asks for; drivers see this size

struct CatOptions {
    bool number = false, ends = false;
    unsigned line = 0;
    bool at_start = true;
};

void decorate(Command& c, CatOptions& options, std::string_view piece)
{
    for (const char letter : piece) {
        if (options.at_start && options.number)
            c.print("%6u\t", ++options.line);
        if (letter == '\n' && options.ends)
            c.put('$');
        c.put(letter);
        options.at_start = letter == '\n';
    }
}

/// Prints what each read gave at once, and stops at 0, as a driver's author expects of cat.
int cat_one(Command& c, int fd, const char* path, void* context)
{
    CatOptions& options = *static_cast<CatOptions*>(context);
    char* buffer = static_cast<char*>(c.memory.allocate(cat_chunk, 1));
    ssize_t n = 0;
    while (!c.broken() && (n = read_some(fd, buffer, cat_chunk)) > 0) {
        const std::string_view piece(buffer, static_cast<std::size_t>(n));
        if (options.number || options.ends)
            decorate(c, options, piece);
        else
            c.write(piece);
        c.flush();
    }
    c.memory.deallocate(buffer, cat_chunk, 1);
    if (n == -EINTR)
        return 130;
    return n < 0 ? c.fail_path(path, n) : 0;
}

struct Counts {
    std::uint64_t lines = 0, words = 0, bytes = 0;
};

struct WcOptions {
    bool lines = false, words = false, bytes = false;
    Counts total;
    int width = 1;
    bool named = false;
};

void print_counts(Command& c, const WcOptions& options, const Counts& counts, const char* name)
{
    const char* separator = "";
    const std::pair<bool, std::uint64_t> columns[] = {
        {options.lines, counts.lines}, {options.words, counts.words}, {options.bytes, counts.bytes}};
    for (const auto& [wanted, value] : columns) {
        if (!wanted)
            continue;
        c.print("%s%*llu", separator, options.width, static_cast<unsigned long long>(value));
        separator = " ";
    }
    c.print("%s%s\n", name ? " " : "", name ? name : "");
}

int wc_one(Command& c, int fd, const char* path, void* context)
{
    WcOptions& options = *static_cast<WcOptions*>(context);
    Counts counts;
    bool in_word = false;
    char* buffer = static_cast<char*>(c.memory.allocate(4096, 1));
    ssize_t n = 0;
    while ((n = read_some(fd, buffer, 4096)) > 0) {
        counts.bytes += static_cast<std::uint64_t>(n);
        for (ssize_t i = 0; i < n; ++i) {
            const bool space = std::isspace(static_cast<unsigned char>(buffer[i])) != 0;
            counts.lines += buffer[i] == '\n';
            counts.words += !space && !in_word;
            in_word = !space;
        }
    }
    c.memory.deallocate(buffer, 4096, 1);
    if (n < 0)
        c.fail_path(path, n);
    print_counts(c, options, counts, options.named ? path : nullptr);
    options.total.lines += counts.lines;
    options.total.words += counts.words;
    options.total.bytes += counts.bytes;
    return n < 0;
}

/// The width of the columns: the digits of all bytes together, 7 when something is no plain file.
int count_width(const Vec<const char*>& paths)
{
    std::uint64_t bytes = 0;
    bool plain = true;
    for (const char* path : paths) {
        kernel::Stat stat{};
        if (kernel::sys_stat(path, stat) < 0)
            continue;
        plain &= (stat.mode & 0170000) == 0100000;
        bytes += stat.size;
    }
    int width = 1;
    for (; bytes >= 10; bytes /= 10)
        ++width;
    return !plain && width < 7 ? 7 : width;
}

} // namespace

int cat_command(Command& c)
{
    CatOptions options;
    const LongOption longs[] = {{"number", 'n'}, {"show-ends", 'E'}};
    OptionReader reader(c, "nEuAetvsT", longs, 2);
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        options.number |= option == 'n';
        options.ends |= option == 'E' || option == 'A' || option == 'e';
    }
    return for_each_input(c, reader.operands(), cat_one, &options);
}

int tee_command(Command& c)
{
    OptionReader reader(c, "ai");
    bool append = false;
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        append |= option == 'a';
    }
    int status = 0;
    Vec<int> files(&c.memory);
    for (const char* path : reader.operands()) {
        const int fd = kernel::sys_open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0666);
        if (fd < 0)
            status = c.fail_path(path, fd);
        files.push_back(fd);
    }
    char* buffer = static_cast<char*>(c.memory.allocate(4096, 1));
    for (ssize_t n = 0; (n = read_some(0, buffer, 4096)) > 0;) {
        const std::string_view piece(buffer, static_cast<std::size_t>(n));
        c.write(piece);
        c.flush();
        for (std::size_t i = 0; i < files.size(); ++i) {
            int error = 0;
            if (files[i] >= 0 && !write_all(files[i], piece, &error))
                status = c.fail_path(reader.operands()[i], error);
        }
    }
    for (const int fd : files)
        c.close_input(fd);
    return status;
}

int wc_command(Command& c)
{
    WcOptions options;
    const LongOption longs[] = {{"lines", 'l'}, {"words", 'w'}, {"bytes", 'c'}};
    OptionReader reader(c, "lwcm", longs, 3);
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        options.lines |= option == 'l';
        options.words |= option == 'w';
        options.bytes |= option == 'c' || option == 'm';
    }
    const int columns = options.lines + options.words + options.bytes;
    if (columns == 0)
        options.lines = options.words = options.bytes = true;
    const std::size_t files = reader.operands().size();
    options.named = files > 0;
    options.width = files == 0 ? (columns == 1 ? 1 : 7) : columns == 1 && files == 1 ? 1 : count_width(reader.operands());
    const int status = for_each_input(c, reader.operands(), wc_one, &options);
    if (files > 1)
        print_counts(c, options, options.total, "total");
    return status;
}

} // namespace irqlab::lab::sh
