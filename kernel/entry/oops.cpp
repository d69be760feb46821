// Oops, WARN, BUG and panic: what is said, and how the context ends.
#include "kernel/entry/oops.hpp"

#include <algorithm>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "kernel/entry/emulate.hpp"
#include "kernel/entry/entry.hpp"
#include "kernel/entry/report.hpp"
#include "kernel/entry/symbols.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/module/loader.hpp"
#include "kernel/module/state.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/printk/format.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

using ull = unsigned long long;

/// Bits of a page fault's error code. [SDM3] "Page-Fault Exceptions".
enum PageFault : u32 { pf_present = 1, pf_write = 2, pf_user = 4, pf_reserved = 8, pf_fetch = 16 };

/// Linux's names of exceptions [LX arch/x86 traps].
constexpr const char* exception_names[32] = {
    "divide error", "debug", "nmi", "int3", "overflow", "bounds", "invalid opcode", "unexpected #NM exception",
    "double fault", "coprocessor segment overrun", "invalid TSS", "segment not present", "stack segment",
    "general protection fault", "page fault", "unknown", "fpu exception", "alignment check", "machine check",
    "simd exception", "virtualization exception", "control protection fault"};

/// "Oops: 0002 [#1] PREEMPT SMP NOPTI"; from 6.12 on "Oops: " comes before the name.
void print_header(Kernel& k, const char* what, u32 error)
{
    const Release r = k.config.release;
    say('4', "%s%s: %04x [#%u]%s SMP NOPTI", r >= Release::v6_12 ? "Oops: " : "", what, error, ++k.oops_count,
        r >= Release::v6_1 ? " PREEMPT" : "");
}

/// A call through a bad pointer pushed where it came from, and no code made a frame of it.
std::uintptr_t caller_of_nowhere(Kernel& k, const TrapFrame& f)
{
    const Task& task = current_task();
    const std::uintptr_t sp = f.regs.sp;
    if (module_at(k, f.regs.ip) || f.trap != hw::exc_pf || f.regs.ip != f.address || sp % 8 ||
        sp < task.fiber.stack_low() || sp + 8 > task.fiber.stack_high())
        return 0;
    return *reinterpret_cast<const std::uintptr_t*>(sp);
}

void print_body(Kernel& k, const TrapFrame& f, bool show_cr2)
{
    print_task_info(k);
    print_registers(k, f);
    print_trace(k, f.regs.bp, nullptr, caller_of_nowhere(k, f));
    print_modules(k, '4');
    if (show_cr2)
        say('4', "CR2: %016llx", static_cast<ull>(shown_address(k, f.address)));
    print_end_marker(k);
    print_registers(k, f);
    k.taint |= 1u << taint_die;
}

void print_page_fault(Kernel& k, const TrapFrame& f, u32 error)
{
    const bool null = f.address < page_bytes;
    if ((error & pf_fetch) && (error & pf_present))
        say('2', "kernel tried to execute NX-protected page - exploit attempt? (uid: 0)");
    if (null)
        say('1', "BUG: kernel NULL pointer dereference, address: %016llx", static_cast<ull>(f.address));
    else
        say('1', "BUG: unable to handle page fault for address: %016llx", static_cast<ull>(shown_address(k, f.address)));
    say('1', "#PF: supervisor %s in kernel mode",
        error & pf_fetch ? "instruction fetch" : error & pf_write ? "write access" : "read access");
    say('1', "#PF: error_code(0x%04x) - %s", error,
        !(error & pf_present) ? "not-present page" : error & pf_reserved ? "reserved bit violation" : "permissions violation");
    say('6', "PGD 0 P4D 0 ");
    print_header(k, "Oops", error);
}

bool canonical(u64 a) { return static_cast<u64>(static_cast<i64>(a << 16) >> 16) == a; }

/// Since 5.6 the address that the instruction meant is worked out and shown.
void general_protection_text(Kernel& k, const TrapFrame& f, u32 error, char* out, std::size_t size)
{
    const char* name = exception_names[hw::exc_gp];
    u64 address = 0;
    const LoadedModule* m = module_at(k, f.regs.ip);
    if (k.config.release < Release::v5_10)
        std::snprintf(out, size, "%s", name);
    else if (error)
        std::snprintf(out, size, "segment-related %s", name);
    else if (m && memory_operand(f.regs, {reinterpret_cast<const u8*>(f.regs.ip),
                                          std::min<std::size_t>(15, (m->init.contains(f.regs.ip) ? m->init : m->core).end() - f.regs.ip)},
                                 address))
        std::snprintf(out, size, "%s, %s 0x%llx", name,
                      canonical(address) ? "maybe for address" : "probably for non-canonical address",
                      static_cast<ull>(address));
    else
        std::snprintf(out, size, "%s", name);
}

void interrupts_and_preemption_on(Kernel& k)
{
    k.this_cpu->preempt_count = 0;
    k.machine.core[k.this_cpu->index].cpu.rflags |= hw::rflags::If::mask;
}

/// What the words of a panic leave: a real machine would be dead.
[[noreturn]] void drop_context(Kernel& k, const char* what)
{
    abi::_printk("\0010irqlab: a real machine stops here; the %s is dropped and the lab goes on\n", what);
    making_report = false;
    if (Guard* guard = current_task().guard)
        sim::land(guard->landing);
    interrupts_and_preemption_on(k);
    task_kill_current(9);
}

void end_panic(Kernel&, const char* text)
{
    say('0', "Kernel Offset: disabled");
    say('0', "---[ end Kernel panic - not syncing: %s ]---", text);
}

} // namespace

void end_context(Kernel& k, int signal)
{
    PerCpu& cpu = *k.this_cpu;
    const Task& task = current_task();
    if (cpu.in_interrupt()) {
        constexpr const char* text = "Fatal exception in interrupt";
        say('0', "Kernel panic - not syncing: %s", text);
        end_panic(k, text);
        drop_context(k, cpu.preempt_count & nmi_mask ? "context" : "interrupt's context");
    }
    if (!hw::interrupts_on(k.machine.core[cpu.index].cpu) && k.config.release >= Release::v6_1)
        say('6', "note: %s[%d] exited with irqs disabled", task.comm(), task.pid());
    if (cpu.preempt_count)
        say('6', "note: %s[%d] exited with preempt_count %u", task.comm(), task.pid(), cpu.preempt_count);
    interrupts_and_preemption_on(k);
    making_report = false;
    task_kill_current(signal);
}

void oops_exception(Kernel& k, TrapFrame& f, u8 vector, u32 error)
{
    making_report = true;
    k.emit(EventKind::oops, vector, vector == hw::exc_pf ? f.address : f.regs.ip);
    if (vector == hw::exc_pf) {
        print_page_fault(k, f, error);
    } else if (vector == hw::exc_gp) {
        char text[160];
        general_protection_text(k, f, error, text, sizeof text);
        print_header(k, text, error);
    } else if (vector == hw::exc_ac && k.config.release >= Release::v5_10) {
        say('4', "Split lock detected"); // its text ends in a newline of its own
        print_header(k, "", error);
    } else {
        if (vector == hw::exc_df)
            say('0', "PANIC: double fault, error_code: 0x%x", error);
        const char* name = exception_names[vector & 31];
        print_header(k, name ? name : "unknown", error);
    }
    print_body(k, f, vector == hw::exc_pf);
    end_context(k, vector == hw::exc_pf ? SIGKILL : SIGSEGV);
}

void oops_triple_fault(Kernel& k, TrapFrame& f)
{
    making_report = true;
    const unsigned cpu = k.this_cpu->index;
    k.emit(EventKind::oops, hw::exc_df, f.regs.ip);
    say('0', "irqlab: triple fault at RIP 0x%llx: CPU %u shuts down, and a real machine resets without a word",
        static_cast<ull>(shown_address(k, f.regs.ip)), cpu);
    k.machine.core[cpu].cpu.state = hw::CpuState::running;
    tables_load(k, cpu);
    drop_context(k, "context");
}

void oops_stack_overflow(Kernel& k, TrapFrame& f)
{
    making_report = true;
    const Task& task = current_task();
    k.emit(EventKind::oops, hw::exc_df, f.address);
    const Release r = k.config.release;
    say('0', "BUG: %sstack guard page was hit at %016llx (stack is %016llx..%016llx)",
        r >= Release::v6_1 ? (k.this_cpu->in_hardirq() ? "IRQ " : "TASK ") : "",
        static_cast<ull>(shown_address(k, f.address)), static_cast<ull>(shown_address(k, task.fiber.stack_low())),
        static_cast<ull>(shown_address(k, task.fiber.stack_high())));
    print_header(k, r >= Release::v6_1 ? "stack guard page" : "kernel stack overflow (double-fault)", 0);
    print_body(k, f, false);
    end_context(k, SIGSEGV);
}

void oops_dead_halt(Kernel& k, TrapFrame& f)
{
    making_report = true;
    say('0', "NMI watchdog: Watchdog detected hard LOCKUP on cpu %u", k.this_cpu->index);
    print_modules(k, '0');
    print_task_info(k);
    print_registers(k, f);
    print_trace(k, f.regs.bp, nullptr);
    drop_context(k, "context that halted for ever");
}

// --- WARN, BUG, panic, dump_stack -------------------------------------------------------------------------------

namespace {

/// "free_irq+0x1d3/0x340": Linux's name with our own offsets.
void place_of(Kernel& k, const char* function, std::uintptr_t ip, char* out, std::size_t size)
{
    CodeSymbol s;
    if (std::strchr(function, '+') || !find_symbol(k, ip, true, s))
        std::snprintf(out, size, "%s", function);
    else
        std::snprintf(out, size, "%s+0x%llx/0x%llx%s%s%s", s.module ? s.name : function, static_cast<ull>(s.offset),
                      static_cast<ull>(s.size), s.module ? " [" : "", s.module ? s.module : "", s.module ? "]" : "");
}

[[gnu::format(printf, 6, 0)]] void warn(Kernel& k, const TrapFrame& f, const char* file, int line,
                                        const char* function, const char* format, va_list args)
{
    say('4', "------------[ cut here ]------------");
    if (format)
        abi::vprintk_emit(0, 4, nullptr, format, args);
    char place[200];
    place_of(k, function, f.regs.ip, place, sizeof place);
    say('4', "WARNING: CPU: %u PID: %d at %s:%d %s", k.this_cpu->index, current_task().pid(), file, line, place);
    print_modules(k, '4');
    print_task_info(k);
    print_registers(k, f);
    print_trace(k, f.regs.bp, nullptr);
    print_end_marker(k);
    k.taint |= 1u << taint_warn;
}

} // namespace

[[gnu::noinline]] void kernel_warn(const char* file, int line, const char* function, const char* format, ...)
{
    TrapFrame f{};
    IRQLAB_CAPTURE(f);
    va_list args;
    va_start(args, format);
    warn(kernel(), f, file, line, function, format, args);
    va_end(args);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

[[gnu::noinline]] void __lab_warn(const char* file, int line, const char* function, const char* format, ...)
{
    TrapFrame f{};
    IRQLAB_CAPTURE(f);
    va_list args;
    va_start(args, format);
    warn(kernel::kernel(), f, file, line, function, format, args);
    va_end(args);
}

[[gnu::noinline]] void __lab_bug(const char* file, int line, const char*)
{
    Kernel& k = kernel::kernel();
    TrapFrame f{};
    IRQLAB_CAPTURE(f);
    making_report = true;
    say('4', "------------[ cut here ]------------");
    say('2', "kernel BUG at %s:%u!", file, static_cast<unsigned>(line));
    oops_exception(k, f, hw::exc_ud, 0);
}

[[gnu::noinline]] void dump_stack()
{
    Kernel& k = kernel::kernel();
    print_task_info(k);
    const auto* here = static_cast<const std::uintptr_t*>(__builtin_frame_address(0));
    print_trace(k, reinterpret_cast<std::uintptr_t>(here),
                k.config.release >= Release::v5_15 ? "dump_stack_lvl+0x44/0x5c" : "dump_stack+0x6b/0x83");
}

[[gnu::noinline]] void panic(const char* format, ...)
{
    Kernel& k = kernel::kernel();
    char text[1024];
    va_list args;
    va_start(args, format);
    vformat_text(text, sizeof text, format, args);
    va_end(args);
    if (std::size_t n = std::strlen(text); n && text[n - 1] == '\n')
        text[n - 1] = '\0';
    kernel::say('0', "Kernel panic - not syncing: %s", text);
    if (!(k.taint >> taint_die & 1))
        dump_stack();
    end_panic(k, text);
    drop_context(k, "context that panicked");
}

} // namespace irqlab::abi

namespace irqlab::kernel {

extern const Export oops_exports[];
extern const std::size_t oops_exports_count;
const Export oops_exports[] = {EXPORT(__lab_warn), EXPORT(__lab_bug), EXPORT(dump_stack), EXPORT(panic)};
const std::size_t oops_exports_count = std::size(oops_exports);

} // namespace irqlab::kernel
