// Regular expressions for grep and sed, over <regex.h>.
//
// regcomp takes memory from the heap, and a task may be killed in any system call. A Pattern is therefore
// compiled, used and freed between two system calls, never kept across one; a pattern without special
// characters is not compiled at all.
#pragma once
#include <regex.h>

#include "lab/shell/memory.hpp"

namespace irqlab::lab::sh {

enum class PatternKind : std::uint8_t { basic, extended, fixed };

class Pattern {
public:
    Pattern(Memory& memory, std::string_view text, PatternKind kind, bool ignore_case);
    ~Pattern();
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;

    bool valid() const { return error_ == 0; }
    void error(Str& out) const;
    /// First match at or after `from`. `groups`: filled with \0 to \9 when not null (ten of them).
    bool find(std::string_view line, std::size_t from, std::size_t& begin, std::size_t& end, regmatch_t* groups = nullptr) const;

private:
    Str text_;
    bool literal_ = false;
    bool ignore_case_;
    int error_ = 0;
    regex_t compiled_{};
};

} // namespace irqlab::lab::sh
