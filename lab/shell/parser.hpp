// The parser of the shell language: text in, nodes (ast.hpp) out. No exceptions, bounded recursion.
//
// Words are lexed where the grammar asks for a token, since what ends a word inside $( ) is decided by
// the grammar. Here-documents are read when the newline after their operator is passed.
// Source: [POSIX] "Token Recognition", "Shell Grammar". Error texts follow dash's forms.
#pragma once
#include "lab/shell/ast.hpp"
#include "lab/shell/memory.hpp"

namespace irqlab::lab::sh {

/// How deep quotes, substitutions and compound commands may nest.
inline constexpr int parse_depth_max = 100;

enum class TokenKind : std::uint8_t {
    eof, newline, semicolon, ampersand, and_if, or_if, pipe, left, right, double_semicolon, redirect, word,
};

struct Token {
    TokenKind kind = TokenKind::eof;
    int line = 0;
    std::size_t start = 0;         // where in the text
    Word* word = nullptr;
    std::string_view literal;      // the word, when nothing in it is quoted or expanded
    RedirectKind redirect = RedirectKind::read;
    int fd = -1;
    bool here = false, strip_tabs = false, both = false; // <<, <<-, &>
};

struct PartList {
    const Part* first = nullptr;
    Part* last = nullptr;
};

class Parser {
public:
    /// `text` must outlive the nodes. `first_line`: of the text in its file.
    Parser(Memory& memory, std::string_view text, int first_line = 1);

    /// The whole text, or null: failed() tells an error from an empty script.
    const Node* parse_program();

    bool failed() const { return failed_; }
    bool at_end() const { return at_end_; }
    int error_line() const { return error_line_; }
    const Str& error() const { return error_; }
    /// Whether nodes are referred to after the program ended: functions, background commands.
    bool must_stay() const { return must_stay_; }

private:
    struct PendingHere {
        Redirect* redirect;
        std::string_view delimiter;
        bool quoted, strip_tabs;
        PendingHere* next;
    };

    // grammar (parser.cpp, compound.cpp)
    Node* parse_list();
    Node* parse_and_or();
    Node* parse_pipeline();
    Node* parse_command();
    Node* parse_simple();
    Node* parse_function(std::string_view name, int line);
    Node* parse_if();
    Node* parse_loop(NodeKind kind);
    Node* parse_for();
    Node* parse_case();
    Clause* parse_case_clause();
    Node* parse_body(const char* open, const char* close);
    Node* require_list();
    const Redirect* parse_redirects();
    const Redirect* parse_redirect();
    bool starts_command();
    bool parenthesis_follows() const;
    bool at_keyword(std::string_view keyword);
    bool accept_keyword(std::string_view keyword);
    void expect_keyword(std::string_view keyword);
    void skip_newlines();
    Node* new_node(NodeKind kind);

    // tokens (lexer.cpp)
    const Token& peek();
    Token take();
    Token lex();
    bool lex_operator(Token& token);
    void lex_redirect(Token& token, char c);
    void skip_blanks();
    void read_here_documents();
    void read_here_document(PendingHere& pending);

    // words (word_lexer.cpp)
    void lex_word(Token& token);
    void lex_single_quoted(PartList& parts);
    void lex_double_quoted(PartList& parts);
    bool lex_escape(PartList& parts, bool quoted, std::string_view escapable);
    void lex_dollar(PartList& parts, bool quoted);
    void lex_braces(PartList& parts, bool quoted);
    bool lex_operator_of_braces(Part& part);
    const Word* lex_operand(bool quoted);
    void lex_arithmetic(PartList& parts, bool quoted);
    void lex_command(PartList& parts, bool quoted);
    void lex_backquote(PartList& parts, bool quoted);
    const Word* lex_here_text(std::string_view text, int line);
    Part* add_part(PartList& parts, PartKind kind, bool quoted, std::string_view text);

    // text
    bool done() const { return position_ >= text_.size(); }
    char look(std::size_t ahead = 0) const
    {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }
    char advance();
    bool skip_continuation();

    // errors
    void fail(int line, std::string_view message, bool at_end = false);
    void unexpected(std::string_view expected = {});
    bool enter();

    Memory& memory_;
    std::string_view text_;
    std::size_t position_ = 0;
    int line_;
    Token token_{};
    bool have_token_ = false;
    bool failed_ = false;
    bool at_end_ = false;
    bool must_stay_ = false;
    int error_line_ = 0;
    int depth_ = 0;
    Str error_;
    PendingHere* pending_ = nullptr;
    PendingHere* pending_last_ = nullptr;

    friend struct DepthGuard;
};

/// Counts one level of nesting while it lives.
struct DepthGuard {
    explicit DepthGuard(Parser& p) : parser(p), ok(p.enter()) {}
    ~DepthGuard() { --parser.depth_; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;
    Parser& parser;
    bool ok;
};

bool is_keyword(std::string_view text);

} // namespace irqlab::lab::sh
