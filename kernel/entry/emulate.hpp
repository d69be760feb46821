// Privileged and untrappable instructions, decoded and executed on the modelled CPU.
//
// Sources: [SDM2] for each instruction; [SDM3] "Privileged Instructions".
#pragma once
#include <span>

#include "hw/board/machine.hpp"
#include "linux/abi/base.h"

namespace irqlab::kernel {

struct Emulation {
    enum class Next : u8 {
        go_on,     // done; ip is at the next instruction
        window,    // as go_on, and interrupts may land now: IF may have been set
        shadow,    // STI: interrupts wait for the instruction at ip
        interrupt, // INT n, INT3, INT1, INTO: deliver `vector`; ip is at the next instruction
        halt,      // HLT; ip is at the next instruction
        exception, // raise `vector` with `error`; ip is at the instruction
        unknown,   // not one of ours; nothing was done
    };
    Next next = Next::unknown;
    u8 vector = 0;
    u32 error = 0;
    hw::Event event = hw::Event::exception;
    unsigned port_accesses = 0; // how many bus cycles it took
};

struct EmulatedCpu {
    hw::Machine& machine;
    unsigned index;
    hw::Signals& signals;
    u64 tsc; // what RDTSC gives
};

/// Executes the instruction that `code` begins with. `regs` holds the general registers and the arithmetic
/// flags; IF and the other system flags are the modelled CPU's. Memory operands are the driver's own memory:
/// accessed as is.
Emulation emulate(const EmulatedCpu& cpu, abi::pt_regs& regs, std::span<const u8> code);

/// Does the instruction that `code` begins with come to emulate() when it is run?
bool traps(std::span<const u8> code);

/// The address that the memory operand of the instruction at ip means. @return false when it has none.
bool memory_operand(const abi::pt_regs& regs, std::span<const u8> code, u64& address);

/// RFLAGS as the modelled CPU has them: arithmetic flags from the code that runs, the others its own.
u64 modelled_flags(const hw::Cpu& cpu, const abi::pt_regs& regs);

} // namespace irqlab::kernel
