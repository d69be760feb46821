// %p and its letters: addresses, symbols, network and hardware addresses, bitmaps, resources, nested formats.
//
// Not modelled: %pC, %pG, %pO, %pg, %pt of clocks and files of block devices; they print as plain %p.
// Source: [LX core-api/printk-formats].
#include "kernel/printk/format.hpp"

#include <cstring>

#include "kernel/entry/symbols.hpp"
#include "kernel/kernel.hpp"
#include "kernel/printk/stable_address.hpp"
#include "linux/abi/fs.h"
#include "linux/abi/io.h"

namespace irqlab::kernel {

namespace {

struct VaFormat { // Linux's struct va_format
    const char* fmt;
    va_list* va;
};

bool alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool bad(const void* p)
{
    const auto address = reinterpret_cast<std::uintptr_t>(p);
    return address < 4096 || address >= ~std::uintptr_t{0} - 4094;
}

void put_bad(FormatOut& out, const void* p, FormatSpec spec)
{
    spec.precision = -1;
    format_string(out, p ? "(efault)" : "(null)", spec);
}

void put_hex(FormatOut& out, u64 value, int digits)
{
    FormatSpec spec;
    spec.base = 16;
    spec.small = spec.zero = true;
    spec.width = digits;
    format_number(out, value, spec);
}

void put_decimal(FormatOut& out, u64 value, int digits = -1)
{
    FormatSpec spec;
    spec.zero = true;
    spec.width = digits;
    format_number(out, value, spec);
}

void put_address(FormatOut& out, u64 value, FormatSpec spec)
{
    spec.base = 16;
    spec.small = true;
    if (spec.width < 0) {
        spec.width = 16;
        spec.zero = true;
    }
    format_number(out, value, spec);
}

/// An address is not shown but as a number that stands for it: 32 bits, the same in each run.
void put_hashed(FormatOut& out, const void* p, FormatSpec spec)
{
    const auto address = reinterpret_cast<std::uintptr_t>(p);
    if (!p || address >= ~std::uintptr_t{0} - 4094)
        return put_address(out, address, spec);
    u64 x = stable_address(address) + 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    put_address(out, (x ^ (x >> 31)) & 0xffffffff, spec);
}

void put_symbol(FormatOut& out, const void* p, char letter, FormatSpec spec)
{
    char text[256];
    const auto address = reinterpret_cast<std::uintptr_t>(p);
    const bool with_offset = letter == 'S' || letter == 'B' || letter == 'F';
    if (!the_kernel || !symbolize(address, text, sizeof text, with_offset))
        format_text(text, sizeof text, "0x%lx", displayed_address(address));
    spec.precision = -1;
    format_string(out, text, spec);
}

/// %*ph: up to 64 bytes; the width is their number.
void put_bytes(FormatOut& out, const u8* bytes, const char* letters, const FormatSpec& spec)
{
    if (spec.width == 0)
        return;
    const int length = spec.width < 0 ? 1 : spec.width > 64 ? 64 : spec.width;
    const char separator = letters[1] == 'C' ? ':' : letters[1] == 'D' ? '-' : letters[1] == 'N' ? '\0' : ' ';
    for (int i = 0; i < length; ++i) {
        if (i > 0 && separator)
            out.put(separator);
        put_hex(out, bytes[i], 2);
    }
}

bool bit_of(const unsigned long* bits, int n) { return ((bits[n / 64] >> (n % 64)) & 1) != 0; }

/// %*pb: groups of 32 bits, highest first.
void put_bitmap(FormatOut& out, const unsigned long* bits, int count)
{
    for (int group = (count + 31) / 32 - 1; group >= 0; --group) {
        u64 value = 0;
        const int in_group = group * 32 + 32 <= count ? 32 : count - group * 32;
        for (int i = 0; i < in_group; ++i)
            value |= u64{bit_of(bits, group * 32 + i)} << i;
        put_hex(out, value, (in_group + 3) / 4);
        if (group > 0)
            out.put(',');
    }
}

/// %*pbl: "0-3,7"
void put_bit_list(FormatOut& out, const unsigned long* bits, int count)
{
    bool first = true;
    for (int i = 0; i < count; ++i) {
        if (!bit_of(bits, i))
            continue;
        int last = i;
        while (last + 1 < count && bit_of(bits, last + 1))
            ++last;
        if (!first)
            out.put(',');
        first = false;
        put_decimal(out, static_cast<u64>(i));
        if (last > i) {
            out.put('-');
            put_decimal(out, static_cast<u64>(last));
        }
        i = last;
    }
}

/// %pUb %pUB %pUl %pUL
void put_uuid(FormatOut& out, const u8* uuid, char kind)
{
    static constexpr u8 big[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    static constexpr u8 little[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    const u8* order = kind == 'l' || kind == 'L' ? little : big;
    FormatSpec spec;
    spec.base = 16;
    spec.zero = true;
    spec.small = kind != 'B' && kind != 'L';
    spec.width = 2;
    for (int i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out.put('-');
        format_number(out, uuid[order[i]], spec);
    }
}

void put_resource_value(FormatOut& out, u64 value, unsigned long flags)
{
    if ((flags & (IORESOURCE_IRQ | IORESOURCE_DMA | IORESOURCE_BUS)) != 0 && (flags & IORESOURCE_BUS) == 0)
        return put_decimal(out, value);
    if ((flags & IORESOURCE_BUS) != 0)
        return put_hex(out, value, 2);
    out.put("0x");
    put_hex(out, value, (flags & IORESOURCE_IO) != 0 ? 4 : 8);
}

const char* resource_kind(unsigned long flags)
{
    return (flags & IORESOURCE_IO) != 0    ? "io  "
           : (flags & IORESOURCE_MEM) != 0 ? "mem "
           : (flags & IORESOURCE_IRQ) != 0 ? "irq "
           : (flags & IORESOURCE_DMA) != 0 ? "dma "
           : (flags & IORESOURCE_BUS) != 0 ? "bus "
                                           : "??? ";
}

/// %pr shows the flags as a number, %pR as words.
void put_resource(FormatOut& out, const abi::resource& r, bool words)
{
    constexpr unsigned long mem_64 = 0x00100000, window = 0x00200000, disabled = 0x10000000,
                            unset = 0x20000000;
    const char* kind = resource_kind(r.flags);
    words = words && kind[0] != '?';
    out.put('[');
    out.put(kind);
    if ((r.flags & unset) != 0) {
        out.put("size ");
        put_resource_value(out, r.end - r.start + 1, r.flags);
    } else {
        put_resource_value(out, r.start, r.flags);
        if (r.start != r.end) {
            out.put('-');
            put_resource_value(out, r.end, r.flags);
        }
    }
    if (words) {
        out.put((r.flags & mem_64) != 0 ? " 64bit" : "");
        out.put((r.flags & IORESOURCE_PREFETCH) != 0 ? " pref" : "");
        out.put((r.flags & window) != 0 ? " window" : "");
        out.put((r.flags & disabled) != 0 ? " disabled" : "");
    } else {
        out.put(" flags 0x");
        put_hex(out, r.flags, 1);
    }
    out.put(']');
}

void put_dentry_path(FormatOut& out, const abi::dentry* d, int levels)
{
    if (levels > 1 && d->d_parent && d->d_parent != d) {
        put_dentry_path(out, d->d_parent, levels - 1);
        out.put('/');
    }
    out.put(reinterpret_cast<const char*>(d->d_name.name));
}

/// %pd, %pd2 to %pd4 and the same for a file with %pD.
void put_dentry(FormatOut& out, const void* p, const char* letters, FormatSpec spec)
{
    const abi::dentry* d = letters[0] == 'D' ? static_cast<const abi::file*>(p)->f_path.dentry
                                             : static_cast<const abi::dentry*>(p);
    if (bad(d))
        return put_bad(out, d, spec);
    const int levels = letters[1] >= '2' && letters[1] <= '4' ? letters[1] - '0' : 1;
    char text[256];
    FormatOut inner{text, text + sizeof text - 1};
    put_dentry_path(inner, d, levels);
    *inner.next = 0;
    format_string(out, text, spec);
}

void put_error(FormatOut& out, const void* p, FormatSpec spec)
{
    const auto value = reinterpret_cast<std::intptr_t>(p);
    if (value >= 0 || value < -4095)
        return put_hashed(out, p, spec);
    spec.is_signed = true;
    const char* name = errno_name(static_cast<int>(-value));
    if (!name)
        return format_number(out, static_cast<u64>(value), spec);
    char text[32] = "-";
    std::strncat(text, name, sizeof text - 2);
    format_string(out, text, spec);
}

/// %*pE: text with what is not printable escaped.
void put_escaped(FormatOut& out, const u8* bytes, const FormatSpec& spec)
{
    static constexpr char from[] = "\n\r\t\v\f\a\033";
    static constexpr char to[] = "nrtvfae";
    const int count = spec.width < 0 ? 1 : spec.width;
    for (int i = 0; i < count; ++i) {
        const u8 c = bytes[i];
        const char* known = c ? std::strchr(from, c) : nullptr;
        if (c >= 0x20 && c < 0x7f) {
            out.put(static_cast<char>(c));
            continue;
        }
        out.put('\\');
        if (known)
            out.put(to[known - from]);
        else if (c == 0)
            out.put('0');
        else
            for (int shift = 6; shift >= 0; shift -= 3)
                out.put(static_cast<char>('0' + ((c >> shift) & 7)));
    }
}

void put_nested(FormatOut& out, const VaFormat& v)
{
    char text[1024];
    va_list args;
    va_copy(args, *v.va);
    vformat_text(text, sizeof text, v.fmt, args);
    va_end(args);
    out.put(text);
}

void put_referred(FormatOut& out, const char* letters, const void* p, const FormatSpec& spec)
{
    const auto* bytes = static_cast<const u8*>(p);
    switch (letters[0]) {
    case 'R':
    case 'r': return put_resource(out, *static_cast<const abi::resource*>(p), letters[0] == 'R');
    case 'h': return put_bytes(out, bytes, letters, spec);
    case 'b': {
        const auto* bits = static_cast<const unsigned long*>(p);
        const int count = spec.width < 0 ? 0 : spec.width;
        return letters[1] == 'l' ? put_bit_list(out, bits, count) : put_bitmap(out, bits, count);
    }
    case 'M':
    case 'm': return format_mac(out, bytes, letters);
    case 'I':
    case 'i': return format_ip(out, bytes, letters);
    case 'U': return put_uuid(out, bytes, letters[1]);
    case 'V': return put_nested(out, *static_cast<const VaFormat*>(p));
    case 'E': return put_escaped(out, bytes, spec);
    case 'a': // %pa, %pap, %pad: the address stands in memory
        out.put("0x");
        return put_hex(out, *static_cast<const u64*>(p), 16);
    default: return put_dentry(out, p, letters, spec);
    }
}

} // namespace

const char* format_pointer(FormatOut& out, const char* letters, const void* p, FormatSpec spec)
{
    const char* after = letters;
    while (alphanumeric(*after))
        ++after;
    switch (letters[0]) {
    case 'S':
    case 's':
    case 'F':
    case 'f':
    case 'B': put_symbol(out, p, letters[0], spec); break;
    case 'x': put_address(out, displayed_address(reinterpret_cast<std::uintptr_t>(p)), spec); break;
    case 'e': put_error(out, p, spec); break;
    case 'R':
    case 'r':
    case 'h':
    case 'b':
    case 'M':
    case 'm':
    case 'I':
    case 'i':
    case 'U':
    case 'V':
    case 'E':
    case 'a':
    case 'd':
    case 'D':
        if (bad(p))
            put_bad(out, p,
                    letters[0] == 'h' || letters[0] == 'b' || letters[0] == 'E' ? FormatSpec{} : spec);
        else
            put_referred(out, letters, p, spec);
        break;
    default: put_hashed(out, p, spec); break;
    }
    return after;
}

} // namespace irqlab::kernel
