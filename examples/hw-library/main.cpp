// A PIC pair and an I/O APIC in a program of one's own: one line of a device goes to both, as on a PC.
#include <cstdio>
#include <hw/irq/i8259.hpp>
#include <hw/irq/ioapic.hpp>

int main()
{
    using namespace irqlab::hw;
    Signals signals; // what the chips say of what they did: for a trace, or for nobody
    PicPair pic;
    Ioapic ioapic;
    reset(ioapic);

    // As an operating system programs them: the master at vector 30h; pin 3 edge-triggered, vector 41h, to APIC 0.
    for (const auto& [port, value] : {std::pair{0x20, 0x11}, {0x21, 0x30}, {0x21, 0x04}, {0x21, 0x01}})
        write(pic, static_cast<irqlab::u16>(port), static_cast<irqlab::u8>(value), signals);
    write(ioapic, 0x00, 0x10 + 2 * 3, signals); // IOREGSEL: the low half of entry 3
    write(ioapic, 0x10, 0x41, signals);         // IOWIN

    // The device raises its line.
    drive(pic, 3, true, signals);
    const irqlab::u32 sends = drive(ioapic, 3, true, signals);

    if (intr(pic))
        std::printf("8259A: vector %02x\n", acknowledge(pic, signals));
    for (unsigned pin = 0; pin < ioapic_pins; ++pin)
        if ((sends >> pin & 1) != 0) {
            const ApicMessage m = message(ioapic, pin);
            std::printf("I/O APIC: vector %02x to APIC %u\n", m.vector, unsigned{m.destination});
            sent(ioapic, pin, true);
        }
}
