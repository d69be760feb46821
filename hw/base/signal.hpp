// What left one chip for another during one operation on the machine.
//
// Chips call nobody. What an operation caused on the wires (a line that changed, a message on the
// APIC bus, an end of interrupt) is written into a list that the caller hands in, in the order in
// which it happened. The list is not part of the machine's state.
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

enum class SignalKind : u8 {
    line,         // number: GSI or ISA line; value: the new level
    pic_intr,     // number: 0 master, 1 slave; value: the new level of its INT output
    ioapic_send,  // number: pin; value: vector; cpu: destination
    msi_send,     // value: vector; cpu: destination
    ipi_send,     // number: sending CPU; value: vector; cpu: destination
    lapic_irr,    // cpu: whose IRR; value: vector
    lapic_eoi,    // cpu: who ended; value: vector, or 0 when nothing was in service
    ioapic_eoi,   // number: pin whose remote IRR an EOI cleared; value: vector
    pic_inta,     // value: vector the 8259 gave on INTA; number: 1 when it was a default IR7/IR15
    accept,       // cpu: who accepted; value: vector
    nmi,          // cpu
    smi,          // cpu
    init,         // cpu
    startup,      // cpu; value: SIPI vector
    timer,        // cpu: whose local timer expired
    device,       // number: Chip of the board whose timer expired
    dma,          // number: which edu; value: bytes. The transfer waits: transfer(), finish_edu_transfer()
    memory_write, // number: who, as device and function; value: data. A message for no local APIC: the
                  // diagnosis before it has the address
    reset,     // number: ResetCause; value: ResetScope. Nothing was reset yet: see reset_machine().
    diagnosis, // number: Diagnosis; value: its argument. Software did what silicon merely survives.
    overflow,  // the list was full; later signals of the operation were lost
};

/// What software did that the silicon survives but its author surely did not mean.
enum class Diagnosis : u8 {
    none,
    pic_not_modelled,       // value: the ICW/OCW bit asked for
    pic_uninitialised,      // value: port offset
    ioapic_reserved_vector, // value: vector below 10h
    ioapic_reserved_mode,   // value: delivery mode
    ioapic_bad_index,       // value: index register
    lapic_illegal_vector,   // value: vector below 10h
    lapic_bad_register,     // value: offset
    lapic_reserved_mode,    // value: delivery mode that an ICR or an MSI asked for, and nothing sends
    edge_lost_while_masked, // value: pin
    spurious_vector,        // value: vector given instead
    kbc_not_modelled,       // value: the controller's command
    port_unclaimed,         // value: port
    mmio_unclaimed,         // value: low 32 bits of the address
    vtd_not_modelled,       // value: register offset
    vtd_fault,              // value: source ID << 16 | VtdFault
    pirq_reserved_line,     // value: the routing register's byte
    not_bus_master,         // value: device and function
    dma_out_of_range,       // value: address on the device's side
    dma_address_cut,        // value: low 32 bits of the address asked for
    mmio_width, // value: low 32 bits of the address; an access that the chip there is not made for
    rtc_not_modelled,       // value: what was written to register A or B
    uart_not_modelled,      // value: the register
};

/// Who asked for a reset (number), and what is to be reset (value): SignalKind::reset.
enum class ResetCause : u8 { keyboard_controller, port_92, port_cf9 };
enum class ResetScope : u8 { cpu, system, power_cycle };

struct Signal {
    SignalKind kind;
    u8 cpu;
    u16 number;
    u32 value;
    bool operator==(const Signal&) const = default;
};

/// A bounded list of signals. Full lists end in SignalKind::overflow; they never allocate.
class Signals {
public:
    static constexpr std::size_t capacity = 32;

    Signals() {} // Leaves the list as it is: a list is made for each operation, and most stay short.

    void push(Signal s)
    {
        if (count_ < capacity)
            list_[count_++] = s;
        else
            list_[capacity - 1] = {SignalKind::overflow, 0, 0, 0};
    }
    void clear() { count_ = 0; }
    std::size_t size() const { return count_; }
    bool empty() const { return count_ == 0; }
    const Signal& operator[](std::size_t i) const { return list_[i]; }
    const Signal* begin() const { return list_; }
    const Signal* end() const { return list_ + count_; }

private:
    Signal list_[capacity];
    std::size_t count_ = 0;
};

} // namespace irqlab::hw
