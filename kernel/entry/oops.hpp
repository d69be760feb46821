// Reports of what went wrong, in Linux's form, and what becomes of the context in which it did.
//
// Source of the texts: [LX admin-guide/bug-hunting], and recordings of Linux 6.1; other releases as they differ.
#pragma once
#include "hw/board/wiring.hpp"
#include <cstddef>

#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;
struct TrapFrame;

/// WARN: `file`:`line` is where Linux's source warns, `function` the Linux function that does.
/// `format` is what Linux prints before the WARNING line; null: nothing.
void kernel_warn(const char* file, int line, const char* function, const char* format, ...);

/// Called at each scheduler step: reports a handler or task that never gives the CPU back.
void watchdog_check(Kernel& k);
/// The host's timer found a loop without any memory access, at the trapped address.
void watchdog_trapped(Kernel& k, TrapFrame& frame);

/// Linux's answer to an exception in kernel mode: the report, then the end of the context.
/// @param vector  0 to 31.  @param error  the error code, 0 for exceptions without one.
[[noreturn]] void oops_exception(Kernel& k, TrapFrame& frame, u8 vector, u32 error);
/// The CPU is in shutdown: a real machine resets without a word.
[[noreturn]] void oops_triple_fault(Kernel& k, TrapFrame& frame);
/// The driver ran off its stack at `frame.address`. Runs on a stack of its own.
[[noreturn]] void oops_stack_overflow(Kernel& k, TrapFrame& frame);
/// A halt with nothing left that could end it.
[[noreturn]] void oops_dead_halt(Kernel& k, TrapFrame& frame);

/// "Tainted: G           OE     " or "Not tainted".
/// @param out at least 48 bytes.
void taint_string(Kernel& k, char* out);
/// "CPU: 0 PID: 1 Comm: init Tainted: G ... 6.1.0 #1" and the Hardware name line.
void print_task_info(Kernel& k);

/// The maker's name of the board and its firmware, as DMI gives it.
const char* hardware_name(hw::BoardId board);

} // namespace irqlab::kernel
