// Expansion: from the words of the syntax tree to strings. [POSIX] "Word Expansions".
#pragma once
#include "lab/shell/context.hpp"

namespace irqlab::lab::sh {

/// A word under expansion: each character with where it came from, which decides splitting and globbing.
struct Marked {
    explicit Marked(Memory& memory) : text(&memory), marks(&memory) {}
    void add(std::string_view piece, char mark)
    {
        text += piece;
        marks.append(piece.size(), mark);
    }
    Str text;
    Str marks; // as long as text; one of the marks below for each character
};

inline constexpr char mark_quoted = 'q';  // taken as it is
inline constexpr char mark_literal = 'l'; // unquoted, from the script: pathname patterns work
inline constexpr char mark_result = 'r';  // unquoted, from an expansion: is split, patterns work
inline constexpr char mark_empty = 'e';   // no character, but quotes that held nothing: a field
inline constexpr char mark_break = 'b';   // no character, but the seam between two of "$@"

/// All fields of a list of words, after splitting and pathname expansion.
void expand_words(ShellContext& shell, const Word* words, Vec<Str>& fields);
/// One word as one string: no splitting, no pathname expansion.
Str expand_string(ShellContext& shell, const Word* word);
/// One word as a pattern: what was quoted is escaped with backslashes.
Str expand_pattern(ShellContext& shell, const Word* word);

// --- the pieces ---------------------------------------------------------------------------------------
void expand_parts(ShellContext& shell, const Part* parts, char literal_mark, Marked& out);
void expand_parameter(ShellContext& shell, const Part& part, Marked& out);
void substitute_command(ShellContext& shell, const Part& part, Marked& out);
void split_fields(ShellContext& shell, const Marked& word, Vec<Str>& fields);

/// Value of an arithmetic expression. False: it is wrong, and that was reported.
bool evaluate_arithmetic(ShellContext& shell, std::string_view expression, std::int64_t& value);

/// Whether `text` is matched by the pattern: * ? [set] [!set], backslash quotes. [POSIX] "Pattern Matching Notation".
bool matches(std::string_view pattern, std::string_view text);
/// Adds the paths that match, sorted. False: none does.
bool expand_pathname(ShellContext& shell, std::string_view pattern, Vec<Str>& fields);

} // namespace irqlab::lab::sh
