// Linux's printf formats, one row for each rule. Source: [LX core-api/printk-formats].
#include "kernel/printk/format.hpp"

#include <climits>
#include <cstring>
#include <gtest/gtest.h>

#include "linux/abi/io.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {
namespace {

struct Row {
    const char* clause;
    const char* got;
    const char* wanted;
};

// The compiler does not know Linux's conversions.
const char* text(const char* format, ...)
{
    static char ring[64][256];
    static unsigned next = 0;
    char* out = ring[next++ % 64];
    va_list args;
    va_start(args, format);
    vformat_text(out, 256, format, args);
    va_end(args);
    return out;
}

void check(std::initializer_list<Row> rows)
{
    for (const Row& row : rows)
        EXPECT_STREQ(row.got, row.wanted) << row.clause;
}

TEST(Format, Integers)
{
    check({
        {"int: %d", text("%d %i", 0, -42), "0 -42"},
        {"int: INT_MIN", text("%d", INT_MIN), "-2147483648"},
        {"unsigned: %u", text("%u", UINT_MAX), "4294967295"},
        {"%x, %X", text("%x %X", 0xbeef, 0xbeef), "beef BEEF"},
        {"%o", text("%o", 8), "10"},
        {"hh cuts to 8 bits", text("%hhd %hhu", 0x1ff, 0x1ff), "-1 255"},
        {"h cuts to 16 bits", text("%hd %hx", 0x18000, 0x18000), "-32768 8000"},
        {"l, ll, z, t", text("%ld %llx %zu %td", -1L, ~0ULL, size_t{7}, ptrdiff_t{-7}),
         "-1 ffffffffffffffff 7 -7"},
        {"L is ll", text("%Ld", LLONG_MIN), "-9223372036854775808"},
        {"width", text("[%5d][%-5d]", 42, 42), "[   42][42   ]"},
        {"zero pad", text("%05d", -42), "-0042"},
        {"plus and space", text("%+d % d", 1, 1), "+1  1"},
        {"precision", text("[%8.3d]", 5), "[     005]"},
        {"Linux pads with zeros in spite of a precision", text("[%08.3d]", 5), "[00000005]"},
        {"Linux: a precision of 0 prints 0", text("[%.0d]", 0), "[0]"},
        {"#x of 0 is 0x0", text("%#x", 0), "0x0"},
        {"#x counts in the width", text("%#06x", 0xf), "0x000f"},
        {"#o of 0 is 0", text("%#o %#o", 0, 8), "0 010"},
        {"* width, negative is left", text("[%*d][%*d]", 4, 1, -4, 1), "[   1][1   ]"},
        {"* precision", text("%.*x", 4, 0xa), "000a"},
        {"%%", text("100%%"), "100%"},
    });
}

TEST(Format, Strings)
{
    check({
        {"%s", text("%s!", "irq"), "irq!"},
        {"width", text("[%5s][%-5s]", "ab", "ab"), "[   ab][ab   ]"},
        {"precision", text("%.2s", "abc"), "ab"},
        {"null", text("%s", static_cast<const char*>(nullptr)), "(null)"},
        {"small address", text("%s", reinterpret_cast<const char*>(8)), "(efault)"},
        {"error pointer", text("%s", reinterpret_cast<const char*>(-2L)), "(efault)"},
        {"%c", text("[%c][%3c][%-3c]", 'a', 'b', 'c'), "[a][  b][c  ]"},
        {"%n ends the text", text("a%nb", static_cast<int*>(nullptr)), "a"},
        {"no floating point", text("a%fb", 1.0), "a"},
    });
}

TEST(Format, Pointers)
{
    const u8 mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0xab};
    const u8 ip[4] = {10, 0, 2, 15};
    const u8 ip6[16] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const u8 uuid[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const u64 phys = 0xfee00000;
    const unsigned long bits[2] = {0x8f, 1};
    check({
        {"%px", text("%px", reinterpret_cast<void*>(0xfee0)), "000000000000fee0"},
        {"%p of null is not hashed", text("%p", static_cast<void*>(nullptr)), "0000000000000000"},
        {"%p of an error is not hashed", text("%p", reinterpret_cast<void*>(-1L)), "ffffffffffffffff"},
        {"%pe", text("%pe", reinterpret_cast<void*>(-16L)), "-EBUSY"},
        {"%pe of an unknown errno", text("%pe", reinterpret_cast<void*>(-4000L)), "-4000"},
        {"%pM", text("%pM", mac), "52:54:00:12:34:ab"},
        {"%pMF", text("%pMF", mac), "52-54-00-12-34-ab"},
        {"%pMR", text("%pMR", mac), "ab:34:12:00:54:52"},
        {"%pm", text("%pm", mac), "5254001234ab"},
        {"%pI4", text("%pI4", ip), "10.0.2.15"},
        {"%pi4", text("%pi4", ip), "010.000.002.015"},
        {"%pI4h", text("%pI4h", ip), "15.2.0.10"},
        {"%pI6", text("%pI6", ip6), "fe80:0000:0000:0000:0000:0000:0000:0001"},
        {"%pi6", text("%pi6", ip6), "fe800000000000000000000000000001"},
        {"%pI6c", text("%pI6c", ip6), "fe80::1"},
        {"%pUb", text("%pUb", uuid), "00010203-0405-0607-0809-0a0b0c0d0e0f"},
        {"%pUL", text("%pUL", uuid), "03020100-0504-0706-0809-0A0B0C0D0E0F"},
        {"%*ph", text("%*ph", 3, mac), "52 54 00"},
        {"%*phC", text("%*phC", 3, mac), "52:54:00"},
        {"%*phD", text("%*phD", 3, mac), "52-54-00"},
        {"%*phN", text("%*phN", 3, mac), "525400"},
        {"%3ph", text("%3ph", mac), "52 54 00"},
        {"%pa", text("%pa", &phys), "0x00000000fee00000"},
        {"%pad", text("%pad", &phys), "0x00000000fee00000"},
        {"%*pb", text("%*pb", 65, bits), "1,00000000,0000008f"},
        {"%*pbl", text("%*pbl", 65, bits), "0-3,7,64"},
        {"%*pE", text("%*pE", 4, "a\n\x01z"), "a\\n\\001z"},
        {"a null where memory is read", text("%pM", static_cast<void*>(nullptr)), "(null)"},
        {"letters after %p belong to it", text("%pMFx.", mac), "52-54-00-12-34-ab."},
    });
}

TEST(Format, Hashed)
{
    int object = 0;
    const std::string a = text("%p", static_cast<void*>(&object));
    EXPECT_EQ(a.size(), 16u);
    EXPECT_EQ(a.substr(0, 8), "00000000") << "32 bits only";
    EXPECT_EQ(a, text("%p", static_cast<void*>(&object))) << "the same each time";
    EXPECT_EQ(a, text("%pK", static_cast<void*>(&object))) << "%pK with kptr_restrict 0";
    EXPECT_NE(a, text("%px", static_cast<void*>(&object)));
}

TEST(Format, Resources)
{
    abi::resource port{0x60, 0x6f, nullptr, IORESOURCE_IO, 0, nullptr, nullptr, nullptr, nullptr};
    abi::resource memory{0xfee00000, 0xfee00fff, nullptr, IORESOURCE_MEM | IORESOURCE_PREFETCH, 0, nullptr,
                         nullptr,    nullptr,    nullptr};
    abi::resource irq{5, 5, nullptr, IORESOURCE_IRQ, 0, nullptr, nullptr, nullptr, nullptr};
    check({
        {"%pR io", text("%pR", &port), "[io  0x0060-0x006f]"},
        {"%pr io", text("%pr", &port), "[io  0x0060-0x006f flags 0x100]"},
        {"%pR mem", text("%pR", &memory), "[mem 0xfee00000-0xfee00fff pref]"},
        {"%pR irq, one number", text("%pR", &irq), "[irq 5]"},
    });
}

const char* nested(const char* format, ...)
{
    va_list args;
    va_start(args, format);
    struct {
        const char* fmt;
        va_list* va;
    } v{format, &args};
    const char* out = text("<%pV>", static_cast<void*>(&v));
    va_end(args);
    return out;
}

TEST(Format, Nested) { EXPECT_STREQ(nested("%d-%s", 7, "x"), "<7-x>"); }

TEST(Format, Lengths)
{
    char small[4] = {'x', 'x', 'x', 'x'};
    EXPECT_EQ(format_text(small, sizeof small, "%d", 123456), 6) << "what it would have been";
    EXPECT_STREQ(small, "123") << "cut, with a NUL";
    EXPECT_EQ(abi::scnprintf(small, sizeof small, "%d", 123456), 3) << "what was stored";
    EXPECT_EQ(format_text(nullptr, 0, "%s", "abc"), 3) << "size 0 stores nothing";
}

} // namespace
} // namespace irqlab::kernel
