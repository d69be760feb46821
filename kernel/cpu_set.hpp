// A set of CPUs: what Linux calls a cpumask, as a value.
#pragma once
#include <array>
#include <bit>
#include <cstdint>

namespace irqlab::kernel {

inline constexpr unsigned cpu_set_bits = 256;

struct CpuSet {
    std::array<std::uint64_t, cpu_set_bits / 64> word{};
    bool operator==(const CpuSet&) const = default;

    static constexpr CpuSet only(unsigned cpu)
    {
        CpuSet set;
        set.add(cpu);
        return set;
    }
    static constexpr CpuSet all()
    {
        CpuSet set;
        set.word.fill(~std::uint64_t{0});
        return set;
    }
    /// CPUs 0 to count - 1.
    static constexpr CpuSet first_of(unsigned count)
    {
        CpuSet set;
        for (unsigned cpu = 0; cpu < count && cpu < cpu_set_bits; ++cpu)
            set.add(cpu);
        return set;
    }

    constexpr bool has(unsigned cpu) const { return (word[cpu / 64] >> cpu % 64 & 1) != 0; }
    constexpr void add(unsigned cpu) { word[cpu / 64] |= std::uint64_t{1} << cpu % 64; }
    constexpr void drop(unsigned cpu) { word[cpu / 64] &= ~(std::uint64_t{1} << cpu % 64); }
    constexpr bool empty() const { return (word[0] | word[1] | word[2] | word[3]) == 0; }
    constexpr CpuSet operator&(const CpuSet& other) const
    {
        CpuSet both;
        for (unsigned i = 0; i < word.size(); ++i)
            both.word[i] = word[i] & other.word[i];
        return both;
    }
    /// The lowest CPU from `cpu` on, or cpu_set_bits.
    constexpr unsigned next(unsigned cpu) const
    {
        for (unsigned i = cpu / 64; i < word.size(); ++i) {
            const std::uint64_t rest =
                word[i] & (i == cpu / 64 ? ~std::uint64_t{0} << cpu % 64 : ~std::uint64_t{0});
            if (rest != 0)
                return i * 64 + static_cast<unsigned>(std::countr_zero(rest));
        }
        return cpu_set_bits;
    }
};

} // namespace irqlab::kernel
