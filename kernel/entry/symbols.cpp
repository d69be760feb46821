// Kernel addresses come from this program's own symbol table, read once when first needed.
#include "kernel/entry/symbols.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/module/export.hpp"
#include "kernel/module/loader.hpp"
#include "kernel/module/state.hpp"
#include "kernel/sched/task.hpp"

extern "C" const char __executable_start, etext, end;

namespace irqlab::kernel {

u64 stable_address(std::uintptr_t address) __attribute__((weak));

namespace {

// --- names ------------------------------------------------------------------------------------------------------

/// What a function of ours is called in Linux, where it bears another name.
struct Alias {
    std::string_view ours;
    const char* linux_name;
    Release since = Release::v5_4, until = Release::v6_12;
};
constexpr Alias aliases[] = {
    {"common_interrupt", "do_IRQ", Release::v5_4, Release::v5_4},
    {"common_interrupt", "__common_interrupt", Release::v5_10, Release::v6_12},
    {"enter_vector", "common_interrupt"},
    {"sys_open", "do_sys_openat2"},
    {"sys_close", "__x64_sys_close"},
    {"sys_read", "ksys_read"},
    {"sys_write", "ksys_write"},
    {"sys_lseek", "ksys_lseek"},
    {"sys_ioctl", "__x64_sys_ioctl"},
    {"sys_poll", "__x64_sys_poll"},
    {"sys_init_module", "__do_sys_finit_module"},
    {"sys_delete_module", "__do_sys_delete_module"},
    {"sys_nanosleep", "__x64_sys_nanosleep"},
    {"do_softirq", "__do_softirq", Release::v5_4, Release::v6_6},
    {"do_softirq", "handle_softirqs", Release::v6_12, Release::v6_12},
};

/// Functions of Linux that are not exported and that we have under the same name.
constexpr std::string_view internal[] = {
    "__handle_irq_event_percpu", "handle_irq_event", "handle_irq_event_percpu", "handle_edge_irq", "handle_level_irq",
    "handle_fasteoi_irq", "handle_percpu_irq", "handle_simple_irq", "note_interrupt", "__report_bad_irq",
    "__setup_irq", "__free_irq", "__disable_irq", "__enable_irq", "irq_thread", "irq_thread_fn", "irq_forced_thread_fn",
    "irq_exit", "irq_exit_rcu", "__irq_exit_rcu", "__do_softirq", "handle_softirqs", "run_ksoftirqd",
    "tasklet_action_common", "tasklet_action", "tasklet_hi_action", "smpboot_thread_fn", "process_one_work",
    "worker_thread", "kthread", "rescuer_thread", "run_timer_softirq", "__run_timers", "call_timer_fn", "hrtimer_interrupt",
    "__hrtimer_run_queues", "do_one_initcall", "do_init_module", "__schedule", "__schedule_bug", "vfs_read", "vfs_write",
    "proc_reg_read", "proc_reg_write", "proc_reg_open", "seq_read", "seq_read_iter", "kernfs_fop_read_iter", "kernfs_fop_write_iter",
    "sysfs_kf_seq_show", "dev_attr_show", "dev_attr_store", "chrdev_open", "misc_open", "do_dentry_open", "__fput",
    "actions_show", "show_interrupts", "resend_irqs", "poll_spurious_irqs", "misrouted_irq", "try_one_irq",
    "probe_irq_on", "free_irq", "register_handler_proc", "__proc_create", "synchronize_hardirq", "__synchronize_hardirq",
    "setup_irq", "do_IRQ", "string", "rcu_core", "rcu_do_batch", "local_bh_enable", "wait_task_inactive",
};

const char* linux_alias(std::string_view ours, Release release)
{
    for (const Alias& a : aliases)
        if (a.ours == ours && a.since <= release && release <= a.until)
            return a.linux_name;
    return nullptr;
}

bool name_of_linux(std::string_view name)
{
    if (name.starts_with("__tsan_") || name.starts_with("__lab_"))
        return false;
    return std::ranges::find(internal, name) != std::end(internal) || find_export_any(name);
}

/// The last identifier of a mangled nested name (_ZN6irqlab6kernel9serve...E), or the name itself. [CXXABI] "Mangling".
std::string plain_name(const char* symbol)
{
    std::string_view s = symbol;
    if (!s.starts_with("_Z"))
        return std::string{s.substr(0, s.find('.'))};
    s.remove_prefix(2);
    while (!s.empty() && (s[0] == 'N' || s[0] == 'L' || s[0] == 'K'))
        s.remove_prefix(1);
    std::string_view last;
    while (!s.empty() && s[0] >= '0' && s[0] <= '9') {
        std::size_t length = 0;
        while (!s.empty() && s[0] >= '0' && s[0] <= '9') {
            length = length * 10 + static_cast<std::size_t>(s[0] - '0');
            s.remove_prefix(1);
        }
        if (length > s.size())
            break;
        last = s.substr(0, length);
        s.remove_prefix(length);
    }
    return std::string{last};
}

// --- the program's own table -----------------------------------------------------------------------------------

struct OwnSymbol {
    std::uintptr_t address;
    std::size_t size;
    std::string name;
};

class OwnSymbols {
public:
    OwnSymbols()
    {
        const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        struct stat st;
        if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > static_cast<off_t>(sizeof(Elf64_Ehdr))) {
            const auto size = static_cast<std::size_t>(st.st_size);
            void* map = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
            if (map != MAP_FAILED) {
                read(static_cast<const char*>(map), size);
                munmap(map, size);
            }
        }
        if (fd >= 0)
            close(fd);
        std::ranges::sort(all_, {}, &OwnSymbol::address);
    }

    const OwnSymbol* at(std::uintptr_t address) const
    {
        auto it = std::ranges::upper_bound(all_, address, {}, &OwnSymbol::address);
        if (it == all_.begin())
            return nullptr;
        --it;
        return address - it->address < it->size ? &*it : nullptr;
    }

private:
    void read(const char* map, std::size_t size)
    {
        const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(map);
        if (header.e_shoff > size || header.e_shnum > (size - header.e_shoff) / sizeof(Elf64_Shdr))
            return;
        const auto* sections = reinterpret_cast<const Elf64_Shdr*>(map + header.e_shoff);
        unsigned table = 0; // .symtab, or in a stripped program .dynsym
        for (unsigned i = 0; i < header.e_shnum; ++i)
            if (sections[i].sh_type == SHT_SYMTAB || (!table && sections[i].sh_type == SHT_DYNSYM))
                table = i;
        if (!table || sections[table].sh_link >= header.e_shnum)
            return;
        const auto* symbols = reinterpret_cast<const Elf64_Sym*>(map + sections[table].sh_offset);
        const char* names = map + sections[sections[table].sh_link].sh_offset;
        for (std::size_t i = 0; i < sections[table].sh_size / sizeof(Elf64_Sym); ++i)
            if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC && symbols[i].st_size)
                all_.push_back({symbols[i].st_value, symbols[i].st_size, plain_name(names + symbols[i].st_name)});
    }

    std::vector<OwnSymbol> all_;
};

bool kernel_symbol_at(Kernel* k, std::uintptr_t address, CodeSymbol& out)
{
    static const OwnSymbols own;
    const OwnSymbol* s = own.at(address);
    if (!s)
        return false;
    const char* alias = k ? linux_alias(s->name, k->config.release) : nullptr;
    out = {alias ? alias : s->name.c_str(), nullptr, address - s->address, s->size, alias || name_of_linux(s->name)};
    return true;
}

/// As kallsyms: a function reaches to the next symbol, the last one to the end of its part.
bool module_symbol_at(const LoadedModule& m, std::uintptr_t address, CodeSymbol& out)
{
    const Range& part = m.init.contains(address) ? (m.init_text.contains(address) ? m.init_text : m.init)
                        : m.text.contains(address) ? m.text : m.core;
    const ModuleSymbol* found = nullptr;
    std::uintptr_t next = part.start + page_up(part.size);
    for (std::size_t i = 0; i < m.symbol_count; ++i) {
        const ModuleSymbol& s = m.symbols[i];
        if (s.address <= address && s.address >= part.start && (!found || s.address > found->address))
            found = &s;
        if (s.address > address && s.address < next)
            next = s.address;
    }
    if (!found)
        return false;
    out = {found->name, m.name, address - found->address, next - found->address, true};
    return true;
}

} // namespace

bool find_symbol(Kernel& k, std::uintptr_t address, bool returns, CodeSymbol& out)
{
    const std::uintptr_t inside = address - (returns ? 1 : 0);
    if (const LoadedModule* m = module_at(k, inside)) {
        if (!module_symbol_at(*m, inside, out))
            return false;
    } else if (!kernel_symbol_at(&k, inside, out)) {
        return false;
    }
    out.offset += address - inside;
    return true;
}

bool symbolize(std::uintptr_t address, char* out, std::size_t size, bool with_offset)
{
    CodeSymbol s;
    if (!the_kernel || !find_symbol(*the_kernel, address, false, s))
        return false;
    char offset[48] = "", module[72] = "";
    if (with_offset)
        std::snprintf(offset, sizeof offset, "+%#llx/%#llx", static_cast<unsigned long long>(s.offset),
                      static_cast<unsigned long long>(s.size));
    if (with_offset && s.offset == 0) // %#x leaves the prefix of a zero out
        std::snprintf(offset, sizeof offset, "+0x0/%#llx", static_cast<unsigned long long>(s.size));
    if (s.module)
        std::snprintf(module, sizeof module, " [%s]", s.module);
    std::snprintf(out, size, "%s%s%s", s.name, offset, module);
    return true;
}

namespace {
bool host_maps(std::uintptr_t a)
{
    return msync(reinterpret_cast<void*>(a & ~(page_bytes - 1)), page_bytes, MS_ASYNC) == 0;
}
} // namespace

u64 shown_address(Kernel& k, std::uintptr_t a)
{
    constexpr u64 modules_at = 0xffffffffc0000000, text_at = 0xffffffff81000000, stacks_at = 0xffffc90000000000,
                  memory_at = 0xffff888000000000, elsewhere_at = 0xffff888100000000;
    constexpr std::uintptr_t host_low = 0x500000000000, host_high = 0x7fffffffffff;
    if (in_module_range(a) && k.modules && k.modules->memory.is_open())
        return modules_at + (a - k.modules->memory.base()) % slot_bytes;
    const auto start = reinterpret_cast<std::uintptr_t>(&__executable_start);
    if (a >= start && a < reinterpret_cast<std::uintptr_t>(&end))
        return text_at + (a - start);
    if (k.this_cpu && k.this_cpu->current) {
        const Task& t = *k.this_cpu->current;
        const std::uintptr_t low = t.fiber.stack_low() - sim::Fiber::guard_bytes;
        if (t.fiber.prepared() && a >= low && a <= t.fiber.stack_high())
            return stacks_at + (static_cast<u64>(t.pid()) << 20) + (a - low);
    }
    if ((k.arena.contains(reinterpret_cast<const void*>(a)) || memory_contains(k, reinterpret_cast<const void*>(a))) &&
        stable_address)
        return memory_at + stable_address(a);
    // What the host mapped lies at random places: keep what is the same in each run. Others are the driver's own.
    if (a >= host_low && a <= host_high && host_maps(a))
        return elsewhere_at + a % page_bytes;
    return a;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

int sprint_symbol(char* buffer, unsigned long address)
{
    constexpr std::size_t symbol_bytes = 512; // KSYM_SYMBOL_LEN and more
    if (!kernel::symbolize(address, buffer, symbol_bytes, true))
        return std::snprintf(buffer, symbol_bytes, "0x%lx", address);
    return static_cast<int>(std::strlen(buffer));
}

} // namespace irqlab::abi
