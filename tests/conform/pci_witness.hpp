// QEMU as a witness for PCI: a board with educational devices in given slots.
#pragma once
#include "tests/conform/qemu_witness.hpp"

namespace irqlab::conform {

/// `slots`: where the devices are. Steps of operations_pci.cpp are understood.
std::unique_ptr<Witness> start_pci_witness(hw::BoardId board, std::span<const u8> slots,
                                           Qtest::Clock clock = Qtest::Clock::stopped);

/// Plugs them into ours, and brings both sides to the same state: memory of the n-th at edu_memory(n), memory
/// decoding and bus mastering on, interrupt status clear, MSI off, PIRQs not routed, the 8259s with level
/// inputs and masked.
std::vector<Step> pci_preamble(hw::BoardId board, std::span<const u8> slots);

constexpr u64 edu_memory(unsigned n) { return 0xe0000000 + n * 0x100000; }

} // namespace irqlab::conform
