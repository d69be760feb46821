// Linux's side of VT-d's interrupt remapping: the table's entries, the queue that invalidates them, and the
// parent that puts them between a chip and the vectors (message.hpp).
//
// A line has an entry of the table for as long as it has a vector. Its chip is told the entry's number once;
// when the line moves only the entry changes, and the unit is told to forget its copy.
//
// Behind it the local APICs may be in x2APIC mode: then the entries have destinations of 32 bits (EIME).
//
// Not done: entries shared by several messages of one device, the fault interrupt. Source: [VTD] "Interrupt
// Remapping", "Queued Invalidation Interface"; [LX drivers/iommu/intel/irq_remapping.c] for what Linux writes
// where.
#pragma once
#include <array>
#include <span>

#include "hw/irq/vtd.hpp"
#include "kernel/irq/message.hpp"

namespace irqlab::kernel {

struct Route;
enum class ApicDriver : u8;

/// How the unit is reached: its registers, and the memory that it reads by itself.
struct RemapPort {
    u64 (*read)(void* context, u16 reg, unsigned width);
    void (*write)(void* context, u16 reg, unsigned width, u64 value);
    void* context;
    hw::VtdMemory memory; // remap_memory_bytes or more, at a page's boundary
};

inline constexpr unsigned remap_entries = 256;
/// Table, queue and the word that a wait writes: a page each.
inline constexpr std::size_t remap_memory_bytes = 3 * 4096;

struct Remap {
    RemapPort port;
    std::array<u64, remap_entries / 64> taken{}; // bit n: entry n is some line's
    unsigned queued = 0;                         // descriptors, modulo the queue's length
    bool eim = false;                            // extended mode: destinations of 32 bits
};

/// The unit can name x2APIC IDs.
bool remap_can_extend(const Remap& remap);
/// Sets table and queue up and turns remapping on, in Linux's order. @param eim  extended mode.
/// @return false: this unit cannot.
bool remap_enable(Remap& remap, bool eim);
/// A free entry, or -ENOSPC.
int remap_allocate(Remap& remap);
void remap_free(Remap& remap, unsigned index);
/// Writes an entry, and has the unit forget the old one.
void remap_write(Remap& remap, unsigned index, hw::Irte entry);

/// What a line's entry says: its vector and CPU, for requests of `source` only. The trigger mode is an edge
/// always: a level is the I/O APIC's affair, which is ended by its own EOI register.
hw::Irte remap_entry(const Route& route, u16 source, ApicDriver driver, bool eim);
/// The message that names an entry. `subhandle` stands where the vector would: an I/O APIC's pin.
Message remap_message(unsigned index, u8 subhandle);

/// The parent of lines behind k.irq->remap.
extern const MessageParent remap_parent;

} // namespace irqlab::kernel
