// Fuzz target: any accesses to the I/O APIC, of either version and with any quirks, any changes of its lines,
// any EOI messages, and local APICs that accept what is sent or not.
//
// What must hold afterwards is in check_invariants(). The first three bytes are version and quirks.
#include <bit>
#include <cstddef>

#include "fuzz/support/input.hpp"
#include "hw/base/check.hpp"
#include "hw/irq/ioapic.hpp"

namespace irqlab::hw {
namespace {

bool carries_remote_irr(const Ioapic& chip, unsigned pin)
{
    return rte::Level::test(chip.entry[pin]) &&
           rte::DeliveryMode::get(chip.entry[pin]) <= static_cast<u64>(Delivery::lowest);
}

void check_invariants(const Ioapic& chip)
{
    CHECK(valid(chip));
    if (chip.quirks != 0)
        return;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        const u64 entry = chip.entry[pin];
        CHECK(!rte::Pending::test(entry) || (active(chip, pin) && !rte::Masked::test(entry)));
        CHECK(!(rte::Pending::test(entry) && rte::RemoteIrr::test(entry)));
    }
}

/// Sends what is due. A level that was accepted is not due again before its EOI.
void send(Ioapic& chip, u32 pins, bool accepted)
{
    CHECK(pins < bit<u32>(ioapic_pins));
    for (; pins != 0; pins &= pins - 1) {
        const unsigned pin = static_cast<unsigned>(std::countr_zero(pins));
        CHECK(!rte::Masked::test(chip.entry[pin]));
        CHECK(!rte::Level::test(chip.entry[pin]) || !rte::RemoteIrr::test(chip.entry[pin]));
        CHECK(message(chip, pin).vector == rte::Vector::get(chip.entry[pin]));
        sent(chip, pin, accepted);
        CHECK(!accepted || !carries_remote_irr(chip, pin) || (waiting(chip) & bit<u32>(pin)) == 0);
    }
}

u32 step(Ioapic& chip, Input& in, u8 what)
{
    constexpr u32 registers[] = {0x00, 0x10, 0x40, 0x20};
    Signals signals;
    const u32 offset = registers[what >> 3 & 3];
    switch (what & 7) {
    case 0:
    case 1: return drive(chip, in.byte() % ioapic_pins, (what & 8) != 0, signals);
    case 2: return end_of_interrupt(chip, in.byte(), signals);
    case 3: CHECK(read(chip, offset, signals) == peek(chip, offset)); return 0;
    case 4: return write(chip, 0x00, in.byte(), signals);
    case 5: return write(chip, offset, in.word(), signals);
    default: return write(chip, 0x10, in.half() | u32{in.byte()} << 16, signals);
    }
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    irqlab::u32 all_quirks = 0;
    for (const Quirk& quirk : ioapic_quirks())
        all_quirks |= quirk.mask;
    Input in{data, data + size};
    Ioapic chip{};
    reset(chip, (in.byte() & 1) != 0 ? ioapic_version_eoi : ioapic_version_82093aa);
    chip.quirks = in.half() & all_quirks;
    while (!in.empty()) {
        const irqlab::u8 what = in.byte();
        send(chip, step(chip, in, what), (what & 0x80) != 0);
        check_invariants(chip);
    }
    return 0;
}
