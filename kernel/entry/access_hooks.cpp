// The hooks that the compiler puts before each access of a driver. See the header.
#include "kernel/entry/access_hooks.hpp"

#include <iterator>

#include "kernel/entry/access_budget.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/sched/sched.hpp"

namespace irqlab::kernel {

constinit thread_local AccessObserver access_observer = nullptr;
constinit thread_local u64 driver_accesses = 0;

namespace {

[[gnu::noinline, gnu::cold]] void access_slow(const void* address, std::size_t size, AccessKind kind, const void* ip)
{
    driver_accesses += static_cast<u64>(access_budget.given - access_budget.left);
    if (!the_kernel) [[unlikely]] { // outside of any World nothing can happen
        access_budget.left = access_budget.given = i64{1} << 40;
        return;
    }
    if (access_observer)
        access_observer(*the_kernel, {address, size, kind, ip});
    sched_step(*the_kernel);
}

} // namespace

void note_access(const void* address, std::size_t size, AccessKind kind, const void* ip)
{
    if (--access_budget.left < 0) [[unlikely]]
        access_slow(address, size, kind, ip);
}

} // namespace irqlab::kernel

// The names below are the compiler's; gcc 12 and clang 14 call these. Each stands right before its access.
using irqlab::kernel::access_budget;
using irqlab::kernel::access_slow;
using irqlab::kernel::AccessKind;

#define QUIET(address, size, kind)                                                         \
    if (--access_budget.left < 0) [[unlikely]]                                             \
    access_slow(const_cast<const void*>(static_cast<const volatile void*>(address)), size, \
                AccessKind::kind, __builtin_return_address(0))

#define HOOK(name, size, kind)  \
    void name(void* address);   \
    void name(void* address) { QUIET(address, size, kind); }

#define HOOKS(size)                                                         \
    HOOK(__tsan_read##size, size, read)                                     \
    HOOK(__tsan_write##size, size, write)                                   \
    HOOK(__tsan_unaligned_read##size, size, read)                           \
    HOOK(__tsan_unaligned_write##size, size, write)                         \
    HOOK(__tsan_volatile_read##size, size, volatile_read)                   \
    HOOK(__tsan_volatile_write##size, size, volatile_write)                 \
    HOOK(__tsan_unaligned_volatile_read##size, size, volatile_read)         \
    HOOK(__tsan_unaligned_volatile_write##size, size, volatile_write)       \
    HOOK(__tsan_read_write##size, size, write)                              \
    HOOK(__tsan_unaligned_read_write##size, size, write)

// Atomics perform the operation. Every order is the strongest: on x86 the difference is the compiler's only.
#define FETCH(bits, T, operation, builtin)                                        \
    T __tsan_atomic##bits##_##operation(volatile T* p, T value, int);             \
    T __tsan_atomic##bits##_##operation(volatile T* p, T value, int)              \
    {                                                                             \
        QUIET(p, sizeof *p, atomic);                                              \
        return builtin(p, value, __ATOMIC_SEQ_CST);                               \
    }

#define COMPARE(bits, T, operation)                                                               \
    int __tsan_atomic##bits##_##operation(volatile T* p, T* expected, T value, int, int);         \
    int __tsan_atomic##bits##_##operation(volatile T* p, T* expected, T value, int, int)          \
    {                                                                                             \
        QUIET(p, sizeof *p, atomic);                                                              \
        return __atomic_compare_exchange_n(p, expected, value, false, __ATOMIC_SEQ_CST,           \
                                           __ATOMIC_SEQ_CST);                                     \
    }

#define ATOMICS(bits, T)                                                                          \
    T __tsan_atomic##bits##_load(const volatile T* p, int);                                       \
    T __tsan_atomic##bits##_load(const volatile T* p, int)                                        \
    {                                                                                             \
        QUIET(p, sizeof *p, atomic);                                                              \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                              \
    }                                                                                             \
    void __tsan_atomic##bits##_store(volatile T* p, T value, int);                                \
    void __tsan_atomic##bits##_store(volatile T* p, T value, int)                                 \
    {                                                                                             \
        QUIET(p, sizeof *p, atomic);                                                              \
        __atomic_store_n(p, value, __ATOMIC_SEQ_CST);                                             \
    }                                                                                             \
    FETCH(bits, T, exchange, __atomic_exchange_n)                                                 \
    FETCH(bits, T, fetch_add, __atomic_fetch_add)                                                 \
    FETCH(bits, T, fetch_sub, __atomic_fetch_sub)                                                 \
    FETCH(bits, T, fetch_and, __atomic_fetch_and)                                                 \
    FETCH(bits, T, fetch_or, __atomic_fetch_or)                                                   \
    FETCH(bits, T, fetch_xor, __atomic_fetch_xor)                                                 \
    FETCH(bits, T, fetch_nand, __atomic_fetch_nand)                                               \
    COMPARE(bits, T, compare_exchange_strong)                                                     \
    COMPARE(bits, T, compare_exchange_weak)                                                       \
    T __tsan_atomic##bits##_compare_exchange_val(volatile T* p, T expected, T value, int, int);   \
    T __tsan_atomic##bits##_compare_exchange_val(volatile T* p, T expected, T value, int, int)    \
    {                                                                                             \
        QUIET(p, sizeof *p, atomic);                                                              \
        __atomic_compare_exchange_n(p, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
        return expected;                                                                          \
    }

extern "C" {

void __tsan_init();
void __tsan_init() {}
void __tsan_func_entry(void* caller);
void __tsan_func_entry(void* caller) { QUIET(caller, 0, call); }
void __tsan_func_exit();
void __tsan_func_exit() {}
void __tsan_ignore_thread_begin();
void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end();
void __tsan_ignore_thread_end() {}
HOOK(__tsan_vptr_read, 8, read)

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

void __tsan_read_range(void* address, unsigned long size);
void __tsan_read_range(void* address, unsigned long size) { QUIET(address, size, read); }
void __tsan_write_range(void* address, unsigned long size);
void __tsan_write_range(void* address, unsigned long size) { QUIET(address, size, write); }

ATOMICS(8, unsigned char)
ATOMICS(16, unsigned short)
ATOMICS(32, unsigned int)
ATOMICS(64, unsigned long)

void __tsan_atomic_thread_fence(int);
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_atomic_signal_fence(int);
void __tsan_atomic_signal_fence(int) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

} // extern "C"

// --- the hooks as exports ---------------------------------------------------------------------------------------------

namespace irqlab::kernel {

extern const Export hook_exports[];
extern const std::size_t hook_exports_count;

#define OFFER(symbol) Export{#symbol, reinterpret_cast<const void*>(&::symbol)}
#define OFFER_SIZE(size)                                                                                          \
    OFFER(__tsan_read##size), OFFER(__tsan_write##size), OFFER(__tsan_unaligned_read##size),                      \
        OFFER(__tsan_unaligned_write##size), OFFER(__tsan_volatile_read##size), OFFER(__tsan_volatile_write##size), \
        OFFER(__tsan_unaligned_volatile_read##size), OFFER(__tsan_unaligned_volatile_write##size),                \
        OFFER(__tsan_read_write##size), OFFER(__tsan_unaligned_read_write##size)
#define OFFER_ATOMIC(bits)                                                                                       \
    OFFER(__tsan_atomic##bits##_load), OFFER(__tsan_atomic##bits##_store), OFFER(__tsan_atomic##bits##_exchange), \
        OFFER(__tsan_atomic##bits##_fetch_add), OFFER(__tsan_atomic##bits##_fetch_sub),                          \
        OFFER(__tsan_atomic##bits##_fetch_and), OFFER(__tsan_atomic##bits##_fetch_or),                           \
        OFFER(__tsan_atomic##bits##_fetch_xor), OFFER(__tsan_atomic##bits##_fetch_nand),                         \
        OFFER(__tsan_atomic##bits##_compare_exchange_strong), OFFER(__tsan_atomic##bits##_compare_exchange_weak), \
        OFFER(__tsan_atomic##bits##_compare_exchange_val)

const Export hook_exports[] = {
    OFFER(__tsan_init),
    OFFER(__tsan_func_entry),
    OFFER(__tsan_func_exit),
    OFFER(__tsan_ignore_thread_begin),
    OFFER(__tsan_ignore_thread_end),
    OFFER(__tsan_vptr_read),
    OFFER_SIZE(1),
    OFFER_SIZE(2),
    OFFER_SIZE(4),
    OFFER_SIZE(8),
    OFFER_SIZE(16),
    OFFER(__tsan_read_range),
    OFFER(__tsan_write_range),
    OFFER_ATOMIC(8),
    OFFER_ATOMIC(16),
    OFFER_ATOMIC(32),
    OFFER_ATOMIC(64),
    OFFER(__tsan_atomic_thread_fence),
    OFFER(__tsan_atomic_signal_fence),
};
const std::size_t hook_exports_count = std::size(hook_exports);

} // namespace irqlab::kernel
