// Commands that work on fields and characters: cut, tr.
#include <algorithm>
#include <cctype>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

struct Range {
    std::size_t first, last;
};

struct Cutting {
    explicit Cutting(Memory& memory) : ranges(&memory) {}
    Vec<Range> ranges;
    char delimiter = '\t';
    bool fields = false, only_delimited = false;
    bool takes(std::size_t n) const
    {
        return std::any_of(ranges.begin(), ranges.end(), [n](const Range& r) { return r.first <= n && n <= r.last; });
    }
};

/// 1,3-5,-2,7-
bool parse_ranges(std::string_view text, Vec<Range>& ranges)
{
    constexpr std::size_t open = ~std::size_t{0};
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view item = text.substr(0, comma);
        const std::size_t dash = item.find('-');
        std::int64_t first = 1, last = 0;
        const std::string_view low = item.substr(0, dash);
        const std::string_view high = dash == std::string_view::npos ? low : item.substr(dash + 1);
        if ((!low.empty() && !parse_number(low, first)) || (!high.empty() && !parse_number(high, last)) || first < 1 ||
            (low.empty() && high.empty()))
            return false;
        ranges.push_back({static_cast<std::size_t>(first), high.empty() ? open : static_cast<std::size_t>(last)});
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return !ranges.empty();
}

void cut_fields(Command& c, const Cutting& cutting, std::string_view line)
{
    if (line.find(cutting.delimiter) == std::string_view::npos) {
        if (!cutting.only_delimited) {
            c.write(line);
            c.put('\n');
        }
        return;
    }
    bool any = false;
    for (std::size_t n = 1, at = 0; at <= line.size(); ++n) {
        const std::size_t stop = std::min(line.find(cutting.delimiter, at), line.size());
        if (cutting.takes(n)) {
            if (any)
                c.put(cutting.delimiter);
            c.write(line.substr(at, stop - at));
            any = true;
        }
        at = stop + 1;
    }
    c.put('\n');
}

int cut_one(Command& c, int fd, const char* path, void* context)
{
    const Cutting& cutting = *static_cast<Cutting*>(context);
    LineReader reader(c.memory, fd);
    for (std::string_view line; reader.next(line) && !c.broken();) {
        if (cutting.fields) {
            cut_fields(c, cutting, line);
            continue;
        }
        for (std::size_t i = 0; i < line.size(); ++i)
            if (cutting.takes(i + 1))
                c.put(line[i]);
        c.put('\n');
    }
    return reader.error() < 0 ? c.fail_path(path, reader.error()) : 0;
}

bool in_class(std::string_view name, unsigned char ch)
{
    return name == "upper"   ? std::isupper(ch) != 0
           : name == "lower" ? std::islower(ch) != 0
           : name == "digit" ? std::isdigit(ch) != 0
           : name == "alpha" ? std::isalpha(ch) != 0
           : name == "alnum" ? std::isalnum(ch) != 0
           : name == "space" ? std::isspace(ch) != 0
           : name == "blank" ? std::isblank(ch) != 0
           : name == "punct" ? std::ispunct(ch) != 0
           : name == "print" ? std::isprint(ch) != 0
           : name == "cntrl" ? std::iscntrl(ch) != 0
                             : name == "xdigit" && std::isxdigit(ch) != 0;
}

/// The characters of a SET of tr: ranges, classes, escapes.
void expand_set(std::string_view text, Str& out)
{
    Str plain(out.get_allocator());
    append_escapes(plain, text, false);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const std::size_t close = plain.compare(i, 2, "[:") == 0 ? plain.find(":]", i) : Str::npos;
        if (close != Str::npos) {
            for (int ch = 0; ch < 256; ++ch)
                if (in_class(std::string_view(plain).substr(i + 2, close - i - 2), static_cast<unsigned char>(ch)))
                    out += static_cast<char>(ch);
            i = close + 1;
        } else if (i + 2 < plain.size() && plain[i + 1] == '-') {
            for (int ch = static_cast<unsigned char>(plain[i]); ch <= static_cast<unsigned char>(plain[i + 2]); ++ch)
                out += static_cast<char>(ch);
            i += 2;
        } else {
            out += plain[i];
        }
    }
}

void complement(Str& set)
{
    Str other(set.get_allocator());
    for (int ch = 0; ch < 256; ++ch)
        if (set.find(static_cast<char>(ch)) == Str::npos)
            other += static_cast<char>(ch);
    set.swap(other);
}

} // namespace

int cut_command(Command& c)
{
    Cutting cutting(c.memory);
    OptionReader reader(c, "f:c:b:d:s");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        if (option == 'd')
            cutting.delimiter = reader.value()[0];
        else if (option == 's')
            cutting.only_delimited = true;
        else if (!parse_ranges(reader.value(), cutting.ranges))
            return c.fail("invalid field value '%s'", reader.value());
        cutting.fields |= option == 'f';
    }
    if (cutting.ranges.empty()) {
        c.fail("you must specify a list of bytes, characters, or fields");
        c.warn("Try 'cut --help' for more information.\n");
        return 1;
    }
    return for_each_input(c, reader.operands(), cut_one, &cutting);
}

int tr_command(Command& c)
{
    bool inverted = false, deletes = false, squeezes = false;
    OptionReader reader(c, "+cCdst");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        inverted |= option == 'c' || option == 'C';
        deletes |= option == 'd';
        squeezes |= option == 's';
    }
    const auto& sets = reader.operands();
    if (sets.empty() || (sets.size() < 2 && !deletes && !squeezes))
        return c.missing_operand();
    Str from(&c.memory), to(&c.memory);
    expand_set(sets[0], from);
    if (inverted)
        complement(from);
    if (sets.size() > 1)
        expand_set(sets[1], to);
    const bool translates = !deletes && !to.empty();
    const Str squeezed(squeezes && !to.empty() ? to : from, &c.memory);
    char* buffer = static_cast<char*>(c.memory.allocate(4096, 1));
    int last = -1;
    for (ssize_t n = 0; (n = read_some(0, buffer, 4096)) > 0 && !c.broken(); c.flush())
        for (ssize_t i = 0; i < n; ++i) {
            char ch = buffer[i];
            const std::size_t at = from.find(ch);
            if (deletes && at != Str::npos)
                continue;
            if (translates && at != Str::npos)
                ch = at < to.size() ? to[at] : to.back();
            if (squeezes && static_cast<unsigned char>(ch) == last && squeezed.find(ch) != Str::npos)
                continue;
            last = static_cast<unsigned char>(ch);
            c.put(ch);
        }
    c.memory.deallocate(buffer, 4096, 1);
    return 0;
}

} // namespace irqlab::lab::sh
