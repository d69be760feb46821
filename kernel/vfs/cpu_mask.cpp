// CPU masks as text. [LX core-api/printk-formats] "bitmap and its derivatives"
#include "kernel/kernel.hpp"
#include "kernel/vfs/tables.hpp"

namespace irqlab::kernel {

void append_mask(TextSink& out, const CpuSet& mask, unsigned cpus)
{
    // In words of 32 bits, the first one as narrow as the number of CPUs allows.
    constexpr unsigned word_bits = 32;
    for (unsigned left = cpus; left != 0;) {
        const unsigned bits = (left - 1) % word_bits + 1;
        left -= bits;
        const u64 word = mask.word[left / 64] >> left % 64 & ~u64{0} >> (64 - bits);
        out.format("{:0{}x}{}", word, (bits + 3) / 4, left != 0 ? "," : "");
    }
}

void append_list(TextSink& out, const CpuSet& mask)
{
    const char* separator = "";
    for (unsigned from = mask.next(0); from < cpu_set_bits;) {
        unsigned to = from;
        while (to + 1 < cpu_set_bits && mask.has(to + 1))
            ++to;
        out.format("{}{}", separator, from);
        if (to != from)
            out.format("-{}", to);
        separator = ",";
        from = to + 1 < cpu_set_bits ? mask.next(to + 1) : cpu_set_bits;
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

bool parse_list(std::string_view text, CpuSet& mask)
{
    do {
        u64 from = 0;
        if (!number(text, 10, from))
            return false;
        u64 to = from;
        if (take(text, '-') && !number(text, 10, to))
            return false;
        if (from > to || to >= cpu_set_bits)
            return false;
        for (u64 cpu = from; cpu <= to; ++cpu)
            mask.add(static_cast<unsigned>(cpu));
    } while (take(text, ','));
    return text.empty();
}

} // namespace

bool parse_mask(std::string_view text, bool list, CpuSet& mask)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.remove_suffix(1);
    mask = {};
    if (list)
        return parse_list(text, mask);
    do {
        u64 word = 0;
        if (!number(text, 16, word) || word > 0xffffffff)
            return false;
        for (std::size_t i = mask.word.size(); i-- > 0;) // the words before are 32 bits higher
            mask.word[i] = mask.word[i] << 32 | (i != 0 ? mask.word[i - 1] >> 32 : word);
    } while (take(text, ','));
    return text.empty();
}

} // namespace irqlab::kernel
