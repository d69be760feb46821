// The switches, in assembly, and stacks with guards. See the header.
#include "sim/fiber.hpp"

#include <cstring>
#include <sys/mman.h>
#include <vector>

#include "hw/base/check.hpp"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define IRQLAB_ASAN 1
#endif

// Both keep what the System V ABI says a call preserves: rbx, rbp, r12 to r15 and the stack pointer.
// The x87 and SSE control words are the process's own and never change here.
asm(R"(
.text
.globl irqlab_fiber_switch
.type irqlab_fiber_switch, @function
irqlab_fiber_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
.size irqlab_fiber_switch, . - irqlab_fiber_switch

.globl irqlab_call_guarded
.type irqlab_call_guarded, @function
irqlab_call_guarded:
    push %rbp
    mov %rsp, %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    push %rdi
    mov %rsp, (%rdi)
    mov %rdx, %rdi
    call *%rsi
    xor %eax, %eax
irqlab_landed:
    pop %rdi
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    movq $0, (%rdi)
    ret
.size irqlab_call_guarded, . - irqlab_call_guarded

.globl irqlab_land
.type irqlab_land, @function
irqlab_land:
    mov (%rdi), %rsp
    mov $1, %eax
    jmp irqlab_landed
.size irqlab_land, . - irqlab_land
)");

extern "C" {
void irqlab_fiber_switch(void** save, void* to);
int irqlab_call_guarded(void* landing, void (*function)(void*), void* argument);
[[noreturn]] void irqlab_land(void* landing);
}

namespace irqlab::sim {

namespace {

thread_local Fiber* the_entering = nullptr; // who is being started or resumed
thread_local Fiber* the_left = nullptr;     // who was left for it

std::vector<std::byte*>& stack_pool()
{
    struct Pool {
        std::vector<std::byte*> stacks;
        ~Pool()
        {
            for (std::byte* s : stacks)
                munmap(s - Fiber::guard_bytes, Fiber::guard_bytes + Fiber::stack_bytes);
        }
    };
    thread_local Pool pool;
    return pool.stacks;
}

std::byte* take_stack()
{
    auto& pool = stack_pool();
    if (!pool.empty()) {
        std::byte* s = pool.back();
        pool.pop_back();
        return s;
    }
    void* range = mmap(nullptr, Fiber::guard_bytes + Fiber::stack_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    CHECK(range != MAP_FAILED);
    CHECK(mprotect(range, Fiber::guard_bytes, PROT_NONE) == 0);
    return static_cast<std::byte*>(range) + Fiber::guard_bytes;
}

} // namespace

Fiber::~Fiber() { drop(); }

void Fiber::prepare(Entry entry, void* argument)
{
    CHECK(!stack_);
    stack_ = take_stack();
    entry_ = entry;
    argument_ = argument;
    // Six registers to pop, then the return into start(), whose own return address ends the frame chain and
    // keeps the stack as the ABI wants it at a function's entry: 8 below a multiple of 16.
    auto** top = reinterpret_cast<void**>(stack_ + stack_bytes);
    *--top = nullptr;
    *--top = reinterpret_cast<void*>(&Fiber::start);
    for (int i = 0; i < 6; ++i)
        *--top = nullptr;
    sp_ = top;
}

void Fiber::drop()
{
    if (!stack_)
        return;
#ifdef IRQLAB_ASAN
    __asan_unpoison_memory_region(stack_, stack_bytes);
#endif
    stack_pool().push_back(stack_);
    stack_ = nullptr;
    fake_stack_ = nullptr;
}

void Fiber::start()
{
    Fiber* self = the_entering;
#ifdef IRQLAB_ASAN
    __sanitizer_finish_switch_fiber(nullptr, the_left->stack_ ? nullptr : &the_left->host_bottom_,
                                    the_left->stack_ ? nullptr : &the_left->host_size_);
#endif
    self->entry_(self->argument_);
    CHECK(!"a fiber's entry returned");
}

void Fiber::switch_to(Fiber& from, Fiber& to)
{
    the_entering = &to;
    the_left = &from;
#ifdef IRQLAB_ASAN
    __sanitizer_start_switch_fiber(&from.fake_stack_, to.stack_ ? to.stack_ : to.host_bottom_,
                                   to.stack_ ? stack_bytes : to.host_size_);
    irqlab_fiber_switch(&from.sp_, to.sp_);
    __sanitizer_finish_switch_fiber(from.fake_stack_, the_left->stack_ ? nullptr : &the_left->host_bottom_,
                                    the_left->stack_ ? nullptr : &the_left->host_size_);
#else
    irqlab_fiber_switch(&from.sp_, to.sp_);
#endif
}

bool call_guarded(Landing& landing, void (*function)(void*), void* argument)
{
    return irqlab_call_guarded(&landing, function, argument) != 0;
}

void land(Landing& landing)
{
    CHECK(landing.armed());
#ifdef IRQLAB_ASAN
    __asan_handle_no_return();
#endif
    irqlab_land(&landing);
}

} // namespace irqlab::sim
