// Boot, in Linux's order: log, CPUs, memory, the 8259 pair, IDT, local APIC, IO-APIC, timer, the other
// CPUs, drivers. Each step does to the machine what Linux does to it, and says what Linux says.
//
// Simplified: what has no bearing on interrupts (page tables, PCI, file systems) is left out, with its lines.
#include <fmt/format.h>

#include "hw/irq/lapic.hpp"
#include "kernel/bh/bh.hpp"
#include "kernel/boot_timer.hpp"
#include "kernel/drivers/drivers.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/entry/entry.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/spurious.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lib/library.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/module/module.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/vfs/vfs.hpp"
#include "kernel/work/work.hpp"

namespace irqlab::kernel {

namespace {

template <class... Args>
void say(Kernel& k, int level, fmt::format_string<Args...> format, Args&&... args)
{
    char line[256];
    const auto end = fmt::format_to_n(line, sizeof line, format, std::forward<Args>(args)...);
    log_line(k, level, {line, std::min<std::size_t>(end.size, sizeof line)});
}

void lapic_write(Kernel& k, u16 reg, u32 value)
{
    hw::mmio_write(k.machine, k.this_cpu->index, hw::lapic_address + reg, value, k.signals);
}

void say_hello(Kernel& k)
{
    say(k, loglevel_notice, "Linux version {} (irqlab@lab) (gcc, GNU ld) {}", names_of(k.config.release).uname,
        "#1 SMP PREEMPT_DYNAMIC");
    say(k, loglevel_info, "Command line: {}", k.config.cmdline);
    say(k, loglevel_info, "DMI: {}", hardware_name(k.config.board));
    log_line(k, loglevel_info, "tsc: Detected 2600.000 MHz processor");
}

void say_acpi(Kernel& k)
{
    if (!k.irq->use_lapic)
        return;
    say(k, loglevel_info, "IOAPIC[0]: apic_id 0, version {}, address 0xfec00000, GSI 0-23",
        hw::ioapic_version_eoi);
    for (const hw::IsaOverride& o : hw::overrides(k.config.board))
        say(k, loglevel_info, "ACPI: INT_SRC_OVR (bus 0 bus_irq {} global_irq {} {} {})", o.isa, o.gsi,
            o.active_low ? "low" : o.level ? "high" : "dfl", o.level ? "level" : "dfl");
    log_line(k, loglevel_info, "ACPI: Using ACPI (MADT) for SMP configuration information");
    say(k, loglevel_info, "smpboot: Allowing {} CPUs, 0 hotplug CPUs", k.cpu_count);
}

// [SDM3] "Local APIC"; LINT0 carries the 8259 only while there is no IO-APIC in use.
void setup_local_apic(Kernel& k)
{
    const unsigned cpu = k.this_cpu->index;
    constexpr u32 masked = hw::lvt::Masked::mask, ext_int = 7u << 8, nmi = 4u << 8;
    constexpr u32 priority_below_external = 0x10; // vectors 10h to 1Fh are exceptions: never to be taken
    lapic_write(k, hw::lapic_dfr, 0xffffffff);
    lapic_write(k, hw::lapic_ldr, cpu < 8 ? 1u << (24 + cpu) : 0);
    lapic_write(k, hw::lapic_tpr, priority_below_external);
    lapic_write(k, hw::lapic_svr, hw::svr::Enabled::mask | spurious_apic_vector);
    const bool virtual_wire = cpu == 0 && !k.irq->use_ioapic;
    lapic_write(k, hw::lapic_lvt_lint0, ext_int | (virtual_wire ? 0 : masked));
    lapic_write(k, hw::lapic_lvt_lint1, nmi | (cpu == 0 ? 0 : masked));
    lapic_write(k, hw::lapic_lvt_error, error_apic_vector);
    lapic_write(k, hw::lapic_esr, 0);
    lapic_write(k, hw::lapic_esr, 0);
    if (apic_verbose(k))
        say(k, loglevel_info, "{} ExtINT on CPU#{}", virtual_wire ? "enabled" : "masked", cpu);
}

// Logical flat IDs have a bit for each of eight CPUs. [LX arch/x86/kernel/apic/apic_flat_64.c]
void say_apic_routing(Kernel& k)
{
    if (k.cpu_count > 8)
        say(k, loglevel_info, "{}physical flat{}",
            k.config.release >= Release::v6_6 ? "APIC: Switched APIC routing to: " : "Switched APIC routing to ",
            k.config.release >= Release::v6_6 ? "" : ".");
}

void disable_local_apic(Kernel& k)
{
    log_line(k, loglevel_info, "APIC: disable apic facility");
    // Without a local APIC the INT pin of the 8259 goes straight to the CPU.
    hw::write_apic_base(k.machine, 0, k.machine.core[0].lapic.base & ~hw::apic_base::Enabled::mask);
}

void init_irq_hardware(Kernel& k)
{
    irq_init_8259(k);
    if (!k.irq->use_lapic) {
        disable_local_apic(k);
        irq_init_cpu(k, 0);
        return;
    }
    if (k.irq->use_ioapic) {
        log_line(k, loglevel_info, "APIC: Switch to symmetric I/O mode setup");
        if (k.irq->remapped)
            log_line(k, loglevel_info, "DMAR-IR: Enabled IRQ remapping in xapic mode");
        irq_init_ioapic(k);
    } else {
        log_line(k, loglevel_info, "APIC: Switch to virtual wire mode setup");
    }
    say_apic_routing(k);
    setup_local_apic(k);
    irq_init_cpu(k, 0);
}

void init_timer(Kernel& k)
{
    if (k.irq->use_ioapic) {
        const Route& r = route_of(*irq_desc_of(k, 0));
        say(k, loglevel_info, "..TIMER: vector=0x{:02X} apic1=0 pin1={} apic2=-1 pin2=-1", r.vector, r.pin);
    }
    timer_start(k);
}

void start_cpu(Kernel& k, unsigned cpu)
{
    // INIT, then the start-up message; [MP] "AP Startup".
    lapic_write(k, hw::lapic_icr_high, cpu << 24);
    lapic_write(k, hw::lapic_icr_low, 0x0000c500);
    lapic_write(k, hw::lapic_icr_high, cpu << 24);
    lapic_write(k, hw::lapic_icr_low, 0x00000699);
    hw::Cpu& core = k.machine.core[cpu].cpu;
    core.init_pending = core.startup_pending = false;
    core.state = hw::CpuState::running;

    PerCpu* boot_cpu = k.this_cpu;
    k.cpus[cpu].clock_ns = now_ns(*boot_cpu);
    k.this_cpu = &k.cpus[cpu];
    idt_load(k, cpu);
    setup_local_apic(k);
    irq_init_cpu(k, cpu);
    local_timer_setup(k);
    k.cpus[cpu].online = true;
    k.cpus[cpu].stats.mcp = 1;
    core.rflags |= hw::rflags::If::mask;
    core.state = hw::CpuState::halted;
    k.this_cpu = boot_cpu;
}

void start_other_cpus(Kernel& k)
{
    log_line(k, loglevel_info, "smp: Bringing up secondary CPUs ...");
    if (k.cpu_count > 1) {
        log_line(k, loglevel_info, "x86: Booting SMP configuration:");
        constexpr std::size_t record = 1000; // then Linux's log begins another
        const std::size_t width = fmt::formatted_size("{}", k.cpu_count) + 2;
        std::string line = ".... node  #0, CPUs:  " + std::string(width, ' ');
        for (unsigned cpu = 1; cpu < k.cpu_count; ++cpu) {
            start_cpu(k, cpu);
            line += fmt::format("{:>{}}", fmt::format("#{}", cpu), width);
            if (line.size() < record)
                continue;
            log_line(k, loglevel_info, line);
            line.clear();
        }
        log_line(k, loglevel_info, line);
    }
    smp_note_online(k);
    say(k, loglevel_info, "smp: Brought up 1 node, {} CPU{}", k.cpu_count, k.cpu_count == 1 ? "" : "s");
    say(k, loglevel_info, "smpboot: Total of {} processors activated ({:.2f} BogoMIPS)", k.cpu_count,
        5200.0 * k.cpu_count);
}

abi::irqreturn_t no_action(int, void*) { return abi::IRQ_NONE; }

void init_drivers(Kernel& k)
{
    acpi_init(k);
    serial8250_init(k);
    i8042_init(k);
    rtc_cmos_init(k);
    parport_pc_init(k);
    if (k.irq->use_ioapic)
        log_line(k, loglevel_info, "IPI shorthand broadcast: enabled");
}

} // namespace

void boot(Kernel& k)
{
    the_kernel = &k;
    k.cpu_count = has_word(k.config.cmdline, "nolapic") || has_word(k.config.cmdline, "nosmp") ? 1 : k.config.cpus;
    access_budget = {};
    sched_init(k);
    printk_init(k);
    irq_init(k);
    say_hello(k);
    irq_say_options(k);
    memory_init(k);
    vfs_init(k);
    modules_init(k);
    vector_init(k);
    bh_init(k);
    lock_init(k);
    time_init(k);
    library_init(k);
    work_init(k);
    say_acpi(k);
    log_line(k, loglevel_info, "rcu: Preemptible hierarchical RCU implementation.");
    say(k, loglevel_info, "NR_IRQS: 524544, nr_irqs: {}, preallocated irqs: {}", k.irq->nr_irqs, nr_legacy_irqs);
    log_line(k, loglevel_info, "Console: colour dummy device 80x25");
    idt_init(k);
    init_irq_hardware(k);
    constexpr unsigned long timer_flags = IRQF_NOBALANCING | IRQF_IRQPOLL | IRQF_TIMER;
    setup_irq(k, 0, timer_interrupt, timer_flags, "timer", nullptr);
    if (!k.irq->use_ioapic)
        setup_irq(k, 2, no_action, IRQF_NO_THREAD, "cascade", nullptr);
    k.machine.core[0].cpu.rflags |= hw::rflags::If::mask;
    init_timer(k);
    k.cpus[0].stats.mcp = 1;
    start_other_cpus(k);
    init_drivers(k);
    sched_signals(k);
}

} // namespace irqlab::kernel
