// KVM as a witness: each step is performed in the virtual machine of kvm_vm.hpp, by a guest's instruction
// where it is an access.
//
// It knows out, in, write, read, line, msi, take, eoi, rdmsr, wrmsr, write_cr8, read_cr8, lapic, irr, isr,
// tmr, pic_state, ioapic_entry. A sequence begins with a machine that is powered on anew. Lines are wired as
// on board pc: ISA line 0 goes to pin 2 of the I/O APIC, others to the pin of their number.
#pragma once
#include <array>
#include <optional>

#include "tests/conform/chip.hpp"
#include "tests/conform/kvm_vm.hpp"

namespace irqlab::conform {

class KvmWitness : public Witness {
public:
    /// Throws WitnessError when this host has no KVM.
    explicit KvmWitness(unsigned cpus = 1);
    std::vector<u64> perform(std::span<const Step> steps) override;
    KvmVm& vm() { return vm_; }

private:
    u64 perform_one(const Step& step);
    std::optional<u64> look(const Step& step);
    std::optional<u64> access(const Step& step);
    std::optional<u64> wire(const Step& step);
    void forget();
    void drive(unsigned line, bool high);
    u64 word(const Step& step, unsigned bank);

    KvmVm vm_;
    u32 lines_ = 0; // Levels as they were told.
    /// The APICs' registers since the last step that may have changed them.
    std::vector<std::optional<kvm_lapic_state>> seen_;
    std::optional<kvm_ioapic_state> seen_ioapic_;
};

} // namespace irqlab::conform
