// The chip "XT-PIC": the 8259 pair as Linux drives it, with its check for spurious interrupts.
// Source: [8259A]; [LX arch/x86/kernel/i8259.c] for the order of operations.
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr u16 pic_master_cmd = 0x20, pic_master_imr = 0x21, pic_slave_cmd = 0xa0, pic_slave_imr = 0xa1;
constexpr unsigned pic_cascade_ir = 2;

void outb(Kernel& k, u16 port, unsigned value)
{
    hw::port_write(k.machine, k.this_cpu->index, port, 1, value, k.signals);
}

u8 inb(Kernel& k, u16 port)
{
    return static_cast<u8>(hw::port_read(k.machine, k.this_cpu->index, port, 1, k.signals));
}

void write_mask(Kernel& k, unsigned irq)
{
    if (irq & 8)
        outb(k, pic_slave_imr, k.irq->pic_mask >> 8);
    else
        outb(k, pic_master_imr, k.irq->pic_mask & 0xff);
}

// A real interrupt has its bit in the ISR. OCW3 0Bh selects it, 0Ah puts IRR back.
bool really_in_service(Kernel& k, unsigned irq)
{
    const u16 port = irq < 8 ? pic_master_cmd : pic_slave_cmd;
    outb(k, port, 0x0b);
    const u8 isr = inb(k, port);
    outb(k, port, 0x0a);
    return (isr & (1u << (irq & 7))) != 0;
}

void end_of_interrupt(Kernel& k, unsigned irq)
{
    if (irq & 8) {
        outb(k, pic_slave_cmd, 0x60 + (irq & 7));
        outb(k, pic_master_cmd, 0x60 + pic_cascade_ir);
    } else {
        outb(k, pic_master_cmd, 0x60 + irq);
    }
}

void report_spurious(Kernel& k, unsigned irq)
{
    ++k.irq->errors;
    if (k.irq->pic_spurious_mask & (1u << irq))
        return;
    abi::_printk("\0017spurious 8259A interrupt: IRQ%d.\n", static_cast<int>(irq));
    k.irq->pic_spurious_mask |= 1u << irq;
}

// The order matters: mask, EOI to the slave, EOI to the master. A line that is masked in our copy and
// comes all the same is a spurious one unless the ISR says otherwise.
void mask_and_ack(abi::irq_data* data)
{
    Kernel& k = kernel();
    const unsigned irq = data->irq;
    const u32 line = 1u << irq;
    // A default IR7 has nothing to end, but behind a default IR15 the master's IR2 is in service.
    if ((k.irq->pic_mask & line) && !really_in_service(k, irq))
        report_spurious(k, irq);
    k.irq->pic_mask |= line;
    write_mask(k, irq);
    end_of_interrupt(k, irq);
}

void mask(abi::irq_data* data) { mask_8259a_irq(kernel(), data->irq); }
void unmask(abi::irq_data* data) { unmask_8259a_irq(kernel(), data->irq); }

} // namespace

abi::irq_chip i8259a_chip = [] {
    abi::irq_chip c{};
    c.name = "XT-PIC";
    c.irq_mask = mask;
    c.irq_disable = mask;
    c.irq_mask_ack = mask_and_ack;
    c.irq_unmask = unmask;
    return c;
}();

void mask_8259a_irq(Kernel& k, unsigned irq)
{
    k.irq->pic_mask |= 1u << irq;
    write_mask(k, irq);
}

void unmask_8259a_irq(Kernel& k, unsigned irq)
{
    k.irq->pic_mask &= ~(1u << irq);
    write_mask(k, irq);
}

// Masked while it lasts; vectors 30h to 3Fh; cascade on IR2. [8259A] "Initialization Command Words".
void irq_init_8259(Kernel& k, Eoi eoi)
{
    const unsigned icw4 = eoi == Eoi::automatic ? 0x03 : 0x01;
    outb(k, pic_master_imr, 0xff);
    outb(k, pic_master_cmd, 0x11);
    outb(k, pic_master_imr, isa_vector_base);
    outb(k, pic_master_imr, 1u << pic_cascade_ir);
    outb(k, pic_master_imr, icw4);
    outb(k, pic_slave_cmd, 0x11);
    outb(k, pic_slave_imr, isa_vector_base + 8);
    outb(k, pic_slave_imr, pic_cascade_ir);
    outb(k, pic_slave_imr, 0x01); // no automatic EOI here: the master's is enough, and not all slaves can
    outb(k, pic_master_imr, k.irq->pic_mask & 0xff);
    outb(k, pic_slave_imr, k.irq->pic_mask >> 8);
}

} // namespace irqlab::kernel
