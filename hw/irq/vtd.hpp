// VT-d: the interrupt remapping unit (DMAR), as Linux uses it.
//
// Registers in one page of memory, 32 or 64 bits wide; FED90000h on the boards that have the unit.
//
//   00h VER    08h CAP    10h ECAP   18h GCMD (w)  1Ch GSTS (r)   20h RTADDR  28h CCMD
//   34h FSTS   38h FECTL  3Ch FEDATA 40h FEADDR    44h FEUADDR
//   80h IQH    88h IQT    90h IQA    9Ch ICS       A0h IECTL  A4h IEDATA  A8h IEADDR  ACh IEUADDR
//   B8h IRTA   220h FRCD, 16 bytes
//
// An interrupt request is a write of 32 bits to FEExxxxxh by some device (its source ID: bus, device,
// function). In compatibility format it names vector and destination itself; in remappable format (address
// bit 4) it names an entry of a table in memory, the IRTE, which holds them. remap() says what becomes of a
// request: it passes, it is remapped, or it is blocked and recorded as a fault.
//
// The unit caches an entry at its first use, and forgets it only when software invalidates it through the
// queue: who changes an entry in memory and forgets to invalidate keeps the old one, as on hardware.
//
// The unit reads memory by itself (table, queue) and writes it (status of a wait descriptor). Memory is
// handed in as VtdMemory; outside of it an access fails, as it does where there is no memory.
//
// Not modelled: DMA remapping (GCMD.TE is refused with Diagnosis::vtd_not_modelled; ECAP and CAP offer no
// more than Linux asks to go on without it), register-based invalidation, posted interrupts (ECAP says so; an
// IRTE with IM set is a fault 24h), page-request services, snapshots of the table at SIRTP for other units
// than this. Source: [VTD] "Interrupt Remapping", "Queued Invalidation Interface", "Fault Logging", "Register
// Descriptions".
#pragma once
#include <array>
#include <span>
#include <type_traits>

#include "hw/base/signal.hpp"
#include "hw/irq/apic_message.hpp"

namespace irqlab::hw {

inline constexpr u64 vtd_address = 0xfed90000;
inline constexpr u64 vtd_window = 0x1000;

/// Register offsets. [VTD] "Register Location".
enum VtdRegister : u16 {
    vtd_ver = 0x00,
    vtd_cap = 0x08,
    vtd_ecap = 0x10,
    vtd_gcmd = 0x18,
    vtd_gsts = 0x1c,
    vtd_rtaddr = 0x20,
    vtd_ccmd = 0x28,
    vtd_fsts = 0x34,
    vtd_fectl = 0x38,
    vtd_fedata = 0x3c,
    vtd_feaddr = 0x40,
    vtd_feuaddr = 0x44,
    vtd_iqh = 0x80,
    vtd_iqt = 0x88,
    vtd_iqa = 0x90,
    vtd_ics = 0x9c,
    vtd_iectl = 0xa0,
    vtd_iedata = 0xa4,
    vtd_ieaddr = 0xa8,
    vtd_ieuaddr = 0xac,
    vtd_irta = 0xb8,
    vtd_frcd = 0x220,
};

/// Global command and status: one bit each, in the same place.
namespace gcmd {
using Translation = Field<u32, 31>;
using SetRoot = Field<u32, 30>;
using QueuedInvalidation = Field<u32, 26>;
using Remapping = Field<u32, 25>;
using SetTable = Field<u32, 24>;
using Compatibility = Field<u32, 23>; // Lets requests in compatibility format pass.
} // namespace gcmd

/// Fault status.
namespace fsts {
using Overflow = Field<u32, 0>; // PFO, cleared by writing 1.
using Pending = Field<u32, 1>;  // PPF: some record has its F bit.
using QueueError = Field<u32, 4>;
using Index = Field<u32, 8, 8>;
} // namespace fsts

/// Event controls: of faults (FECTL) and of invalidation waits (IECTL).
namespace event_control {
using Pending = Field<u32, 30>; // Read-only: would have been sent, but was masked.
using Masked = Field<u32, 31>;
} // namespace event_control

namespace irta {
using Size = Field<u64, 0, 4>;   // The table has 2^(Size+1) entries.
using Extended = Field<u64, 11>; // EIME: destinations of 32 bits.
using Table = Field<u64, 12, 52>;
} // namespace irta

/// An interrupt remapping table entry, low half.
namespace irte {
using Present = Field<u64, 0>;
using FaultDisable = Field<u64, 1>;
using Logical = Field<u64, 2>;
using Redirect = Field<u64, 3>;
using Level = Field<u64, 4>;
using DeliveryMode = Field<u64, 5, 3>;
using Posted = Field<u64, 15>;
using Vector = Field<u64, 16, 8>;
using Destination = Field<u64, 32, 32>;     // With extended mode.
using XapicDestination = Field<u64, 40, 8>; // Without.
inline constexpr u64 reserved_low = 0x00000000ff007000;
// High half.
using SourceId = Field<u64, 0, 16>;
using SourceQualifier = Field<u64, 16, 2>;
using SourceCheck = Field<u64, 18, 2>; // 0 none, 1 by SourceId and SourceQualifier, 2 by a range of buses.
inline constexpr u64 reserved_high = ~u64{0xfffff};
} // namespace irte

/// Why a request was blocked. [VTD] "Interrupt Remapping Fault Reasons".
enum class VtdFault : u8 {
    none,
    reserved_in_request = 0x20,
    index_beyond_table = 0x21,
    not_present = 0x22,
    table_unreadable = 0x23,
    reserved_in_entry = 0x24,
    compatibility_blocked = 0x25,
    source_refused = 0x26,
};

/// A request in the format of an MSI. An I/O APIC's pin makes one of its entry.
struct InterruptRequest {
    u32 address;
    u32 data;
    u16 source; // Bus in bits 15:8, device in 7:3, function in 2:0.
};

/// The memory that the unit reads and writes by itself: a block at a physical address.
struct VtdMemory {
    u64 address;
    std::span<u8> bytes;
};

inline constexpr unsigned vtd_cached_entries = 256;

struct Irte {
    u64 low, high;
    bool operator==(const Irte&) const = default;
};

struct Vtd {
    u64 rtaddr = 0, ccmd = 0;
    u64 iqh = 0, iqt = 0, iqa = 0;
    u64 irta = 0;       // As software wrote it.
    u64 table = 0;      // As SIRTP took it over.
    u64 record_low = 0; // The one fault record.
    u64 record_high = 0;
    u32 gsts = 0;
    u32 fsts = 0;
    u32 fectl = event_control::Masked::mask;
    u32 fedata = 0, feaddr = 0, feuaddr = 0;
    u32 ics = 0; // Bit 0: a wait with its interrupt flag has completed.
    u32 iectl = event_control::Masked::mask;
    u32 iedata = 0, ieaddr = 0, ieuaddr = 0;
    u32 unused = 0;
    std::array<u64, vtd_cached_entries / 64> cached{}; // Bit n: entry n is in the cache.
    std::array<Irte, vtd_cached_entries> cache{};
    bool operator==(const Vtd&) const = default;
};
static_assert(std::has_unique_object_representations_v<Vtd>);

/// No register access can lead to a state for which this is false.
bool valid(const Vtd& unit);

inline bool remapping(const Vtd& unit) { return gcmd::Remapping::test(unit.gsts); }

/// A register access, width 4 or 8 bytes at a multiple of 4; others read 0 and are ignored, with a diagnosis.
/// A write may run the queue, and ends in an event message (faults, completed waits) when `event` says so.
struct VtdEvent {
    bool sends = false;
    u32 address = 0, data = 0;
};
u64 peek(const Vtd& unit, u16 offset, unsigned width);
u64 read(const Vtd& unit, u16 offset, unsigned width, Signals& signals);
VtdEvent write(Vtd& unit, u16 offset, unsigned width, u64 value, VtdMemory memory, Signals& signals);

/// What becomes of a request while remapping is on.
struct Remapped {
    enum class Outcome : u8 { passes, remapped, blocked };
    Outcome outcome;
    VtdFault fault;      ///< blocked: why.
    bool redirect;       ///< remapped: the redirection hint.
    ApicMessage message; ///< remapped: what is sent. passes: as the request says.
    VtdEvent event;      ///< blocked: the fault event, when it is to be sent.
};
Remapped remap(Vtd& unit, InterruptRequest request, VtdMemory memory, Signals& signals);

/// What a request in compatibility format says. [SDM3] "Message Address Register Format".
ApicMessage compatibility_message(u32 address, u32 data);

} // namespace irqlab::hw
