// PCI on the boards: who answers a configuration or memory access, what INTx pins and messages do, and the
// devices that can be plugged in. The bridges and the PIRQ router are described in hw/pci/bridges.hpp, the
// device in hw/device/edu.hpp.
//
// A device moves memory without having any: SignalKind::dma says that edu n waits. The owner of the memory
// looks at transfer(machine.edu[n]), reads or takes the bytes, and calls finish_edu_transfer(); any time may
// pass between.
#pragma once
#include "hw/board/machine.hpp"

namespace irqlab::hw {

/// Plugs an edu into device `slot` of bus 0, function 0, as firmware would have found it: its memory below
/// FEB00000h (megabytes in the order of slots), its interrupt line filled, memory decoding on, bus master
/// off. Call it after power_on(), before anything has touched PCI. Returns its index, or -1: edus_max are
/// there, or the slot is taken.
int attach_edu(Machine& machine, unsigned slot);

/// A slot that suits the n-th edu: 4, 5, .. on pc, 3, 4, .. elsewhere.
constexpr unsigned edu_slot(BoardId board, unsigned n) { return (board == BoardId::pc ? 4 : 3) + n; }

/// Configuration space as software on a CPU sees it; `width` 1 to 4 bytes inside the 256. Nobody there: ones.
u32 pci_config_read(const Machine& machine, u8 bus, u8 devfn, unsigned offset, unsigned width);
void pci_config_write(Machine& machine, u8 bus, u8 devfn, unsigned offset, unsigned width, u32 value,
                      Signals& signals);

/// The transfer of edu `n` is done. To memory: its bytes are edu_transfer_bytes(). From memory: `bytes` are
/// what memory has.
void finish_edu_transfer(Machine& machine, unsigned n, std::span<const u8> bytes, Signals& signals);
inline std::span<const u8> edu_transfer_bytes(const Machine& machine, unsigned n)
{
    const EduTransfer t = transfer(machine.edu[n]);
    return {machine.edu[n].buffer.data() + t.at, t.bytes};
}

// --- inside hw/board
// ----------------------------------------------------------------------------------------

constexpr bool is_pci_data(u32 port) { return (port & ~3u) == pci_data_port; }

/// CONFADD as a dword, or any byte of the data port.
constexpr bool pci_claims(u16 port, unsigned width)
{
    return (port == pci_address_port && width == 4) || is_pci_data(port) || is_pci_data(port + width - 1u);
}
void write_pci_address(Machine& machine, u32 value);
/// Bytes `lane` to lane + width - 1 of the dword that CONFADD names.
u32 read_pci_data(const Machine& machine, unsigned lane, unsigned width);
void write_pci_data(Machine& machine, unsigned lane, unsigned width, u32 value, Signals& signals);

/// False: no window of PCI is there.
bool read_pci_memory(const Machine& machine, u64 address, unsigned width, u64& value);
bool write_pci_memory(Machine& machine, u64 address, unsigned width, u64 value, Signals& signals);

/// After a reset nothing is routed and no memory decoded; firmware sets up what is there.
void reset_pci(Machine& machine);
void start_pci(Machine& machine);

u64 next_edu_event_ns(const Machine& machine);
void run_edus(Machine& machine, u64 now_ns, Signals& signals);

} // namespace irqlab::hw
