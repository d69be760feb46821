// QEMU's educational PCI device: a factorial, a DMA engine with a buffer of 4096 bytes, and an interrupt that
// software can raise by itself. Vendor 1234h, device 11e8h, revision 10h.
//
//     BAR 0, 1 MiB of memory
//     00  RO  identification, 010000EDh        60  WO  raise: sets bits of the interrupt status
//     04  RW  liveness: reads the inverse      64  WO  acknowledge: clears bits of it
//     08  RW  factorial: n in, n! out          80  RW  DMA source
//     20  RW  status: 1 computing (RO),        88  RW  DMA destination
//             80h interrupt when done          90  RW  DMA count, in bytes
//     24  RO  interrupt status                 98  RW  DMA command: 1 run, 2 from the buffer to memory, 4
//     interrupt
//
// Interrupt status 1: a factorial is done; 100h: a transfer is. While it is not zero the device requests its
// interrupt: INTx (pin A) as a level, or one MSI for each raise, each completion. One MSI vector, 64-bit
// address.
//
// Registers below 80h take 32-bit accesses, those from 80h on 32- or 64-bit ones. Other naturally aligned
// accesses of 4 or 8 bytes read as ones, narrower and unaligned ones as zero; such writes do nothing. A
// 32-bit write to a DMA register clears its upper half; while a transfer runs the DMA registers cannot be
// written.
//
// Time: n! takes 10 us and 1 ns for each factor. A transfer begins 100 ms after the command. Then the device
// waits for its owner, for a chip has no memory: EduTransfer says what to move, and finish_transfer() takes
// or has given the bytes. RUN stays set until then.
//
// The buffer answers at bus addresses 40000h to 40FFFh; a transfer that does not lie inside it ends without
// moving anything. Memory addresses are cut to dma_mask, 28 bits by default. A function that is not bus
// master moves nothing. Each is diagnosed.
//
// Not modelled: what QEMU does with ranges outside the buffer (7.2 ends there, and so with transfers of nothing and
// with those that reach the buffer's last byte, which are plain ones here).
// Source: [EDU] docs/specs/edu.rst of QEMU; access sizes and time as QEMU 7.2's device has them.
#pragma once
#include "hw/base/signal.hpp"
#include "hw/device/clock.hpp"
#include "hw/pci/config.hpp"

namespace irqlab::hw {

namespace edu {
inline constexpr u32 identification = 0x010000ed;
inline constexpr unsigned buffer_bytes = 4096;
inline constexpr u64 buffer_address = 0x40000;
inline constexpr u64 default_dma_mask = 0x0fffffff;
inline constexpr u32 memory_bytes = 1 << 20; // BAR 0
inline constexpr u64 fact_start_ns = 10'000, fact_factor_ns = 1, transfer_ns = 100'000'000;
using Computing = Field<u32, 0>; // status
using IrqWhenDone = Field<u32, 7>;
using FactDone = Field<u32, 0>; // interrupt status
using TransferDone = Field<u32, 8>;
using Run = Field<u64, 0>; // DMA command
using ToMemory = Field<u64, 1>;
using TransferIrq = Field<u64, 2>;
} // namespace edu

/// What has happened to the device's interrupt request in one operation.
enum class EduEvent : u8 { none, raised, lowered, transfer };

struct Edu {
    u64 dma_source;
    u64 dma_destination;
    u64 dma_count;
    u64 dma_command;
    u64 dma_mask;
    u64 fact_due_ns;     // never_ns: not computing
    u64 transfer_due_ns; // never_ns: no transfer will begin
    u32 liveness;        // as it reads
    u32 factorial;
    u32 status;
    u32 irq_status;
    PciConfig config;
    u8 devfn;
    u8 waits; // 1: a transfer waits for finish_transfer()
    u8 intx;  // 1: INTx is requested
    u8 unused[5];
    std::array<u8, edu::buffer_bytes> buffer;
    bool operator==(const Edu&) const = default;
};
static_assert(std::has_unique_object_representations_v<Edu>);

const PciLayout& edu_layout();

/// As after a bus reset; base address register 0 and the interrupt line are firmware's to fill.
void reset(Edu& chip, u8 devfn);

/// `width` 1, 2, 4 or 8 bytes at `offset` of BAR 0.
u64 read(const Edu& chip, u32 offset, unsigned width);
EduEvent write(Edu& chip, u32 offset, unsigned width, u64 value, u64 now_ns);

/// Does the earliest thing that is due, if any: `transfer` when one has to be moved or has ended without.
EduEvent advance(Edu& chip, u64 now_ns, Signals& signals);
u64 next_event_ns(const Edu& chip);

/// The bytes that wait to be moved; `bytes` is 0 when none do.
struct EduTransfer {
    u64 address; ///< In memory.
    u32 bytes;
    u32 at; ///< In the buffer.
    bool to_memory;
};
EduTransfer transfer(const Edu& chip);

/// The transfer that waits is done. From memory: `bytes` is copied into the buffer (what is missing stays as
/// it was).
EduEvent finish_transfer(Edu& chip, std::span<const u8> bytes);

bool valid(const Edu& chip);

} // namespace irqlab::hw
