// Commands that print: echo, yes, seq, pwd, basename, dirname, true, false.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

/// Digits of an escape: at most `most` of them in `base`.
unsigned escape_digits(std::string_view text, std::size_t& at, unsigned base, int most)
{
    unsigned value = 0;
    for (int i = 0; i < most && at < text.size(); ++i, ++at) {
        const char c = text[at];
        const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                               : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                               : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                      : 99;
        if (digit >= base)
            break;
        value = value * base + digit;
    }
    return value;
}

} // namespace

bool append_escapes(Str& out, std::string_view text, bool octal_zero)
{
    constexpr std::string_view letters = "abefnrtv\\", values = "\a\b\033\f\n\r\t\v\\";
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i++];
        if (c != '\\' || i >= text.size()) {
            out += c;
            continue;
        }
        const char letter = text[i++];
        const std::size_t known = letters.find(letter);
        if (letter == 'c')
            return false;
        if (known != std::string_view::npos) {
            out += values[known];
        } else if (letter == 'x') {
            out += static_cast<char>(escape_digits(text, i, 16, 2));
        } else if (letter >= '0' && letter <= '7' && (!octal_zero || letter == '0')) {
            i -= !octal_zero;
            out += static_cast<char>(escape_digits(text, i, 8, 3));
        } else {
            out += '\\';
            out += letter;
        }
    }
    return true;
}

int echo_command(Command& c)
{
    bool newline = true, escapes = false;
    int i = 1;
    for (; i < c.argc; ++i) {
        const std::string_view option = c.argv[i];
        if (option.size() < 2 || option[0] != '-' || option.find_first_not_of("neE", 1) != std::string_view::npos)
            break;
        for (const char letter : option.substr(1))
            letter == 'n' ? newline = false : escapes = letter == 'e';
    }
    Str& out = c.buffer(); // one write for the whole line, as a driver's write() expects of echo
    for (int k = i; k < c.argc; ++k) {
        if (k > i)
            out += ' ';
        if (!escapes)
            out += c.argv[k];
        else if (!append_escapes(out, c.argv[k], true))
            return 0;
    }
    if (newline)
        out += '\n';
    return 0;
}

int true_command(Command&)
{
    return 0;
}

int false_command(Command&)
{
    return 1;
}

/// Accepted without effect: what it would change is always as wanted, or not modelled and without influence.
int accept_command(Command&)
{
    return 0;
}

int yes_command(Command& c)
{
    Str line(&c.memory);
    for (int i = 1; i < c.argc; ++i)
        line.append(i > 1 ? " " : "").append(c.argv[i]);
    line.append(c.argc < 2 ? "y\n" : "\n");
    while (!c.broken())
        c.write(line);
    return 1;
}

int seq_command(Command& c)
{
    std::int64_t numbers[3] = {1, 1, 1};
    const char* separator = "\n";
    bool wide = false;
    int first = 1;
    for (; first < c.argc && c.argv[first][0] == '-' && std::strchr("sw", c.argv[first][1]) && c.argv[first][1]; ++first) {
        if (c.argv[first][1] == 'w')
            wide = true;
        else if (c.argv[first][2])
            separator = c.argv[first] + 2;
        else if (first + 1 < c.argc)
            separator = c.argv[++first];
    }
    const int count = c.argc - first;
    if (count < 1)
        return c.missing_operand();
    if (count > 3)
        return c.fail("extra operand '%s'", c.argv[first + 3]);
    for (int i = 0; i < count; ++i) {
        const int slot = count == 1 ? 2 : count == 2 ? i * 2 : i;
        if (!parse_number(c.argv[first + i], numbers[slot]))
            return c.fail("invalid floating point argument: '%s'", c.argv[first + i]);
    }
    if (numbers[1] == 0)
        return c.fail("invalid Zero increment value: '0'");
    char sample[32];
    int width = 0;
    for (const std::int64_t n : {numbers[0], numbers[2]})
        width = wide ? std::max(width, std::snprintf(sample, sizeof sample, "%lld", static_cast<long long>(n))) : 0;
    bool any = false;
    for (std::int64_t n = numbers[0]; (numbers[1] > 0 ? n <= numbers[2] : n >= numbers[2]) && !c.broken(); n += numbers[1]) {
        c.print("%s%0*lld", any ? separator : "", width, static_cast<long long>(n));
        any = true;
    }
    if (any)
        c.put('\n');
    return 0;
}

int pwd_command(Command& c)
{
    char directory[1024];
    const int error = kernel::sys_getcwd(directory, sizeof directory);
    if (error < 0)
        return c.fail("%s", error_text(error));
    c.print("%s\n", directory);
    return 0;
}

int basename_command(Command& c)
{
    if (c.argc < 2)
        return c.missing_operand();
    std::string_view name = c.argv[1];
    while (name.size() > 1 && name.ends_with('/'))
        name.remove_suffix(1);
    if (name != "/")
        name.remove_prefix(name.rfind('/') + 1);
    const std::string_view suffix = c.argc > 2 ? c.argv[2] : "";
    if (name.size() > suffix.size() && name.ends_with(suffix))
        name.remove_suffix(suffix.size());
    c.write(name);
    c.put('\n');
    return 0;
}

int dirname_command(Command& c)
{
    if (c.argc < 2)
        return c.missing_operand();
    for (int i = 1; i < c.argc; ++i) {
        std::string_view name = c.argv[i];
        while (name.size() > 1 && name.ends_with('/'))
            name.remove_suffix(1);
        const std::size_t slash = name.rfind('/');
        name = slash == std::string_view::npos ? "." : name.substr(0, slash > 0 ? slash : 1);
        while (name.size() > 1 && name.ends_with('/'))
            name.remove_suffix(1);
        c.write(name);
        c.put('\n');
    }
    return 0;
}

} // namespace irqlab::lab::sh
