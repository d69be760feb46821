// The command ls, one name per line, as GNU's does when no terminal reads it. [POSIX] "ls".
#include <algorithm>
#include <cstring>
#include <ctime>
#include <sys/stat.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

struct Listing {
    bool all = false, almost_all = false, details = false, directory = false, inode = false, reverse = false, by_time = false;
};

struct Item {
    Item(Memory& memory, std::string_view n) : name(n, &memory) {}
    Str name;
    kernel::Stat stat{};
};

struct Widths {
    int links = 1, size = 1, major = 1, minor = 1;
    bool devices = false;
};

void mode_text(unsigned mode, char (&text)[11])
{
    const char type = S_ISDIR(mode) ? 'd' : S_ISCHR(mode) ? 'c' : S_ISBLK(mode) ? 'b' : S_ISFIFO(mode) ? 'p' : S_ISLNK(mode) ? 'l'
                      : S_ISSOCK(mode) ? 's' : '-';
    constexpr const char* letters = "rwxrwxrwx";
    text[0] = type;
    for (unsigned i = 0; i < 9; ++i)
        text[1 + i] = mode & (0400u >> i) ? letters[i] : '-';
    if (mode & S_ISUID)
        text[3] = text[3] == 'x' ? 's' : 'S';
    if (mode & S_ISGID)
        text[6] = text[6] == 'x' ? 's' : 'S';
    if (mode & S_ISVTX)
        text[9] = text[9] == 'x' ? 't' : 'T';
    text[10] = '\0';
}

int digits(std::uint64_t value)
{
    int count = 1;
    for (; value >= 10; value /= 10)
        ++count;
    return count;
}

bool is_device(const Item& item)
{
    return S_ISCHR(item.stat.mode) || S_ISBLK(item.stat.mode);
}

Widths measure(const Vec<Item>& items)
{
    Widths w;
    for (const Item& item : items) {
        w.links = std::max(w.links, digits(item.stat.links));
        if (!is_device(item)) {
            w.size = std::max(w.size, digits(item.stat.size));
            continue;
        }
        w.devices = true;
        w.major = std::max(w.major, digits(item.stat.major));
        w.minor = std::max(w.minor, digits(item.stat.minor));
    }
    if (w.devices)
        w.size = std::max(w.size, w.major + 2 + w.minor);
    return w;
}

/// Files of the last half year show the time, others the year.
void time_text(std::int64_t mtime, char (&text)[32])
{
    const std::int64_t age = kernel::sys_clock_realtime_s() - mtime;
    const std::time_t when = static_cast<std::time_t>(mtime);
    std::tm parts{};
    gmtime_r(&when, &parts);
    std::strftime(text, sizeof text, age >= 0 && age < 31556952 / 2 ? "%b %e %H:%M" : "%b %e  %Y", &parts);
}

void print_details(Command& c, const Item& item, const Widths& w)
{
    char mode[11], when[32];
    mode_text(item.stat.mode, mode);
    time_text(item.stat.mtime_s, when);
    c.print("%s %*u root root ", mode, w.links, item.stat.links);
    if (is_device(item))
        c.print("%*u, %*u", w.size - 2 - w.minor, item.stat.major, w.minor, item.stat.minor);
    else
        c.print("%*llu", w.size, static_cast<unsigned long long>(item.stat.size));
    c.print(" %s ", when);
}

void print_items(Command& c, const Listing& listing, Vec<Item>& items)
{
    std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
        if (listing.by_time && a.stat.mtime_s != b.stat.mtime_s)
            return a.stat.mtime_s > b.stat.mtime_s;
        return a.name < b.name;
    });
    if (listing.reverse)
        std::reverse(items.begin(), items.end());
    const Widths widths = measure(items);
    for (const Item& item : items) {
        if (listing.inode)
            c.print("%llu ", static_cast<unsigned long long>(item.stat.inode));
        if (listing.details)
            print_details(c, item, widths);
        c.write(item.name);
        c.put('\n');
    }
}

struct Collector {
    Vec<Item>& items;
    Memory& memory;
    bool hidden, dots;
};

int list_directory(Command& c, const Listing& listing, const char* path)
{
    Vec<Item> items(&c.memory);
    Collector collector{items, c.memory, listing.all || listing.almost_all, listing.all};
    const int error = kernel::sys_readdir(
        path,
        [](void* context, const char* name) {
            Collector& to = *static_cast<Collector*>(context);
            const bool dot = std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
            if (!dot && (name[0] != '.' || to.hidden))
                to.items.emplace_back(to.memory, name);
        },
        &collector);
    if (error < 0)
        return c.fail("cannot open directory '%s': %s", path, error_text(error)), 2;
    for (const char* dot : {".", ".."})
        if (collector.dots)
            items.emplace_back(c.memory, dot);
    std::uint64_t blocks = 0;
    for (Item& item : items) {
        Str full(path, &c.memory);
        full.append(full.ends_with('/') ? "" : "/").append(item.name);
        kernel::sys_stat(full.c_str(), item.stat);
        if (S_ISREG(item.stat.mode))
            blocks += (item.stat.size + 4095) / 4096 * 4;
    }
    if (listing.details)
        c.print("total %llu\n", static_cast<unsigned long long>(blocks));
    print_items(c, listing, items);
    return 0;
}

} // namespace

int ls_command(Command& c)
{
    Listing listing;
    const LongOption longs[] = {{"all", 'a'}, {"color", 'y'}};
    OptionReader reader(c, "laA1dhiFrtyCn", longs, 2);
    while (const char option = reader.next()) {
        switch (option) {
        case '?': return 2;
        case 'l':
        case 'n': listing.details = true; break;
        case 'a': listing.all = true; break;
        case 'A': listing.almost_all = true; break;
        case 'd': listing.directory = true; break;
        case 'i': listing.inode = true; break;
        case 'r': listing.reverse = true; break;
        case 't': listing.by_time = true; break;
        default: break; // columns, colours and marks are for terminals
        }
    }
    Vec<const char*> paths(reader.operands().begin(), reader.operands().end(), &c.memory);
    if (paths.empty())
        paths.push_back(".");
    Vec<Item> files(&c.memory);
    Vec<const char*> directories(&c.memory);
    int status = 0;
    for (const char* path : paths) {
        Item item(c.memory, path);
        const int error = kernel::sys_stat(path, item.stat);
        if (error < 0)
            status = (c.fail("cannot access '%s': %s", path, error_text(error)), 2);
        else if (S_ISDIR(item.stat.mode) && !listing.directory)
            directories.push_back(path);
        else
            files.push_back(std::move(item));
    }
    print_items(c, listing, files);
    std::sort(directories.begin(), directories.end(), [](const char* a, const char* b) { return std::strcmp(a, b) < 0; });
    for (std::size_t i = 0; i < directories.size(); ++i) {
        if (paths.size() > 1)
            c.print("%s%s:\n", i > 0 || !files.empty() ? "\n" : "", directories[i]);
        status = std::max(status, list_directory(c, listing, directories[i]));
    }
    return status;
}

} // namespace irqlab::lab::sh
