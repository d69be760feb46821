// The machine: chips, CPUs and the board that joins them, as one value.
//
// Every operation takes the machine, does all that follows from it on the wires, and appends what left one
// chip for another to `signals`. Only the pins that an operation changed are carried on. Nothing here
// allocates or blocks.
//
// The boards start in virtual wire mode: the 8259s' INT goes to LINT0 of the bootstrap CPU. None has an IMCR,
// for [MP] "PIC Mode" is the alternative to it, and an operating system that finds its CPUs by ACPI never
// leaves that mode; a machine that is to have one gets it by fit_imcr().
//
// Not modelled: bus timing (an access takes no time), SMM, the second IO-APIC of larger boards; memory behind
// A20, whose gate is there. Sources: [PIIX] "Register Description" (I/O map); [ICH9] "Reset Control
// Register"; [SDM3] "Advanced Programmable Interrupt Controller (APIC)", "Message Signalled Interrupts"; [MP]
// "Virtual Wire Mode", "PIC Mode".
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "hw/board/wiring.hpp"
#include "hw/cpu/deliver.hpp"
#include "hw/device/edu.hpp"
#include "hw/device/hpet.hpp"
#include "hw/device/i8042.hpp"
#include "hw/device/i8254.hpp"
#include "hw/device/lpt.hpp"
#include "hw/device/mc146818.hpp"
#include "hw/device/uart16550.hpp"
#include "hw/irq/i8259.hpp"
#include "hw/irq/ioapic.hpp"
#include "hw/irq/lapic.hpp"
#include "hw/irq/vtd.hpp"
#include "hw/pci/host.hpp"

namespace irqlab::hw {

inline constexpr unsigned cpus_max = 255; // xAPIC IDs 0 to FEh.
inline constexpr u64 idt_page_address = 0xfffffe0000000000;
inline constexpr std::size_t idt_page_bytes = 4096;

/// Who holds a line high. A line is high while any of its sources holds it (wired-OR).
/// `pci` is the PIRQ router: it holds a line while any INTx routed there is asserted.
enum class Source : u8 { hand, pit, rtc, keyboard, mouse, uart0, uart1, lpt, pci, device, hpet };

/// Numbers of SignalKind::device.
enum class BoardDevice : u8 { pit, rtc, i8042, uart0, uart1, hpet, lpt, edu };

inline constexpr std::size_t gdt_bytes = 128; // 16 descriptors
inline constexpr std::size_t tss_bytes = 104;

/// A CPU, its local APIC, and the memory in which its descriptor tables lie.
struct Core {
    Lapic lapic;
    Cpu cpu;
    std::array<u8, gdt_bytes> gdt;
    std::array<u8, tss_bytes> tss;
    bool operator==(const Core&) const = default;
};

/// Where each CPU's tables are mapped: as Linux's per-CPU entry areas have them.
constexpr u64 entry_area_address(unsigned cpu) { return idt_page_address + 0x1000 + u64{cpu} * 0x3b000; }
constexpr u64 gdt_address(unsigned cpu) { return entry_area_address(cpu); }
constexpr u64 tss_address(unsigned cpu) { return entry_area_address(cpu) + 0x2000; }

/// Everything but the CPUs and what is plugged in.
struct Board {
    u64 deadline_ns; // No timer of the board has anything to do before this. A bound, not part of the state.
    u64 now_ns;
    BoardId board;
    u8 cpu_count;
    bool ids_changed;  // Some APIC ID is not its CPU's index: destinations are searched for.
    bool flat_ids;     // Flat logical IDs are bit n for CPU n or none: a destination of one bit is that CPU's
                       // alone.
    bool has_vtd;      // An interrupt remapping unit is there: hw/board/remapping.hpp.
    bool remapping;    // It is on: no message goes straight.
    u8 port61;         // Bits 3:0, as written. Bit 0 is the gate of PIT channel 2.
    u8 nmi_status;     // Bits 7:6 of port 61h: SERR# and IOCHK# that are latched.
    u8 port80;         // The last POST code.
    u8 port92;         // System control port A, as written.
    u8 port_cf9;       // Reset control, as written.
    bool nmi_disabled; // Port 70h bit 7.
    bool nmi_line;
    bool nmi_level; // What goes to LINT1, or in PIC mode to the CPU.
    bool has_imcr;
    u8 imcr_select;   // Port 22h, as written.
    u8 imcr;          // Bit 0: the APIC is in between; 0 is PIC mode.
    bool has_ioapic2; // A second I/O APIC is there: lines 24 to 47.
    u8 unused[2];
    u32 hpet_lines;                          // Bit n: the HPET holds line n.
    std::array<u16, lines_max> line_sources; // Bit n: Source n holds the line.
    PicPair pic;
    Ioapic ioapic;
    I8254 pit;
    Mc146818 rtc;
    I8042 kbc;
    std::array<Uart16550, 2> uart;
    Hpet hpet;
    Lpt lpt;
    PciHost pci;
    std::array<u8, idt_page_bytes> idt_page;
};
static_assert(std::has_unique_object_representations_v<Board>, "states are compared and hashed as bytes");

/// Memory that the interrupt remapping unit reads and writes by itself: a page each for table, queue and
/// status.
inline constexpr u64 vtd_memory_address = 0x0fe00000;
inline constexpr std::size_t vtd_memory_bytes = 3 * 4096;
struct RemapUnit {
    Vtd vtd;
    std::array<u8, vtd_memory_bytes> memory;
    bool operator==(const RemapUnit&) const = default;
};

/// A second I/O APIC: its inputs are lines 24 to 47. Where QEMU's microvm has its own.
inline constexpr u64 ioapic2_address = 0xfec10000;
inline constexpr unsigned lines_max_ioapic2 = lines_max + ioapic_pins;
struct Ioapic2 {
    Ioapic chip;
    std::array<u16, ioapic_pins> line_sources; // As Board's, of lines 24 and up.
    bool operator==(const Ioapic2&) const = default;
};
static_assert(std::has_unique_object_representations_v<Ioapic2>);

/// The cores come last, so that a copy can stop after cpu_count of them. Use power_on() before anything else:
/// cores and PCI devices that are not there are left as they were.
struct Machine : Board {
    std::array<Edu, edus_max> edu; // pci.edus of them; hw/board/pci.hpp plugs them in.
    RemapUnit remap;               // With has_vtd.
    Ioapic2 ioapic2;               // With has_ioapic2.
    std::array<Core, cpus_max> core;
};
static_assert(std::is_trivially_copyable_v<Machine>);

/// The state in which firmware hands the machine over: the 8259s at vectors 08h and 70h, all masked but the
/// cascade; IO-APIC entries masked; local APICs on, the bootstrap one software-enabled with LINT0 as virtual
/// wire and LINT1 as NMI; CPU 0 running with IF clear and no IDT, others waiting for a SIPI. Touches `cpus`
/// cores only.
void power_on(Machine& machine, BoardId board, unsigned cpus, u64 unix_seconds);

/// Bytes that a machine of so many CPUs takes: an owner need not have room for more.
constexpr std::size_t machine_bytes(unsigned cpus)
{
    return sizeof(Machine) - (cpus_max - cpus) * sizeof(Core);
}
/// What a reset does to the hardware: chips go to their reset states, the clock and its memory stay, and so
/// do quirks, time, memory, and what is driven from outside. The 8254 has no reset pin: it counts on. With
/// ResetScope::cpu only the processors start over, as by INIT. Nobody has programmed the chips then:
/// run_firmware() does.
void reset_machine(Machine& machine, ResetScope scope, Signals& signals);

/// Programs the chips as firmware hands them over: see power_on().
void run_firmware(Machine& machine);

/// Gives the board an IMCR (ports 22h and 23h), in PIC mode: INT and NMI go straight to the bootstrap CPU.
void fit_imcr(Machine& machine, Signals& signals);
inline bool pic_mode(const Machine& machine) { return machine.has_imcr && (machine.imcr & 1) == 0; }

/// Gives the board a second I/O APIC, as a reset leaves it. Its lines are active high.
void fit_ioapic2(Machine& machine);

/// The gate of address line 20: the keyboard controller's pin or port 92h.
bool a20(const Machine& machine);

/// Bytes of the machine that are in use: its board, the PCI devices and the CPUs that are there.
std::size_t used_bytes(const Machine& machine);
bool same_state(const Machine& a, const Machine& b);
void copy_state(Machine& to, const Machine& from);

// --- lines
// ---------------------------------------------------------------------------------------------------

/// Lines of this board: 24, or 48 with a second I/O APIC.
inline unsigned lines_of(const Machine& machine)
{
    return machine.has_ioapic2 ? lines_max_ioapic2 : lines_max;
}

/// `source` lets go of or holds line `line`, one of lines_of(). Line 2 does not exist on a PC's bus: it is
/// the cascade.
void drive_line(Machine& machine, unsigned line, Source source, bool high, Signals& signals);
inline bool line_level(const Machine& machine, unsigned line)
{
    return (line < lines_max ? machine.line_sources[line] : machine.ioapic2.line_sources[line - lines_max]) !=
           0;
}

/// The NMI pin of the board, wired to LINT1 of every local APIC. Port 70h bit 7 holds it back.
void drive_nmi(Machine& machine, bool high, Signals& signals);
/// IOCHK# of the ISA bus and SERR# of the PCI bus: latched in port 61h unless their bit there is set, and an
/// NMI.
void io_check(Machine& machine, Signals& signals);
void system_error(Machine& machine, Signals& signals);

/// An MSI: a write of `data` to FEExxxxxh. Other addresses: diagnosis. The redirection hint counts in logical
/// mode: one of those named. Level-triggered: asserted is a message, de-asserted none. `destination_high` are
/// bits 31:8 of the destination (in their place), as an interrupt remapping unit gives them.
void send_msi(Machine& machine, u32 address_low, u32 data, Signals& signals, u32 destination_high = 0);

/// The sensor, the counters or the machine checks of a CPU interrupt (thermal, pmc, cmci of its LVT): for
/// whoever models those.
void local_event(Machine& machine, unsigned cpu, LvtEntry entry, Signals& signals);

// --- ports and memory
// ----------------------------------------------------------------------------------------

/// Width 1, 2 or 4, at any port. The board's chips are 8 bits wide: wider accesses become bytes at
/// consecutive ports, of which some may have nobody (ones); there is nothing beyond FFFFh. Only PCI
/// configuration (CF8h, CFCh) is 32 bits wide. Nobody at all: Diagnosis::port_unclaimed.
u32 port_read(Machine& machine, unsigned cpu, u16 port, unsigned width, Signals& signals);
void port_write(Machine& machine, unsigned cpu, u16 port, unsigned width, u32 value, Signals& signals);
u32 port_peek(const Machine& machine, u16 port, unsigned width);

/// Accesses of 1, 2, 4 or 8 bytes at any address by `cpu`, which sees its own local APIC. Nobody there: all
/// ones, and Diagnosis::mmio_unclaimed. The APICs take aligned accesses of 32 bits (the IO-APIC's index
/// register also narrower ones), the HPET those of 64 as well; of others, reads give the bytes that are there
/// and writes go nowhere, with Diagnosis::mmio_width. An access belongs to the block in which it begins.
/// [SDM3] "Local APIC Register Address Map" and [82093AA] "Register Description" leave them undefined.
u64 mmio_read(Machine& machine, unsigned cpu, u64 address, unsigned width, Signals& signals);
void mmio_write(Machine& machine, unsigned cpu, u64 address, unsigned width, u64 value, Signals& signals);
u64 mmio_peek(const Machine& machine, unsigned cpu, u64 address, unsigned width);

/// The same with 32 bits.
u32 mmio_read(Machine& machine, unsigned cpu, u64 address, Signals& signals);
void mmio_write(Machine& machine, unsigned cpu, u64 address, u32 value, Signals& signals);
u32 mmio_peek(const Machine& machine, unsigned cpu, u64 address);

/// RDMSR and WRMSR of what belongs to interrupts: IA32_APIC_BASE (1Bh), IA32_TSC_DEADLINE (6E0h), the x2APIC
/// registers (800h to 8FFh), and reads of the TSC (10h), which is tsc_hz times now_ns. False: #GP, and so for
/// any other MSR: whoever models more of the CPU asks here last.
bool rdmsr(const Machine& machine, unsigned cpu, u32 msr, u64& value);
bool wrmsr(Machine& machine, unsigned cpu, u32 msr, u64 value, Signals& signals);
/// WRMSR of IA32_APIC_BASE alone.
bool write_apic_base(Machine& machine, unsigned cpu, u64 value, Signals& signals);
bool write_apic_base(Machine& machine, unsigned cpu, u64 value);
/// MOV to CR8: bits 7:4 of TPR.
void write_cr8(Machine& machine, unsigned cpu, u8 value);
u8 read_cr8(const Machine& machine, unsigned cpu);

// --- time
// ----------------------------------------------------------------------------------------------------

/// Runs all timers up to now_ns in the order of their deadlines; equal ones by BoardDevice, then by CPU.
/// Never goes back: an earlier now_ns does nothing.
void advance(Machine& machine, u64 now_ns, Signals& signals);

/// When the next timer event that can reach software is due, or never_ns. Left out are edges of a line that
/// is masked in both the 8259 and the IO-APIC and expiries of a masked LVT timer: those are caught up with
/// lazily.
u64 next_event_ns(const Machine& machine);

// --- CPU
// -----------------------------------------------------------------------------------------------------

bool interrupt_pending_slow(const Machine& machine, unsigned cpu);

/// There is something to deliver if IF is set: a vector above PPR in the local APIC, or ExtINT with the
/// 8259's INT.
inline bool interrupt_pending(const Machine& machine, unsigned cpu)
{
    return (anything_requested(machine.core[cpu].lapic) || machine.has_imcr) &&
           interrupt_pending_slow(machine, cpu);
}
/// An NMI waits and none is in progress. deliver() with Event::nmi takes it.
inline bool nmi_pending(const Machine& machine, unsigned cpu)
{
    const Cpu& c = machine.core[cpu].cpu;
    return c.nmi_latched != 0 && !c.nmi_blocked;
}

/// The CPU answers interrupt_pending() with INTA. Returns the vector: from the 8259 when ExtINT asks (its
/// default IR7 included), else from the local APIC, which gives its spurious vector when the request fell
/// below PPR since. -1: nobody asks. Delivering it is deliver()'s.
int accept(Machine& machine, unsigned cpu, Signals& signals);

/// What writing 0 to the EOI register does; a level interrupt's EOI goes on to the IO-APIC.
void lapic_eoi(Machine& machine, unsigned cpu, Signals& signals);

/// The machine's IDT page, and the CPU's GDT and TSS.
inline Memory table_memory(const Machine& machine, unsigned cpu)
{
    const Core& core = machine.core[cpu];
    return {{idt_page_address, machine.idt_page.data(), idt_page_bytes},
            {gdt_address(cpu), core.gdt.data(), gdt_bytes},
            {tss_address(cpu), core.tss.data(), tss_bytes}};
}

/// hw/cpu's deliver() with the machine's tables as memory.
Delivered deliver(Machine& machine, unsigned cpu, u8 vector, Event event, u32 error_code, u64 ip, u64 sp);

/// A debug trap, an NMI or an interrupt that the CPU takes at this boundary, highest priority first, is
/// delivered. False: none is let through. `entered` counts with true only.
bool take_event(Machine& machine, unsigned cpu, u64 ip, u64 sp, Delivered& entered, Signals& signals);

// --- the world outside
// ---------------------------------------------------------------------------------------

/// A key's scan code byte (set 1 after translation is the controller's affair) arrives at the controller.
void kbd_key(Machine& machine, u8 scan_code, Signals& signals);
/// The mouse moved by (dx, dy) with these buttons down (bit 0 left, 1 right, 2 middle, 3 and 4 the thumb's).
void mouse_move(Machine& machine, int dx, int dy, u8 buttons, Signals& signals);
/// The same, and its wheel was turned by `wheel` clicks towards the hand.
void mouse_wheel(Machine& machine, int dx, int dy, u8 buttons, int wheel, Signals& signals);
/// A byte arrives on the serial line of UART `port` (0 or 1), with `errors` (uart::Pe, Fe, Bi).
void uart_receive(Machine& machine, unsigned port, u8 byte, Signals& signals, u8 errors = 0);
/// The partner's modem lines: bits CTS, DSR, RI, DCD from 0 up.
void uart_modem(Machine& machine, unsigned port, u8 lines, Signals& signals);
/// The printer's end of the parallel cable.
void lpt_drive(Machine& machine, LptInput pin, bool high, Signals& signals);

} // namespace irqlab::hw
