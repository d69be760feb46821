// Commands that show bytes: hexdump, xxd, od.
#include <algorithm>
#include <cctype>
#include <cstring>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

struct Dump {
    std::uint64_t limit = ~std::uint64_t{0}, skip = 0;
    bool all = false;                // -v: repeated lines too
    std::size_t width = 16;
    char style = 'x';                // c: canonical, x: words, or od's types
    unsigned unit = 2, group = 2;
    char radix = 'o';                // od: of the addresses
};

/// All bytes of the inputs, one after the other. @return status.
int collect(Command& c, const Vec<const char*>& paths, const Dump& dump, Str& out)
{
    struct Target {
        Str* out;
        std::uint64_t limit;
    } target{&out, dump.limit > ~std::uint64_t{0} - dump.skip ? dump.limit : dump.limit + dump.skip};
    const int status = for_each_input(
        c, paths,
        [](Command& command, int fd, const char* path, void* context) {
            Target& t = *static_cast<Target*>(context);
            ssize_t n = 1;
            while (n > 0 && t.out->size() < t.limit) {
                const std::size_t before = t.out->size();
                const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(4096, t.limit - before));
                t.out->resize(before + want);
                n = read_some(fd, t.out->data() + before, want);
                t.out->resize(before + (n > 0 ? static_cast<std::size_t>(n) : 0));
            }
            return n < 0 ? command.fail_path(path, n) : 0;
        },
        &target);
    out.erase(0, static_cast<std::size_t>(std::min<std::uint64_t>(dump.skip, out.size())));
    return status;
}

unsigned long long unit_at(std::string_view row, std::size_t at, unsigned size)
{
    unsigned long long value = 0;
    for (unsigned i = 0; i < size && at + i < row.size(); ++i)
        value |= static_cast<unsigned long long>(static_cast<unsigned char>(row[at + i])) << (8 * i);
    return value;
}

char shown(char byte)
{
    return byte >= ' ' && byte <= '~' ? byte : '.';
}

void canonical_row(Command& c, std::uint64_t offset, std::string_view row)
{
    c.print("%08llx ", static_cast<unsigned long long>(offset));
    for (std::size_t i = 0; i < 16; ++i) {
        c.write(i == 8 ? "  " : " ");
        if (i < row.size())
            c.print("%02x", static_cast<unsigned char>(row[i]));
        else
            c.write("  ");
    }
    c.write("  |");
    for (const char byte : row)
        c.put(shown(byte));
    c.write("|\n");
}

void hexdump_row(Command& c, std::uint64_t offset, std::string_view row)
{
    c.print("%07llx", static_cast<unsigned long long>(offset));
    for (std::size_t i = 0; i < 16; i += 2)
        if (i < row.size())
            c.print(" %04llx", unit_at(row, i, 2));
        else
            c.write("     ");
    c.put('\n');
}

void xxd_row(Command& c, std::uint64_t offset, std::string_view row, const Dump& dump)
{
    c.print("%08llx: ", static_cast<unsigned long long>(offset));
    for (std::size_t i = 0; i < dump.width; ++i) {
        if (i < row.size())
            c.print("%02x", static_cast<unsigned char>(row[i]));
        else
            c.write("  ");
        if (dump.group > 0 && (i + 1) % dump.group == 0)
            c.put(' ');
    }
    c.write(dump.group > 0 && dump.width % dump.group == 0 ? " " : "  ");
    for (const char byte : row)
        c.put(shown(byte));
    c.put('\n');
}

/// A byte as od -c shows it, in four columns.
void od_character(Command& c, unsigned char byte)
{
    constexpr std::string_view codes("\0\a\b\f\n\r\t\v", 8), names = "0abfnrtv";
    const std::size_t known = codes.find(static_cast<char>(byte));
    if (known != std::string_view::npos)
        c.print("  \\%c", names[known]);
    else if (byte >= ' ' && byte <= '~')
        c.print("   %c", byte);
    else
        c.print(" %03o", byte);
}

void od_address(Command& c, std::uint64_t offset, char radix)
{
    const auto value = static_cast<unsigned long long>(offset);
    if (radix == 'o')
        c.print("%07llo", value);
    else if (radix == 'x')
        c.print("%06llx", value);
    else if (radix == 'd')
        c.print("%07llu", value);
}

void od_row(Command& c, std::uint64_t offset, std::string_view row, const Dump& dump)
{
    od_address(c, offset, dump.radix);
    for (std::size_t i = 0; i < row.size(); i += dump.unit) {
        const unsigned long long value = unit_at(row, i, dump.unit);
        const int hex = static_cast<int>(dump.unit * 2);
        constexpr int octal[] = {0, 3, 6, 0, 11, 0, 0, 0, 22}, decimal[] = {0, 3, 5, 0, 10, 0, 0, 0, 20};
        if (dump.style == 'c')
            od_character(c, static_cast<unsigned char>(value));
        else if (dump.style == 'x')
            c.print(" %0*llx", hex, value);
        else if (dump.style == 'o')
            c.print(" %0*llo", octal[dump.unit], value);
        else if (dump.style == 'u')
            c.print(" %*llu", decimal[dump.unit], value);
        else
            c.print(" %*lld", decimal[dump.unit] + 1,
                    static_cast<long long>(value << (64 - 8 * dump.unit)) >> (64 - 8 * dump.unit));
    }
    c.put('\n');
}

template <class PrintRow>
void print_rows(Command& c, std::string_view text, const Dump& dump, PrintRow print_row)
{
    bool starred = false;
    for (std::size_t at = 0; at < text.size() && !c.broken(); at += dump.width) {
        const std::string_view row = text.substr(at, dump.width);
        const bool same = !dump.all && at > 0 && row.size() == dump.width && row == text.substr(at - dump.width, dump.width);
        if (same && !starred)
            c.write("*\n");
        starred = same;
        if (!same)
            print_row(dump.skip + at, row);
    }
}

bool number_option(Command& c, const char* text, std::uint64_t& value)
{
    if (parse_size(text, value))
        return true;
    c.fail("invalid number: '%s'", text);
    return false;
}

bool od_type(Command& c, std::string_view type, Dump& dump)
{
    if (type.empty() || std::string_view("acdoux").find(type[0]) == std::string_view::npos)
        return c.fail("invalid type string '%.*s'", static_cast<int>(type.size()), type.data()), false;
    dump.style = type[0] == 'a' ? 'c' : type[0];
    dump.unit = dump.style == 'c' ? 1 : 4;
    const char size = type.size() > 1 ? type[1] : '4';
    if (dump.style != 'c' && size >= '1' && size <= '8')
        dump.unit = static_cast<unsigned>(size - '0');
    if (dump.unit == 3 || (dump.unit > 4 && dump.unit < 8))
        return c.fail("invalid type string '%.*s'", static_cast<int>(type.size()), type.data()), false;
    return true;
}

} // namespace

int hexdump_command(Command& c)
{
    Dump dump;
    OptionReader reader(c, "Cxvn:s:");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        if (option == 'C' || option == 'x')
            dump.style = option;
        dump.all |= option == 'v';
        if ((option == 'n' || option == 's') && !number_option(c, reader.value(), option == 'n' ? dump.limit : dump.skip))
            return 1;
    }
    Str text(&c.memory);
    const int status = collect(c, reader.operands(), dump, text);
    print_rows(c, text, dump, [&](std::uint64_t offset, std::string_view row) {
        dump.style == 'C' ? canonical_row(c, offset, row) : hexdump_row(c, offset, row);
    });
    if (!text.empty())
        c.print(dump.style == 'C' ? "%08llx\n" : "%07llx\n", static_cast<unsigned long long>(dump.skip + text.size()));
    return status;
}

int xxd_command(Command& c)
{
    Dump dump;
    dump.all = true;
    bool plain = false;
    OptionReader reader(c, "pl:s:c:g:u");
    while (const char option = reader.next()) {
        std::uint64_t number = 0;
        if (option == '?')
            return 1;
        plain |= option == 'p';
        if (reader.value() && !number_option(c, reader.value(), number))
            return 1;
        if (option == 'l')
            dump.limit = number;
        else if (option == 's')
            dump.skip = number;
        else if (option == 'c')
            dump.width = std::clamp<std::size_t>(static_cast<std::size_t>(number), 1, 256);
        else if (option == 'g')
            dump.group = static_cast<unsigned>(number);
    }
    if (plain)
        dump.width = 30;
    Str text(&c.memory);
    const int status = collect(c, reader.operands(), dump, text);
    print_rows(c, text, dump, [&](std::uint64_t offset, std::string_view row) {
        if (!plain)
            return xxd_row(c, offset, row, dump);
        for (const char byte : row)
            c.print("%02x", static_cast<unsigned char>(byte));
        c.put('\n');
    });
    return status;
}

int od_command(Command& c)
{
    Dump dump;
    dump.style = 'o';
    OptionReader reader(c, "A:t:xcvdobN:j:w:");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        const char* type = option == 't' ? reader.value() : option == 'x' ? "x2" : option == 'c' ? "c" : option == 'd' ? "u2"
                           : option == 'b' ? "o1" : option == 'o' ? "o2" : nullptr;
        if (type && !od_type(c, type, dump))
            return 1;
        dump.all |= option == 'v';
        if (option == 'A')
            dump.radix = reader.value()[0];
        std::uint64_t width = dump.width;
        if (std::strchr("Njw", option) && !number_option(c, reader.value(), option == 'N' ? dump.limit : option == 'j' ? dump.skip : width))
            return 1;
        dump.width = std::clamp<std::size_t>(static_cast<std::size_t>(width), 1, 256);
    }
    Str text(&c.memory);
    const int status = collect(c, reader.operands(), dump, text);
    print_rows(c, text, dump, [&](std::uint64_t offset, std::string_view row) { od_row(c, offset, row, dump); });
    od_address(c, dump.skip + text.size(), dump.radix);
    if (dump.radix != 'n')
        c.put('\n');
    return status;
}

} // namespace irqlab::lab::sh
