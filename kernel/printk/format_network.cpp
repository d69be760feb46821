// %pM and %pI: hardware and Internet addresses. [LX core-api/printk-formats]
#include "kernel/printk/format.hpp"

namespace irqlab::kernel {

namespace {

void put_hex(FormatOut& out, u64 value, int digits)
{
    FormatSpec spec;
    spec.base = 16;
    spec.small = spec.zero = true;
    spec.width = digits;
    format_number(out, value, spec);
}

void put_decimal(FormatOut& out, u64 value, int digits)
{
    FormatSpec spec;
    spec.zero = true;
    spec.width = digits;
    format_number(out, value, spec);
}

/// %pI4, %pi4 with h, n, b or l for the byte order.
void put_ip4(FormatOut& out, const u8* ip, bool leading_zeros, char order)
{
    const bool reversed = order == 'h' || order == 'l'; // host order is little-endian
    for (int i = 0; i < 4; ++i) {
        if (i > 0)
            out.put('.');
        put_decimal(out, ip[reversed ? 3 - i : i], leading_zeros ? 3 : -1);
    }
}

/// The first longest run of zero words, of two words at least. [RFC5952]
int longest_zeros(const u8* ip, int& length)
{
    int best = -1;
    length = 1;
    for (int i = 0; i < 8; ++i) {
        int n = 0;
        while (i + n < 8 && (ip[2 * (i + n)] | ip[2 * (i + n) + 1]) == 0)
            ++n;
        if (n > length) {
            length = n;
            best = i;
        }
    }
    return best;
}

void put_ip6(FormatOut& out, const u8* ip, bool colons, bool compressed)
{
    int run = 0;
    const int gap = compressed ? longest_zeros(ip, run) : -1;
    for (int i = 0; i < 8; ++i) {
        if (i == gap) {
            out.put("::");
            i += run - 1;
            continue;
        }
        if (colons && i > 0 && !(gap >= 0 && i == gap + run))
            out.put(':');
        put_hex(out, static_cast<u64>(ip[2 * i] << 8 | ip[2 * i + 1]), compressed ? 1 : 4);
    }
}

} // namespace

/// %pM, %pMF, %pMR, %pm, %pmR
void format_mac(FormatOut& out, const u8* mac, const char* letters)
{
    const bool reversed = letters[1] == 'R';
    const char separator = letters[0] == 'm' ? '\0' : letters[1] == 'F' ? '-' : ':';
    for (int i = 0; i < 6; ++i) {
        if (i > 0 && separator)
            out.put(separator);
        put_hex(out, mac[reversed ? 5 - i : i], 2);
    }
}

void format_ip(FormatOut& out, const u8* ip, const char* letters)
{
    if (letters[1] == '4')
        return put_ip4(out, ip, letters[0] == 'i', letters[2]);
    put_ip6(out, ip, letters[0] == 'I', letters[0] == 'I' && letters[2] == 'c');
}

} // namespace irqlab::kernel
