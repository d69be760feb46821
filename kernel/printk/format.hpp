// printf for the modelled kernel: the formats that Linux knows and the C library does not.
//
// Source: [LX core-api/printk-formats]. Where Linux differs from ISO C it is Linux that counts: "%#x" of 0 is
// "0x0", a precision does not switch '0' off, "%n" and floating point are refused.
#pragma once
#include <cstdarg>
#include <cstddef>
#include <cstdint>

#include "hw/base/bits.hpp"

namespace irqlab::kernel {

/// @return how many characters the text has; at most size - 1 of them and a NUL are stored.
int format_text(char* out, std::size_t size, const char* format, ...) __attribute__((format(printf, 3, 4)));
int vformat_text(char* out, std::size_t size, const char* format, va_list args);

/// The name of an errno ("ENOENT"), or null.
const char* errno_name(int error);

// --- within this folder
// ----------------------------------------------------------------------------------------

/// Where text goes: counts on when the buffer is full.
struct FormatOut {
    char* next;
    char* end; // one past the last character that may be stored, the NUL not counted
    u64 total = 0;

    void put(char c)
    {
        if (next < end)
            *next++ = c;
        ++total;
    }
    void put(const char* text)
    {
        while (*text)
            put(*text++);
    }
    void fill(char c, int count)
    {
        while (count-- > 0)
            put(c);
    }
};

/// One conversion: what stands between '%' and its letter.
struct FormatSpec {
    bool left = false, plus = false, space = false, special = false, zero = false;
    bool small = false; // lower-case hexadecimal digits
    bool is_signed = false;
    int width = -1; // -1: none
    int precision = -1;
    unsigned base = 10;
};

void format_number(FormatOut& out, u64 value, const FormatSpec& spec);
void format_string(FormatOut& out, const char* text, const FormatSpec& spec);
/// Hardware and Internet addresses, with the letters from M or I on.
void format_mac(FormatOut& out, const u8* mac, const char* letters);
void format_ip(FormatOut& out, const u8* ip, const char* letters);
/// %p and the letters behind it. @return the first character that is not part of the conversion.
const char* format_pointer(FormatOut& out, const char* letters, const void* pointer, FormatSpec spec);

} // namespace irqlab::kernel
