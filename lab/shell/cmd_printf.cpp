// The command printf. [POSIX] "printf".
#include <algorithm>
#include <cstdlib>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

/// One pass over the format takes arguments from the list; passes go on while arguments are left.
class Formatter {
public:
    explicit Formatter(Command& command) : command_(command), out_(command.buffer()) {}

    int run(std::string_view format)
    {
        do {
            const int before = next_;
            if (!pass(format) || next_ == before)
                break;
        } while (next_ < command_.argc);
        return status_;
    }

private:
    const char* argument() { return next_ < command_.argc ? command_.argv[next_++] : nullptr; }

    /// False: \c ended the output.
    bool pass(std::string_view format)
    {
        while (!format.empty()) {
            const std::size_t percent = std::min(format.find('%'), format.size());
            if (!append_escapes(out_, format.substr(0, percent), false))
                return false;
            format.remove_prefix(percent);
            if (format.empty())
                break;
            if (format.starts_with("%%")) {
                out_ += '%';
                format.remove_prefix(2);
            } else if (!conversion(format)) {
                return false;
            }
        }
        return true;
    }

    std::int64_t number(const char* text)
    {
        if (!text || !*text)
            return 0;
        if (text[0] == '"' || text[0] == '\'') // the code of the character
            return static_cast<unsigned char>(text[1]);
        std::int64_t value = 0;
        if (!parse_number(text, value))
            status_ = command_.fail("'%s': expected a numeric value", text), value = std::strtoll(text, nullptr, 0);
        return value;
    }

    bool conversion(std::string_view& format);
    bool convert(char letter, Str& specification);

    Command& command_;
    Str& out_;
    int next_ = 2;
    int status_ = 0;
};

bool Formatter::conversion(std::string_view& format)
{
    Str specification("%", &command_.memory);
    std::size_t i = 1;
    while (i < format.size() && std::string_view("-+ #0123456789.*").find(format[i]) != std::string_view::npos) {
        if (format[i] == '*')
            appendf(specification, "%d", static_cast<int>(number(argument())));
        else
            specification += format[i];
        ++i;
    }
    while (i < format.size() && (format[i] == 'l' || format[i] == 'h'))
        ++i;
    const char letter = i < format.size() ? format[i++] : '\0';
    format.remove_prefix(i);
    return convert(letter, specification);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" // the format is the script's; its conversion is checked here
#pragma GCC diagnostic ignored "-Wformat-security"
bool Formatter::convert(char letter, Str& specification)
{
    const char* text = argument();
    switch (letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        specification.append("ll").append(1, letter);
        appendf(out_, specification.c_str(), static_cast<long long>(number(text)));
        return true;
    case 'f':
    case 'g':
    case 'e':
        specification += letter;
        appendf(out_, specification.c_str(), text ? std::strtod(text, nullptr) : 0.0);
        return true;
    case 'c': {
        const char one[2] = {text ? text[0] : '\0', '\0'};
        specification += 's';
        appendf(out_, specification.c_str(), one);
        return true;
    }
    case 's':
        specification += 's';
        if (specification == "%s") // of any length
            out_ += text ? text : "";
        else
            appendf(out_, specification.c_str(), text ? text : "");
        return true;
    case 'b': return append_escapes(out_, text ? text : "", true);
    default:
        specification.append(letter ? 1 : 0, letter);
        status_ = command_.fail("%s: invalid conversion specification", specification.c_str());
        return false;
    }
}
#pragma GCC diagnostic pop

} // namespace

int printf_command(Command& c)
{
    if (c.argc < 2)
        return c.missing_operand();
    const char* format = c.argv[1];
    return Formatter(c).run(format);
}

} // namespace irqlab::lab::sh
