// The parser of the shell language: compound commands and functions.
#include "lab/shell/parser.hpp"

namespace irqlab::lab::sh {

/// After a word: whether it is the name of a function, NAME ( ).
bool Parser::parenthesis_follows() const
{
    std::size_t ahead = 0;
    while (look(ahead) == ' ' || look(ahead) == '\t')
        ++ahead;
    return look(ahead) == '(';
}

Node* Parser::parse_command()
{
    const DepthGuard guard(*this);
    if (!guard.ok)
        return nullptr;
    const Token token = peek();
    if (failed_ || !starts_command()) {
        unexpected();
        return nullptr;
    }
    Node* node = nullptr;
    if (token.kind == TokenKind::left) {
        node = new_node(NodeKind::subshell);
        take();
        node->body = require_list();
        if (!failed_ && peek().kind != TokenKind::right)
            unexpected("\")\"");
        take();
    } else if (at_keyword("{")) {
        node = new_node(NodeKind::group);
        node->body = parse_body("{", "}");
    } else if (at_keyword("if")) {
        node = parse_if();
    } else if (at_keyword("while")) {
        node = parse_loop(NodeKind::while_);
    } else if (at_keyword("until")) {
        node = parse_loop(NodeKind::until_);
    } else if (at_keyword("for")) {
        node = parse_for();
    } else if (at_keyword("case")) {
        node = parse_case();
    } else if (token.kind == TokenKind::word && is_keyword(token.literal)) {
        unexpected(); // "in", "!"
        return nullptr;
    } else if (token.kind == TokenKind::word && !token.literal.empty() && parenthesis_follows()) {
        take();
        return parse_function(token.literal, token.line);
    } else {
        return parse_simple();
    }
    if (!failed_)
        node->redirects = parse_redirects();
    return failed_ ? nullptr : node;
}

/// `open` LIST `close`.
Node* Parser::parse_body(const char* open, const char* close)
{
    expect_keyword(open);
    if (failed_)
        return nullptr;
    Node* body = require_list();
    expect_keyword(close);
    return body;
}

/// The name has been taken; `(` is next.
Node* Parser::parse_function(std::string_view name, int line)
{
    take();
    if (peek().kind != TokenKind::right) {
        unexpected("\")\"");
        return nullptr;
    }
    take();
    if (!is_name(name)) {
        fail(line_, "Bad function name");
        return nullptr;
    }
    skip_newlines();
    Node* node = new_node(NodeKind::function);
    node->line = line;
    node->name = name;
    node->body = parse_command();
    must_stay_ = true;
    return failed_ ? nullptr : node;
}

Node* Parser::parse_if()
{
    Node* node = new_node(NodeKind::if_);
    const Clause** tail = &node->clauses;
    take();
    for (bool more = true; more && !failed_;) {
        Clause* clause = make<Clause>(memory_);
        clause->condition = require_list();
        expect_keyword("then");
        if (!failed_)
            clause->body = require_list();
        *tail = clause;
        tail = &clause->next;
        more = !failed_ && accept_keyword("elif");
    }
    if (!failed_ && accept_keyword("else")) {
        Clause* clause = make<Clause>(memory_);
        clause->body = require_list();
        *tail = clause;
    }
    expect_keyword("fi");
    return node;
}

Node* Parser::parse_loop(NodeKind kind)
{
    Node* node = new_node(kind);
    take();
    node->condition = require_list();
    if (!failed_)
        node->body = parse_body("do", "done");
    return node;
}

Node* Parser::parse_for()
{
    Node* node = new_node(NodeKind::for_);
    take();
    if (peek().kind != TokenKind::word || !is_name(peek().literal)) {
        const bool at_end = peek().kind == TokenKind::eof;
        fail(line_, "Bad for loop variable", at_end);
        return nullptr;
    }
    node->name = take().literal;
    skip_newlines();
    if (accept_keyword("in")) {
        node->in_given = true;
        const Word** tail = &node->words;
        while (!failed_ && peek().kind == TokenKind::word) {
            Word* word = take().word;
            *tail = word;
            tail = &word->next;
        }
        if (peek().kind != TokenKind::newline && peek().kind != TokenKind::semicolon) {
            unexpected(peek().kind == TokenKind::eof ? "\"do\"" : "");
            return nullptr;
        }
        take();
    } else if (peek().kind == TokenKind::semicolon) {
        take();
    }
    skip_newlines();
    node->body = parse_body("do", "done");
    return node;
}

Node* Parser::parse_case()
{
    Node* node = new_node(NodeKind::case_);
    take();
    if (peek().kind != TokenKind::word) {
        unexpected("word");
        return nullptr;
    }
    node->words = take().word;
    skip_newlines();
    expect_keyword("in");
    skip_newlines();
    const Clause** tail = &node->clauses;
    while (!failed_ && !at_keyword("esac")) {
        Clause* clause = parse_case_clause();
        if (!clause)
            return nullptr;
        *tail = clause;
        tail = &clause->next;
        skip_newlines();
    }
    expect_keyword("esac");
    return node;
}

/// [(] PATTERN { | PATTERN } ) LIST ;;
Clause* Parser::parse_case_clause()
{
    Clause* clause = make<Clause>(memory_);
    if (peek().kind == TokenKind::left)
        take();
    const Word** tail = &clause->patterns;
    for (bool more = true; more && !failed_;) {
        if (peek().kind != TokenKind::word) {
            unexpected(peek().kind == TokenKind::eof ? "\")\"" : "");
            return nullptr;
        }
        Word* word = take().word;
        *tail = word;
        tail = &word->next;
        more = peek().kind == TokenKind::pipe;
        if (more)
            take();
    }
    if (failed_ || peek().kind != TokenKind::right) {
        unexpected("\")\"");
        return nullptr;
    }
    take();
    clause->body = parse_list();
    if (!failed_ && peek().kind == TokenKind::double_semicolon)
        take();
    else if (!failed_ && !at_keyword("esac"))
        unexpected("\";;\"");
    return failed_ ? nullptr : clause;
}

} // namespace irqlab::lab::sh
