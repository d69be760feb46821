// Register fields as types: no macros, no C++ bit-fields (their layout is not portable).
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>

namespace irqlab {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

/// `Width` bits of a register of type R, the lowest being bit `Low`.
template <std::unsigned_integral R, unsigned Low, unsigned Width = 1>
struct Field {
    static_assert(Width >= 1 && Low + Width <= std::numeric_limits<R>::digits);
    static constexpr u64 ones = ~u64{0} >> (64 - Width);
    static constexpr R mask = static_cast<R>(ones << Low);

    static constexpr R get(R reg) { return static_cast<R>((reg & mask) >> Low); }
    static constexpr bool test(R reg) { return (reg & mask) != 0; }
    static constexpr R put(R reg, u64 value)
    {
        return static_cast<R>((reg & ~mask) | ((value << Low) & mask));
    }
};

/// Bit `n` of a register of type R. `n` must be smaller than the register's width.
template <std::unsigned_integral R>
constexpr R bit(unsigned n)
{
    return static_cast<R>(R{1} << n);
}

} // namespace irqlab
