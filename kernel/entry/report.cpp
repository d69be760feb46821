// The parts of a report: registers, code bytes, call trace, modules, in Linux's form.
#include "kernel/entry/report.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "kernel/entry/symbols.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/loader.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/entry/emulate.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

using ull = unsigned long long;

/// [LX admin-guide/tainted-kernels]: the letter when the bit is set; blank otherwise, but G where not P.
constexpr char taint_letters[] = "PFSRMBUDAWCIOELKXTN";
constexpr const char* taint_names[] = {
    "PROPRIETARY_MODULE", "FORCED_MODULE", "CPU_OUT_OF_SPEC", "FORCED_RMMOD", "MACHINE_CHECK", "BAD_PAGE", "USER",
    "DIE", "OVERRIDDEN_ACPI_TABLE", "WARN", "CRAP", "FIRMWARE_WORKAROUND", "OOT_MODULE", "UNSIGNED_MODULE", "SOFTLOCKUP",
    "LIVEPATCH", "AUX", "RANDSTRUCT", "TEST"};

unsigned taint_count(Release release) { return release >= Release::v6_1 ? 19 : 18; }

/// The bytes round the address, the one at it in angle brackets, as far as they can be read.
void print_code(Kernel& k, std::uintptr_t ip)
{
    constexpr unsigned before = 42, total = 64;
    const LoadedModule* m = module_at(k, ip);
    CodeSymbol in_kernel;
    const bool known = m || find_symbol(k, ip, false, in_kernel);
    const std::uintptr_t low = m ? (m->init.contains(ip) ? m->init.start : m->core.start) : ip - before;
    const std::uintptr_t high = m ? (m->init.contains(ip) ? m->init.end() : m->core.end()) : ip + total - before;
    if (!known || ip - before < low) {
        if (!known || ip < low) {
            const ull from = shown_address(k, ip) - before;
            if (k.config.release >= Release::v6_1)
                say('4', "Code: Unable to access opcode bytes at 0x%llx.", from);
            else if (k.config.release >= Release::v5_10)
                say('4', "Code: Unable to access opcode bytes at RIP 0x%llx.", from);
            else
                say('4', "Code: Bad RIP value.");
            return;
        }
    }
    char text[total * 5 + 1];
    std::size_t used = 0;
    for (std::uintptr_t a = ip - before; a < ip - before + total && a < high; ++a) {
        if (a < low)
            continue;
        u8 byte = *reinterpret_cast<const u8*>(a);
        if (m)
            patched_at(*m, a, byte);
        used += static_cast<std::size_t>(
            std::snprintf(text + used, sizeof text - used, a == ip ? "<%02x> " : "%02x ", byte));
    }
    if (used)
        text[used - 1] = '\0';
    say('4', "Code: %s", used ? text : "");
}

void print_rip(Kernel& k, std::uintptr_t ip)
{
    char name[256];
    if (symbolize(ip, name, sizeof name, true))
        say('4', "RIP: 0010:%s", name);
    else
        say('4', "RIP: 0010:0x%llx", static_cast<ull>(shown_address(k, ip)));
}

// --- the call trace ---------------------------------------------------------------------------------------------

constexpr unsigned frames_max = 64;

struct Frames {
    std::uintptr_t ip[frames_max];
    unsigned count = 0;
};

/// Follows saved frame pointers while they lead outwards on the current task's stack.
void walk(Kernel& k, std::uintptr_t bp, Frames& out)
{
    if (!k.this_cpu || !k.this_cpu->current)
        return;
    const Task& task = *k.this_cpu->current;
    const std::uintptr_t top = task.in_syscall && task.kernel_stack_top ? task.kernel_stack_top : task.fiber.stack_high();
    while (out.count < frames_max) {
        if (!task.fiber.prepared() || bp < task.fiber.stack_low() || bp + 16 > task.fiber.stack_high() || bp % 8)
            break;
        const auto* frame = reinterpret_cast<const std::uintptr_t*>(bp);
        if (!frame[1])
            break;
        out.ip[out.count++] = frame[1];
        if (frame[0] <= bp || bp >= top) // the frame at the top leads into the system call's own function
            break;
        bp = frame[0];
    }
}

bool is_entry(const CodeSymbol& s) { return !s.module && std::strcmp(s.name, "common_interrupt") == 0; }

void print_frame(const CodeSymbol& s)
{
    char module[72] = "";
    if (s.module)
        std::snprintf(module, sizeof module, " [%s]", s.module);
    say('4', " %s+0x%llx/0x%llx%s", s.name, static_cast<ull>(s.offset), static_cast<ull>(s.size), module);
}

/// The stub that an interrupt gate leads to. We have none: an interrupt is a call. Offsets as Linux's stubs have them.
void print_entry_stub(Kernel& k)
{
    const Release r = k.config.release;
    if (r == Release::v5_4)
        say('4', " ret_from_intr+0x0/0x21");
    else
        say('4', " asm_common_interrupt+0x%x/0x40", r >= Release::v6_6 ? 0x26u : r >= Release::v6_1 ? 0x22u : 0x1eu);
}

/// Where the stack ends: the system call's entry, or a kernel thread's beginning.
void print_outermost(Kernel& k)
{
    const Task& task = *k.this_cpu->current;
    if (task.pid() == 0) {
        say('4', " %s", k.config.release == Release::v5_4 ? "secondary_startup_64+0xa4/0xb0"
                                                          : "secondary_startup_64_no_verify+0xe0/0xeb");
    } else if (task.is_kthread) {
        say('4', " ret_from_fork+0x%x/0x%x", 0x22u, 0x30u);
    } else if (task.in_syscall) {
        say('4', " do_syscall_64+0x5d/0xb0");
        say('4', " entry_SYSCALL_64_after_hwframe+0x6e/0xd8");
    }
}

} // namespace

const char* hardware_name(hw::BoardId board)
{
    switch (board) {
    case hw::BoardId::q35: return "QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-debian-1.16.2-1 04/01/2014";
    case hw::BoardId::laptop: return "irqlab Notebook/Notebook, BIOS 1.0 01/01/2026";
    default: return "QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014";
    }
}

void say(char level, const char* format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    std::vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char with_level[] = {'\001', level, '%', 's', '\n', '\0'};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    abi::_printk(with_level, text);
#pragma GCC diagnostic pop
}

void taint_string(Kernel& k, char* out)
{
    if (!k.taint) {
        std::strcpy(out, "Not tainted");
        return;
    }
    const unsigned count = taint_count(k.config.release);
    std::strcpy(out, "Tainted: ");
    char* at = out + std::strlen(out);
    for (unsigned bit = 0; bit < count; ++bit)
        *at++ = k.taint >> bit & 1 ? taint_letters[bit] : bit == 0 ? 'G' : ' ';
    *at = '\0';
}

void print_task_info(Kernel& k)
{
    char taint[48];
    taint_string(k, taint);
    const Task& task = *k.this_cpu->current;
    const Release r = k.config.release;
    say('4', "CPU: %u %sPID: %d Comm: %.20s %s %s #1", k.this_cpu->index, r >= Release::v6_12 ? "UID: 0 " : "",
        task.pid(), task.comm(), taint, names_of(r).uname.data());
    if (r >= Release::v6_12 && k.taint) {
        char verbose[512] = "";
        std::size_t used = 0;
        for (unsigned bit = 0; bit < taint_count(r); ++bit)
            if (k.taint >> bit & 1 && used < sizeof verbose)
                used += static_cast<std::size_t>(std::snprintf(verbose + used, sizeof verbose - used, "%s[%c]=%s",
                                                               used ? ", " : "", taint_letters[bit], taint_names[bit]));
        say('4', "Tainted: %s", verbose);
    }
    say('4', "Hardware name: %s", hardware_name(k.config.board));
}

void print_modules(Kernel& k, char level)
{
    char list[900];
    modules_linked_in(k, list, sizeof list);
    say(level, "Modules linked in:%s", list);
}

void print_registers(Kernel& k, const TrapFrame& f)
{
    const abi::pt_regs& r = f.regs;
    const hw::Cpu& cpu = k.machine.core[k.this_cpu->index].cpu;
    const auto show = [&](u64 value) { return static_cast<ull>(shown_address(k, value)); };
    print_rip(k, r.ip);
    print_code(k, r.ip);
    say('4', "RSP: 0018:%016llx EFLAGS: %08llx", show(r.sp), static_cast<ull>(modelled_flags(cpu, r)));
    say('4', "RAX: %016llx RBX: %016llx RCX: %016llx", show(r.ax), show(r.bx), show(r.cx));
    say('4', "RDX: %016llx RSI: %016llx RDI: %016llx", show(r.dx), show(r.si), show(r.di));
    say('4', "RBP: %016llx R08: %016llx R09: %016llx", show(r.bp), show(r.r8), show(r.r9));
    say('4', "R10: %016llx R11: %016llx R12: %016llx", show(r.r10), show(r.r11), show(r.r12));
    say('4', "R13: %016llx R14: %016llx R15: %016llx", show(r.r13), show(r.r14), show(r.r15));
    say('4', "FS:  %016x(0000) GS:%016llx(0000) knlGS:%016x", 0u,
        0xffff88800f800000ull + (static_cast<ull>(k.this_cpu->index) << 20), 0u);
    say('4', "CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033");
    say('4', "CR2: %016llx CR3: 0000000002a10000 CR4: 00000000000006f0", show(cpu.cr2));
}

void print_trace(Kernel& k, std::uintptr_t bp, const char* first, std::uintptr_t caller)
{
    Frames frames;
    if (caller)
        frames.ip[frames.count++] = caller;
    walk(k, bp, frames);
    unsigned entries = 0;
    CodeSymbol s;
    for (unsigned i = 0; i < frames.count; ++i)
        entries += find_symbol(k, frames.ip[i], true, s) && is_entry(s);
    const bool marks_task = k.config.release >= Release::v6_1;
    say('4', "Call Trace:");
    if (entries)
        say('4', " <IRQ>");
    else if (marks_task)
        say('4', " <TASK>");
    if (first)
        say('4', " %s", first);
    for (unsigned i = 0; i < frames.count; ++i) {
        if (!find_symbol(k, frames.ip[i], true, s) || !s.of_linux)
            continue;
        print_frame(s);
        if (!is_entry(s))
            continue;
        if (--entries == 0) {
            say('4', " </IRQ>");
            if (marks_task)
                say('4', " <TASK>");
        }
        print_entry_stub(k);
    }
    print_outermost(k);
    if (marks_task)
        say('4', " </TASK>");
}

// Until 5.16 the marker bore a random number, counted up with each report.
void print_end_marker(Kernel& k)
{
    constexpr u64 boot_id = 0x6d2f3ab1c95e7f40;
    const bool zeros = k.config.release >= Release::v6_1;
    say('4', "---[ end trace %016llx ]---", static_cast<ull>(zeros ? 0 : boot_id + k.oops_count));
}

} // namespace irqlab::kernel
