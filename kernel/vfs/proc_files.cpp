// The kernel's own files in /proc. [LX filesystems/proc]
#include <algorithm>
#include <fmt/format.h>

#include "kernel/irq/apic.hpp"
#include "kernel/module/export.hpp"
#include "kernel/module/module.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/printk/stable_address.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/syscall.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/vfs/proc_texts.hpp"
#include "kernel/mm/mm.hpp"

namespace irqlab::kernel {

namespace {

void cmdline(Kernel& k, void*, TextSink& out) { out.format("{}\n", k.config.cmdline); }

void version(Kernel&, void*, TextSink& out)
{
    const Utsname names = sys_uname();
    out.format("{} version {} (irqlab@irqlab) (gcc) {}\n", names.sysname, names.release, names.version);
}

// The modelled CPU, as far as interrupts are concerned.
void cpuinfo(Kernel& k, void*, TextSink& out)
{
    constexpr unsigned mhz = tsc_khz / 1000, khz = tsc_khz % 1000;
    constexpr unsigned bogomips = 2 * mhz, hundredths = 2 * khz / 10; // of a loop that takes a cycle
    static_assert(2 * khz < 1000);
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        if (k.cpus[cpu].online)
            out.format("processor\t: {0}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 6\n"
                       "model name\t: irqlab Virtual CPU\nstepping\t: 3\ncpu MHz\t\t: {1}.{2:03}\nphysical id\t: {0}\nsiblings\t: 1\n"
                       "core id\t\t: 0\ncpu cores\t: 1\napicid\t\t: {0}\ninitial apicid\t: {0}\nfpu\t\t: yes\n"
                       "flags\t\t: fpu tsc msr apic cx8 pge cmov mmx fxsr sse sse2 syscall nx lm{3}\n"
                       "bogomips\t: {4}.{5:02}\n\n",
                       cpu, mhz, khz, x2apic_supported(k) ? " x2apic" : "", bogomips, hundredths);
}

void uptime(Kernel& k, void*, TextSink& out)
{
    const u64 hundredths = now_ns(*k.this_cpu) / 10'000'000;
    const u64 idle = hundredths * k.cpu_count;
    out.format("{}.{:02} {}.{:02}\n", hundredths / 100, hundredths % 100, idle / 100, idle % 100);
}

// Load is not averaged in the lab: what runs now stands for all three.
void loadavg(Kernel& k, void*, TextSink& out)
{
    unsigned running = 0, all = 0;
    for (const Task* t = k.sched->all; t; t = t->next_all) {
        running += !t->exited && t->linux.__state == task_running;
        ++all;
    }
    out.format("{0}.00 {0}.00 {0}.00 {0}/{1} {2}\n", running, all, k.sched->next_pid - 1);
}

void filesystems(Kernel&, void*, TextSink& out)
{
    for (const char* name : {"sysfs", "tmpfs", "proc", "devtmpfs", "debugfs", "tracefs", "pipefs"})
        out.format("nodev\t{}\n", name);
}

/// A tree of resources, children indented by two.
void resources(const abi::resource* r, unsigned depth, unsigned width, TextSink& out)
{
    for (; r; r = r->sibling) {
        out.fill(std::size_t{depth} * 2);
        out.format("{:0{}x}-{:0{}x} : {}\n", r->start, width, r->end, width, r->name ? r->name : "<BAD>");
        resources(r->child, depth + 1, width, out);
    }
}

void ioports(Kernel& k, void*, TextSink& out) { resources(k.memory->ioports.child, 0, 4, out); }
void iomem(Kernel& k, void*, TextSink& out) { resources(k.memory->iomem.child, 0, 8, out); }

void add_symbol(void* context, const Export& e)
{
    const u64 address = e.address ? stable_address(reinterpret_cast<std::uintptr_t>(e.address)) : 0;
    static_cast<TextSink*>(context)->format("{:016x} {} {}\n", address, e.address ? 'T' : 'D', e.name);
}

void kallsyms(Kernel& k, void*, TextSink& out)
{
    each_export(k.config.release, add_symbol, &out);
    if (!k.modules)
        return;
    for (const LoadedModule* m = modules_first(k); m; m = m->next)
        for (std::size_t i = 0; i < m->symbol_count; ++i)
            out.format("{:016x} {} {}\t[{}]\n", m->symbols[i].address, m->symbols[i].function ? 't' : 'd',
                       m->symbols[i].name, m->name);
}

void modules(Kernel& k, void*, TextSink& out)
{
    if (k.modules)
        modules_proc(k, out);
}

// --- /proc/sys/kernel ----------------------------------------------------------------------------------------

void printk_levels(Kernel& k, void*, TextSink& out)
{
    const Console& c = *k.console;
    out.format("{}\t{}\t{}\t{}\n", c.console_loglevel, c.default_message_loglevel, c.minimum_console_loglevel,
               c.default_console_loglevel);
}

int store_printk_levels(Kernel& k, void*, std::string_view text)
{
    Console& c = *k.console;
    int* const levels[] = {&c.console_loglevel, &c.default_message_loglevel, &c.minimum_console_loglevel,
                           &c.default_console_loglevel};
    for (int* level : levels) {
        const std::size_t start = text.find_first_not_of(" \t\n");
        if (start == std::string_view::npos)
            return 0;
        const std::size_t end = std::min(text.find_first_of(" \t\n", start), text.size());
        unsigned value = 0;
        if (!parse_number(text.substr(start, end - start), value))
            return -EINVAL;
        *level = static_cast<int>(value);
        text.remove_prefix(end);
    }
    return 0;
}

void threads_max(Kernel& k, void*, TextSink& out) { out.format("{}\n", k.sched->threads_max); }

int store_threads_max(Kernel& k, void*, std::string_view text)
{
    constexpr unsigned least = 20; // Linux's MIN_THREADS
    unsigned value = 0;
    if (!parse_number(text.substr(0, text.find_first_of(" \t\n")), value) || value < least)
        return -EINVAL;
    k.sched->threads_max = value;
    return 0;
}

void osrelease(Kernel&, void*, TextSink& out) { out.format("{}\n", sys_uname().release); }
void ostype(Kernel&, void*, TextSink& out) { out.format("{}\n", sys_uname().sysname); }
void hostname(Kernel&, void*, TextSink& out) { out.format("{}\n", sys_uname().nodename); }
void tainted(Kernel& k, void*, TextSink& out) { out.format("{}\n", k.taint); }

// --- /proc/PID -----------------------------------------------------------------------------------------------

Task* task_of(Kernel& k, void* context)
{
    const int pid = static_cast<int>(irq_of(context));
    return pid ? find_task(k, pid) : &current_task();
}

char state_letter(const Task& t)
{
    if (t.exited)
        return 'Z';
    switch (t.linux.__state & 3u) {
    case task_interruptible: return 'S';
    case task_uninterruptible: return t.linux.__state == task_idle ? 'I' : 'D';
    default: return 'R';
    }
}

void comm(Kernel& k, void* context, TextSink& out)
{
    if (const Task* t = task_of(k, context))
        out.format("{}\n", t->comm());
}

const char* state_name(char letter)
{
    switch (letter) {
    case 'R': return "running";
    case 'S': return "sleeping";
    case 'D': return "disk sleep";
    case 'I': return "idle";
    default: return "zombie";
    }
}

void status(Kernel& k, void* context, TextSink& out)
{
    const Task* t = task_of(k, context);
    if (!t)
        return;
    const char letter = state_letter(*t);
    const CpuSet allowed = t->affinity & CpuSet::first_of(k.cpu_count);
    out.format("Name:\t{}\nState:\t{} ({})\nTgid:\t{}\nPid:\t{}\nPPid:\t{}\nCpus_allowed:\t", t->comm(), letter,
               state_name(letter), t->pid(), t->pid(), t->parent ? t->parent->pid() : 0);
    append_mask(out, allowed, k.cpu_count);
    out.append("\nCpus_allowed_list:\t");
    append_list(out, allowed);
    out.append('\n');
}

void wchan(Kernel& k, void* context, TextSink& out)
{
    const Task* t = task_of(k, context);
    out.append(t && t->linux.__state != task_running ? t->waits_in : "0");
}

constexpr Fixed task_rows[] = {text_row("comm", comm), text_row("status", status), text_row("wchan", wchan)};
constexpr Directory task_directory = directory_of(task_rows);

bool find_pid(Kernel& k, void*, std::string_view name, Fixed& out)
{
    unsigned pid = 0;
    if (!parse_number(name, pid) || pid == 0 || !k.sched || !find_task(k, static_cast<int>(pid)))
        return false;
    out = {.name = name, .mode = S_IFDIR | 0555, .directory = &task_directory, .context = irq_context(pid)};
    return true;
}

void list_pids(Kernel& k, void*, const NameList& names)
{
    for (const Task* t = k.sched ? k.sched->all : nullptr; t; t = t->next_all)
        if (t->pid() != 0)
            names.add(names.context, fmt::format("{}", t->pid()));
}

constexpr Fixed sys_kernel_rows[] = {text_row("hostname", hostname),
                                     text_row("osrelease", osrelease),
                                     text_row("ostype", ostype),
                                     text_row("printk", printk_levels, store_printk_levels),
                                     text_row("threads-max", threads_max, store_threads_max),
                                     text_row("tainted", tainted)};
constexpr Directory sys_kernel = directory_of(sys_kernel_rows);
constexpr Fixed sys_rows[] = {dir_row("kernel", &sys_kernel, 0555)};
constexpr Directory sys = directory_of(sys_rows);

constexpr Fixed proc_rows[] = {dir_row("bus", nullptr, 0555),
                               text_row("cmdline", cmdline),
                               text_row("cpuinfo", cpuinfo),
                               text_row("devices", devices_proc),
                               dir_row("driver", nullptr, 0555),
                               text_row("filesystems", filesystems),
                               dir_row("fs", nullptr, 0555),
                               text_row("interrupts", interrupts_proc),
                               text_row("iomem", iomem),
                               text_row("ioports", ioports),
                               dir_row("irq", &proc_irq_directory, 0555),
                               text_row("kallsyms", kallsyms),
                               text_row("loadavg", loadavg),
                               text_row("misc", misc_proc),
                               text_row("modules", modules),
                               dir_row("self", &task_directory, 0555),
                               text_row("softirqs", softirqs_proc),
                               text_row("stat", stat_proc),
                               dir_row("sys", &sys, 0555),
                               text_row("uptime", uptime),
                               text_row("version", version)};

// --- / and /dev ------------------------------------------------------------------------------------------------

constexpr Fixed device_row(std::string_view name, unsigned permissions, unsigned major, unsigned minor)
{
    return {.name = name, .mode = S_IFCHR | permissions, .device = major << 20 | minor};
}
constexpr Fixed dev_rows[] = {device_row("console", 0600, 5, 1),                                               
                              device_row("full", 0666, 1, 7),    device_row("kmsg", 0644, 1, 11),
                              device_row("null", 0666, 1, 3),    device_row("random", 0666, 1, 8),
                              device_row("tty", 0666, 5, 0),     device_row("urandom", 0666, 1, 9),
                              device_row("zero", 0666, 1, 5)};
constexpr Fixed serial_row = device_row("ttyS0", 0660, 4, 64);

// The first serial port has its node while the lab's driver has the port.
bool find_serial(Kernel& k, void*, std::string_view name, Fixed& out)
{
    if (name != serial_row.name || has_word(k.config.without, "serial8250"))
        return false;
    out = serial_row;
    return true;
}

void list_serial(Kernel& k, void*, const NameList& names)
{
    if (!has_word(k.config.without, "serial8250"))
        names.add(names.context, serial_row.name);
}

bool find_release(Kernel&, void*, std::string_view name, Fixed& out)
{
    out = {.name = name, .mode = S_IFDIR | 0755};
    return name == sys_uname().release;
}
void list_release(Kernel&, void*, const NameList& names) { names.add(names.context, sys_uname().release); }

constexpr Directory modules_directory{nullptr, 0, find_release, list_release};
constexpr Fixed lib_rows[] = {dir_row("modules", &modules_directory)};
constexpr Directory lib_directory = directory_of(lib_rows);

constexpr Fixed root_rows[] = {dir_row("dev", &dev_directory), dir_row("lib", &lib_directory),
                               dir_row("proc", &proc_directory, 0555), dir_row("sys", &sys_directory, 0555)};

} // namespace

constinit const Directory proc_directory = directory_of(proc_rows, find_pid, list_pids);
constinit const Directory dev_directory = directory_of(dev_rows, find_serial, list_serial);
constinit const Directory root_directory = directory_of(root_rows);

} // namespace irqlab::kernel
