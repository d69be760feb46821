// The parser of the shell language: lists, pipelines, simple commands, redirections, errors.
#include "lab/shell/parser.hpp"

namespace irqlab::lab::sh {

namespace {

constexpr std::string_view keywords[] = {"!",  "{",  "}",   "case", "do",   "done", "elif",  "else",
                                         "esac", "fi", "for", "if",   "in", "then", "until", "while"};
// What ends a list of commands. Each belongs to the compound command around it.
constexpr std::string_view closing[] = {"}", "do", "done", "elif", "else", "esac", "fi", "then"};

std::string_view operator_name(TokenKind kind)
{
    switch (kind) {
    case TokenKind::eof: return "end of file";
    case TokenKind::newline: return "newline";
    case TokenKind::semicolon: return "\";\"";
    case TokenKind::ampersand: return "\"&\"";
    case TokenKind::and_if: return "\"&&\"";
    case TokenKind::or_if: return "\"||\"";
    case TokenKind::pipe: return "\"|\"";
    case TokenKind::left: return "\"(\"";
    case TokenKind::right: return "\")\"";
    case TokenKind::double_semicolon: return "\";;\"";
    case TokenKind::redirect: return "redirection";
    case TokenKind::word: return "word";
    }
    return "word";
}

/// NAME=... : the assignment, or null when the word is none.
Assignment* as_assignment(Memory& memory, const Word& word)
{
    const Part* first = word.parts;
    if (!first || first->kind != PartKind::text || first->quoted)
        return nullptr;
    const std::size_t equals = first->text.find('=');
    if (equals == std::string_view::npos || !is_name(first->text.substr(0, equals)))
        return nullptr;
    Word* value = make<Word>(memory);
    Part* rest = make<Part>(memory, *first);
    rest->text = first->text.substr(equals + 1);
    value->parts = rest;
    Assignment* assignment = make<Assignment>(memory);
    assignment->name = first->text.substr(0, equals);
    assignment->value = value;
    return assignment;
}

} // namespace

bool is_keyword(std::string_view text)
{
    for (const std::string_view keyword : keywords)
        if (text == keyword)
            return true;
    return false;
}

Parser::Parser(Memory& memory, std::string_view text, int first_line)
    : memory_(memory), text_(text), line_(first_line), error_(&memory)
{
}

void Parser::fail(int line, std::string_view message, bool at_end)
{
    if (failed_)
        return;
    failed_ = true;
    at_end_ = at_end;
    error_line_ = line;
    error_ = "Syntax error: ";
    error_ += message;
}

/// Reports the token at hand. `expected` is as printed: with its quotes, or a class of token.
void Parser::unexpected(std::string_view expected)
{
    const Token& token = peek();
    if (failed_)
        return;
    Str message(&memory_);
    if (token.kind == TokenKind::word && is_keyword(token.literal))
        appendf(message, "\"%.*s\"", static_cast<int>(token.literal.size()), token.literal.data());
    else
        message = operator_name(token.kind);
    message += " unexpected";
    if (!expected.empty())
        appendf(message, " (expecting %.*s)", static_cast<int>(expected.size()), expected.data());
    fail(token.kind == TokenKind::newline || token.kind == TokenKind::eof ? line_ : token.line, message,
         token.kind == TokenKind::eof);
}

bool Parser::enter()
{
    if (++depth_ <= parse_depth_max)
        return true;
    fail(line_, "nested too deeply");
    return false;
}

Node* Parser::new_node(NodeKind kind)
{
    Node* node = make<Node>(memory_);
    node->kind = kind;
    node->line = peek().line;
    return node;
}

bool Parser::at_keyword(std::string_view keyword)
{
    return peek().kind == TokenKind::word && peek().literal == keyword;
}

bool Parser::accept_keyword(std::string_view keyword)
{
    if (!at_keyword(keyword))
        return false;
    take();
    return true;
}

void Parser::expect_keyword(std::string_view keyword)
{
    if (failed_ || accept_keyword(keyword))
        return;
    Str quoted(&memory_);
    appendf(quoted, "\"%.*s\"", static_cast<int>(keyword.size()), keyword.data());
    unexpected(quoted);
}

void Parser::skip_newlines()
{
    while (peek().kind == TokenKind::newline)
        take();
}

const Node* Parser::parse_program()
{
    Node* list = parse_list();
    if (!failed_ && peek().kind != TokenKind::eof)
        unexpected();
    return failed_ ? nullptr : list;
}

/// Whether the token at hand can begin a command: not an operator, not a keyword that closes.
bool Parser::starts_command()
{
    const Token& token = peek();
    if (failed_)
        return false;
    if (token.kind == TokenKind::word) {
        for (const std::string_view keyword : closing)
            if (token.literal == keyword)
                return false;
        return true;
    }
    return token.kind == TokenKind::left || token.kind == TokenKind::redirect;
}

/// Commands up to whatever cannot begin one. Null when there are none.
Node* Parser::parse_list()
{
    skip_newlines();
    Node *first = nullptr, *last = nullptr;
    while (starts_command()) {
        const std::size_t start = peek().start;
        Node* item = parse_and_or();
        if (failed_)
            return nullptr;
        const TokenKind separator = peek().kind;
        if (separator == TokenKind::ampersand) {
            Node* background = make<Node>(memory_);
            background->kind = NodeKind::background;
            background->line = item->line;
            background->body = item;
            background->source = text_.substr(start, peek().start - start);
            item = background;
            must_stay_ = true; // its task may run on after the text is done
        }
        if (last)
            last->next = item;
        else
            first = item;
        last = item;
        if (separator != TokenKind::ampersand && separator != TokenKind::semicolon &&
            separator != TokenKind::newline)
            break;
        take();
        skip_newlines();
    }
    if (failed_ || !first || !first->next)
        return failed_ ? nullptr : first;
    Node* sequence = make<Node>(memory_);
    sequence->kind = NodeKind::sequence;
    sequence->line = first->line;
    sequence->children = first;
    return sequence;
}

/// As parse_list, but there must be a command. At the end of the text the caller says what it expected.
Node* Parser::require_list()
{
    Node* list = parse_list();
    if (!list && !failed_ && peek().kind != TokenKind::eof)
        unexpected();
    return list;
}

Node* Parser::parse_and_or()
{
    Node* first = parse_pipeline();
    Node* last = first;
    while (!failed_ && (peek().kind == TokenKind::and_if || peek().kind == TokenKind::or_if)) {
        const bool is_and = take().kind == TokenKind::and_if;
        skip_newlines();
        Node* item = parse_pipeline();
        if (failed_)
            return nullptr;
        item->connector = is_and ? Connector::and_ : Connector::or_;
        last->next = item;
        last = item;
    }
    if (failed_ || first == last)
        return failed_ ? nullptr : first;
    Node* chain = make<Node>(memory_);
    chain->kind = NodeKind::and_or;
    chain->line = first->line;
    chain->children = first;
    return chain;
}

Node* Parser::parse_pipeline()
{
    const int line = peek().line;
    bool negated = false;
    while (accept_keyword("!"))
        negated = !negated;
    Node* first = parse_command();
    Node* last = first;
    while (!failed_ && peek().kind == TokenKind::pipe) {
        take();
        skip_newlines();
        Node* item = parse_command();
        if (failed_)
            return nullptr;
        last->next = item;
        last = item;
    }
    if (failed_ || (first == last && !negated))
        return failed_ ? nullptr : first;
    Node* pipeline = make<Node>(memory_);
    pipeline->kind = NodeKind::pipeline;
    pipeline->line = line;
    pipeline->negated = negated;
    pipeline->children = first;
    return pipeline;
}

const Redirect* Parser::parse_redirect()
{
    const Token token = take();
    Redirect* redirect = make<Redirect>(memory_);
    redirect->kind = token.redirect;
    redirect->fd = token.fd;
    if (peek().kind != TokenKind::word) {
        unexpected();
        return nullptr;
    }
    const Token target = take();
    redirect->word = target.word;
    if (token.here) {
        Str delimiter(&memory_);
        bool quoted = false;
        for (const Part* part = target.word->parts; part; part = part->next) {
            delimiter += part->text;
            quoted |= part->quoted;
        }
        auto* pending = make<PendingHere>(
            memory_, PendingHere{redirect, keep(memory_, delimiter), quoted, token.strip_tabs, nullptr});
        (pending_last_ ? pending_last_->next : pending_) = pending;
        pending_last_ = pending;
    }
    if (token.both) { // &>file is >file 2>&1
        Redirect* error = make<Redirect>(memory_);
        error->kind = RedirectKind::duplicate;
        error->fd = 2;
        Word* word = make<Word>(memory_);
        Part* part = make<Part>(memory_);
        part->text = "1";
        word->parts = part;
        error->word = word;
        redirect->next = error;
    }
    return redirect;
}

/// Redirections after a compound command.
const Redirect* Parser::parse_redirects()
{
    const Redirect* first = nullptr;
    const Redirect** tail = &first;
    while (!failed_ && peek().kind == TokenKind::redirect) {
        *tail = parse_redirect();
        while (*tail)
            tail = &const_cast<Redirect*>(*tail)->next;
    }
    return first;
}

Node* Parser::parse_simple()
{
    Node* node = new_node(NodeKind::simple);
    const Word** words = &node->words;
    const Assignment** assignments = &node->assignments;
    const Redirect** redirects = &node->redirects;
    while (!failed_) {
        const Token& token = peek();
        if (token.kind == TokenKind::redirect) {
            *redirects = parse_redirect();
            while (*redirects)
                redirects = &const_cast<Redirect*>(*redirects)->next;
        } else if (token.kind == TokenKind::word) {
            Word* word = take().word;
            Assignment* assignment = node->words ? nullptr : as_assignment(memory_, *word);
            if (assignment) {
                *assignments = assignment;
                assignments = &assignment->next;
            } else {
                *words = word;
                words = &word->next;
            }
        } else if (token.kind == TokenKind::left) {
            unexpected();
        } else {
            break;
        }
    }
    return node;
}

} // namespace irqlab::lab::sh
