// Expansion: words, fields, pathnames.
#include "lab/shell/expand.hpp"

#include <algorithm>

namespace irqlab::lab::sh {

void expand_parts(ShellContext& shell, const Part* parts, char literal_mark, Marked& out)
{
    for (const Part* part = parts; part && shell.flow == Flow::normal; part = part->next) {
        switch (part->kind) {
        case PartKind::text:
            if (part->quoted && part->text.empty())
                out.add(std::string_view("\0", 1), mark_empty);
            else
                out.add(part->text, part->quoted ? mark_quoted : literal_mark);
            break;
        case PartKind::parameter: expand_parameter(shell, *part, out); break;
        case PartKind::command: substitute_command(shell, *part, out); break;
        case PartKind::arithmetic: {
            const Str expression = expand_string(shell, part->word);
            std::int64_t value = 0;
            if (shell.flow != Flow::normal || !evaluate_arithmetic(shell, expression, value))
                break;
            Str digits(&shell.memory);
            appendf(digits, "%lld", static_cast<long long>(value));
            out.add(digits, part->quoted ? mark_quoted : mark_result);
            break;
        }
        }
    }
}

Str expand_string(ShellContext& shell, const Word* word)
{
    Marked marked(shell.memory);
    expand_parts(shell, word ? word->parts : nullptr, mark_literal, marked);
    Str out(&shell.memory);
    for (std::size_t i = 0; i < marked.text.size(); ++i)
        if (marked.marks[i] == mark_break)
            out += ' ';
        else if (marked.marks[i] != mark_empty)
            out += marked.text[i];
    return out;
}

Str expand_pattern(ShellContext& shell, const Word* word)
{
    Marked marked(shell.memory);
    expand_parts(shell, word ? word->parts : nullptr, mark_literal, marked);
    Str out(&shell.memory);
    for (std::size_t i = 0; i < marked.text.size(); ++i) {
        if (marked.marks[i] == mark_empty || marked.marks[i] == mark_break)
            continue;
        if (marked.marks[i] == mark_quoted)
            out += '\\';
        out += marked.text[i];
    }
    return out;
}

namespace {

/// A field as it grows: its text, and the same as a pattern.
class FieldBuilder {
public:
    FieldBuilder(ShellContext& shell, Vec<Str>& fields)
        : shell_(shell), fields_(fields), text_(&shell.memory), pattern_(&shell.memory)
    {
    }

    bool started() const { return started_; }
    void start() { started_ = true; }
    void add(char c, bool quoted)
    {
        started_ = true;
        text_ += c;
        const bool special = c == '*' || c == '?' || c == '[' || c == ']' || c == '\\' || c == '!' || c == '-';
        if (quoted && special)
            pattern_ += '\\';
        pattern_ += c;
        globs_ |= !quoted && (c == '*' || c == '?' || c == '[');
    }
    void end()
    {
        if (!globs_ || shell_.options.no_glob || !expand_pathname(shell_, pattern_, fields_))
            fields_.emplace_back(text_);
        text_.clear();
        pattern_.clear();
        started_ = globs_ = false;
    }

private:
    ShellContext& shell_;
    Vec<Str>& fields_;
    Str text_, pattern_;
    bool started_ = false;
    bool globs_ = false;
};

bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

} // namespace

/// [POSIX] "Field Splitting": blanks of IFS separate, any other character of IFS ends a field.
void split_fields(ShellContext& shell, const Marked& word, Vec<Str>& fields)
{
    const Str* ifs_variable = get(shell, "IFS");
    const std::string_view ifs = ifs_variable ? std::string_view(*ifs_variable) : " \t\n";
    FieldBuilder field(shell, fields);
    bool after_blank = false; // a blank ended the last field, so one other separator may still follow it
    for (std::size_t i = 0; i < word.text.size(); ++i) {
        const char c = word.text[i];
        const char mark = word.marks[i];
        if (mark == mark_empty) {
            field.start();
        } else if (mark == mark_break) {
            if (field.started())
                field.end();
        } else if (mark == mark_result && ifs.find(c) != std::string_view::npos) {
            if (field.started()) {
                field.end();
                after_blank = is_white(c);
            } else if (!is_white(c)) {
                if (!after_blank)
                    field.end();
                after_blank = false;
            }
            continue;
        } else {
            field.add(c, mark == mark_quoted);
        }
        after_blank = false;
    }
    if (field.started())
        field.end();
}

void expand_words(ShellContext& shell, const Word* words, Vec<Str>& fields)
{
    for (const Word* word = words; word && shell.flow == Flow::normal; word = word->next) {
        const Part* only = word->parts;
        if (only && !only->next && only->kind == PartKind::text && only->quoted) {
            fields.emplace_back(only->text);
            continue;
        }
        Marked marked(shell.memory);
        expand_parts(shell, word->parts, mark_literal, marked);
        if (shell.flow == Flow::normal)
            split_fields(shell, marked, fields);
    }
}

// --- patterns -------------------------------------------------------------------------------------------

namespace {

/// A [set] at the start of `pattern`. npos: it is no set, and [ stands for itself.
std::size_t match_set(std::string_view pattern, char c, bool& hit)
{
    std::size_t i = 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    i += negated;
    hit = false;
    for (bool first = true; i < pattern.size(); first = false) {
        if (pattern[i] == ']' && !first) {
            hit = hit != negated;
            return i + 1;
        }
        if (pattern[i] == '\\' && i + 1 < pattern.size())
            ++i;
        char low = pattern[i++], high = low;
        if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
            ++i;
            if (pattern[i] == '\\' && i + 1 < pattern.size())
                ++i;
            high = pattern[i++];
        }
        hit |= static_cast<unsigned char>(low) <= static_cast<unsigned char>(c) &&
               static_cast<unsigned char>(c) <= static_cast<unsigned char>(high);
    }
    return std::string_view::npos;
}

/// How much of the pattern matches this one character; 0: it does not.
std::size_t match_one(std::string_view pattern, char c)
{
    if (pattern[0] == '?')
        return 1;
    if (pattern[0] == '[') {
        bool hit = false;
        const std::size_t used = match_set(pattern, c, hit);
        if (used != std::string_view::npos)
            return hit ? used : 0;
    }
    if (pattern[0] == '\\' && pattern.size() > 1)
        return pattern[1] == c ? 2 : 0;
    return pattern[0] == c ? 1 : 0;
}

} // namespace

bool matches(std::string_view pattern, std::string_view text)
{
    constexpr std::size_t none = std::string_view::npos;
    std::size_t p = 0, t = 0, star = none, star_text = 0;
    while (t < text.size() || p < pattern.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = ++p;
            star_text = t;
            continue;
        }
        const std::size_t used = p < pattern.size() && t < text.size() ? match_one(pattern.substr(p), text[t]) : 0;
        if (used > 0) {
            p += used;
            ++t;
        } else if (star != none && star_text < text.size()) {
            p = star; // let the last * take one character more
            t = ++star_text;
        } else {
            return false;
        }
    }
    return true;
}

namespace {

struct Scan {
    std::string_view prefix, pattern;
    Vec<Str>& found;
};

void visit(void* context, const char* name)
{
    Scan& scan = *static_cast<Scan*>(context);
    if (name[0] == '.' && scan.pattern[0] != '.')
        return;
    if (matches(scan.pattern, name))
        scan.found.emplace_back(scan.prefix).append(name);
}

void unescape(std::string_view pattern, Str& out)
{
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size())
            ++i;
        out += pattern[i];
    }
}

bool has_pattern(std::string_view piece)
{
    for (std::size_t i = 0; i < piece.size(); ++i) {
        if (piece[i] == '\\')
            ++i;
        else if (piece[i] == '*' || piece[i] == '?' || piece[i] == '[')
            return true;
    }
    return false;
}

/// One component of a path: each of `bases` with every name in it that matches.
void expand_component(ShellContext& shell, std::string_view piece, bool more, Vec<Str>& bases)
{
    Vec<Str> next(&shell.memory);
    for (const Str& base : bases) {
        if (has_pattern(piece)) {
            Scan scan{base, piece, next};
            kernel::sys_readdir(base.empty() ? "." : base.c_str(), visit, &scan);
        } else {
            Str& path = next.emplace_back(base);
            unescape(piece, path);
            kernel::Stat stat{};
            if (!more && kernel::sys_stat(path.c_str(), stat) < 0)
                next.pop_back();
        }
    }
    if (more)
        for (Str& path : next)
            path += '/';
    bases.swap(next);
}

} // namespace

bool expand_pathname(ShellContext& shell, std::string_view pattern, Vec<Str>& fields)
{
    Vec<Str> bases(&shell.memory);
    bases.emplace_back(pattern.starts_with('/') ? "/" : "");
    while (pattern.starts_with('/'))
        pattern.remove_prefix(1);
    while (!pattern.empty() && !bases.empty()) {
        const std::size_t slash = std::min(pattern.find('/'), pattern.size());
        const bool more = slash < pattern.size();
        expand_component(shell, pattern.substr(0, slash), more, bases);
        pattern.remove_prefix(slash);
        while (pattern.starts_with('/'))
            pattern.remove_prefix(1);
    }
    std::sort(bases.begin(), bases.end());
    for (const Str& path : bases)
        fields.emplace_back(path);
    return !bases.empty();
}

} // namespace irqlab::lab::sh
