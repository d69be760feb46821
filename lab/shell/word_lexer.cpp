// The parser of the shell language: words, quotes and expansions.
#include "lab/shell/parser.hpp"

namespace irqlab::lab::sh {

namespace {

bool ends_word(char c)
{
    return c == '\0' || std::string_view(" \t\r\n;&|<>()").find(c) != std::string_view::npos;
}

bool is_special_parameter(char c)
{
    return c != '\0' && std::string_view("@*#?-$!").find(c) != std::string_view::npos;
}

} // namespace

Part* Parser::add_part(PartList& parts, PartKind kind, bool quoted, std::string_view text)
{
    Part* part = make<Part>(memory_);
    part->kind = kind;
    part->quoted = quoted;
    part->text = text;
    if (parts.last)
        parts.last->next = part;
    else
        parts.first = part;
    parts.last = part;
    return part;
}

void Parser::lex_word(Token& token)
{
    token.kind = TokenKind::word;
    PartList parts;
    while (!failed_ && !done() && !ends_word(look())) {
        const char c = look();
        if (c == '\'') {
            lex_single_quoted(parts);
        } else if (c == '"') {
            lex_double_quoted(parts);
        } else if (c == '$') {
            lex_dollar(parts, false);
        } else if (c == '`') {
            lex_backquote(parts, false);
        } else if (c == '\\') {
            lex_escape(parts, false, {});
        } else {
            const std::size_t start = position_;
            while (!done() && !ends_word(look()) &&
                   std::string_view("'\"$`\\").find(look()) == std::string_view::npos)
                advance();
            add_part(parts, PartKind::text, false, text_.substr(start, position_ - start));
        }
    }
    if (!parts.first && !failed_) { // a lone NUL byte, or a joined line with nothing on it
        if (!done() && look() == '\0')
            advance();
        add_part(parts, PartKind::text, false, {});
    }
    token.word = make<Word>(memory_);
    token.word->parts = parts.first;
    if (parts.first && !parts.first->next && !parts.first->quoted && parts.first->kind == PartKind::text)
        token.literal = parts.first->text;
}

void Parser::lex_single_quoted(PartList& parts)
{
    advance();
    const std::size_t start = position_;
    while (!done() && look() != '\'')
        advance();
    if (done())
        return fail(line_, "Unterminated quoted string", true);
    add_part(parts, PartKind::text, true, text_.substr(start, position_ - start));
    advance();
}

/// A backslash. `escapable`: what it quotes here; empty: anything. True: a character was quoted.
bool Parser::lex_escape(PartList& parts, bool quoted, std::string_view escapable)
{
    if (skip_continuation())
        return true;
    if (position_ + 1 >= text_.size() || (quoted && escapable.find(look(1)) == std::string_view::npos)) {
        add_part(parts, PartKind::text, true, text_.substr(position_, 1)); // it stands for itself
        advance();
        return false;
    }
    advance();
    add_part(parts, PartKind::text, true, text_.substr(position_, 1));
    advance();
    return true;
}

void Parser::lex_double_quoted(PartList& parts)
{
    const DepthGuard guard(*this);
    if (!guard.ok)
        return;
    advance();
    bool any = false;
    while (!failed_ && !done() && look() != '"') {
        const char c = look();
        any = true;
        if (c == '$') {
            lex_dollar(parts, true);
        } else if (c == '`') {
            lex_backquote(parts, true);
        } else if (c == '\\') {
            lex_escape(parts, true, "$`\"\\\n");
        } else {
            const std::size_t start = position_;
            while (!done() && std::string_view("\"$`\\").find(look()) == std::string_view::npos)
                advance();
            add_part(parts, PartKind::text, true, text_.substr(start, position_ - start));
        }
    }
    if (failed_)
        return;
    if (done())
        return fail(line_, "Unterminated quoted string", true);
    advance();
    if (!any)
        add_part(parts, PartKind::text, true, {});
}

void Parser::lex_dollar(PartList& parts, bool quoted)
{
    const char c = look(1);
    if (c == '(' && look(2) == '(')
        return lex_arithmetic(parts, quoted);
    if (c == '(')
        return lex_command(parts, quoted);
    if (c == '{')
        return lex_braces(parts, quoted);
    const std::size_t start = position_ + 1;
    std::size_t length = 0;
    if (is_name_start(c))
        while (is_name_char(look(length + 1)))
            ++length;
    else if ((c >= '0' && c <= '9') || is_special_parameter(c))
        length = 1;
    advance();
    position_ += length;
    if (length == 0)
        add_part(parts, PartKind::text, quoted, "$");
    else
        add_part(parts, PartKind::parameter, quoted, text_.substr(start, length));
}

/// ${...}. [POSIX] "Parameter Expansion".
void Parser::lex_braces(PartList& parts, bool quoted)
{
    const DepthGuard guard(*this);
    if (!guard.ok)
        return;
    position_ += 2;
    Part* part = add_part(parts, PartKind::parameter, quoted, {});
    if (look() == '#' && look(1) != '}' &&
        (is_name_char(look(1)) || (is_special_parameter(look(1)) && look(2) == '}'))) {
        part->op = ParameterOp::length;
        ++position_;
    }
    const std::size_t start = position_;
    if (is_name_start(look()))
        while (is_name_char(look()))
            ++position_;
    else if (look() >= '0' && look() <= '9')
        while (look() >= '0' && look() <= '9')
            ++position_;
    else if (is_special_parameter(look()))
        ++position_;
    part->text = text_.substr(start, position_ - start);
    if (done())
        return fail(line_, "Missing '}'", true);
    if (part->text.empty())
        return fail(line_, "Bad substitution");
    if (look() != '}') {
        if (part->op != ParameterOp::none || !lex_operator_of_braces(*part))
            return fail(line_, "Bad substitution");
        part->word = lex_operand(quoted);
    }
    if (failed_)
        return;
    if (done())
        return fail(line_, "Missing '}'", true);
    ++position_;
}

bool Parser::lex_operator_of_braces(Part& part)
{
    part.colon = look() == ':';
    if (part.colon)
        ++position_;
    const char c = look();
    const bool twice = look(1) == c;
    switch (c) {
    case '-': part.op = ParameterOp::use_default; break;
    case '=': part.op = ParameterOp::assign; break;
    case '+': part.op = ParameterOp::alternative; break;
    case '?': part.op = ParameterOp::error; break;
    case '#': part.op = twice ? ParameterOp::prefix_long : ParameterOp::prefix_short; break;
    case '%': part.op = twice ? ParameterOp::suffix_long : ParameterOp::suffix_short; break;
    default: return false;
    }
    const bool trims = c == '#' || c == '%';
    if (trims && part.colon)
        return false;
    position_ += trims && twice ? 2 : 1;
    return true;
}

/// The word after the operator, up to its closing brace.
const Word* Parser::lex_operand(bool quoted)
{
    PartList parts;
    while (!failed_ && !done() && look() != '}') {
        const char c = look();
        if (c == '\'' && !quoted) {
            lex_single_quoted(parts);
        } else if (c == '"') {
            lex_double_quoted(parts);
        } else if (c == '$') {
            lex_dollar(parts, quoted);
        } else if (c == '`') {
            lex_backquote(parts, quoted);
        } else if (c == '\\') {
            lex_escape(parts, quoted, "$`\"\\}\n");
        } else {
            add_part(parts, PartKind::text, quoted, text_.substr(position_, 1));
            advance();
        }
    }
    Word* word = make<Word>(memory_);
    word->parts = parts.first;
    return word;
}

/// $(( expression )): expanded as if in double quotes, evaluated when it runs.
void Parser::lex_arithmetic(PartList& parts, bool quoted)
{
    const DepthGuard guard(*this);
    if (!guard.ok)
        return;
    position_ += 3;
    PartList inner;
    int open = 0;
    while (!failed_ && !done() && !(open == 0 && look() == ')')) {
        const char c = look();
        if (c == '$') {
            lex_dollar(inner, true);
        } else if (c == '`') {
            lex_backquote(inner, true);
        } else if (!skip_continuation()) {
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c != '"')
                add_part(inner, PartKind::text, true, text_.substr(position_, 1));
            advance();
        }
    }
    if (failed_)
        return;
    if (look() != ')' || look(1) != ')')
        return fail(line_, "Missing '))'", position_ + 1 >= text_.size());
    position_ += 2;
    Word* word = make<Word>(memory_);
    word->parts = inner.first;
    add_part(parts, PartKind::arithmetic, quoted, {})->word = word;
}

void Parser::lex_command(PartList& parts, bool quoted)
{
    const DepthGuard guard(*this);
    if (!guard.ok)
        return;
    position_ += 2;
    const Node* body = parse_list();
    if (failed_)
        return;
    if (peek().kind != TokenKind::right)
        return unexpected("\")\"");
    take();
    add_part(parts, PartKind::command, quoted, {})->body = body;
}

/// `...`: a backslash quotes only $ ` \ (and " inside double quotes); the rest is a program of its own.
void Parser::lex_backquote(PartList& parts, bool quoted)
{
    const DepthGuard guard(*this);
    if (!guard.ok)
        return;
    const int first_line = line_;
    advance();
    Str inner(&memory_);
    while (!done() && look() != '`') {
        if (look() == '\\' && position_ + 1 < text_.size() &&
            std::string_view(quoted ? "$`\\\"" : "$`\\").find(look(1)) != std::string_view::npos)
            advance();
        inner += advance();
    }
    if (done())
        return fail(line_, "EOF in backquote substitution", true);
    advance();
    Parser parser(memory_, keep(memory_, inner), first_line);
    parser.depth_ = depth_;
    const Node* body = parser.parse_program();
    must_stay_ |= parser.must_stay_;
    if (parser.failed_) {
        fail(parser.error_line_, {});
        error_ = parser.error_;
        return;
    }
    add_part(parts, PartKind::command, quoted, {})->body = body;
}

/// The text of an unquoted here-document: as in double quotes, but " is an ordinary character.
const Word* Parser::lex_here_text(std::string_view text, int line)
{
    const DepthGuard guard(*this);
    Parser parser(memory_, text, line);
    parser.depth_ = depth_;
    PartList parts;
    while (!parser.failed_ && !parser.done()) {
        const char c = parser.look();
        if (c == '$') {
            parser.lex_dollar(parts, true);
        } else if (c == '`') {
            parser.lex_backquote(parts, true);
        } else if (c == '\\') {
            parser.lex_escape(parts, true, "$`\\\n");
        } else {
            const std::size_t start = parser.position_;
            while (!parser.done() && std::string_view("$`\\").find(parser.look()) == std::string_view::npos)
                parser.advance();
            parser.add_part(parts, PartKind::text, true, text.substr(start, parser.position_ - start));
        }
    }
    must_stay_ |= parser.must_stay_;
    if (parser.failed_) {
        fail(parser.error_line_, {});
        error_ = parser.error_;
    }
    Word* word = make<Word>(memory_);
    word->parts = parts.first;
    return word;
}

} // namespace irqlab::lab::sh
