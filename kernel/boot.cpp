// Boot, in Linux's order: log, CPUs, memory, the 8259 pair, IDT, local APIC, IO-APIC, timer, the other
// CPUs, drivers. Each step does to the machine what Linux does to it, and says what Linux says.
//
// Simplified: what has no bearing on interrupts (page tables, file systems) is left out, with its lines.
#include "hw/board/remapping.hpp"
#include "hw/irq/lapic.hpp"
#include "kernel/bh/bh.hpp"
#include "kernel/boot_tables.hpp"
#include "kernel/boot_timer.hpp"
#include "kernel/drivers/drivers.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/entry/entry.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/irq/apic.hpp"
#include "kernel/irq/remap.hpp"
#include "kernel/irq/spurious.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lib/library.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/module/module.hpp"
#include "kernel/pci/pci.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/time/timekeeping.hpp"
#include "kernel/vfs/vfs.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

void say_hello(Kernel& k)
{
    say(k, loglevel_notice, "Linux version {} (irqlab@lab) (gcc, GNU ld) {}",
        names_of(k.config.release).uname, "#1 SMP PREEMPT_DYNAMIC");
    say(k, loglevel_info, "Command line: {}", k.config.cmdline);
    say(k, loglevel_info, "DMI: {}", hardware_name(k.config.board));
    say(k, loglevel_info, "tsc: Detected {}.{:03} MHz processor", tsc_khz / 1000, tsc_khz % 1000);
}

// Only the SCI is level-triggered to begin with. A PCI device's line becomes so when its driver enables it.
// [PIIX] "Edge/Level Control Register"; [LX arch/x86/kernel/acpi/boot.c].
void set_elcr(Kernel& k)
{
    constexpr u16 elcr1 = 0x4d0, elcr2 = 0x4d1;
    constexpr unsigned sci = 9, wanted = 1u << sci;
    const unsigned old = static_cast<unsigned>(inb(k, elcr1) | inb(k, elcr2) << 8);
    if (old == wanted)
        return;
    say(k, loglevel_warning, "ACPI: setting ELCR to {:04x} (from {:04x})", wanted, old);
    outb(k, wanted & 0xff, elcr1);
    outb(k, wanted >> 8, elcr2);
}

u64 vtd_read(void* context, u16 reg, unsigned width)
{
    Kernel& k = *static_cast<Kernel*>(context);
    return hw::mmio_read(k.machine, 0, hw::vtd_address + reg, width, k.signals);
}

void vtd_write(void* context, u16 reg, unsigned width, u64 value)
{
    Kernel& k = *static_cast<Kernel*>(context);
    hw::mmio_write(k.machine, 0, hw::vtd_address + reg, width, value, k.signals);
}

void say_unit(Kernel& k, bool eim)
{
    say(k, loglevel_info, "DMAR: dmar0: reg_base_addr {:x} ver 1:0 cap {:x} ecap {:x}", hw::vtd_address,
        vtd_read(&k, hw::vtd_cap, 8), vtd_read(&k, hw::vtd_ecap, 8));
    say(k, loglevel_info, "DMAR-IR: IOAPIC id 0 under DRHD base  0x{:x} IOMMU 0", hw::vtd_address);
    say(k, loglevel_info, "DMAR-IR: HPET id 0 under DRHD base 0x{:x}", hw::vtd_address);
    if (eim)
        log_line(k, loglevel_info,
                 "DMAR-IR: Queued invalidation will be enabled to support x2apic and Intr-remapping.");
}

// The board's DMAR table names the unit, and the I/O APIC and HPET behind it. [LX drivers/iommu/intel/dmar.c]
/// @return whether the unit is in extended mode.
bool start_remapping(Kernel& k)
{
    if (!k.irq->remapped)
        return false;
    Remap& remap = *k.arena.make<Remap>();
    remap.port = {vtd_read, vtd_write, &k, hw::vtd_memory(k.machine)};
    const bool eim = k.machine.has_vtd && x2apic_supported(k) && remap_can_extend(remap);
    k.irq->remapped = k.machine.has_vtd && remap_enable(remap, eim);
    if (!k.irq->remapped)
        return false;
    say_unit(k, eim);
    say(k, loglevel_info, "DMAR-IR: Enabled IRQ remapping in {} mode", eim ? "x2apic" : "xapic");
    k.irq->remap = &remap;
    k.irq->parent = &remap_parent;
    return eim;
}

// [LX arch/x86/kernel/apic/apic.c] enable_IR_x2apic
void enable_ir_x2apic(Kernel& k)
{
    if (k.irq->use_ioapic)
        try_to_enable_x2apic(k, start_remapping(k));
    else
        log_line(k, loglevel_info, "Not enabling interrupt remapping due to skipped IO-APIC setup");
}

void say_interrupt_mode(Kernel& k)
{
    if (!k.irq->use_lapic) {
        log_line(k, loglevel_info, "APIC disabled via kernel command line");
        log_line(k, loglevel_info, "APIC: Keep in PIC mode(8259)");
        return;
    }
    const bool symmetric = k.irq->use_ioapic || has_mp_table(k);
    say(k, loglevel_info, "APIC: Switch to {} mode setup", symmetric ? "symmetric I/O" : "virtual wire");
}

// Without local APICs the one of the boot CPU stays as firmware left it: a wire from the 8259 to the CPU.
void init_irq_hardware(Kernel& k)
{
    irq_init_8259(k, Eoi::normal);
    if (!k.irq->use_ioapic)
        set_elcr(k);
    say_interrupt_mode(k);
    if (k.irq->use_lapic) {
        enable_ir_x2apic(k);
        choose_apic_driver(k);
        setup_local_apic(k);
    }
    if (k.irq->use_ioapic) {
        irq_clear_ioapic(k);
        irq_init_ioapic(k);
    }
    irq_init_cpu(k, 0);
}

void start_cpu(Kernel& k, unsigned cpu)
{
    // INIT, then the start-up message; [MP] "AP Startup".
    lapic_icr_write(k, 0x0000c500, cpu);
    lapic_icr_write(k, 0x00000699, cpu);
    hw::Cpu& core = k.machine.core[cpu].cpu;
    core.init_pending = core.startup_pending = false;
    core.state = hw::CpuState::running;

    PerCpu* boot_cpu = k.this_cpu;
    k.cpus[cpu].clock_ns = now_ns(*boot_cpu);
    k.this_cpu = &k.cpus[cpu];
    tables_load(k, cpu);
    x2apic_setup(k);
    setup_local_apic(k);
    irq_init_cpu(k, cpu);
    local_timer_setup(k);
    k.cpus[cpu].online = true;
    k.cpus[cpu].stats.mcp = 1;
    core.rflags |= hw::rflags::If::mask;
    core.state = hw::CpuState::halted;
    k.this_cpu = boot_cpu;
}

int digits_of(unsigned number) { return number < 10 ? 1 : 1 + digits_of(number / 10); }

// One line that grows with each CPU; what a CPU says itself cuts it in two.
void announce_cpu(unsigned cpu, unsigned cpus)
{
    const int width = digits_of(cpus) + 1; // of a number, with the blank before it
    if (cpu == 1)
        abi::_printk("\0016.... node  #0, CPUs:  %*s", width + 1, " ");
    abi::_printk("\001c%*s#%u", width - digits_of(cpu), " ", cpu);
}

// One CPU without a local APIC: no interrupt when a counter overflows either.
void say_no_lapic(Kernel& k)
{
    log_line(k, loglevel_info, "smpboot: SMP disabled");
    log_line(k, loglevel_info, "Performance Events: ");
    log_line(k, loglevel_info, "no APIC, boot with the \"lapic\" boot parameter to force-enable it.");
    log_line(k, loglevel_info, "no hardware sampling interrupt available.");
}

void start_other_cpus(Kernel& k)
{
    if (!k.irq->use_lapic)
        say_no_lapic(k);
    log_line(k, loglevel_info, "smp: Bringing up secondary CPUs ...");
    if (k.cpu_count > 1)
        log_line(k, loglevel_info, "x86: Booting SMP configuration:");
    for (unsigned cpu = 1; cpu < k.cpu_count; ++cpu) {
        announce_cpu(cpu, k.cpu_count);
        start_cpu(k, cpu);
    }
    smp_note_online(k);
    say(k, loglevel_info, "smp: Brought up 1 node, {} CPU{}", k.cpu_count, k.cpu_count == 1 ? "" : "s");
    log_line(k, loglevel_info, "smpboot: Max logical packages: 1");
    const double bogomips = 2.0 * tsc_khz / 1000;
    say(k, loglevel_info, "smpboot: Total of {} processors activated ({:.2f} BogoMIPS)", k.cpu_count,
        bogomips * k.cpu_count);
}

abi::irqreturn_t no_action(int, void*) { return abi::IRQ_NONE; }

// The console's port gets its interrupt when init opens it, which is last.
void init_drivers(Kernel& k)
{
    acpi_init(k);
    pci_init(k);
    acpi_processors_init(k);
    log_line(k, loglevel_info, "PCI: Using ACPI for IRQ routing");
    serial8250_init(k);
    i8042_init(k);
    rtc_cmos_init(k);
    parport_pc_init(k);
    log_line(k, loglevel_info, "IPI shorthand broadcast: enabled");
    print_apics(k);
    serial8250_open(k);
}

} // namespace

void boot(Kernel& k)
{
    the_kernel = &k;
    k.cpu_count =
        has_word(k.config.cmdline, "nolapic") || has_word(k.config.cmdline, "nosmp") ? 1 : k.config.cpus;
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
    read_firmware_tables(k);
    say(k, loglevel_notice, "Kernel command line: {}", k.config.cmdline);
    log_line(k, loglevel_info, "rcu: Preemptible hierarchical RCU implementation.");
    say(k, loglevel_info, "NR_IRQS: 524544, nr_irqs: {}, preallocated irqs: {}", k.irq->nr_irqs,
        nr_legacy_irqs);
    log_line(k, loglevel_info, "Console: colour dummy device 80x25");
    idt_init(k);
    init_irq_hardware(k);
    constexpr unsigned long timer_flags = IRQF_NOBALANCING | IRQF_IRQPOLL | IRQF_TIMER;
    setup_irq(k, 0, timer_interrupt, timer_flags, "timer", nullptr);
    if (!k.irq->use_ioapic)
        setup_irq(k, 2, no_action, IRQF_NO_THREAD, "cascade", nullptr);
    k.machine.core[0].cpu.rflags |= hw::rflags::If::mask;
    timer_start(k);
    k.cpus[0].stats.mcp = 1;
    start_other_cpus(k);
    init_drivers(k);
    sched_signals(k);
    k.memory->booting = false;
}

} // namespace irqlab::kernel
