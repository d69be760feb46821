// What a device moves by itself: an edu's transfers, between its buffer and the drivers' memory.
//
// A device addresses the bus. RAM that is nobody's here reads as zeros and takes what is written without a trace.
#include <algorithm>
#include <cstring>

#include "hw/board/pci.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/pci/pci.hpp"

namespace irqlab::kernel {

namespace {

/// The part of a transfer that lies in the drivers' memory, or nothing.
std::span<std::byte> memory_at(Kernel& k, const hw::EduTransfer& t)
{
    const u64 offset = t.address - heap_phys;
    if (offset >= heap_bytes)
        return {};
    return {k.memory->heap + offset, std::min<u64>(t.bytes, heap_bytes - offset)};
}

void run_transfer(Kernel& k, unsigned edu, const hw::EduTransfer& t)
{
    const std::span<std::byte> memory = memory_at(k, t);
    if (t.to_memory) {
        std::memcpy(memory.data(), hw::edu_transfer_bytes(k.machine, edu).data(), memory.size());
        hw::finish_edu_transfer(k.machine, edu, {}, k.signals);
        return;
    }
    std::array<u8, hw::edu::buffer_bytes> bytes{};
    std::memcpy(bytes.data(), memory.data(), memory.size());
    hw::finish_edu_transfer(k.machine, edu, {bytes.data(), t.bytes}, k.signals);
}

} // namespace

void pci_run_transfers(Kernel& k)
{
    for (unsigned edu = 0; edu < k.machine.pci.edus; ++edu)
        if (const hw::EduTransfer t = hw::transfer(k.machine.edu[edu]); t.bytes != 0)
            run_transfer(k, edu, t);
}

} // namespace irqlab::kernel
