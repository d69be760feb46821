// Linux's 8250 driver on the first serial port: received bytes are read in the interrupt.
// Source: [16550]; [LX drivers/tty/serial/8250].
#include "kernel/drivers/drivers.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/printk/say.hpp"

namespace irqlab::kernel {

namespace {

constexpr u16 base = 0x3f8;
constexpr u16 rbr = 0, ier = 1, iir = 2, fcr = 2, lcr = 3, mcr = 4, lsr = 5, msr = 6;
constexpr u8 iir_none = 0x01, lsr_data = 0x01;
char port; // its address is the action's dev_id

abi::irqreturn_t interrupt(int, void*)
{
    Kernel& k = kernel();
    bool handled = false;
    // A source that is served lowers the line only when all are: ask until IIR says none.
    for (int turns = 0; turns < 16 && !(inb(k, base + iir) & iir_none); ++turns) {
        handled = true;
        while (inb(k, base + lsr) & lsr_data)
            inb(k, base + rbr);
        inb(k, base + msr);
    }
    return handled ? abi::IRQ_HANDLED : abi::IRQ_NONE;
}

bool left_out(const Kernel& k)
{
    return has_word(k.config.without, "serial8250") || k.config.board == hw::BoardId::laptop;
}

} // namespace

void serial8250_init(Kernel& k)
{
    if (left_out(k))
        return;
    log_line(k, loglevel_info, "Serial: 8250/16550 driver, 4 ports, IRQ sharing enabled");
    say(k, loglevel_info, "00:{:02}: ttyS0 at I/O 0x3f8 (irq = 4, base_baud = 115200) is a 16550A",
        pnp_number(k, PnpDevice::uart));
}

void serial8250_open(Kernel& k)
{
    if (left_out(k))
        return;
    outb(k, 0x03, base + lcr); // 8 bits, no parity, one stop bit
    outb(k, 0x07, base + fcr); // FIFOs on and empty
    setup_irq(k, 4, interrupt, IRQF_SHARED, "ttyS0", &port);
    outb(k, 0x0b, base + mcr); // DTR, RTS, and OUT2, which lets the interrupt out
    outb(k, 0x05, base + ier); // received data and line status
}

} // namespace irqlab::kernel
