// Sequences, their comparison, and the minimising of a difference. See the header.
#include "tests/conform/differ.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

#include "hw/board/quirks.hpp"
#include "tests/conform/cases.hpp"
#include "tests/conform/qtest.hpp"

namespace irqlab::conform {

namespace {

constexpr std::size_t differences_kept = 5;
constexpr u64 power_on_seconds = 1'767'225'600;

/// Performs steps on ours, from a machine that is powered on anew.
class Ours {
public:
    explicit Ours(const Chip& chip, u32 quirk_off = 0, const hw::QuirkedChip* of = nullptr)
    {
        hw::power_on(*machine_, chip.board, chip.cpus, power_on_seconds);
        hw::set_profile(*machine_, chip.profile);
        if (of)
            hw::set_quirks(*machine_, *of, of->switches(*machine_) & ~quirk_off);
    }
    u64 perform(const Step& s) { return conform::perform(*machine_, s); }
    const hw::Machine& machine() const { return *machine_; }

private:
    std::unique_ptr<hw::Machine> machine_ = std::make_unique<hw::Machine>();
};

struct Sequence {
    std::vector<Step> steps;
    std::vector<u64> ours;

    void add(Ours& side, const Step& s)
    {
        ours.push_back(side.perform(s));
        steps.push_back(s);
    }
};

Sequence make(const Chip& chip, u64 seed, unsigned length)
{
    Random random(seed);
    Ours side(chip);
    Sequence sequence;
    for (const Step& s : chip.preamble())
        sequence.add(side, s);
    for (unsigned i = 0; i < length; ++i) {
        Step s = chip.next(random, side.machine());
        while (chip.allowed && !chip.allowed(s, side.machine()))
            s = chip.next(random, side.machine());
        sequence.add(side, s);
        for (const Step& look : chip.observe(s, side.machine()))
            sequence.add(side, look);
    }
    return sequence;
}

/// The first step from `from` on that is answered differently, or -1. What a preamble sees may still be the
/// sequence before.
std::ptrdiff_t first_difference(std::span<const u64> ours, std::span<const u64> theirs, std::size_t from)
{
    const auto skip = static_cast<std::ptrdiff_t>(std::min(from, ours.size()));
    const auto [a, b] = std::mismatch(ours.begin() + skip, ours.end(), theirs.begin() + skip, theirs.end());
    return a == ours.end() ? -1 : a - ours.begin();
}

/// Whether these steps alone, well-formed still, show a difference; cut after it.
bool differs(const Chip& chip, Witness& witness, std::vector<Step>& steps, Difference& found)
{
    Ours side(chip);
    std::vector<u64> ours;
    for (const Step& s : steps) {
        if (chip.allowed && !chip.allowed(s, side.machine()))
            return false;
        ours.push_back(side.perform(s));
    }
    const std::vector<u64> theirs = witness.perform(steps);
    const std::ptrdiff_t at = first_difference(ours, theirs, chip.preamble().size());
    if (at < 0)
        return false;
    steps.resize(static_cast<std::size_t>(at) + 1);
    found = {steps, ours[static_cast<std::size_t>(at)], theirs[static_cast<std::size_t>(at)]};
    return true;
}

/// Leaves out ever smaller runs of steps while the difference stays. The preamble stays whole.
Difference minimise(const Chip& chip, Difference found, std::size_t preamble)
{
    for (std::size_t chunk = found.steps.size() / 2; chunk >= 1; chunk /= 2)
        for (std::size_t from = preamble; from < found.steps.size() - 1;) {
            std::vector<Step> fewer = found.steps;
            const std::size_t to = std::min(from + chunk, fewer.size() - 1);
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(from),
                        fewer.begin() + static_cast<std::ptrdiff_t>(to));
            const auto witness = chip.start(); // A fresh one: what went before must not matter.
            if (!differs(chip, *witness, fewer, found))
                from += chunk;
        }
    return found;
}

std::string keep(const Chip& chip, const Difference& d, u64 seed, const std::string& folder)
{
    std::filesystem::create_directories(folder);
    const std::string path = fmt::format("{}/{}-{}.json", folder, chip.name, seed);
    Case c{fmt::format("{} and ours differ: ours answers {:#x}", chip.witness, d.ours),
           {},
           "",
           chip.board,
           chip.cpus,
           d.steps};
    c.steps.back().expect = d.theirs;
    std::ofstream(path) << to_json({path, fmt::format("A difference of {}, seed {}", chip.name, seed), {c}});
    return path;
}

/// Which quirks this sequence needs: without them ours answers otherwise.
void explain(const Chip& chip, const Sequence& sequence, DifferResult& result)
{
    for (const hw::QuirkedChip& of : hw::quirked_chips())
        for (const hw::Quirk& quirk : of.rows) {
            if ((hw::quirks_of(of.rows, chip.profile) & quirk.mask) == 0)
                continue;
            Ours side(chip, quirk.mask, &of);
            const bool other =
                !std::ranges::equal(sequence.steps, sequence.ours,
                                    [&](const Step& s, u64 answer) { return side.perform(s) == answer; });
            result.explained[quirk.name] += other;
        }
}

} // namespace

DifferResult differ(const Chip& chip, const DifferOptions& options)
{
    DifferResult result;
    auto witness = chip.start();
    const std::size_t preamble = chip.preamble().size();
    while (result.operations < options.operations) {
        const u64 seed = options.seed * 1'000'003 + result.sequences++;
        const unsigned length =
            static_cast<unsigned>(std::min<u64>(chip.steps, options.operations - result.operations));
        const Sequence sequence = make(chip, seed, length);
        const std::vector<u64> theirs = witness->perform(sequence.steps);
        result.operations += length;
        result.comparisons += static_cast<u64>(
            std::ranges::count_if(sequence.steps, [](const Step& s) { return s.operation->answers; }));
        const std::ptrdiff_t at = first_difference(sequence.ours, theirs, preamble);
        if (at < 0) {
            if (result.sequences % 16 == 1)
                explain(chip, sequence, result);
            continue;
        }
        ++result.unexplained;
        witness = chip.start();
        if (result.differences.size() >= differences_kept)
            continue;
        const std::size_t n = static_cast<std::size_t>(at);
        Difference d{{sequence.steps.begin(), sequence.steps.begin() + at + 1}, sequence.ours[n], theirs[n]};
        result.differences.push_back(minimise(chip, std::move(d), preamble));
        if (!options.save_to.empty())
            result.files.push_back(keep(chip, result.differences.back(), seed, options.save_to));
    }
    return result;
}

std::string text(const Difference& d)
{
    std::string lines;
    for (const Step& s : d.steps)
        lines += fmt::format("  {}\n", text(s));
    return lines + fmt::format("  ours: {:#x}, theirs: {:#x}\n", d.ours, d.theirs);
}

} // namespace irqlab::conform
