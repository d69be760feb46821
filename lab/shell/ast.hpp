// What the parser makes of a script: plain nodes, linked, immutable, in one memory resource.
//
// Nothing here has a destructor. Text points into the script's own copy of its source. Lists are linked
// by `next`, and chains (a; b; c, a && b || c, elif) are lists and not trees, so that how deep a tree is
// depends only on how deep its author nested it. Source: [POSIX] "Shell Grammar".
#pragma once
#include <cstdint>
#include <string_view>

namespace irqlab::lab::sh {

struct Node;
struct Word;

enum class PartKind : std::uint8_t { text, parameter, command, arithmetic };

enum class ParameterOp : std::uint8_t {
    none,
    length,       // ${#x}
    use_default,  // ${x-word}
    assign,       // ${x=word}
    alternative,  // ${x+word}
    error,        // ${x?word}
    prefix_short, // ${x#pattern}
    prefix_long,  // ${x##pattern}
    suffix_short, // ${x%pattern}
    suffix_long,  // ${x%%pattern}
};

/// A piece of a word. Unquoted results of expansions are split into fields; quoted ones are not.
struct Part {
    PartKind kind = PartKind::text;
    ParameterOp op = ParameterOp::none;
    bool quoted = false;
    bool colon = false;          // ${x:-word}: an empty value counts as unset
    std::string_view text;       // the text, or the parameter's name
    const Word* word = nullptr;  // the operand of `op`, or the arithmetic expression
    const Node* body = nullptr;  // of a command substitution
    const Part* next = nullptr;
};

struct Word {
    const Part* parts = nullptr;
    const Word* next = nullptr;
};

struct Assignment {
    std::string_view name;
    const Word* value = nullptr;
    const Assignment* next = nullptr;
};

enum class RedirectKind : std::uint8_t { read, write, append, read_write, duplicate, here };

struct Redirect {
    RedirectKind kind = RedirectKind::read;
    int fd = 0;
    const Word* word = nullptr; // file name, descriptor or "-", or the text of a here-document
    const Redirect* next = nullptr;
};

/// One `if`/`elif` branch, or one pattern list of a `case`.
struct Clause {
    const Node* condition = nullptr; // null: `else`
    const Word* patterns = nullptr;
    const Node* body = nullptr;
    const Clause* next = nullptr;
};

enum class NodeKind : std::uint8_t {
    simple,
    pipeline,   // children
    and_or,     // children, each with its `connector`
    sequence,   // children
    background, // body
    subshell,
    group,
    if_,
    for_,
    while_,
    until_,
    case_,
    function,
};

enum class Connector : std::uint8_t { none, and_, or_ };

struct Node {
    NodeKind kind = NodeKind::simple;
    Connector connector = Connector::none; // to the node before it, inside and_or
    bool negated = false;                  // ! pipeline
    bool in_given = false;                 // `for x in ...` and not `for x`
    int line = 0;
    std::string_view name;                 // of a function or a loop variable
    std::string_view source;               // of a background command: its text, for `jobs`
    const Word* words = nullptr;           // simple, for, case (its subject)
    const Assignment* assignments = nullptr;
    const Redirect* redirects = nullptr;
    const Node* children = nullptr;
    const Node* condition = nullptr;       // while, until
    const Node* body = nullptr;
    const Clause* clauses = nullptr;       // if, case
    const Node* next = nullptr;
};

} // namespace irqlab::lab::sh
