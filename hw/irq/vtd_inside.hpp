// Inside VT-d: what its registers, its queue and its remapping share.
#pragma once
#include "hw/irq/vtd.hpp"

namespace irqlab::hw::vtd_inside {

/// Fault record, high half. [VTD] "Fault Recording Registers".
using Recorded = Field<u64, 63>; // F
using Reason = Field<u64, 32, 8>;
using RecordSource = Field<u64, 0, 16>;
using RecordIndex = Field<u64, 48, 16>; // Of the low half: the interrupt's index.

inline bool fault_waits(const Vtd& unit)
{
    return (unit.fsts & (fsts::Overflow::mask | fsts::Pending::mask | fsts::QueueError::mask)) != 0;
}

/// Sets a cause of the fault event; the first of them sends it, or leaves it pending while it is masked.
VtdEvent raise_fault(Vtd& unit, u32 cause);

/// Carries out the descriptors between IQH and IQT, unless the queue is off or stands still for an error.
VtdEvent run_queue(Vtd& unit, VtdMemory memory, Signals& signals);

/// 16 bytes of memory at a physical address. False: there is no memory.
bool fetch(VtdMemory memory, u64 address, u64& low, u64& high);

} // namespace irqlab::hw::vtd_inside
