// The parts of which reports are made. For kernel/entry only.
#pragma once
#include "kernel/entry/oops.hpp"
#include "kernel/entry/trap.hpp"

namespace irqlab::kernel {

/// One line of the log. @param level  '0' to '7'.
[[gnu::format(printf, 2, 3)]] void say(char level, const char* format, ...);

/// "Modules linked in: ...".
void print_modules(Kernel& k, char level);
/// RIP, Code, RSP and the registers.
void print_registers(Kernel& k, const TrapFrame& f);
/// "Call Trace:" and the frames from `bp` outwards.
/// @param first   printed before them when not null, e.g. dump_stack_lvl's own line.
/// @param caller  a return address before them, of a call that led to no code; 0: none.
void print_trace(Kernel& k, std::uintptr_t bp, const char* first, std::uintptr_t caller = 0);
void print_end_marker(Kernel& k);

/// Fills a frame with the registers of the caller of the function that it is called in.
#define IRQLAB_CAPTURE(frame)                                                                     \
    do {                                                                                          \
        asm volatile("mov %%rax, 80(%0)\n mov %%rcx, 88(%0)\n mov %%rdx, 96(%0)\n"                \
                     "mov %%rsi, 104(%0)\n mov %%rdi, 112(%0)\n mov %%rbx, 40(%0)\n"              \
                     "mov %%r8, 72(%0)\n mov %%r9, 64(%0)\n mov %%r10, 56(%0)\n"                  \
                     "mov %%r11, 48(%0)\n mov %%r12, 24(%0)\n mov %%r13, 16(%0)\n"                \
                     "mov %%r14, 8(%0)\n mov %%r15, 0(%0)\n"                                      \
                     :                                                                            \
                     : "r"(&(frame).regs)                                                         \
                     : "memory");                                                                 \
        const auto* here_ = static_cast<const std::uintptr_t*>(__builtin_frame_address(0));       \
        (frame).regs.bp = here_[0];                                                               \
        (frame).regs.ip = here_[1];                                                               \
        (frame).regs.sp = reinterpret_cast<std::uintptr_t>(here_ + 2);                            \
    } while (false)

/// The context that went wrong ends: an interrupt is dropped with a panic's words, a task is killed by `signal`:
/// SIGKILL after a page fault, SIGSEGV after what Linux reports with die() [LX arch/x86/kernel/dumpstack.c].
[[noreturn]] void end_context(Kernel& k, int signal);

} // namespace irqlab::kernel
