// vsnprintf as Linux has it: flags, widths, integers and strings. Pointers are format_pointer.cpp's.
#include "kernel/printk/format.hpp"

#include <algorithm>
#include <climits>
#include <cstring>

#include "kernel/kernel.hpp"
#include "linux/abi/string.h"

namespace irqlab::kernel {

namespace {

constexpr int width_max = (1 << 23) - 1; // Linux keeps the width in 24 bits with a sign
constexpr int precision_max = (1 << 15) - 1;

enum class Length : u8 { none, hh, h, l, ll, z, t };

struct Cursor {
    const char* at;
    va_list args;
};

int read_int(const char*& at)
{
    int value = 0;
    while (*at >= '0' && *at <= '9')
        value = value < width_max ? value * 10 + (*at++ - '0') : (++at, width_max);
    return std::min(value, width_max);
}

void read_flags(Cursor& c, FormatSpec& spec)
{
    for (;; ++c.at) {
        switch (*c.at) {
        case '-': spec.left = true; break;
        case '+': spec.plus = true; break;
        case ' ': spec.space = true; break;
        case '#': spec.special = true; break;
        case '0': spec.zero = true; break;
        default: return;
        }
    }
}

void read_width(Cursor& c, FormatSpec& spec)
{
    if (*c.at >= '0' && *c.at <= '9') {
        spec.width = read_int(c.at);
    } else if (*c.at == '*') {
        ++c.at;
        const int width = va_arg(c.args, int);
        spec.left = spec.left || width < 0;
        spec.width = width == INT_MIN ? width_max : std::min(width < 0 ? -width : width, width_max);
    }
    if (*c.at != '.')
        return;
    ++c.at;
    spec.precision = 0;
    if (*c.at >= '0' && *c.at <= '9')
        spec.precision = std::min(read_int(c.at), precision_max);
    else if (*c.at == '*')
        ++c.at, spec.precision = std::clamp(va_arg(c.args, int), 0, precision_max);
}

Length read_length(Cursor& c)
{
    const char first = *c.at;
    if (first != 'h' && first != 'l' && first != 'L' && first != 'z' && first != 'Z' && first != 't')
        return Length::none;
    ++c.at;
    if ((first == 'h' || first == 'l') && *c.at == first) {
        ++c.at;
        return first == 'h' ? Length::hh : Length::ll;
    }
    switch (first) {
    case 'h': return Length::h;
    case 'l': return Length::l;
    case 'L': return Length::ll;
    case 't': return Length::t;
    default: return Length::z;
    }
}

u64 read_integer(Cursor& c, Length length, bool is_signed)
{
    switch (length) {
    case Length::ll: return static_cast<u64>(va_arg(c.args, long long));
    case Length::l:
    case Length::z:
    case Length::t: return static_cast<u64>(va_arg(c.args, long));
    default: break;
    }
    const int value = va_arg(c.args, int);
    switch (length) {
    case Length::hh:
        return is_signed ? static_cast<u64>(static_cast<signed char>(value))
                         : static_cast<unsigned char>(value);
    case Length::h: return is_signed ? static_cast<u64>(static_cast<short>(value)) : static_cast<u16>(value);
    default: return is_signed ? static_cast<u64>(value) : static_cast<unsigned>(value);
    }
}

void format_char(FormatOut& out, char c, const FormatSpec& spec)
{
    if (!spec.left)
        out.fill(' ', spec.width - 1);
    out.put(c);
    if (spec.left)
        out.fill(' ', spec.width - 1);
}

/// Linux warns once and ends the text there. [LX core-api/printk-formats]
void refuse(char letter)
{
    if (the_kernel)
        abi::__lab_warn("lib/vsprintf.c", 2654, "format_decode",
                        "Please remove unsupported %%%c in format string\n", letter);
}

/// One conversion; c.at stands behind the '%'. @return false when the text ends here.
bool convert(FormatOut& out, Cursor& c)
{
    FormatSpec spec;
    read_flags(c, spec);
    read_width(c, spec);
    const Length length = read_length(c);
    const char letter = *c.at;
    if (letter != 0)
        ++c.at;
    switch (letter) {
    case 'c': format_char(out, static_cast<char>(va_arg(c.args, int)), spec); return true;
    case 's': format_string(out, va_arg(c.args, const char*), spec); return true;
    case 'p': c.at = format_pointer(out, c.at, va_arg(c.args, const void*), spec); return true;
    case '%': out.put('%'); return true;
    case 'd':
    case 'i': spec.is_signed = true; break;
    case 'u': break;
    case 'o': spec.base = 8; break;
    case 'x': spec.small = true; [[fallthrough]];
    case 'X': spec.base = 16; break;
    default: refuse(letter); return false;
    }
    format_number(out, read_integer(c, length, spec.is_signed), spec);
    return true;
}

int digits_of(char* out, u64 value, unsigned base, bool small)
{
    const char* digits = small ? "0123456789abcdef" : "0123456789ABCDEF";
    int count = 0;
    do {
        out[count++] = digits[value % base];
        value /= base;
    } while (value != 0);
    return count; // last digit first
}

} // namespace

void format_number(FormatOut& out, u64 value, const FormatSpec& spec)
{
    char sign = 0;
    if (spec.is_signed) {
        const bool negative = static_cast<i64>(value) < 0;
        sign = negative ? '-' : spec.plus ? '+' : spec.space ? ' ' : '\0';
        value = negative ? u64{0} - value : value;
    }
    char digits[24];
    const int count = digits_of(digits, value, spec.base, spec.small);
    const bool prefix = spec.special && spec.base != 10 && (spec.base == 16 || value != 0);
    const int precision = std::max(spec.precision, count);
    const int pad = spec.width - precision - (sign ? 1 : 0) - (prefix ? (spec.base == 16 ? 2 : 1) : 0);
    const bool zero = spec.zero && !spec.left;
    if (!zero && !spec.left)
        out.fill(' ', pad);
    if (sign)
        out.put(sign);
    if (prefix)
        out.put('0');
    if (prefix && spec.base == 16)
        out.put(spec.small ? 'x' : 'X');
    if (zero)
        out.fill('0', pad);
    out.fill('0', precision - count);
    for (int i = count; i-- > 0;)
        out.put(digits[i]);
    if (spec.left)
        out.fill(' ', pad);
}

void format_string(FormatOut& out, const char* text, const FormatSpec& spec)
{
    const auto address = reinterpret_cast<std::uintptr_t>(text);
    if (address < 4096 || address >= ~std::uintptr_t{0} - 4094)
        text = address == 0 ? "(null)" : "(efault)";
    const auto most = spec.precision < 0 ? std::size_t{INT_MAX} : static_cast<std::size_t>(spec.precision);
    const auto length = static_cast<int>(strnlen(text, most));
    if (!spec.left)
        out.fill(' ', spec.width - length);
    for (int i = 0; i < length; ++i)
        out.put(text[i]);
    if (spec.left)
        out.fill(' ', spec.width - length);
}

int vformat_text(char* buffer, std::size_t size, const char* format, va_list args)
{
    if (size > INT_MAX)
        return 0;
    FormatOut out{buffer, size == 0 ? buffer : buffer + size - 1};
    Cursor c{};
    va_copy(c.args, args);
    c.at = format;
    while (*c.at) {
        const char letter = *c.at++;
        if (letter != '%')
            out.put(letter);
        else if (!convert(out, c))
            break;
    }
    va_end(c.args);
    if (size != 0)
        *out.next = 0;
    return static_cast<int>(out.total);
}

int format_text(char* buffer, std::size_t size, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vformat_text(buffer, size, format, args);
    va_end(args);
    return length;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

int __lab_vsnprintf(char* buf, size_t size, const char* format, va_list args)
{
    return kernel::vformat_text(buf, size, format, args);
}

int __lab_snprintf(char* buf, size_t size, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = kernel::vformat_text(buf, size, format, args);
    va_end(args);
    return length;
}

int __lab_vsprintf(char* buf, const char* format, va_list args)
{
    return kernel::vformat_text(buf, INT_MAX, format, args);
}

int __lab_sprintf(char* buf, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = kernel::vformat_text(buf, INT_MAX, format, args);
    va_end(args);
    return length;
}

int vscnprintf(char* buf, size_t size, const char* format, va_list args)
{
    if (size == 0)
        return 0;
    const int length = kernel::vformat_text(buf, size, format, args);
    return static_cast<size_t>(length) < size ? length : static_cast<int>(size - 1);
}

int scnprintf(char* buf, size_t size, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vscnprintf(buf, size, format, args);
    va_end(args);
    return length;
}

} // namespace irqlab::abi
