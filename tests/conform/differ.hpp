// The differential run: our machine and a witness perform the same sequences; each answer is compared.
#pragma once
#include <map>
#include <string>

#include "tests/conform/chip.hpp"

namespace irqlab::conform {

struct DifferOptions {
    u64 operations = 100'000; ///< Random steps in all.
    u64 seed = 1;
    std::string save_to; ///< Folder for minimised differences; "" keeps none.
};

/// Two answers to one step.
struct Difference {
    std::vector<Step> steps; ///< Preamble and all up to the step that differs.
    u64 ours, theirs;        ///< Answers to the last one.
};

struct DifferResult {
    u64 operations = 0;
    u64 comparisons = 0;
    u64 unexplained = 0;                 ///< Differences with the quirks on.
    std::vector<Difference> differences; ///< Of those, the first few, minimised.
    std::vector<std::string> files;      ///< Where they were kept.
    /// By quirk, in how many sequences the answers are others without it: what is ours on purpose.
    std::map<std::string, u64> explained;
    u64 sequences = 0;
};

/// Runs `chip` against its witness. Throws WitnessError when there is none.
DifferResult differ(const Chip& chip, const DifferOptions& options);

/// A difference as people read it.
std::string text(const Difference& difference);

} // namespace irqlab::conform
