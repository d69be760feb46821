// What lies in memory for the CPU's deliveries: gates of the IDT, descriptors of GDT and LDT, stacks in a
// TSS.
//
//   gate      real mode     4 bytes: offset 15:0, segment
//             protected     8 bytes: offset 15:0, selector, 0, type and DPL and P, offset 31:16
//             64-bit       16 bytes: the same with IST in bits 34:32, offset 63:32, 0
//   TSS       16-bit       SP n at 2 + 4n, SS n behind it
//             32-bit       ESP n at 4 + 8n, SS n behind it
//             64-bit       RSP n at 4 + 8n, IST n at 28 + 8n
//
// Reads only: accessed and busy bits are not set. Sources: [SDM3] "IDT Descriptors", "64-Bit Mode IDT",
// "Segment Descriptors", "Task-State Segment (TSS)".
#pragma once
#include <cstring>
#include <span>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

/// A stretch of linear memory.
struct Region {
    u64 address;
    const u8* bytes;
    u64 size;
};

/// The memory that deliveries read. What a region is named for is looked for there first, then in the others;
/// an item must lie in one of them. Outside of the three nothing is mapped.
struct Memory {
    Region idt;
    Region gdt;
    Region tss;
};

/// `size` bytes, `at` bytes into the region, are all in it.
inline bool covers(const Region& region, u64 at, u64 size)
{
    return at <= region.size && region.size - at >= size;
}

/// Copies `size` bytes at linear `address`. False: not mapped.
inline bool fetch(const Region& region, u64 address, void* to, u64 size)
{
    const u64 at = address - region.address;
    if (!covers(region, at, size))
        return false;
    std::memcpy(to, region.bytes + at, size);
    return true;
}
inline bool fetch(const Memory& memory, u64 address, void* to, u64 size)
{
    return fetch(memory.idt, address, to, size) || fetch(memory.gdt, address, to, size) ||
           fetch(memory.tss, address, to, size);
}

/// Error code of a fault that names a table's entry. [SDM3] "Error Code".
namespace selector_error {
using Ext = Field<u32, 0>;
using Idt = Field<u32, 1>;
using Table = Field<u32, 2>; // 1: LDT
using Index = Field<u32, 3, 13>;
} // namespace selector_error

/// A gate of any mode. In real mode there is but offset and selector (the segment).
struct Gate {
    enum class Type : u8 { task = 5, interrupt16 = 6, trap16 = 7, interrupt = 14, trap = 15 };
    u64 offset;
    u16 selector;
    u8 ist; // 0: no stack switch by IST.
    Type type;
    u8 dpl;
    bool present;
    bool operator==(const Gate&) const = default;
};

inline constexpr unsigned gate_bytes = 16;
inline constexpr unsigned gate32_bytes = 8;
inline constexpr unsigned gate16_bytes = 4;

inline bool leaves_if(Gate::Type type) { return type == Gate::Type::trap || type == Gate::Type::trap16; }

/// Bits 63:0 of a gate, and bits 127:64 for the 16-byte form (0 else). A gate whose S bit is set is none:
/// type 0.
inline Gate decode_gate(u64 low, u64 high)
{
    using Ist = Field<u64, 32, 3>;
    using Type = Field<u64, 40, 4>;
    using System = Field<u64, 44>;
    using Dpl = Field<u64, 45, 2>;
    using Present = Field<u64, 47>;
    const u64 offset = (low & 0xffff) | (low >> 48) << 16 | high << 32;
    const u64 type = System::test(low) ? 0 : Type::get(low);
    return {offset,
            static_cast<u16>(low >> 16),
            static_cast<u8>(Ist::get(low)),
            static_cast<Gate::Type>(type),
            static_cast<u8>(Dpl::get(low)),
            Present::test(low)};
}

Gate read_gate(std::span<const u8, gate_bytes> bytes);
void write_gate(std::span<u8, gate_bytes> bytes, const Gate& gate);
Gate read_gate32(std::span<const u8, gate32_bytes> bytes);
void write_gate32(std::span<u8, gate32_bytes> bytes, const Gate& gate);
Gate read_gate16(std::span<const u8, gate16_bytes> bytes);
void write_gate16(std::span<u8, gate16_bytes> bytes, const Gate& gate);

/// A code, data or system segment, 8 bytes in memory.
struct Descriptor {
    u32 base;
    u32 limit; // In bytes, less one; the granularity bit is applied.
    u8 type;   // Bits 3:0 of the type field.
    u8 dpl;
    bool user; // The S bit: code or data, not a system segment.
    bool present;
    bool long_code; // L
    bool big;       // D/B
    bool operator==(const Descriptor&) const = default;
};

inline constexpr unsigned descriptor_bytes = 8;
Descriptor decode_descriptor(u64 bits);
/// A limit above FFFFFh is given in pages.
u64 encode_descriptor(const Descriptor& descriptor);

inline bool is_code(const Descriptor& d) { return d.user && (d.type & 8) != 0; }
inline bool is_conforming(const Descriptor& d) { return (d.type & 4) != 0; }
inline bool is_writable_data(const Descriptor& d) { return d.user && (d.type & 10) == 2; }
inline bool is_expand_down(const Descriptor& d) { return (d.type & 4) != 0; }

/// Types of system segments.
enum SystemType : u8 {
    tss16_available = 1,
    ldt_segment = 2,
    tss16_busy = 3,
    tss_available = 9, // 32-bit, and 64-bit in IA-32e mode
    tss_busy = 11,
};

/// Linear addresses have 48 bits.
constexpr bool canonical(u64 address)
{
    return static_cast<u64>(static_cast<i64>(address << 16) >> 16) == address;
}

} // namespace irqlab::hw
