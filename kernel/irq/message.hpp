// What a line is sent as: a message of address and data, made by whatever stands between chip and CPUs.
//
// A chip (I/O APIC entry, MSI) knows its own format only. Its parent fills in the target: the CPUs' vectors
// themselves, or a remapping unit in front of them. In Linux's words, the parent domain.
// Source: [SDM3] "Message Address Register Format", "Message Data Register Format".
#pragma once
#include "hw/base/bits.hpp"
#include "linux/abi/irq.h"

namespace irqlab::kernel {

struct Kernel;

struct Message {
    u32 address = 0; // the upper half is 0: no CPU here has an ID above FEh
    u32 data = 0;
    bool operator==(const Message&) const = default;
};

/// Message address and data in compatibility format.
namespace message {
using Base = Field<u32, 20, 12>;
using Destination = Field<u32, 12, 8>;
using Remappable = Field<u32, 4>; // reserved in compatibility format
using Logical = Field<u32, 2>;
using Vector = Field<u32, 0, 8>;       // data
using DeliveryMode = Field<u32, 8, 3>; // data
inline constexpr u32 base = 0xfee;
} // namespace message

/// A message in remappable format. [VTD] "Interrupt Requests in Remappable Format".
namespace remappable {
using Index = Field<u32, 5, 15>; // bits 14:0
using SubhandleValid = Field<u32, 3>;
using Index15 = Field<u32, 2>;
} // namespace remappable

/// The part between a chip and the CPUs. Route says where the line goes.
struct MessageParent {
    /// The line has its first vector, or gave its last one back.
    int (*activate)(Kernel&, abi::irq_desc&);
    void (*deactivate)(Kernel&, abi::irq_desc&);
    /// The line goes elsewhere. @return true when that is seen to, and the message stays as it was.
    bool (*retarget)(Kernel&, abi::irq_desc&);
    Message (*compose)(Kernel&, abi::irq_desc&);
};

/// No unit in between: the message names vector and CPU.
extern const MessageParent vector_parent;

/// A redirection entry's target bits, taken from a message of either format. Trigger, polarity and mask are
/// the caller's. [82093AA] "I/O Redirection Table Registers"; [VTD] "I/OxAPIC Programming".
u64 entry_from_message(const Message& message);

} // namespace irqlab::kernel
