// Strings and lists of the shell: the few helpers that every part of it uses.
#include "lab/shell/memory.hpp"

#include <cctype>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace irqlab::lab::sh {

std::string_view keep(Memory& memory, std::string_view text)
{
    if (text.empty())
        return {};
    char* copy = static_cast<char*>(memory.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

void appendf(Str& out, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    char small[256];
    const int size = std::vsnprintf(small, sizeof small, format, arguments);
    if (size >= 0 && static_cast<std::size_t>(size) < sizeof small) {
        out.append(small, static_cast<std::size_t>(size));
    } else if (size > 0) {
        const std::size_t before = out.size();
        const std::size_t length = static_cast<std::size_t>(size) < 4095 ? static_cast<std::size_t>(size) : 4095;
        out.resize(before + length + 1);
        std::vsnprintf(out.data() + before, length + 1, format, again);
        out.resize(before + length);
    }
    va_end(again);
    va_end(arguments);
}

const char* error_text(std::int64_t negative_errno)
{
    const char* text = strerrordesc_np(static_cast<int>(-negative_errno)); // not localised, not allocated
    return text ? text : "Unknown error";
}

bool parse_number(std::string_view text, std::int64_t& value)
{
    char digits[32];
    if (text.empty() || text.size() >= sizeof digits)
        return false;
    std::memcpy(digits, text.data(), text.size());
    digits[text.size()] = '\0';
    if (std::isspace(static_cast<unsigned char>(digits[0])))
        return false;
    char* end = nullptr;
    errno = 0;
    const bool negative = digits[0] == '-';
    value = negative ? std::strtoll(digits, &end, 0) : static_cast<std::int64_t>(std::strtoull(digits, &end, 0));
    return end != digits && *end == '\0' && errno == 0;
}

bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_char(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text)
{
    if (text.empty() || !is_name_start(text[0]))
        return false;
    for (const char c : text)
        if (!is_name_char(c))
            return false;
    return true;
}

} // namespace irqlab::lab::sh
