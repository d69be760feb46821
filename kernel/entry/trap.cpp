// The host's signals: which of them are the lab's, and how they become calls in ordinary context.
#include "kernel/entry/trap.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <ctime>
#include <mutex>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "hw/base/check.hpp"
#include "hw/irq/lapic_timer.hpp"
#include "kernel/entry/emulate.hpp"
#include "kernel/entry/emulate_memory.hpp"
#include "kernel/entry/entry.hpp"
#include "kernel/entry/exceptions.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/loader.hpp"
#include "kernel/sched/sched.hpp"

// The frame begins with the general registers as abi::pt_regs has them, and ends them with what IRETQ takes: one
// instruction restores ip, flags and sp without a write to the interrupted stack. FXSAVE stands at 208.
asm(R"(
.text
.globl irqlab_trap_trampoline
.type irqlab_trap_trampoline, @function
irqlab_trap_trampoline:
    mov %rdi, %rbx
    call irqlab_trap_enter
    fxrstor64 208(%rbx)
    mov %rbx, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rax
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    add $8, %rsp
    iretq
.size irqlab_trap_trampoline, . - irqlab_trap_trampoline
)");
extern "C" void irqlab_trap_trampoline();

namespace irqlab::kernel {

static_assert(offsetof(TrapFrame, fpu) == 208 && offsetof(abi::pt_regs, ip) == 128);

constinit thread_local bool making_report = false;

namespace {

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
constexpr int watchdog_signal = SIGVTALRM;
constexpr std::size_t signal_stack_bytes = std::size_t{64} << 10;
constexpr std::size_t emergency_stack_bytes = std::size_t{256} << 10;
constexpr std::uintptr_t red_zone = 128;
constexpr u64 port_cycle_ns = 1000; // an ISA bus cycle

struct sigaction previous[std::size(signals)];

/// What each host thread needs for traps.
struct ThreadTraps {
    char* stacks = nullptr; // the signal stack, then the emergency stack
    timer_t timer{};
    bool has_timer = false;
    u64 last_progress = 0;
    unsigned idle_periods = 0;

    void start();
    ~ThreadTraps();
    std::uintptr_t emergency_top() const
    {
        return reinterpret_cast<std::uintptr_t>(stacks) + signal_stack_bytes + emergency_stack_bytes;
    }
};
thread_local ThreadTraps thread_traps;

void ThreadTraps::start()
{
    if (stacks)
        return;
    void* got = mmap(nullptr, signal_stack_bytes + emergency_stack_bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(got != MAP_FAILED);
    stacks = static_cast<char*>(got);
    stack_t alternate{};
    alternate.ss_sp = stacks;
    alternate.ss_size = signal_stack_bytes;
    CHECK(sigaltstack(&alternate, nullptr) == 0);

    // The thread's own CPU time: a debugger's pause or a busy host does not count.
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = watchdog_signal;
    event._sigev_un._tid = static_cast<int>(syscall(SYS_gettid));
    const itimerspec period{{1, 0}, {1, 0}};
    has_timer = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0 &&
                timer_settime(timer, 0, &period, nullptr) == 0;
}

ThreadTraps::~ThreadTraps()
{
    if (!stacks)
        return;
    if (has_timer)
        timer_delete(timer);
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
    munmap(stacks, signal_stack_bytes + emergency_stack_bytes);
}

// --- whose fault it is --------------------------------------------------------------------------------------------

bool module_on_stack(const sim::Fiber& fiber, std::uintptr_t bp)
{
    for (unsigned depth = 0; depth < 64; ++depth) {
        if (bp < fiber.stack_low() || bp + 16 > fiber.stack_high() || bp % 8)
            return false;
        const auto* frame = reinterpret_cast<const std::uintptr_t*>(bp);
        if (in_module_range(frame[1]))
            return true;
        if (frame[0] <= bp)
            return false;
        bp = frame[0];
    }
    return false;
}

/// A driver's code, or kernel code that a driver made fault: its bad pointer, or memory that went with its module.
bool is_the_labs(const greg_t* g, std::uintptr_t address)
{
    if (!the_kernel || making_report)
        return false;
    const auto ip = static_cast<std::uintptr_t>(g[REG_RIP]);
    if (in_module_range(ip))
        return true;
    const Task* task = the_kernel->this_cpu ? the_kernel->this_cpu->current : nullptr;
    if (!task || !task->fiber.prepared())
        return false;
    const auto sp = static_cast<std::uintptr_t>(g[REG_RSP]);
    if (sp < task->fiber.stack_low() - sim::Fiber::guard_bytes || sp > task->fiber.stack_high())
        return false;
    if (task->fiber.in_guard(address) || in_module_range(address))
        return true;
    if (ip == address || ip < page_bytes)
        return true; // a call to where no code is
    if (g[REG_TRAPNO] == hw::exc_gp)
        return true; // no pointer of ours is non-canonical: this one was in memory that a driver freed or overwrote
    return module_on_stack(task->fiber, static_cast<std::uintptr_t>(g[REG_RBP]));
}

// --- from the signal to the trampoline -----------------------------------------------------------------------------

void copy_registers(const greg_t* g, abi::pt_regs& r)
{
    const auto get = [&](int i) { return static_cast<unsigned long>(g[i]); };
    r = {};
    r.r15 = get(REG_R15), r.r14 = get(REG_R14), r.r13 = get(REG_R13), r.r12 = get(REG_R12);
    r.r11 = get(REG_R11), r.r10 = get(REG_R10), r.r9 = get(REG_R9), r.r8 = get(REG_R8);
    r.bp = get(REG_RBP), r.bx = get(REG_RBX), r.ax = get(REG_RAX), r.cx = get(REG_RCX);
    r.dx = get(REG_RDX), r.si = get(REG_RSI), r.di = get(REG_RDI);
    r.ip = get(REG_RIP), r.flags = get(REG_EFL), r.sp = get(REG_RSP);
    u16 ss = 0;
    asm("mov %%ss, %0" : "=r"(ss));
    r.cs = static_cast<u16>(get(REG_CSGSFS));
    r.ss = ss;
}

/// Lets the handler return into trap_enter() instead of the trapped instruction.
void enter_trampoline(ucontext_t& context, u64 trap, u64 address)
{
    greg_t* g = context.uc_mcontext.gregs;
    const auto sp = static_cast<std::uintptr_t>(g[REG_RSP]);
    const Task* task = the_kernel->this_cpu ? the_kernel->this_cpu->current : nullptr;
    const bool overflow = task && task->fiber.in_guard(address);
    const std::uintptr_t top = overflow ? thread_traps.emergency_top() : sp - red_zone;
    auto* frame = reinterpret_cast<TrapFrame*>((top - sizeof(TrapFrame)) & ~std::uintptr_t{63});
    copy_registers(g, frame->regs);
    frame->link[0] = frame->regs.bp;
    frame->link[1] = frame->regs.ip;
    frame->trap = trap;
    frame->error = static_cast<u64>(g[REG_ERR]);
    frame->address = address;
    std::memcpy(frame->fpu, context.uc_mcontext.fpregs, sizeof frame->fpu);
    constexpr greg_t direction_and_alignment = 0x400 | 0x40000;
    g[REG_RIP] = reinterpret_cast<greg_t>(&irqlab_trap_trampoline);
    g[REG_RDI] = reinterpret_cast<greg_t>(frame);
    g[REG_RSP] = reinterpret_cast<greg_t>(frame);
    g[REG_RBP] = reinterpret_cast<greg_t>(frame->link);
    g[REG_EFL] &= ~direction_and_alignment;
}

void on_fault(int signal, siginfo_t* info, void* context)
{
    auto& c = *static_cast<ucontext_t*>(context);
    const greg_t* g = c.uc_mcontext.gregs;
    const auto trap = static_cast<u64>(g[REG_TRAPNO]);
    const auto address = trap == hw::exc_pf ? reinterpret_cast<std::uintptr_t>(info->si_addr) : 0;
    if (info->si_code > 0 && is_the_labs(g, address)) {
        enter_trampoline(c, trap, address);
        return;
    }
    for (std::size_t i = 0; i < std::size(signals); ++i)
        if (signals[i] == signal)
            sigaction(signal, &previous[i], nullptr); // the instruction faults again, before them
    if (info->si_code <= 0)
        raise(signal);
}

/// Nothing that the driver does is seen, for two periods in a row: it loops without an access.
void on_watchdog(int, siginfo_t*, void* context)
{
    auto& c = *static_cast<ucontext_t*>(context);
    ThreadTraps& t = thread_traps;
    const u64 progress = the_kernel ? static_cast<u64>(access_budget.left) ^ the_kernel->events.sequence() : 0;
    const bool inside = the_kernel && in_module_range(static_cast<std::uintptr_t>(c.uc_mcontext.gregs[REG_RIP]));
    t.idle_periods = inside && progress == t.last_progress ? t.idle_periods + 1 : 0;
    t.last_progress = progress;
    if (t.idle_periods < 2)
        return;
    t.idle_periods = 0;
    enter_trampoline(c, trap_watchdog, 0);
}

void install_handlers()
{
    struct sigaction action{};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (std::size_t i = 0; i < std::size(signals); ++i)
        CHECK(sigaction(signals[i], &action, &previous[i]) == 0);
    action.sa_sigaction = on_watchdog;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    CHECK(sigaction(watchdog_signal, &action, nullptr) == 0);
}

// --- in ordinary context ------------------------------------------------------------------------------------------

/// The bytes at `ip` as the driver's author compiled them. @return how many, 0 when there is no code.
std::size_t code_at(Kernel& k, std::uintptr_t ip, u8 (&code)[15])
{
    const LoadedModule* m = module_at(k, ip);
    const Range* text = !m ? nullptr : m->text.contains(ip) ? &m->text : m->init_text.contains(ip) ? &m->init_text : nullptr;
    if (!text)
        return 0;
    const std::size_t size = std::min(sizeof code, text->end() - ip);
    std::memcpy(code, reinterpret_cast<const void*>(ip), size);
    patched_at(*m, ip, code[0]);
    return size;
}

void raise_interrupt(Kernel& k, TrapFrame& f, const Emulation& e)
{
    const hw::Delivered d = hw::deliver(k.machine, k.this_cpu->index, e.vector, e.event, 0, f.regs.ip, f.regs.sp);
    if (d.vector >= 32)
        enter_vector(k, d);
    else
        exception_entered(k, f, d);
}

void wait_for_interrupt(Kernel& k, TrapFrame& f)
{
    const unsigned cpu = k.this_cpu->index;
    while (k.machine.core[cpu].cpu.state == hw::CpuState::halted)
        if (!sched_relax(k)) {
            k.machine.core[cpu].cpu.state = hw::CpuState::running;
            oops_dead_halt(k, f);
        }
}

/// STI's shadow covers one instruction. One that traps ends it itself; any other does nothing that could be seen, so
/// interrupts land before it instead of after it.
void end_shadow(Kernel& k, const TrapFrame& f)
{
    u8 code[15];
    const std::size_t size = code_at(k, f.regs.ip, code);
    if (size && traps({code, size}))
        return;
    hw::retire(k.machine.core[k.this_cpu->index].cpu);
    sched_take_interrupts(k);
}

/// @return false: not an instruction that we execute.
bool execute(Kernel& k, TrapFrame& f)
{
    u8 code[15];
    const std::size_t size = code_at(k, f.regs.ip, code);
    if (!size)
        return false;
    if (f.trap == hw::exc_pf)
        return move_device_memory(k, f.regs, f.address, {code, size});
    const Emulation e =
        emulate({k.machine, k.this_cpu->index, k.signals, modelled_tsc(k)}, f.regs, {code, size});
    switch (e.next) {
    case Emulation::Next::unknown: return false;
    case Emulation::Next::go_on: break;
    case Emulation::Next::window:
        sched_signals(k);
        if (e.port_accesses)
            sched_spend(k, e.port_accesses * port_cycle_ns);
        break;
    case Emulation::Next::shadow: end_shadow(k, f); break;
    case Emulation::Next::interrupt: raise_interrupt(k, f, e); break;
    case Emulation::Next::halt: wait_for_interrupt(k, f); break;
    case Emulation::Next::exception: take_exception(k, f, e.vector, e.error);
    }
    return true;
}

/// INT3, INT1 and INT 4 arrive with ip after them on some hosts; emulate() wants it at them.
void back_to_instruction(Kernel& k, TrapFrame& f)
{
    const auto at = [&](std::uintptr_t ip, u8 first, u8 second, bool two) {
        u8 code[15];
        const std::size_t size = code_at(k, ip, code);
        return size >= (two ? 2u : 1u) && code[0] == first && (!two || code[1] == second);
    };
    if (f.trap == hw::exc_bp)
        f.regs.ip -= at(f.regs.ip - 1, 0xcc, 0, false) ? 1 : 2; // cc, or cd 03
    else if (f.trap == hw::exc_of)
        f.regs.ip -= 2;
    else if (f.trap == hw::exc_db && !at(f.regs.ip, 0xf1, 0, false) && at(f.regs.ip - 1, 0xf1, 0, false))
        f.regs.ip -= 1;
}

bool may_be_executed(u64 trap)
{
    return trap == hw::exc_gp || trap == hw::exc_ud || trap == hw::exc_bp || trap == hw::exc_of || trap == hw::exc_db ||
           trap == hw::exc_pf; // of device memory
}

void handle(Kernel& k, TrapFrame& f)
{
    if (f.trap == trap_watchdog) {
        watchdog_trapped(k, f);
        return;
    }
    const Task& task = current_task();
    if (f.trap == hw::exc_pf && task.fiber.in_guard(f.address))
        oops_stack_overflow(k, f);
    back_to_instruction(k, f);
    if (may_be_executed(f.trap) && execute(k, f))
        return;
    // The host ran the driver in user mode; the modelled kernel runs in ring 0.
    constexpr u32 user = 4;
    const u32 error = f.trap == hw::exc_pf ? static_cast<u32>(f.error) & ~user : static_cast<u32>(f.trap == hw::exc_gp ? f.error : 0);
    take_exception(k, f, static_cast<u8>(f.trap & 31), error);
}

} // namespace

void traps_install()
{
    static std::once_flag once;
    std::call_once(once, install_handlers);
    thread_traps.start();
}

extern "C" void irqlab_trap_enter(TrapFrame* frame) { handle(kernel(), *frame); }

u64 modelled_tsc(Kernel& k) { return hw::tsc_at(now_ns(*k.this_cpu)); }

} // namespace irqlab::kernel
