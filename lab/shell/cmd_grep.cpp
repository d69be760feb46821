// The command grep. [POSIX] "grep"; -A -B -C -o -w -m as GNU's.
#include "lab/shell/commands.hpp"
#include "lab/shell/pattern.hpp"

namespace irqlab::lab::sh {

namespace {

struct Grep {
    explicit Grep(Memory& memory) : patterns(&memory) {}
    Vec<const char*> patterns;
    PatternKind kind = PatternKind::basic;
    bool ignore_case = false, inverted = false, count = false, number = false, quiet = false, word = false, line = false;
    bool only = false, context = false, list = false, list_without = false, silent = false;
    int file_names = -1; // -1: when there are several files
    std::uint64_t most = ~std::uint64_t{0}, after = 0, before = 0;
    bool found = false;
};

/// State in one input.
struct Scanning {
    Scanning(Memory& memory, const char* name, bool named) : held(&memory), path(name), names(named) {}
    Vec<Str> held; // lines before, for -B
    const char* path;
    bool names;
    std::uint64_t line = 0, hits = 0, trailing = 0, last_printed = 0;
};

bool is_word_char(char c)
{
    return is_name_char(c);
}

/// A match that -w and -x accept.
bool accepted(const Grep& grep, std::string_view text, std::size_t begin, std::size_t end)
{
    if (grep.line)
        return begin == 0 && end == text.size();
    if (!grep.word)
        return true;
    return (begin == 0 || !is_word_char(text[begin - 1])) && (end == text.size() || !is_word_char(text[end]));
}

using Compiled = Vec<const Pattern*>;

/// The leftmost match of any pattern, the longest of those.
bool find_match(const Grep& grep, const Compiled& patterns, std::string_view text, std::size_t from, std::size_t& begin,
                std::size_t& end)
{
    bool any = false;
    for (const Pattern* pattern : patterns) {
        std::size_t b = 0, e = 0;
        for (std::size_t at = from; pattern->find(text, at, b, e); at = b + 1) {
            if (!accepted(grep, text, b, e))
                continue;
            if (!any || b < begin || (b == begin && e > end)) {
                begin = b;
                end = e;
            }
            any = true;
            break;
        }
    }
    return any;
}

void prefix(Command& c, const Grep& grep, const Scanning& scan, std::uint64_t line, char separator)
{
    if (scan.names)
        c.print("%s%c", scan.path, separator);
    if (grep.number)
        c.print("%llu%c", static_cast<unsigned long long>(line), separator);
}

void print_line(Command& c, const Grep& grep, Scanning& scan, std::uint64_t line, std::string_view text, char separator)
{
    if (grep.context && scan.last_printed && line > scan.last_printed + 1)
        c.write("--\n");
    prefix(c, grep, scan, line, separator);
    c.write(text);
    c.put('\n');
    scan.last_printed = line;
}

void print_matches(Command& c, const Grep& grep, const Compiled& patterns, Scanning& scan, std::string_view text)
{
    std::size_t begin = 0, end = 0;
    for (std::size_t at = 0; find_match(grep, patterns, text, at, begin, end); at = end > begin ? end : end + 1) {
        if (end == begin)
            continue;
        prefix(c, grep, scan, scan.line, ':');
        c.write(text.substr(begin, end - begin));
        c.put('\n');
    }
}

void handle_line(Command& c, const Grep& grep, const Compiled& patterns, Scanning& scan, std::string_view text)
{
    ++scan.line;
    std::size_t begin = 0, end = 0;
    const bool hit = find_match(grep, patterns, text, 0, begin, end) != grep.inverted;
    const bool prints = !grep.quiet && !grep.count && !grep.list && !grep.list_without;
    if (hit) {
        ++scan.hits;
        if (prints && grep.only && !grep.inverted)
            return print_matches(c, grep, patterns, scan, text);
        const std::uint64_t first = scan.line - scan.held.size();
        for (std::size_t i = 0; prints && i < scan.held.size(); ++i)
            print_line(c, grep, scan, first + i, scan.held[i], '-');
        scan.held.clear();
        if (prints && !grep.only)
            print_line(c, grep, scan, scan.line, text, ':');
        scan.trailing = grep.after;
    } else if (scan.trailing > 0) {
        --scan.trailing;
        if (prints)
            print_line(c, grep, scan, scan.line, text, '-');
    } else if (grep.before > 0) {
        if (scan.held.size() == grep.before)
            scan.held.erase(scan.held.begin());
        scan.held.emplace_back(text);
    }
}

/// The lines that are at hand, with the patterns compiled for just so long. Output stays collected, so that
/// no system call happens meanwhile. Each line is copied: regexec wants it whole.
void handle_batch(Command& c, const Grep& grep, Scanning& scan, const Vec<Str>& batch)
{
    Compiled patterns(&c.memory);
    for (const char* text : grep.patterns)
        patterns.push_back(make<Pattern>(c.memory, c.memory, text, grep.kind, grep.ignore_case));
    c.hold(true);
    for (const Str& line : batch) {
        if (scan.hits >= grep.most && scan.trailing == 0)
            break;
        if (scan.hits >= grep.most) { // -m: only what -A still asks for
            --scan.trailing;
            print_line(c, grep, scan, ++scan.line, line, '-');
            continue;
        }
        handle_line(c, grep, patterns, scan, line);
    }
    c.hold(false);
    for (const Pattern* pattern : patterns)
        drop(c.memory, const_cast<Pattern*>(pattern));
}

int grep_one(Command& c, int fd, const char* path, void* context)
{
    Grep& grep = *static_cast<Grep*>(context);
    Scanning scan(c.memory, std::string_view(path) == "-" ? "(standard input)" : path, grep.file_names > 0);
    LineReader reader(c.memory, fd);
    Vec<Str> batch(&c.memory);
    std::string_view line;
    bool more = true;
    while (more && !c.broken() && !(grep.quiet && scan.hits > 0) && (scan.hits < grep.most || scan.trailing > 0)) {
        more = reader.next(line);
        if (more)
            batch.emplace_back(line);
        if (more && reader.buffered() && batch.size() < 16)
            continue;
        handle_batch(c, grep, scan, batch);
        c.flush();
        batch.clear();
    }
    grep.found |= grep.list_without ? scan.hits == 0 : scan.hits > 0;
    if (grep.count && !grep.quiet)
        c.print("%s%s%llu\n", scan.names ? scan.path : "", scan.names ? ":" : "", static_cast<unsigned long long>(scan.hits));
    if ((grep.list && scan.hits > 0) || (grep.list_without && scan.hits == 0))
        c.print("%s\n", scan.path);
    if (reader.error() < 0 && !grep.silent)
        c.fail_path(path, reader.error());
    return reader.error() < 0;
}

void set_flag(Grep& grep, char option)
{
    switch (option) {
    case 'E': grep.kind = PatternKind::extended; break;
    case 'F': grep.kind = PatternKind::fixed; break;
    case 'i': grep.ignore_case = true; break;
    case 'v': grep.inverted = true; break;
    case 'c': grep.count = true; break;
    case 'n': grep.number = true; break;
    case 'q': grep.quiet = true; break;
    case 'w': grep.word = true; break;
    case 'x': grep.line = true; break;
    case 'o': grep.only = true; break;
    case 'l': grep.list = true; break;
    case 'L': grep.list_without = true; break;
    case 's': grep.silent = true; break;
    case 'h': grep.file_names = 0; break;
    case 'H': grep.file_names = 1; break;
    default: break;
    }
}

/// False: a wrong option, reported.
bool read_options(Command& c, OptionReader& reader, Grep& grep)
{
    while (const char option = reader.next()) {
        std::uint64_t number = 0;
        if (option == '?')
            return false;
        if (option == 'e') {
            grep.patterns.push_back(reader.value());
        } else if (std::string_view("ABCm").find(option) != std::string_view::npos) {
            if (!parse_size(reader.value(), number)) {
                c.fail("%s: invalid context length argument", reader.value());
                return false;
            }
            (option == 'm' ? grep.most : option == 'B' ? grep.before : grep.after) = number;
            grep.context |= option != 'm';
            if (option == 'C')
                grep.before = number;
        } else {
            set_flag(grep, option);
        }
    }
    return true;
}

} // namespace

int grep_command(Command& c)
{
    Grep grep(c.memory);
    const std::string_view name = c.name();
    set_flag(grep, name.ends_with("egrep") ? 'E' : name.ends_with("fgrep") ? 'F' : ' ');
    const LongOption longs[] = {{"color", 'y'}, {"colour", 'y'}, {"line-buffered", 'U'}, {"quiet", 'q'}, {"count", 'c'},
                                {"ignore-case", 'i'}, {"invert-match", 'v'}, {"extended-regexp", 'E'}, {"text", 'a'}};
    OptionReader reader(c, "EFGivcnqwxolLshHayUe:A:B:C:m:", longs, std::size(longs));
    if (!read_options(c, reader, grep))
        return 2;
    Vec<const char*> files(reader.operands().begin(), reader.operands().end(), &c.memory);
    if (grep.patterns.empty()) {
        if (files.empty()) {
            c.warn("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
            return 2;
        }
        grep.patterns.push_back(files[0]);
        files.erase(files.begin());
    }
    Str error(&c.memory);
    for (const char* text : grep.patterns) {
        const Pattern pattern(c.memory, text, grep.kind, grep.ignore_case);
        if (!pattern.valid())
            pattern.error(error);
    }
    if (!error.empty())
        return c.fail("%s", error.c_str()), 2;
    if (grep.file_names < 0)
        grep.file_names = files.size() > 1;
    c.mute(grep.silent);
    const int status = for_each_input(c, files, grep_one, &grep);
    if (grep.quiet && grep.found)
        return 0;
    return status != 0 ? 2 : grep.found ? 0 : 1;
}

} // namespace irqlab::lab::sh
