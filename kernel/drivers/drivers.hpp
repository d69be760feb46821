// The drivers that the lab's own kernel brings along: they own the board's devices as Linux's do, and
// share their lines with whatever is loaded. `--without NAME` leaves one out.
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::kernel {

struct Kernel;

/// Each programs its chip, requests its line and says so in the log.
void serial8250_init(Kernel& k); // ttyS0 on 4, once init has opened it as its console:
void serial8250_open(Kernel& k);
void i8042_init(Kernel& k);    // keyboard on 1, mouse on 12
void rtc_cmos_init(Kernel& k); // rtc0 on 8
void acpi_init(Kernel& k);     // the system control interrupt on 9
/// Says which CPUs the kernel leaves out: after PCI's links.
void acpi_processors_init(Kernel& k);
/// Claims no line: it lets the parallel port interrupt.
void parport_pc_init(Kernel& k);

/// The numbers under which ACPI lists the board's old devices.
enum class PnpDevice : u8 { uart, rtc };
unsigned pnp_number(const Kernel& k, PnpDevice device);

} // namespace irqlab::kernel
