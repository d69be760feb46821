// CPU masks as text. [LX core-api/printk-formats] "bitmap and its derivatives"
#include <bit>

#include "kernel/kernel.hpp"
#include "kernel/vfs/tables.hpp"

namespace irqlab::kernel {

u64 online_mask(const Kernel& k)
{
    u64 mask = 0;
    for (unsigned cpu = 0; cpu < k.cpu_count && cpu < 64; ++cpu)
        mask |= u64{k.cpus[cpu].online} << cpu;
    return mask;
}

void append_mask(TextSink& out, u64 mask, unsigned cpus)
{
    const u64 all = cpus >= 64 ? ~u64{0} : (u64{1} << cpus) - 1;
    mask &= all;
    if (cpus > 32) // in words of 32 bits, the first one as narrow as the number of CPUs allows
        out.format("{:0{}x},{:08x}", mask >> 32, (cpus - 32 + 3) / 4, mask & 0xffffffff);
    else
        out.format("{:0{}x}", mask, (cpus + 3) / 4);
}

void append_list(TextSink& out, u64 mask)
{
    for (bool first = true; mask != 0; first = false) {
        const int from = std::countr_zero(mask);
        const int count = std::countr_one(mask >> from);
        const u64 bits = count == 64 ? ~u64{0} : ((u64{1} << count) - 1) << from;
        mask &= ~bits;
        out.format("{}{}", first ? "" : ",", from);
        if (count > 1)
            out.format("-{}", from + count - 1);
    }
}

namespace {

bool number(std::string_view& text, unsigned base, u64& value)
{
    std::size_t at = 0;
    value = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                               : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                               : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10
                                                      : 99;
        if (digit >= base)
            break;
        value = value * base + digit;
    }
    text.remove_prefix(at);
    return at != 0;
}

bool take(std::string_view& text, char c)
{
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

bool parse_list(std::string_view text, u64& mask)
{
    do {
        u64 from = 0;
        if (!number(text, 10, from))
            return false;
        u64 to = from;
        if (take(text, '-') && !number(text, 10, to))
            return false;
        if (from > to || to >= 64)
            return false;
        for (u64 cpu = from; cpu <= to; ++cpu)
            mask |= u64{1} << cpu;
    } while (take(text, ','));
    return text.empty();
}

} // namespace

bool parse_mask(std::string_view text, bool list, u64& mask)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.remove_suffix(1);
    mask = 0;
    if (list)
        return parse_list(text, mask);
    do {
        u64 word = 0;
        if (!number(text, 16, word))
            return false;
        mask = mask << 32 | word;
    } while (take(text, ','));
    return text.empty();
}

} // namespace irqlab::kernel
