// Model-specific registers as the kernel gives them to itself and to drivers. See the header.
#include "kernel/entry/msr.hpp"

#include <cstdarg>
#include <cstdio>
#include <iterator>
#include <utility>

#include "kernel/entry/cpu_model.hpp"
#include "kernel/entry/report.hpp"
#include "kernel/entry/symbols.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/sched/sched.hpp"
#include "linux/abi/msr.h"

namespace irqlab::kernel {

namespace {

EmulatedCpu emulated(Kernel& k, unsigned cpu) { return {k.machine, cpu, k.signals, modelled_tsc(k)}; }

/// Tells what its caller tried, and where that stands: "... at rIP: 0xffffffff81063a24
/// (native_read_msr+0x4/0x40)".
[[gnu::noinline, gnu::format(printf, 2, 3)]] void say_unchecked(Kernel& k, const char* format, ...)
{
    TrapFrame f{};
    IRQLAB_CAPTURE(f);
    char what[80], place[160] = "";
    va_list args;
    va_start(args, format);
    std::vsnprintf(what, sizeof what, format, args);
    va_end(args);
    symbolize(f.regs.ip, place, sizeof place, true);
    say('4', "unchecked MSR access error: %s at rIP: 0x%llx (%s)", what,
        static_cast<unsigned long long>(shown_address(k, f.regs.ip)), place);
    print_trace(k, f.regs.bp, nullptr);
}

} // namespace

[[gnu::noinline]] u64 native_read_msr(Kernel& k, unsigned cpu, u32 msr)
{
    u64 value = 0;
    if (!read_msr(emulated(k, cpu), msr, value) && !std::exchange(k.irq->warned_rdmsr, true))
        say_unchecked(k, "RDMSR from 0x%x", msr);
    return value;
}

[[gnu::noinline]] void native_write_msr(Kernel& k, unsigned cpu, u32 msr, u64 value)
{
    if (!write_msr(emulated(k, cpu), msr, value) && !std::exchange(k.irq->warned_wrmsr, true))
        say_unchecked(k, "WRMSR to 0x%x (tried to write 0x%08x%08x)", msr, static_cast<u32>(value >> 32),
                      static_cast<u32>(value));
    asm volatile(""); // its frame is looked for: that was no tail call
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

namespace {

/// An access that another CPU is asked to make.
struct Asked {
    u32 msr;
    u64 value = 0;
    int error = 0;
};

void read_here(void* argument)
{
    auto& a = *static_cast<Asked*>(argument);
    a.value = __lab_read_msr(a.msr);
}

void write_here(void* argument)
{
    auto& a = *static_cast<Asked*>(argument);
    __lab_write_msr(a.msr, a.value);
}

void read_here_safe(void* argument)
{
    auto& a = *static_cast<Asked*>(argument);
    a.error = __lab_read_msr_safe(a.msr, &a.value);
}

void write_here_safe(void* argument)
{
    auto& a = *static_cast<Asked*>(argument);
    a.error = __lab_write_msr_safe(a.msr, a.value);
}

int ask(unsigned cpu, void (*access)(void*), Asked& a)
{
    const int error = smp_call_function_single(static_cast<int>(cpu), access, &a, 1);
    return error ? error : a.error;
}

int read_on(unsigned cpu, void (*access)(void*), u32 msr, u64& value)
{
    Asked a{msr};
    const int error = ask(cpu, access, a);
    value = a.value;
    return error;
}

int read_halves_on(unsigned cpu, void (*access)(void*), u32 msr, u32& low, u32& high)
{
    u64 value = 0;
    const int error = read_on(cpu, access, msr, value);
    low = static_cast<u32>(value);
    high = static_cast<u32>(value >> 32);
    return error;
}

int write_on(unsigned cpu, void (*access)(void*), u32 msr, u64 value)
{
    Asked a{msr, value};
    return ask(cpu, access, a);
}

u64 whole(u32 low, u32 high) { return u64{high} << 32 | low; }

} // namespace

u64 __lab_read_msr(u32 msr)
{
    Kernel& k = kernel();
    sched_sync_machine(k);
    return native_read_msr(k, k.this_cpu->index, msr);
}

void __lab_write_msr(u32 msr, u64 value)
{
    Kernel& k = kernel();
    sched_sync_machine(k);
    native_write_msr(k, k.this_cpu->index, msr, value);
    sched_signals(k);
}

int __lab_read_msr_safe(u32 msr, u64* value)
{
    Kernel& k = kernel();
    sched_sync_machine(k);
    irqlab::u64 held = 0;
    const bool read = read_msr(emulated(k, k.this_cpu->index), msr, held);
    *value = held;
    return read ? 0 : -EIO;
}

int __lab_write_msr_safe(u32 msr, u64 value)
{
    Kernel& k = kernel();
    sched_sync_machine(k);
    const bool written = write_msr(emulated(k, k.this_cpu->index), msr, value);
    sched_signals(k);
    return written ? 0 : -EIO;
}

int rdmsrl_on_cpu(unsigned cpu, u32 msr, u64* q) { return read_on(cpu, read_here, msr, *q); }
int rdmsrl_safe_on_cpu(unsigned cpu, u32 msr, u64* q) { return read_on(cpu, read_here_safe, msr, *q); }
int wrmsrl_on_cpu(unsigned cpu, u32 msr, u64 q) { return write_on(cpu, write_here, msr, q); }
int wrmsrl_safe_on_cpu(unsigned cpu, u32 msr, u64 q) { return write_on(cpu, write_here_safe, msr, q); }
int rdmsr_on_cpu(unsigned cpu, u32 msr, u32* l, u32* h)
{
    return read_halves_on(cpu, read_here, msr, *l, *h);
}
int rdmsr_safe_on_cpu(unsigned cpu, u32 msr, u32* l, u32* h)
{
    return read_halves_on(cpu, read_here_safe, msr, *l, *h);
}
int wrmsr_on_cpu(unsigned cpu, u32 msr, u32 l, u32 h) { return write_on(cpu, write_here, msr, whole(l, h)); }
int wrmsr_safe_on_cpu(unsigned cpu, u32 msr, u32 l, u32 h)
{
    return write_on(cpu, write_here_safe, msr, whole(l, h));
}

} // namespace irqlab::abi

namespace irqlab::kernel {

extern const Export msr_exports[] = {
    EXPORT(__lab_read_msr),       EXPORT(__lab_read_msr_safe), EXPORT(__lab_write_msr),
    EXPORT(__lab_write_msr_safe), EXPORT(rdmsr_on_cpu),        EXPORT(rdmsr_safe_on_cpu),
    EXPORT(rdmsrl_on_cpu),        EXPORT(rdmsrl_safe_on_cpu),  EXPORT(wrmsr_on_cpu),
    EXPORT(wrmsr_safe_on_cpu),    EXPORT(wrmsrl_on_cpu),       EXPORT(wrmsrl_safe_on_cpu),
};
extern const std::size_t msr_exports_count = std::size(msr_exports);

} // namespace irqlab::kernel
