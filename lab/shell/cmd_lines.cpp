// Commands that work on whole lines: sort, uniq.
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

struct SortKey {
    std::size_t first = 0, last = 0; // fields, from 1; 0: the whole line, or to its end
    bool numeric = false, reverse = false, own = false;
};

struct Sorting {
    explicit Sorting(Memory& memory) : keys(&memory) {}
    Vec<SortKey> keys;
    bool numeric = false, reverse = false, unique = false, blanks = false, stable = false;
    char separator = '\0';
};

/// Field `n` and all up to field `last` of a line; blanks before a field belong to it, unless -t.
std::string_view fields_of(std::string_view line, const Sorting& sorting, const SortKey& key)
{
    std::size_t at = 0, begin = line.size(), end = line.size();
    for (std::size_t n = 1; at <= line.size(); ++n) {
        if (n == key.first)
            begin = at;
        std::size_t stop = at;
        if (sorting.separator) {
            stop = std::min(line.find(sorting.separator, at), line.size());
        } else {
            while (stop < line.size() && std::isblank(static_cast<unsigned char>(line[stop])))
                ++stop;
            while (stop < line.size() && !std::isblank(static_cast<unsigned char>(line[stop])))
                ++stop;
        }
        if (n == key.last)
            end = stop;
        if (stop >= line.size())
            break;
        at = stop + (sorting.separator ? 1 : 0);
    }
    return begin < end ? line.substr(begin, end - begin) : std::string_view();
}

/// Value of the decimal number at the start; no number is 0.
double leading_number(std::string_view text)
{
    char digits[64];
    const std::size_t size = text.copy(digits, sizeof digits - 1);
    digits[size] = '\0';
    std::size_t i = 0;
    while (digits[i] == ' ' || digits[i] == '\t')
        ++i;
    const std::size_t start = i;
    i += digits[i] == '-';
    while ((digits[i] >= '0' && digits[i] <= '9') || digits[i] == '.')
        ++i;
    digits[i] = '\0';
    return std::strtod(digits + start, nullptr);
}

int compare_keys(std::string_view a, std::string_view b, bool numeric, bool blanks)
{
    if (numeric) {
        const double x = leading_number(a), y = leading_number(b);
        return x < y ? -1 : x > y;
    }
    if (blanks) {
        a.remove_prefix(std::min(a.find_first_not_of(" \t"), a.size()));
        b.remove_prefix(std::min(b.find_first_not_of(" \t"), b.size()));
    }
    return a.compare(b);
}

int compare_lines(const Sorting& sorting, std::string_view a, std::string_view b, bool last_resort)
{
    for (const SortKey& key : sorting.keys) {
        const bool whole = key.first == 0;
        const bool numeric = key.own ? key.numeric : sorting.numeric;
        const bool reverse = key.own ? key.reverse : sorting.reverse;
        const int order = compare_keys(whole ? a : fields_of(a, sorting, key), whole ? b : fields_of(b, sorting, key), numeric,
                                       sorting.blanks);
        if (order != 0)
            return reverse ? -order : order;
    }
    const int order = last_resort ? a.compare(b) : 0;
    return sorting.reverse ? -order : order;
}

bool parse_key(std::string_view text, SortKey& key)
{
    std::size_t* field = &key.first;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            *field = *field * 10 + static_cast<std::size_t>(c - '0');
        else if (c == ',')
            field = &key.last;
        else if (c == 'n')
            key.numeric = key.own = true;
        else if (c == 'r')
            key.reverse = key.own = true;
        else if (c != 'b')
            return false;
    }
    return key.first > 0;
}

int collect_lines(Command& c, int fd, const char* path, void* context)
{
    auto& lines = *static_cast<Vec<Str>*>(context);
    LineReader reader(c.memory, fd);
    for (std::string_view line; reader.next(line);)
        lines.emplace_back(line);
    return reader.error() < 0 ? c.fail_path(path, reader.error()) : 0;
}

void print_run(Command& c, std::string_view line, unsigned count, bool counts, bool repeated, bool single)
{
    if (count == 0 || (repeated && count < 2) || (single && count > 1))
        return;
    if (counts)
        c.print("%7u ", count);
    c.write(line);
    c.put('\n');
}

} // namespace

int sort_command(Command& c)
{
    Sorting sorting(c.memory);
    OptionReader reader(c, "nrubsgk:t:");
    while (const char option = reader.next()) {
        SortKey key;
        switch (option) {
        case '?': return 2;
        case 'n':
        case 'g': sorting.numeric = true; break;
        case 'r': sorting.reverse = true; break;
        case 'u': sorting.unique = true; break;
        case 'b': sorting.blanks = true; break;
        case 's': sorting.stable = true; break;
        case 't': sorting.separator = reader.value()[0]; break;
        default:
            if (!parse_key(reader.value(), key))
                return c.fail("invalid number at field start: invalid count at start of '%s'", reader.value()), 2;
            sorting.keys.push_back(key);
        }
    }
    if (sorting.keys.empty())
        sorting.keys.push_back({});
    c.open_before = "cannot read: ";
    Vec<Str> lines(&c.memory);
    if (for_each_input(c, reader.operands(), collect_lines, &lines) != 0)
        return 2;
    const bool last_resort = !sorting.unique && !sorting.stable;
    Vec<std::size_t> order(&c.memory);
    for (std::size_t i = 0; i < lines.size(); ++i)
        order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const int by_key = compare_lines(sorting, lines[a], lines[b], last_resort);
        return by_key != 0 ? by_key < 0 : a < b; // a stable order without std::stable_sort's heap
    });
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (sorting.unique && i > 0 && compare_lines(sorting, lines[order[i - 1]], lines[order[i]], false) == 0)
            continue;
        c.write(lines[order[i]]);
        c.put('\n');
    }
    return 0;
}

int uniq_command(Command& c)
{
    bool counts = false, repeated = false, single = false;
    OptionReader options(c, "cdu");
    while (const char option = options.next()) {
        if (option == '?')
            return 1;
        counts |= option == 'c';
        repeated |= option == 'd';
        single |= option == 'u';
    }
    const int fd = options.operands().empty() ? 0 : c.open_input(options.operands()[0]);
    if (fd < 0)
        return 1;
    LineReader reader(c.memory, fd);
    Str last(&c.memory);
    unsigned count = 0;
    for (std::string_view line; reader.next(line);) {
        if (count > 0 && line == last) {
            ++count;
            continue;
        }
        print_run(c, last, count, counts, repeated, single);
        last = line;
        count = 1;
    }
    print_run(c, last, count, counts, repeated, single);
    c.close_input(fd);
    return 0;
}

} // namespace irqlab::lab::sh
