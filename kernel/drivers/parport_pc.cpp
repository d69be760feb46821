// Linux's parport_pc driver, as far as it touches interrupts: the port acknowledges by its line from the
// start. No printer driver claims the port, so that the line has no handler of the lab's own. Source: [PCAT]
// "Printer Adapter"; [LX drivers/parport/parport_pc.c].
#include "kernel/drivers/drivers.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/kernel.hpp"

namespace irqlab::kernel {

void parport_pc_init(Kernel& k)
{
    constexpr u16 control_port = 0x37a;
    if (!has_word(k.config.without, "parport_pc"))
        outb(k, static_cast<u8>(inb(k, control_port) | hw::lpt::IrqEnable::mask), control_port);
}

} // namespace irqlab::kernel
