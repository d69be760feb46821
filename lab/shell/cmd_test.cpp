// The commands test and [. [POSIX] "test".
#include <sys/stat.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

constexpr int test_depth_max = 40;

bool is_binary(std::string_view op)
{
    for (const std::string_view known : {"=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">", "-nt", "-ot", "-ef"})
        if (op == known)
            return true;
    return false;
}

bool is_unary(std::string_view op)
{
    return op.size() == 2 && op[0] == '-' && std::string_view("bcdefghkLnprsStuwxz").find(op[1]) != std::string_view::npos;
}

class Test {
public:
    Test(Command& command, int count) : command_(command), end_(count) {}

    /// 0 true, 1 false, 2 wrong.
    int run()
    {
        if (end_ <= 1)
            return 1;
        const bool value = any();
        if (!wrong_ && at_ < end_)
            report("%s: unexpected operator", command_.argv[at_]);
        return wrong_ ? 2 : value ? 0 : 1;
    }

private:
    std::string_view look(int ahead = 0) const
    {
        return at_ + ahead < end_ ? std::string_view(command_.argv[at_ + ahead]) : std::string_view();
    }
    int left() const { return end_ - at_; }

    bool report(const char* format, const char* what)
    {
        if (!wrong_) {
            Str text(&command_.memory);
            for (const char* p = format; *p; ++p)
                if (p[0] == '%' && p[1] == 's')
                    text += what, ++p;
                else
                    text += *p;
            complain(command_.shell, "%s: %s", command_.name(), text.c_str());
        }
        wrong_ = true;
        at_ = end_;
        return false;
    }

    bool any()
    {
        bool value = all();
        while (left() > 1 && look() == "-o") {
            ++at_;
            value = all() || value;
        }
        return value;
    }
    bool all()
    {
        bool value = negation();
        while (left() > 1 && look() == "-a") {
            ++at_;
            value = negation() && value;
        }
        return value;
    }
    bool negation()
    {
        bool negated = false;
        while (look() == "!" && left() > 1 && !(left() >= 3 && is_binary(look(1)))) {
            negated = !negated;
            ++at_;
        }
        return primary() != negated;
    }
    bool primary();
    bool binary(std::string_view left_side, std::string_view op, std::string_view right_side);
    bool unary(char op, const char* operand);

    Command& command_;
    int end_;
    int at_ = 1;
    int depth_ = 0;
    bool wrong_ = false;
};

bool Test::primary()
{
    if (left() < 1 || ++depth_ > test_depth_max)
        return report("argument expected", "");
    bool value = false;
    if (left() >= 3 && is_binary(look(1))) {
        value = binary(look(), look(1), look(2));
        at_ += 3;
    } else if (look() == "(" && left() > 1) {
        ++at_;
        value = any();
        if (look() != ")")
            return report("closing paren expected", "");
        ++at_;
    } else if (left() >= 2 && is_unary(look())) {
        value = unary(look()[1], command_.argv[at_ + 1]);
        at_ += 2;
    } else {
        value = !look().empty();
        ++at_;
    }
    --depth_;
    return value && !wrong_;
}

bool Test::binary(std::string_view a, std::string_view op, std::string_view b)
{
    if (op == "=" || op == "==")
        return a == b;
    if (op == "!=")
        return a != b;
    if (op == "<" || op == ">")
        return op == "<" ? a < b : a > b;
    if (op == "-nt" || op == "-ot" || op == "-ef") {
        kernel::Stat first{}, second{};
        const bool has_first = kernel::sys_stat(command_.argv[at_], first) == 0;
        const bool has_second = kernel::sys_stat(command_.argv[at_ + 2], second) == 0;
        if (op == "-ef")
            return has_first && has_second && first.inode == second.inode;
        return op == "-nt" ? has_first && (!has_second || first.mtime_s > second.mtime_s)
                           : has_second && (!has_first || first.mtime_s < second.mtime_s);
    }
    std::int64_t numbers[2] = {};
    for (int i = 0; i < 2; ++i) {
        const char* text = command_.argv[at_ + 2 * i];
        const char* digits = text;
        while (*digits == '0' && digits[1] >= '0' && digits[1] <= '9') // 010 is ten here
            ++digits;
        if (!parse_number(digits, numbers[i]))
            return report("Illegal number: %s", text);
    }
    const std::int64_t x = numbers[0], y = numbers[1];
    return op == "-eq" ? x == y : op == "-ne" ? x != y : op == "-lt" ? x < y : op == "-le" ? x <= y : op == "-gt" ? x > y : x >= y;
}

bool Test::unary(char op, const char* operand)
{
    if (op == 'n' || op == 'z')
        return (*operand != '\0') == (op == 'n');
    std::int64_t fd = 0;
    if (op == 't')
        return parse_number(operand, fd) && kernel::sys_isatty(static_cast<int>(fd));
    kernel::Stat stat{};
    if (kernel::sys_stat(operand, stat) < 0)
        return false;
    switch (op) {
    case 'f': return S_ISREG(stat.mode);
    case 'd': return S_ISDIR(stat.mode);
    case 'c': return S_ISCHR(stat.mode);
    case 'b': return S_ISBLK(stat.mode);
    case 'p': return S_ISFIFO(stat.mode);
    case 'S': return S_ISSOCK(stat.mode);
    case 'L':
    case 'h': return S_ISLNK(stat.mode);
    case 's': return stat.size > 0;
    case 'x': return S_ISDIR(stat.mode) || (stat.mode & 0111) != 0; // root may execute what anyone may
    case 'u': return (stat.mode & S_ISUID) != 0;
    case 'g': return (stat.mode & S_ISGID) != 0;
    case 'k': return (stat.mode & S_ISVTX) != 0;
    default: return true; // -e, and root reads and writes everything
    }
}

} // namespace

int test_command(Command& c)
{
    int count = c.argc;
    if (std::string_view(c.name()) == "[") {
        if (std::string_view(c.argv[count - 1]) != "]") {
            complain(c.shell, "[: missing ]");
            return 2;
        }
        --count;
    }
    return Test(c, count).run();
}

} // namespace irqlab::lab::sh
