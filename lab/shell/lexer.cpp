// The parser of the shell language: tokens and here-documents.
#include "lab/shell/parser.hpp"

#include <algorithm>

namespace irqlab::lab::sh {

char Parser::advance()
{
    const char c = text_[position_++];
    if (c == '\n')
        ++line_;
    return c;
}

/// A backslash before a newline joins two lines. [POSIX] "Escape Character (Backslash)".
bool Parser::skip_continuation()
{
    if (look() != '\\' || look(1) != '\n')
        return false;
    advance();
    advance();
    return true;
}

const Token& Parser::peek()
{
    if (!have_token_) {
        // Lexing a word may parse commands inside $( ), which use and empty the one-token window.
        const Token token = lex();
        token_ = token;
        have_token_ = true;
    }
    return token_;
}

Token Parser::take()
{
    const Token token = peek();
    have_token_ = false;
    return token;
}

void Parser::skip_blanks()
{
    while (!done()) {
        const char c = look();
        if (c == ' ' || c == '\t' || c == '\r')
            advance();
        else if (c == '#')
            while (!done() && look() != '\n')
                advance();
        else if (!skip_continuation())
            return;
    }
}

Token Parser::lex()
{
    skip_blanks();
    Token token;
    token.line = line_;
    token.start = position_;
    if (failed_ || done())
        return token;
    if (look() == '\n') {
        advance();
        token.kind = TokenKind::newline;
        read_here_documents();
        return token;
    }
    if (lex_operator(token))
        return token;
    if (look() >= '0' && look() <= '9' && (look(1) == '<' || look(1) == '>')) {
        token.fd = advance() - '0';
        lex_redirect(token, advance());
        return token;
    }
    lex_word(token);
    return token;
}

bool Parser::lex_operator(Token& token)
{
    const char c = look();
    const bool twice = look(1) == c;
    switch (c) {
    case ';': token.kind = twice ? TokenKind::double_semicolon : TokenKind::semicolon; break;
    case '|': token.kind = twice ? TokenKind::or_if : TokenKind::pipe; break;
    case '(': token.kind = TokenKind::left; break;
    case ')': token.kind = TokenKind::right; break;
    case '<':
    case '>':
        advance();
        lex_redirect(token, c);
        return true;
    case '&':
        if (look(1) == '>') {
            advance();
            advance();
            lex_redirect(token, '>');
            token.both = true;
            return true;
        }
        token.kind = twice ? TokenKind::and_if : TokenKind::ampersand;
        break;
    default: return false;
    }
    advance();
    if (twice && c != '(' && c != ')')
        advance();
    return true;
}

/// After the first < or >, which is `c`.
void Parser::lex_redirect(Token& token, char c)
{
    token.kind = TokenKind::redirect;
    if (token.fd < 0)
        token.fd = c == '>';
    const char next = look();
    if (next == '&') {
        token.redirect = RedirectKind::duplicate;
    } else if (c == '>') {
        token.redirect = next == '>' ? RedirectKind::append : RedirectKind::write;
        if (next != '>' && next != '|') // >| is > without the noclobber option, which is not there
            return;
    } else if (next == '<') {
        token.redirect = RedirectKind::here;
        token.here = true;
        token.strip_tabs = look(1) == '-';
        if (token.strip_tabs)
            advance();
    } else if (next == '>') {
        token.redirect = RedirectKind::read_write;
    } else {
        token.redirect = RedirectKind::read;
        return;
    }
    advance();
}

void Parser::read_here_documents()
{
    PendingHere* list = pending_;
    pending_ = pending_last_ = nullptr;
    for (; list && !failed_; list = list->next)
        read_here_document(*list);
}

void Parser::read_here_document(PendingHere& pending)
{
    Str body(&memory_);
    const int first_line = line_;
    bool closed = false;
    while (!done() && !closed) {
        const std::size_t start = position_;
        while (!done() && advance() != '\n')
            ;
        std::string_view line = text_.substr(start, position_ - start);
        if (pending.strip_tabs)
            line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
        const std::string_view bare = line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
        closed = bare == pending.delimiter;
        if (!closed)
            body += line;
    }
    if (!closed)
        at_end_ = true; // not an error, but at a prompt the document goes on
    const std::string_view text = keep(memory_, body);
    if (pending.quoted) {
        Word* word = make<Word>(memory_);
        Part* part = make<Part>(memory_);
        part->quoted = true;
        part->text = text;
        word->parts = part;
        pending.redirect->word = word;
    } else {
        pending.redirect->word = lex_here_text(text, first_line);
    }
}

} // namespace irqlab::lab::sh
