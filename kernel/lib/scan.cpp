// sscanf as Linux has it: %c %s %d %i %u %x %o %n %[...] with widths, '*', and the lengths hh h l ll L z.
#include <cstdarg>
#include <cstring>

#include "linux/abi/string.h"

namespace irqlab::abi {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct Scan {
    const char* at; // in the text
    const char* text;
    va_list args;
    int stored = 0;
};

struct Conversion {
    bool discard = false;
    int width = -1;
    int length = 0; // -2 hh, -1 h, 0, 1 l or z, 2 ll or L
};

const char* read_conversion(const char* f, Conversion& c)
{
    if (*f == '*') {
        c.discard = true;
        ++f;
    }
    if (*f >= '0' && *f <= '9')
        for (c.width = 0; *f >= '0' && *f <= '9'; ++f)
            c.width = c.width * 10 + (*f - '0');
    for (;; ++f) {
        if (*f == 'h')
            --c.length;
        else if (*f == 'l' || *f == 'z')
            ++c.length;
        else if (*f == 'L')
            c.length = 2;
        else
            return f;
    }
}

/// At most `width` characters of text: the others are hidden while a number is read.
bool read_number(Scan& s, const Conversion& c, unsigned base, bool is_signed)
{
    s.at = skip_spaces(s.at);
    char number[72];
    size_t room = sizeof number - 1;
    if (c.width >= 0 && static_cast<size_t>(c.width) < room)
        room = static_cast<size_t>(c.width);
    const size_t length = strnlen(s.at, room);
    std::memcpy(number, s.at, length);
    number[length] = 0;
    const bool sign = number[0] == '-' && is_signed;
    char* end = nullptr;
    const auto value = static_cast<unsigned long long>(
        is_signed ? simple_strtoll(number, &end, base)
                  : static_cast<long long>(simple_strtoull(number, &end, base)));
    if (end == number + sign)
        return false;
    s.at += end - number;
    if (c.discard)
        return true;
    switch (c.length) {
    case -2: *va_arg(s.args, unsigned char*) = static_cast<unsigned char>(value); break;
    case -1: *va_arg(s.args, unsigned short*) = static_cast<unsigned short>(value); break;
    case 0: *va_arg(s.args, unsigned*) = static_cast<unsigned>(value); break;
    default: *va_arg(s.args, unsigned long long*) = value; break;
    }
    ++s.stored;
    return true;
}

bool read_word(Scan& s, const Conversion& c)
{
    s.at = skip_spaces(s.at);
    if (*s.at == 0)
        return false;
    char* to = c.discard ? nullptr : va_arg(s.args, char*);
    for (int left = c.width; *s.at && !is_space(*s.at) && left != 0; --left, ++s.at)
        if (to)
            *to++ = *s.at;
    if (to) {
        *to = 0;
        ++s.stored;
    }
    return true;
}

bool read_chars(Scan& s, const Conversion& c)
{
    char* to = c.discard ? nullptr : va_arg(s.args, char*);
    for (int left = c.width < 0 ? 1 : c.width; left-- > 0 && *s.at; ++s.at)
        if (to)
            *to++ = *s.at;
    if (to)
        ++s.stored;
    return true;
}

/// %[abc], %[^abc]; a width is required by Linux. `f` stands behind '['.
bool read_set(Scan& s, const Conversion& c, const char*& f)
{
    bool in_set[256] = {};
    const bool negated = *f == '^';
    f += negated;
    const char* start = f;
    for (; *f && (*f != ']' || f == start); ++f)
        in_set[static_cast<u8>(*f)] = true;
    if (*f != ']' || c.width < 0)
        return false;
    ++f;
    char* to = c.discard ? nullptr : va_arg(s.args, char*);
    const char* from = s.at;
    for (int left = c.width; *s.at && left > 0 && in_set[static_cast<u8>(*s.at)] != negated; --left, ++s.at)
        if (to)
            *to++ = *s.at;
    if (s.at == from)
        return false;
    if (to) {
        *to = 0;
        ++s.stored;
    }
    return true;
}

/// `f` stands behind the '%'. @return false when the text does not fit.
bool read_one(Scan& s, const char*& f)
{
    Conversion c;
    f = read_conversion(f, c);
    const char letter = *f;
    if (letter)
        ++f;
    switch (letter) {
    case 'c': return *s.at != 0 && read_chars(s, c);
    case 's': return read_word(s, c);
    case '[': return *s.at != 0 && read_set(s, c, f);
    case 'n': *va_arg(s.args, int*) = static_cast<int>(s.at - s.text); return true;
    case 'd': return read_number(s, c, 10, true);
    case 'i': return read_number(s, c, 0, true);
    case 'u': return read_number(s, c, 10, false);
    case 'x':
    case 'X': return read_number(s, c, 16, false);
    case 'o': return read_number(s, c, 8, false);
    case '%': return *s.at == '%' && ++s.at;
    default: return false;
    }
}

} // namespace

int __lab_vsscanf(const char* buf, const char* format, va_list args)
{
    Scan s{};
    s.at = s.text = buf;
    va_copy(s.args, args);
    const char* f = format;
    bool fits = true;
    while (fits && *f) {
        if (is_space(*f)) {
            f = skip_spaces(f);
            s.at = skip_spaces(s.at);
        } else if (*f == '%') {
            fits = read_one(s, ++f);
        } else {
            fits = *f++ == *s.at++;
        }
    }
    va_end(s.args);
    return s.stored;
}

int __lab_sscanf(const char* buf, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int stored = __lab_vsscanf(buf, format, args);
    va_end(args);
    return stored;
}

} // namespace irqlab::abi
