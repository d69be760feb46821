// The IRQ core: descriptors, vectors, request and free, and what each CPU does when a vector arrives.
//
// A line's way through this folder: entry.cpp gives the vector to common_interrupt (vector.cpp), which
// finds the descriptor in the CPU's vector_irq[] and calls its flow handler (flow.cpp), which talks to
// the chip (chip_i8259.cpp, chip_ioapic.cpp) and runs the actions. manage.cpp is the API of drivers.
// Names are Linux's. Source: [LX core-api/genericirq].
#pragma once
#include "hw/base/bits.hpp"
#include "kernel/cpu_set.hpp"
#include "linux/abi/irq.h"
#include "linux/abi/softirq.h"
#include "linux/abi/time.h"

namespace irqlab::kernel {

struct Domains; // domain.hpp
struct IrqWorks; // work.hpp
struct Kernel;
struct MessageParent; // message.hpp
struct Remap;         // remap.hpp

/// Bits of irq_common_data.state_use_accessors above the trigger type [LX include/linux/irq.h].
enum Irqd : u32 {
    irqd_trigger_mask = 0xf,
    irqd_setaffinity_pending = 1u << 8,
    irqd_activated = 1u << 9,
    irqd_no_balancing = 1u << 10,
    irqd_per_cpu = 1u << 11,
    irqd_affinity_set = 1u << 12,
    irqd_level = 1u << 13,
    irqd_wakeup_state = 1u << 14,
    irqd_move_pcntxt = 1u << 15, // may be sent elsewhere at any time
    irqd_irq_disabled = 1u << 16,
    irqd_irq_masked = 1u << 17,
    irqd_irq_inprogress = 1u << 18,
    irqd_irq_started = 1u << 22,
};

/// Bits of irq_desc.core_internal_state__do_not_mess_with_it [LX kernel/irq/internals.h].
enum Irqs : u32 {
    irqs_autodetect = 0x1,
    irqs_spurious_disabled = 0x2,
    irqs_poll_inprogress = 0x8,
    irqs_oneshot = 0x20,
    irqs_replay = 0x40,
    irqs_waiting = 0x80,
    irqs_pending = 0x200,
    irqs_nmi = 0x2000,
    irqs_resend = 0x10000, // waits for the tasklet; Linux has a bitmap of its own
};

/// irq_chip.flags [LX include/linux/irq.h].
enum IrqChipFlags : unsigned long {
    irqchip_skip_set_wake = 1 << 4,
    irqchip_oneshot_safe = 1 << 5,
};

/// What stands in vector_irq[] for a vector that has no descriptor.
inline abi::irq_desc* const vector_unused = nullptr;
inline abi::irq_desc* const vector_shutdown = reinterpret_cast<abi::irq_desc*>(~std::uintptr_t{0});

inline constexpr unsigned nr_legacy_irqs = 16;
inline constexpr u8 first_external_vector = 0x20;
inline constexpr u8 isa_vector_base = 0x30;
/// The vectors that Linux keeps for itself [LX arch/x86/include/asm/irq_vectors.h].
enum SystemVector : u8 {
    irq_move_cleanup_vector = 0x20, // until 6.5
    local_timer_vector = 0xec,
    irq_work_vector = 0xf6,
    thermal_apic_vector = 0xfa,
    call_function_single_vector = 0xfb,
    call_function_vector = 0xfc,
    reschedule_vector = 0xfd,
    error_apic_vector = 0xfe,
    spurious_apic_vector = 0xff,
    first_system_vector = local_timer_vector,
};

/// Linux's struct apic: how messages name a CPU. [LX arch/x86/kernel/apic]
enum class ApicDriver : u8 {
    flat,            // logical, a bit for each of eight CPUs
    physical_flat,   // by ID
    cluster_x2apic,  // logical, a cluster of 16 and a bit in it
    physical_x2apic, // by ID
};

/// Where a line's interrupts arrive.
struct Route {
    u8 vector = 0; // 0: none
    u8 cpu = 0;
    u8 pin = 0; // IO-APIC input
    bool edge = true;
    bool active_low = false;
    u8 old_vector = 0; // where it came from: what is on its way there is still the line's. 0: nothing is
    u8 old_cpu = 0;
    u16 remap_index = 0; // of its entry, behind a remapping unit
    u16 source = 0;      // who sends it there: a PCI function's bus, device and function; 0: the I/O APIC
};

struct IrqCore {
    abi::irq_desc** desc = nullptr; // by Linux irq number
    unsigned nr_irqs = 0;
    void* vector_irq_template = nullptr;   // what a module's vector_irq is, under --export
    bool use_ioapic = true;                // not noapic
    bool use_lapic = true;                 // not nolapic
    bool x2apic = false;                   // the local APICs are reached by MSRs
    ApicDriver apic{};                     // how messages name a CPU
    bool remapped = false;                 // rows read IR-IO-APIC
    bool apic_verbose = false;             // apic=verbose or apic=debug
    int ext_int_pin = -1;                  // I/O APIC pin where firmware had the 8259 come in
    Domains* domains = nullptr;            // of modules' controllers
    IrqWorks* works = nullptr;             // callbacks in hard interrupt context
    unsigned mp_sources = 0;               // interrupts that firmware's tables name
    const MessageParent* parent = nullptr; // what stands between chips and vectors
    Remap* remap = nullptr;                // the unit, once it is on
    u16 gsi_users[24]{};                                      // registrations of each input
    u32 level_lines_said = 0;                            // ISA lines that were set to level at the 8259s
    bool noirqdebug = false, irqfixup = false, irqpoll = false;
    bool debug_shirq = false, debug_shirq_fixme = false; // --config
    u8 ioapic_version = 0;                               // below 20h it has no EOI register
    u32 pic_mask = 0xffff;                               // what the two OCW1 hold: cached_irq_mask
    u32 pic_spurious_mask = 0;                           // lines whose spurious interrupt was reported
    unsigned bogus_reports = 0, no_handler_reports = 0;
    u64 no_handler_since_ns = 0;
    unsigned errors = 0;                                       // row ERR
    unsigned mismatched = 0;                                   // row MIS
    bool warned_enabled = false, warned_not_activated = false; // Linux says these once
    bool warned_rdmsr = false, warned_wrmsr = false;
    unsigned bad_irq_reports = 0;
    abi::timer_list* poll_timer = nullptr;         // spurious.cpp
    abi::tasklet_struct* resend_tasklet = nullptr; // resend.cpp
    u64 (*vectors_used)[4] = nullptr;              // by CPU: a bit for each vector that is taken
};

/// Descriptors of the legacy lines, vector tables, the command line's switches.
void irq_init(Kernel& k);
/// Each CPU's vector_irq[]: after modules_init().
void vector_init(Kernel& k);
/// Programs the 8259 pair; what was masked stays so.
enum class Eoi : bool { normal, automatic };
void irq_init_8259(Kernel& k, Eoi eoi);
/// Masks every entry of the I/O APIC, and notes where firmware has the 8259 come in.
void irq_clear_ioapic(Kernel& k);
/// Turns every legacy line that the board's tables route into one of the I/O APIC.
void irq_init_ioapic(Kernel& k);
/// A further CPU has come up: its vector_irq[].
void irq_init_cpu(Kernel& k, unsigned cpu);

/// Null when there is none.
abi::irq_desc* irq_desc_of(Kernel& k, unsigned irq);
/// A new descriptor for `irq`, which must be below nr_irqs and have none.
abi::irq_desc* irq_desc_make(Kernel& k, unsigned irq);
void irq_desc_drop(Kernel& k, unsigned irq);
Route& route_of(abi::irq_desc& desc);

/// The external interrupt vector `vector` on this CPU: Linux's common_interrupt / do_IRQ.
void common_interrupt(Kernel& k, u8 vector);

// --- vectors (vector.cpp) -------------------------------------------------------------------------------
/// Gives the line a vector on a CPU of `mask`, unless it has one there. The chip's entry is the caller's to
/// write.
/// @return 0, -ENOSPC, or -EBUSY while its last move is not over, the line being then as it was.
int vector_assign(Kernel& k, abi::irq_desc& desc, const CpuSet& mask);
void vector_release(Kernel& k, abi::irq_desc& desc);
/// An interrupt of the line has come: at its new CPU the move is over, and its old vector is given back.
void vector_complete_move(Kernel& k, abi::irq_desc& desc);
/// It is over whatever is on its way there.
void vector_forget_old(Kernel& k, abi::irq_desc& desc);

// --- chips ------------------------------------------------------------------------------------------------
extern abi::irq_chip i8259a_chip, ioapic_chip, ioapic_ir_chip;
/// The line becomes that input's of the I/O APIC.
void ioapic_take_line(Kernel& k, abi::irq_desc& desc, u8 pin, bool level, bool active_low);
/// The line's redirection entry is nobody's again: masked, without a vector.
void ioapic_release_line(Kernel& k, abi::irq_desc& desc);
inline bool at_ioapic(const abi::irq_desc& desc)
{
    return desc.irq_data.chip == &ioapic_chip || desc.irq_data.chip == &ioapic_ir_chip;
}
/// Of every chip whose interrupts are edges at the local APIC: the move that waits, and the EOI.
void apic_ack_edge(abi::irq_data* data);
/// An interrupt sent to the line's own CPU and vector, as a stuck edge is resent.
int apic_retrigger_irq(abi::irq_data* data);
void mask_8259a_irq(Kernel& k, unsigned irq);
void unmask_8259a_irq(Kernel& k, unsigned irq);
/// EOI to this CPU's local APIC.
void ack_apic(Kernel& k);

// --- gsi.cpp
// -------------------------------------------------------------------------------------------------
/// A PCI device's level-triggered input: its line is set up if nobody did so yet. [LX arch/x86/kernel/acpi/boot.c]
/// @param gsi  an I/O APIC input, or with the 8259s an ISA line.  @return the irq, or -EINVAL.
int acpi_register_gsi(Kernel& k, unsigned gsi, bool active_low);
/// Takes one registration back; with the last one the line of an input beyond the ISA lines goes.
void acpi_unregister_gsi(Kernel& k, unsigned gsi);

// --- flow.cpp, spurious.cpp
// ---------------------------------------------------------------------------------
abi::irqreturn_t handle_irq_event(Kernel& k, abi::irq_desc& desc);
void mask_irq(abi::irq_desc& desc);
void unmask_irq(abi::irq_desc& desc);
void note_interrupt(Kernel& k, abi::irq_desc& desc, unsigned result);
/// A line interrupted `times` in a row and nothing else ran: says so and disables it, so that the lab goes
/// on.
void irq_storm(Kernel& k, u8 vector, unsigned times);
/// Delivers again what was pended while the line was disabled.
void check_irq_resend(abi::irq_desc& desc);
/// resend.cpp: the same without the chip's help, from a tasklet.
void irq_resend_in_softirq(abi::irq_desc& desc);

// --- request.cpp
// ------------------------------------------------------------------------------------------------
/// Gives the line its vector. @return 0 or -ENOSPC.
int irq_activate(Kernel& k, abi::irq_desc& desc);
/// Lets it interrupt; and no more.
void irq_startup(abi::irq_desc& desc);
void irq_shutdown(abi::irq_desc& desc);
/// Gives its vector back: nothing of it may be in flight any more.
void irq_deactivate(Kernel& k, abi::irq_desc& desc);

// --- migration.cpp
/// Sends the line to a CPU of `mask`: now where its chip may be written at any time, else at its next
/// interrupt.
/// @return 0, -ENOSPC, -EBUSY.
int irq_affinity_set(abi::irq_desc& desc, const CpuSet& mask);
/// In the line's interrupt: the move that waits for it. The second one has the line masked already.
void irq_move(Kernel& k, abi::irq_desc& desc);
void irq_move_masked(Kernel& k, abi::irq_desc& desc);
/// Its CPU goes: the line is moved at once, to where it should be if it can.
void irq_move_from_dying_cpu(Kernel& k, abi::irq_desc& desc);

// --- manage.cpp
// -----------------------------------------------------------------------------------------------
void irq_disable_desc(abi::irq_desc& desc);
void irq_enable_desc(abi::irq_desc& desc);
/// Installs an action that lives as long as the kernel: the lab's own drivers and the timer.
int setup_irq(Kernel& k, unsigned irq, abi::irq_handler_t handler, unsigned long flags, const char* name,
              void* dev);
/// Waits until no CPU handles the line, and none is about to: what its chip has sent is handled too.
void irq_synchronize_hardware(abi::irq_desc& desc);
/// A write to /proc/irq/N/smp_affinity. @return 0, -EINVAL, -EIO.
int irq_affinity_write(Kernel& k, unsigned irq, const CpuSet& mask);

inline u32& irqd(abi::irq_desc& d) { return d.irq_common_data.state_use_accessors; }
inline u32& istate(abi::irq_desc& d) { return d.core_internal_state__do_not_mess_with_it; }
inline bool irqd_test(abi::irq_desc& d, u32 bits) { return (irqd(d) & bits) != 0; }

} // namespace irqlab::kernel
