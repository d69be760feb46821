// Gates and descriptors as bytes. See the header.
#include "hw/cpu/tables.hpp"

namespace irqlab::hw {
namespace {

u64 low_half(const Gate& gate)
{
    u64 low = (gate.offset & 0xffff) | u64{gate.selector} << 16 | u64{gate.ist & 7u} << 32;
    low |= u64{static_cast<u8>(gate.type) & 0xfu} << 40 | u64{gate.dpl & 3u} << 45 | u64{gate.present} << 47;
    return low | (gate.offset >> 16 & 0xffff) << 48;
}

} // namespace

Gate read_gate(std::span<const u8, gate_bytes> bytes)
{
    u64 low = 0;
    u32 high = 0;
    std::memcpy(&low, bytes.data(), sizeof low);
    std::memcpy(&high, bytes.data() + sizeof low, sizeof high);
    return decode_gate(low, high);
}

void write_gate(std::span<u8, gate_bytes> bytes, const Gate& gate)
{
    const u64 low = low_half(gate);
    const u64 high = gate.offset >> 32;
    std::memcpy(bytes.data(), &low, sizeof low);
    std::memcpy(bytes.data() + sizeof low, &high, sizeof high);
}

Gate read_gate32(std::span<const u8, gate32_bytes> bytes)
{
    u64 low = 0;
    std::memcpy(&low, bytes.data(), sizeof low);
    Gate gate = decode_gate(low, 0);
    gate.ist = 0;
    return gate;
}

void write_gate32(std::span<u8, gate32_bytes> bytes, const Gate& gate)
{
    Gate plain = gate;
    plain.ist = 0;
    const u64 low = low_half(plain);
    std::memcpy(bytes.data(), &low, sizeof low);
}

Gate read_gate16(std::span<const u8, gate16_bytes> bytes)
{
    u16 word[2];
    std::memcpy(word, bytes.data(), sizeof word);
    return {word[0], word[1], 0, Gate::Type::interrupt16, 0, true};
}

void write_gate16(std::span<u8, gate16_bytes> bytes, const Gate& gate)
{
    const u16 word[2] = {static_cast<u16>(gate.offset), gate.selector};
    std::memcpy(bytes.data(), word, sizeof word);
}

Descriptor decode_descriptor(u64 bits)
{
    using Type = Field<u64, 40, 4>;
    using S = Field<u64, 44>;
    using Dpl = Field<u64, 45, 2>;
    using P = Field<u64, 47>;
    using L = Field<u64, 53>;
    using Db = Field<u64, 54>;
    using G = Field<u64, 55>;
    const u32 limit = static_cast<u32>((bits & 0xffff) | (bits >> 48 & 0xf) << 16);
    const u32 base = static_cast<u32>((bits >> 16 & 0xffffff) | (bits >> 56) << 24);
    return {base,
            G::test(bits) ? limit << 12 | 0xfff : limit,
            static_cast<u8>(Type::get(bits)),
            static_cast<u8>(Dpl::get(bits)),
            S::test(bits),
            P::test(bits),
            L::test(bits),
            Db::test(bits)};
}

u64 encode_descriptor(const Descriptor& d)
{
    const bool pages = d.limit > 0xfffff;
    const u64 limit = pages ? d.limit >> 12 : d.limit;
    u64 bits = (limit & 0xffff) | (limit >> 16) << 48 | u64{pages} << 55;
    bits |= u64{d.base & 0xffffff} << 16 | u64{d.base >> 24} << 56;
    bits |= u64{d.type & 0xfu} << 40 | u64{d.user} << 44 | u64{d.dpl & 3u} << 45 | u64{d.present} << 47;
    return bits | u64{d.long_code} << 53 | u64{d.big} << 54;
}

} // namespace irqlab::hw
