// Linux's i8042 driver: keyboard and mouse, each byte read in the interrupt.
// Source: [8042]; [LX drivers/input/serio/i8042.c] for the order at start.
#include "kernel/drivers/drivers.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/sched/sched.hpp"

namespace irqlab::kernel {

namespace {

constexpr u16 data_port = 0x60, status_port = 0x64, command_port = 0x64;
constexpr u8 status_obf = 0x01;
constexpr u8 read_ctr = 0x20, write_ctr = 0x60, aux_enable = 0xa8, write_aux = 0xd4;
constexpr u8 ctr_kbd_int = 0x01, ctr_aux_int = 0x02, ctr_sys = 0x04, ctr_translate = 0x40;
constexpr u8 device_enable = 0xf4;

char kbd_port, aux_port; // only their addresses count: the actions' dev_id

abi::irqreturn_t interrupt(int, void*)
{
    Kernel& k = kernel();
    if (!(inb(k, status_port) & status_obf))
        return abi::IRQ_NONE;
    inb(k, data_port);
    return abi::IRQ_HANDLED;
}

void flush(Kernel& k)
{
    for (int i = 0; i < 16 && (inb(k, status_port) & status_obf); ++i)
        inb(k, data_port);
}

} // namespace

void i8042_init(Kernel& k)
{
    if (has_word(k.config.without, "i8042"))
        return;
    log_line(k, loglevel_info, "i8042: PNP: PS/2 Controller [PNP0303:KBD,PNP0f13:MOU] at 0x60,0x64 irq 1,12");
    flush(k);
    outb(k, read_ctr, command_port);
    inb(k, data_port);
    outb(k, aux_enable, command_port);
    setup_irq(k, 12, interrupt, IRQF_SHARED, "i8042", &aux_port);
    setup_irq(k, 1, interrupt, IRQF_SHARED, "i8042", &kbd_port);
    outb(k, write_ctr, command_port);
    outb(k, ctr_kbd_int | ctr_aux_int | ctr_sys | ctr_translate, data_port);
    log_line(k, loglevel_info, "serio: i8042 KBD port at 0x60,0x64 irq 1");
    log_line(k, loglevel_info, "serio: i8042 AUX port at 0x60,0x64 irq 12");
    outb(k, device_enable, data_port);
    sched_signals(k);
    outb(k, write_aux, command_port);
    outb(k, device_enable, data_port);
    sched_signals(k);
    log_line(k, loglevel_info,
             "input: AT Translated Set 2 keyboard as /devices/platform/i8042/serio0/input/input0");
}

} // namespace irqlab::kernel
