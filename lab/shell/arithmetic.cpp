// Expansion: $(( )): signed 64-bit arithmetic with C's operators. [POSIX] "Arithmetic Expansion".
#include "lab/shell/expand.hpp"


namespace irqlab::lab::sh {

namespace {

using i64 = std::int64_t;
using u64 = std::uint64_t;

constexpr int arithmetic_depth_max = 60;

struct Operator {
    std::string_view text;
    int level; // binds tighter when higher
};
// Longer ones first, so that << is not read as <.
constexpr Operator binary_operators[] = {
    {"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<=", 7}, {">=", 7}, {"<<", 8}, {">>", 8}, {"|", 3}, {"^", 4},
    {"&", 5},  {"<", 7},  {">", 7},  {"+", 9},  {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}};

class Evaluator {
public:
    Evaluator(ShellContext& shell, std::string_view text) : shell_(shell), text_(text) {}

    bool run(i64& value)
    {
        skip();
        value = at_ == text_.size() ? 0 : assignment(true);
        skip();
        if (!failed_ && at_ != text_.size())
            fail("expecting EOF");
        return !failed_;
    }

private:
    void skip()
    {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n'))
            ++at_;
    }
    bool accept(std::string_view token)
    {
        skip();
        if (!text_.substr(at_).starts_with(token))
            return false;
        at_ += token.size();
        return true;
    }
    i64 fail(const char* why)
    {
        if (!failed_) {
            complain(shell_, "arithmetic expression: %s: \"%.*s\"", why, static_cast<int>(text_.size()), text_.data());
            leave(shell_, 2);
        }
        failed_ = true;
        at_ = text_.size();
        return 0;
    }

    i64 assignment(bool live);
    i64 conditional(bool live);
    i64 binary(int level, bool live);
    i64 unary(bool live);
    i64 primary(bool live);
    i64 number();
    i64 variable(std::string_view name);
    i64 apply(std::string_view op, i64 left, i64 right, bool live);
    const Operator* peek_operator();
    std::string_view name_here() const;

    ShellContext& shell_;
    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool failed_ = false;
};

std::string_view Evaluator::name_here() const
{
    std::size_t end = at_;
    if (end < text_.size() && is_name_start(text_[end]))
        while (end < text_.size() && is_name_char(text_[end]))
            ++end;
    return text_.substr(at_, end - at_);
}

/// NAME op= expression, or a conditional. `live`: not in a branch that is skipped.
i64 Evaluator::assignment(bool live)
{
    if (++depth_ > arithmetic_depth_max)
        return fail("nested too deeply");
    skip();
    const std::size_t start = at_;
    const std::string_view name = name_here();
    i64 value = 0;
    bool assigned = false;
    if (!name.empty()) {
        at_ += name.size();
        skip();
        for (const std::string_view op : {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}) {
            if (!text_.substr(at_).starts_with(op) || text_.substr(at_).starts_with("=="))
                continue;
            at_ += op.size();
            value = assignment(live);
            if (op != "=")
                value = apply(op.substr(0, op.size() - 1), variable(name), value, live);
            assigned = true;
            if (live && !failed_) {
                Str digits(&shell_.memory);
                appendf(digits, "%lld", static_cast<long long>(value));
                failed_ |= !set(shell_, name, digits);
            }
            break;
        }
    }
    if (!assigned && !failed_) {
        at_ = start;
        value = conditional(live);
    }
    --depth_;
    return value;
}

i64 Evaluator::conditional(bool live)
{
    const i64 condition = binary(1, live);
    if (!accept("?"))
        return condition;
    const i64 yes = assignment(live && condition != 0);
    if (!accept(":"))
        return fail("expecting ':'");
    const i64 no = assignment(live && condition == 0);
    return condition != 0 ? yes : no;
}

const Operator* Evaluator::peek_operator()
{
    skip();
    for (const Operator& op : binary_operators)
        if (text_.substr(at_).starts_with(op.text)) {
            const std::string_view after = text_.substr(at_ + op.text.size());
            const bool assigns = after.starts_with('=') && op.level >= 3 && op.level != 6 && op.level != 7;
            return assigns ? nullptr : &op;
        }
    return nullptr;
}

i64 Evaluator::binary(int level, bool live)
{
    i64 left = unary(live);
    for (const Operator* op = peek_operator(); op && op->level >= level && !failed_; op = peek_operator()) {
        at_ += op->text.size();
        const bool decided = (op->level == 1 && left != 0) || (op->level == 2 && left == 0);
        const i64 right = binary(op->level + 1, live && !decided);
        left = apply(op->text, left, right, live);
    }
    return left;
}

i64 Evaluator::apply(std::string_view op, i64 left, i64 right, bool live)
{
    const u64 a = static_cast<u64>(left), b = static_cast<u64>(right); // wraps as the hardware does
    if (op == "||") return left != 0 || right != 0;
    if (op == "&&") return left != 0 && right != 0;
    if (op == "==") return left == right;
    if (op == "!=") return left != right;
    if (op == "<=") return left <= right;
    if (op == ">=") return left >= right;
    if (op == "<") return left < right;
    if (op == ">") return left > right;
    if (op == "<<") return static_cast<i64>(a << (b & 63));
    if (op == ">>") return left >> (b & 63);
    if (op == "|") return static_cast<i64>(a | b);
    if (op == "^") return static_cast<i64>(a ^ b);
    if (op == "&") return static_cast<i64>(a & b);
    if (op == "+") return static_cast<i64>(a + b);
    if (op == "-") return static_cast<i64>(a - b);
    if (op == "*") return static_cast<i64>(a * b);
    if (right == 0)
        return live ? fail("division by zero") : 0;
    if (right == -1) // the smallest number by -1 would trap
        return op == "/" ? static_cast<i64>(u64{0} - a) : 0;
    return op == "/" ? left / right : left % right;
}

i64 Evaluator::unary(bool live)
{
    skip();
    if (++depth_ > arithmetic_depth_max)
        return fail("nested too deeply");
    i64 value = 0;
    if (accept("!"))
        value = unary(live) == 0;
    else if (accept("~"))
        value = ~unary(live);
    else if (accept("-"))
        value = static_cast<i64>(u64{0} - static_cast<u64>(unary(live)));
    else if (accept("+"))
        value = unary(live);
    else
        value = primary(live);
    --depth_;
    return value;
}

i64 Evaluator::primary(bool live)
{
    if (accept("(")) {
        const i64 value = assignment(live);
        return accept(")") ? value : fail("expecting ')'");
    }
    const std::string_view name = name_here();
    if (name.empty())
        return number();
    at_ += name.size();
    return variable(name);
}

i64 Evaluator::number()
{
    std::size_t end = at_;
    while (end < text_.size() && is_name_char(text_[end]))
        ++end;
    i64 value = 0;
    if (end == at_ || !parse_number(text_.substr(at_, end - at_), value))
        return fail("expecting primary");
    at_ = end;
    return value;
}

i64 Evaluator::variable(std::string_view name)
{
    const Str* text = get(shell_, name);
    if (!text && shell_.options.no_unset) {
        complain(shell_, "%.*s: parameter not set", static_cast<int>(name.size()), name.data());
        leave(shell_, 2);
        failed_ = true;
        return 0;
    }
    if (!text || text->empty())
        return 0;
    i64 value = 0;
    if (parse_number(*text, value))
        return value;
    if (!failed_) {
        complain(shell_, "Illegal number: %s", text->c_str());
        leave(shell_, 2);
    }
    failed_ = true;
    return 0;
}

} // namespace

bool evaluate_arithmetic(ShellContext& shell, std::string_view expression, i64& value)
{
    return Evaluator(shell, expression).run(value);
}

} // namespace irqlab::lab::sh
