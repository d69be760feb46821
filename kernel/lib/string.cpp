// Strings. Where the C library and Linux agree the former does the work.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "linux/abi/string.h"

namespace irqlab::abi {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || static_cast<u8>(c) == 0xa0; }
int lower(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : static_cast<u8>(c); }

} // namespace

size_t __lab_strlen(const char* text) { return std::strlen(text); }
size_t __lab_strnlen(const char* text, size_t count) { return strnlen(text, count); }
char* __lab_strcpy(char* to, const char* from) { return std::strcpy(to, from); }
char* __lab_strcat(char* to, const char* from) { return std::strcat(to, from); }
int __lab_strcmp(const char* a, const char* b)
{
    const int order = std::strcmp(a, b);
    return (order > 0) - (order < 0);
}
int __lab_strncmp(const char* a, const char* b, size_t count)
{
    const int order = std::strncmp(a, b, count);
    return (order > 0) - (order < 0);
}
char* __lab_strchr(const char* text, int c) { return const_cast<char*>(std::strchr(text, c)); }
char* __lab_strrchr(const char* text, int c) { return const_cast<char*>(std::strrchr(text, c)); }
char* __lab_strstr(const char* text, const char* what) { return const_cast<char*>(std::strstr(text, what)); }
size_t __lab_strspn(const char* text, const char* accept) { return std::strspn(text, accept); }
size_t __lab_strcspn(const char* text, const char* reject) { return std::strcspn(text, reject); }
char* __lab_strpbrk(const char* text, const char* accept)
{
    return const_cast<char*>(std::strpbrk(text, accept));
}

char* __lab_strncpy(char* to, const char* from, size_t count)
{
    const size_t length = strnlen(from, count);
    std::memcpy(to, from, length);
    std::memset(to + length, 0, count - length);
    return to;
}

char* __lab_strncat(char* to, const char* from, size_t count)
{
    const size_t length = strnlen(from, count);
    char* end = to + std::strlen(to);
    std::memcpy(end, from, length);
    end[length] = 0;
    return to;
}

size_t __lab_strlcpy(char* to, const char* from, size_t size)
{
    const size_t length = std::strlen(from);
    if (size != 0) {
        const size_t stored = std::min(length, size - 1);
        std::memcpy(to, from, stored);
        to[stored] = 0;
    }
    return length;
}

size_t __lab_strlcat(char* to, const char* from, size_t size)
{
    const size_t used = strnlen(to, size);
    return used + (used < size ? __lab_strlcpy(to + used, from, size - used) : std::strlen(from));
}

ssize_t strscpy(char* to, const char* from, size_t size)
{
    if (size == 0)
        return -E2BIG;
    const size_t length = strnlen(from, size);
    const size_t stored = std::min(length, size - 1);
    std::memcpy(to, from, stored);
    to[stored] = 0;
    return length == size ? -E2BIG : static_cast<ssize_t>(length);
}

ssize_t strscpy_pad(char* to, const char* from, size_t size)
{
    const ssize_t length = strscpy(to, from, size);
    if (length >= 0)
        std::memset(to + length, 0, size - static_cast<size_t>(length));
    return length;
}

int __lab_strncasecmp(const char* a, const char* b, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        const int order = lower(a[i]) - lower(b[i]);
        if (order != 0 || a[i] == 0)
            return order;
    }
    return 0;
}
int __lab_strcasecmp(const char* a, const char* b) { return __lab_strncasecmp(a, b, ~size_t{0}); }

char* __lab_strchrnul(const char* text, int c)
{
    while (*text && *text != static_cast<char>(c))
        ++text;
    return const_cast<char*>(text);
}

char* __lab_strnchr(const char* text, size_t count, int c)
{
    for (; count-- > 0; ++text) {
        if (*text == static_cast<char>(c))
            return const_cast<char*>(text);
        if (*text == 0)
            break;
    }
    return nullptr;
}

char* __lab_strnstr(const char* text, const char* what, size_t count)
{
    const size_t length = std::strlen(what);
    if (length == 0)
        return const_cast<char*>(text);
    for (; count >= length; --count, ++text)
        if (std::memcmp(text, what, length) == 0)
            return const_cast<char*>(text);
    return nullptr;
}

char* __lab_strsep(char** text, const char* delimiters)
{
    char* token = *text;
    if (!token)
        return nullptr;
    char* end = std::strpbrk(token, delimiters);
    if (end)
        *end++ = 0;
    *text = end;
    return token;
}

char* skip_spaces(const char* text)
{
    while (is_space(*text))
        ++text;
    return const_cast<char*>(text);
}

char* strim(char* text)
{
    size_t length = std::strlen(text);
    while (length > 0 && is_space(text[length - 1]))
        --length;
    text[length] = 0;
    return skip_spaces(text);
}

// Equal but for one newline at the end.
bool sysfs_streq(const char* a, const char* b)
{
    while (*a && *a == *b)
        ++a, ++b;
    if (*a == *b)
        return true;
    return (*a == 0 && b[0] == '\n' && b[1] == 0) || (a[0] == '\n' && a[1] == 0 && *b == 0);
}

int match_string(const char* const* array, size_t n, const char* text)
{
    for (size_t i = 0; i < n && array[i]; ++i)
        if (std::strcmp(array[i], text) == 0)
            return static_cast<int>(i);
    return -EINVAL;
}

} // namespace irqlab::abi
