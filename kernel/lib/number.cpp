// Text to numbers. kstrto*() want the whole text to be a number, with one newline at most behind it.
#include <climits>
#include <cstring>
#include <limits>

#include "linux/abi/string.h"

namespace irqlab::abi {

namespace {

unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? static_cast<unsigned>(lower - 'a') + 10 : 99;
}

/// Base 0: by the prefix. Skips "0x" when the base is 16.
const char* read_base(const char* text, unsigned& base)
{
    const bool hex = text[0] == '0' && (text[1] | 0x20) == 'x' && digit(text[2]) < 16;
    if (base == 0)
        base = hex ? 16 : text[0] == '0' ? 8 : 10;
    return base == 16 && text[0] == '0' && (text[1] | 0x20) == 'x' ? text + 2 : text;
}

struct Digits {
    unsigned long long value = 0;
    unsigned count = 0;
    bool overflow = false;
};

const char* read_digits(const char* text, unsigned base, Digits& out)
{
    for (; digit(*text) < base; ++text, ++out.count) {
        unsigned long long next = 0;
        out.overflow |= __builtin_mul_overflow(out.value, base, &next) ||
                        __builtin_add_overflow(next, digit(*text), &out.value);
    }
    return text;
}

int parse_unsigned(const char* text, unsigned base, unsigned long long& result)
{
    text = read_base(text, base);
    Digits d;
    text = read_digits(text, base, d);
    if (d.count == 0)
        return -EINVAL;
    if (d.overflow)
        return -ERANGE;
    if (*text == '\n')
        ++text;
    if (*text != 0)
        return -EINVAL;
    result = d.value;
    return 0;
}

template <class T> int narrow_signed(const char* text, unsigned base, T* result)
{
    long long value = 0;
    const int error = kstrtoll(text, base, &value);
    if (error != 0)
        return error;
    if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max())
        return -ERANGE;
    *result = static_cast<T>(value);
    return 0;
}

template <class T> int narrow_unsigned(const char* text, unsigned base, T* result)
{
    unsigned long long value = 0;
    const int error = kstrtoull(text, base, &value);
    if (error != 0)
        return error;
    if (value > std::numeric_limits<T>::max())
        return -ERANGE;
    *result = static_cast<T>(value);
    return 0;
}

} // namespace

int kstrtoull(const char* text, unsigned int base, unsigned long long* result)
{
    return parse_unsigned(text[0] == '+' ? text + 1 : text, base, *result);
}

int kstrtoll(const char* text, unsigned int base, long long* result)
{
    unsigned long long value = 0;
    const bool negative = text[0] == '-';
    const int error = negative ? parse_unsigned(text + 1, base, value) : kstrtoull(text, base, &value);
    if (error != 0)
        return error;
    const unsigned long long limit = static_cast<unsigned long long>(LLONG_MAX) + (negative ? 1 : 0);
    if (value > limit)
        return -ERANGE;
    *result = static_cast<long long>(negative ? 0 - value : value);
    return 0;
}

int kstrtouint(const char* text, unsigned int base, unsigned int* r)
{
    return narrow_unsigned(text, base, r);
}
int kstrtoint(const char* text, unsigned int base, int* r) { return narrow_signed(text, base, r); }
int kstrtou16(const char* text, unsigned int base, u16* r) { return narrow_unsigned(text, base, r); }
int kstrtos16(const char* text, unsigned int base, s16* r) { return narrow_signed(text, base, r); }
int kstrtou8(const char* text, unsigned int base, u8* r) { return narrow_unsigned(text, base, r); }
int kstrtos8(const char* text, unsigned int base, s8* r) { return narrow_signed(text, base, r); }

// y, t, 1, on and n, f, 0, off; only the first letters count. t and f came with 6.4.
int kstrtobool(const char* text, bool* result)
{
    if (!text)
        return -EINVAL;
    const char second = static_cast<char>(text[0] ? text[1] | 0x20 : 0);
    switch (text[0] | 0x20) {
    case 'y':
    case 't':
    case '1': *result = true; return 0;
    case 'n':
    case 'f':
    case '0': *result = false; return 0;
    case 'o':
        if (second != 'n' && second != 'f')
            return -EINVAL;
        *result = second == 'n';
        return 0;
    default: return -EINVAL;
    }
}

unsigned long long simple_strtoull(const char* text, char** end, unsigned int base)
{
    Digits d;
    text = read_base(text, base);
    text = read_digits(text, base, d);
    if (end)
        *end = const_cast<char*>(text);
    return d.value;
}

long long simple_strtoll(const char* text, char** end, unsigned int base)
{
    const bool negative = *text == '-';
    const unsigned long long value = simple_strtoull(text + negative, end, base);
    return static_cast<long long>(negative ? 0 - value : value);
}

unsigned long simple_strtoul(const char* text, char** end, unsigned int base)
{
    return simple_strtoull(text, end, base);
}
long simple_strtol(const char* text, char** end, unsigned int base)
{
    return simple_strtoll(text, end, base);
}

int hex_to_bin(unsigned char c)
{
    const unsigned value = digit(static_cast<char>(c));
    return value < 16 ? static_cast<int>(value) : -1;
}

int hex2bin(u8* to, const char* from, size_t count)
{
    for (; count-- > 0; from += 2) {
        const int high = hex_to_bin(static_cast<u8>(from[0]));
        const int low = high < 0 ? -1 : hex_to_bin(static_cast<u8>(from[1]));
        if (low < 0)
            return -EINVAL;
        *to++ = static_cast<u8>(high << 4 | low);
    }
    return 0;
}

char* bin2hex(char* to, const void* from, size_t count)
{
    static constexpr char digits[] = "0123456789abcdef";
    const auto* bytes = static_cast<const u8*>(from);
    for (size_t i = 0; i < count; ++i) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    return to;
}

// "3,1,2-4": ints[0] is how many were read. @return what could not be read.
char* get_options(const char* text, int nints, int* ints)
{
    int count = 1;
    char* at = const_cast<char*>(text);
    while (count < nints) {
        char* end = nullptr;
        const int value = static_cast<int>(simple_strtoll(at, &end, 0));
        if (end == at)
            break;
        ints[count++] = value;
        at = end;
        if (*at == '-') {
            const int last = static_cast<int>(simple_strtoll(at + 1, &at, 0));
            for (int next = value + 1; next <= last && count < nints; ++next)
                ints[count++] = next;
        }
        if (*at != ',')
            break;
        ++at;
    }
    ints[0] = count - 1;
    return at;
}

} // namespace irqlab::abi
