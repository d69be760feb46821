// The command sed: s///, p, d, q, = with addresses. [POSIX] "sed".
#include <algorithm>

#include "lab/shell/commands.hpp"
#include "lab/shell/pattern.hpp"

namespace irqlab::lab::sh {

namespace {

enum class AddressKind : std::uint8_t { none, line, last, pattern };

struct Address {
    AddressKind kind = AddressKind::none;
    std::uint64_t line = 0;
    std::string_view pattern{};
};

struct Edit {
    Address first{}, second{};
    bool negated = false;
    bool in_range = false;
    char verb = 'p';
    std::string_view pattern{}, replacement{};
    bool global = false, print = false, ignore_case = false;
    std::uint64_t nth = 1;
};

struct Sed {
    explicit Sed(Memory& m) : memory(m), edits(&m) {}
    Memory& memory;
    Vec<Edit> edits;
    bool quiet = false, extended = false;
    std::uint64_t line = 0;
    bool quits = false;
};

/// A script of sed, parsed from left to right.
class SedParser {
public:
    SedParser(Sed& sed, std::string_view text) : sed_(sed), text_(text) {}

    const char* run() // null, or what is wrong
    {
        for (skip(" \t\n;"); at_ < text_.size(); skip(" \t\n;")) {
            Edit edit;
            if (!address(edit.first))
                return "unterminated address regex";
            if (take(',') && (!address(edit.second) || edit.second.kind == AddressKind::none))
                return "unexpected `,'";
            skip(" \t");
            edit.negated = take('!');
            skip(" \t");
            if (at_ >= text_.size())
                return "missing command";
            edit.verb = text_[at_++];
            if (edit.verb == 's') {
                if (const char* wrong = substitution(edit))
                    return wrong;
            } else if (std::string_view("pdq=").find(edit.verb) == std::string_view::npos) {
                return "unknown command";
            }
            sed_.edits.push_back(edit);
        }
        return nullptr;
    }

private:
    void skip(std::string_view set)
    {
        while (at_ < text_.size() && set.find(text_[at_]) != std::string_view::npos)
            ++at_;
    }
    bool take(char c)
    {
        const bool there = at_ < text_.size() && text_[at_] == c;
        at_ += there;
        return there;
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
            value = value * 10 + static_cast<std::uint64_t>(text_[at_++] - '0');
        return value;
    }
    /// Text up to an unescaped delimiter; \delimiter loses its backslash.
    bool delimited(char delimiter, std::string_view& out)
    {
        Str piece(&sed_.memory);
        for (; at_ < text_.size() && text_[at_] != delimiter; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                if (text_[at_ + 1] != delimiter)
                    piece += '\\';
                ++at_;
            }
            piece += text_[at_];
        }
        out = keep(sed_.memory, piece);
        return take(delimiter);
    }
    bool address(Address& address)
    {
        if (at_ >= text_.size())
            return true;
        if (text_[at_] >= '0' && text_[at_] <= '9') {
            address.kind = AddressKind::line;
            address.line = number();
        } else if (take('$')) {
            address.kind = AddressKind::last;
        } else if (take('/')) {
            address.kind = AddressKind::pattern;
            return delimited('/', address.pattern);
        }
        return true;
    }
    const char* substitution(Edit& edit)
    {
        const char delimiter = at_ < text_.size() ? text_[at_++] : '\0';
        if (delimiter == '\0' || !delimited(delimiter, edit.pattern) || !delimited(delimiter, edit.replacement))
            return "unterminated `s' command";
        for (; at_ < text_.size() && text_[at_] != ';' && text_[at_] != '\n' && text_[at_] != ' '; ++at_) {
            const char flag = text_[at_];
            edit.global |= flag == 'g';
            edit.print |= flag == 'p';
            edit.ignore_case |= flag == 'i' || flag == 'I';
            if (flag >= '1' && flag <= '9')
                edit.nth = static_cast<std::uint64_t>(flag - '0');
            else if (std::string_view("gpiI").find(flag) == std::string_view::npos)
                return "unknown option to `s'";
        }
        return nullptr;
    }

    Sed& sed_;
    std::string_view text_;
    std::size_t at_ = 0;
};

PatternKind kind_of(const Sed& sed)
{
    return sed.extended ? PatternKind::extended : PatternKind::basic;
}

bool hits(const Sed& sed, const Address& address, std::string_view line, bool last)
{
    std::size_t begin = 0, end = 0;
    switch (address.kind) {
    case AddressKind::none: return true;
    case AddressKind::line: return sed.line == address.line;
    case AddressKind::last: return last;
    case AddressKind::pattern: break;
    }
    return Pattern(sed.memory, address.pattern, kind_of(sed), false).find(line, 0, begin, end);
}

bool applies(const Sed& sed, Edit& edit, std::string_view line, bool last)
{
    if (edit.second.kind == AddressKind::none)
        return hits(sed, edit.first, line, last) != edit.negated;
    bool inside = edit.in_range;
    if (!inside && hits(sed, edit.first, line, last)) {
        inside = true;
        edit.in_range = !(edit.second.kind == AddressKind::line && edit.second.line <= sed.line);
    } else if (inside) {
        edit.in_range = edit.second.kind == AddressKind::line ? sed.line < edit.second.line
                                                               : !hits(sed, edit.second, line, last);
    }
    return inside != edit.negated;
}

void append_replacement(Str& out, std::string_view replacement, std::string_view line, const regmatch_t* groups)
{
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        int group = replacement[i] == '&' ? 0 : -1;
        if (replacement[i] == '\\' && i + 1 < replacement.size()) {
            ++i;
            if (replacement[i] >= '0' && replacement[i] <= '9')
                group = replacement[i] - '0';
            else
                out += replacement[i] == 'n' ? '\n' : replacement[i] == 't' ? '\t' : replacement[i];
        } else if (group < 0) {
            out += replacement[i];
        }
        if (group >= 0 && groups[group].rm_so >= 0)
            out += line.substr(static_cast<std::size_t>(groups[group].rm_so),
                               static_cast<std::size_t>(groups[group].rm_eo - groups[group].rm_so));
    }
}

bool substitute(const Sed& sed, const Edit& edit, Str& line)
{
    const Pattern pattern(sed.memory, edit.pattern, kind_of(sed), edit.ignore_case);
    Str out(&sed.memory);
    regmatch_t groups[10];
    std::size_t copied = 0, begin = 0, end = 0, last_end = 0;
    std::uint64_t count = 0;
    bool changed = false;
    for (std::size_t at = 0; at <= line.size() && pattern.find(line, at, begin, end, groups);) {
        if (begin == end && count > 0 && begin == last_end) { // nothing, right after a match: it is none
            at = end + 1;
            continue;
        }
        last_end = end;
        if (++count >= edit.nth && (edit.global || !changed)) {
            out.append(line, copied, begin - copied);
            append_replacement(out, edit.replacement, line, groups);
            copied = end;
            changed = true;
            if (!edit.global)
                break;
        }
        at = end > begin ? end : end + 1;
    }
    if (changed) {
        out.append(line, copied);
        line.swap(out);
    }
    return changed;
}

void edit_line(Command& c, Sed& sed, Str& line, bool last)
{
    ++sed.line;
    bool deleted = false;
    for (Edit& edit : sed.edits) {
        if (deleted || sed.quits || !applies(sed, edit, line, last))
            continue;
        const bool changed = edit.verb == 's' && substitute(sed, edit, line);
        if (edit.verb == 'p' || (changed && edit.print))
            c.write(Str(line, &c.memory) += '\n');
        else if (edit.verb == '=')
            c.print("%llu\n", static_cast<unsigned long long>(sed.line));
        deleted |= edit.verb == 'd';
        sed.quits |= edit.verb == 'q';
    }
    if (!deleted && !sed.quiet)
        c.write(line += '\n');
}

int sed_one(Command& c, int fd, const char* path, void* context)
{
    Sed& sed = *static_cast<Sed*>(context);
    // Whether a line is the last one is known only after the next read, and is asked for only by `$`.
    const bool looks_ahead = std::any_of(sed.edits.begin(), sed.edits.end(), [](const Edit& e) {
        return e.first.kind == AddressKind::last || e.second.kind == AddressKind::last;
    });
    LineReader reader(c.memory, fd);
    Str line(&c.memory), ahead(&c.memory);
    std::string_view text;
    bool more = !sed.quits && reader.next(text);
    while (more && !sed.quits && !c.broken()) {
        line = looks_ahead && sed.line > 0 ? std::string_view(ahead) : text;
        if (looks_ahead) {
            if (sed.line == 0)
                line = text;
            more = reader.next(text);
            ahead = more ? text : std::string_view();
        }
        edit_line(c, sed, line, looks_ahead && !more);
        if (!reader.buffered())
            c.flush();
        if (!looks_ahead)
            more = !sed.quits && reader.next(text);
    }
    return reader.error() < 0 ? c.fail("couldn't read %s: %s", path, error_text(reader.error())) : 0;
}

} // namespace

int sed_command(Command& c)
{
    Sed sed(c.memory);
    Vec<const char*> scripts(&c.memory);
    OptionReader reader(c, "nErue:");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        sed.quiet |= option == 'n';
        sed.extended |= option == 'E' || option == 'r';
        if (option == 'e')
            scripts.push_back(reader.value());
    }
    Vec<const char*> files(reader.operands().begin(), reader.operands().end(), &c.memory);
    if (scripts.empty()) {
        if (files.empty())
            return c.missing_operand();
        scripts.push_back(files[0]);
        files.erase(files.begin());
    }
    for (const char* script : scripts)
        if (const char* wrong = SedParser(sed, script).run())
            return c.fail("-e expression #1: %s", wrong);
    c.open_before = "can't read ";
    return for_each_input(c, files, sed_one, &sed);
}

} // namespace irqlab::lab::sh
