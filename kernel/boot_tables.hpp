// What firmware tells Linux of the interrupts: ACPI's MADT, and the MP table where ACPI is not to be used.
#pragma once

namespace irqlab::kernel {

struct Kernel;

/// Reads the tables as Linux does, saying what it finds, and notes in k.irq how many interrupts they name.
void read_firmware_tables(Kernel& k);
/// The board has an MP table: without ACPI's word on the I/O APIC Linux goes by that.
bool has_mp_table(const Kernel& k);

} // namespace irqlab::kernel
