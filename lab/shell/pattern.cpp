// Regular expressions for grep and sed. [MAN3] "regex".
#include "lab/shell/pattern.hpp"

#include <algorithm>
#include <cctype>

namespace irqlab::lab::sh {

namespace {

char lower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

} // namespace

Pattern::Pattern(Memory& memory, std::string_view text, PatternKind kind, bool ignore_case)
    : text_(text, &memory), ignore_case_(ignore_case)
{
    literal_ = kind == PatternKind::fixed || text.find_first_of("\\.[]*^$+?(){}|") == std::string_view::npos;
    if (!literal_)
        error_ = regcomp(&compiled_, text_.c_str(),
                         (kind == PatternKind::extended ? REG_EXTENDED : 0) | (ignore_case ? REG_ICASE : 0));
}

Pattern::~Pattern()
{
    if (!literal_ && error_ == 0)
        regfree(&compiled_);
}

void Pattern::error(Str& out) const
{
    char text[128];
    regerror(error_, &compiled_, text, sizeof text);
    out = text;
}

bool Pattern::find(std::string_view line, std::size_t from, std::size_t& begin, std::size_t& end, regmatch_t* groups) const
{
    if (from > line.size())
        return false;
    if (literal_) {
        const auto equal = [this](char a, char b) { return ignore_case_ ? lower(a) == lower(b) : a == b; };
        const auto hit = std::search(line.begin() + static_cast<std::ptrdiff_t>(from), line.end(), text_.begin(), text_.end(), equal);
        begin = static_cast<std::size_t>(hit - line.begin());
        end = begin + text_.size();
        const bool found = end <= line.size() && (hit != line.end() || text_.empty());
        if (found && groups) {
            std::fill(groups, groups + 10, regmatch_t{-1, -1});
            groups[0] = {static_cast<regoff_t>(begin), static_cast<regoff_t>(end)};
        }
        return found;
    }
    regmatch_t own[10];
    regmatch_t* found = groups ? groups : own;
    found[0] = {static_cast<regoff_t>(from), static_cast<regoff_t>(line.size())};
    if (regexec(&compiled_, line.data(), 10, found, REG_STARTEND | (from > 0 ? REG_NOTBOL : 0)) != 0)
        return false;
    begin = static_cast<std::size_t>(found[0].rm_so);
    end = static_cast<std::size_t>(found[0].rm_eo);
    return true;
}

} // namespace irqlab::lab::sh
