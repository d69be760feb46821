// A chip in the differential run: how random, well-formed operations on it are made, and how a witness is
// told of them.
//
// A run is many sequences. Each begins with the chip's preamble, which brings both sides to the same state
// whatever came before, and goes on with random steps; after each step the chip's observations are read back
// from both sides and compared.
#pragma once
#include <functional>
#include <memory>
#include <random>

#include "hw/base/quirk.hpp"
#include "tests/conform/step.hpp"

namespace irqlab::conform {

/// Small and the same everywhere: a sequence is its seed.
class Random {
public:
    explicit Random(u64 seed) : engine_(seed) {}
    /// 0 to below - 1.
    u64 below(u64 limit) { return engine_() % limit; }
    u8 byte() { return static_cast<u8>(engine_()); }
    bool one_in(unsigned n) { return below(n) == 0; }
    template <class T> const T& pick(std::span<const T> from) { return from[below(from.size())]; }

private:
    std::mt19937_64 engine_;
};

/// Another model of the same hardware.
class Witness {
public:
    virtual ~Witness() = default;
    /// Performs the steps; one answer for each, 0 where the step answers nothing. Throws WitnessError.
    virtual std::vector<u64> perform(std::span<const Step> steps) = 0;
};

struct Chip {
    const char* name;    ///< As `--chip` has it.
    const char* witness; ///< "qemu" or "kvm".
    hw::Profile profile; ///< The quirks that make ours like the witness.
    unsigned steps;      ///< Random steps of a sequence.
    hw::BoardId board = hw::BoardId::pc;
    unsigned cpus = 1;
    /// A fresh witness. Throws WitnessError when this host has none.
    std::function<std::unique_ptr<Witness>()> start;
    std::function<std::vector<Step>()> preamble;
    /// One random step; ours is the machine as the steps before have left it.
    std::function<Step(Random&, const hw::Machine& ours)> next;
    /// What is read back after each step.
    std::function<std::vector<Step>(const Step& after, const hw::Machine& ours)> observe;
    /// Whether a step is well-formed where it stands; others are drawn again, and a shortened sequence has
    /// none. Null: each is.
    std::function<bool(const Step&, const hw::Machine& ours)> allowed = {};
};

/// All chips, in the order of `--list`.
std::vector<Chip> all_chips();

// One for each chip_*.cpp.
Chip pic_against_qemu();
Chip ioapic_against_qemu();
Chip pit_against_qemu();
Chip hpet_against_qemu();
Chip lpt_against_qemu();
Chip pci_against_qemu();
Chip pci_q35_against_qemu();
Chip pirq_against_qemu();
Chip pirq_q35_against_qemu();
Chip edu_against_qemu();
Chip edu_dma_against_qemu();
Chip i8042_against_qemu();
Chip rtc_against_qemu();
Chip pic_against_kvm();
Chip ioapic_against_kvm();
std::vector<Chip> lapics_against_kvm();
Chip uart_against_qemu();

} // namespace irqlab::conform
