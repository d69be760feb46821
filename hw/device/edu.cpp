// The educational device's registers, time and transfers. See the header.
#include "hw/device/edu.hpp"

#include <algorithm>

#include "hw/pci/msi.hpp"

namespace irqlab::hw {
namespace {

constexpr u32 wide_registers = 0x80;
constexpr u8 msi_offset = 0x40;

/// [EDU] "PCI specs"; the command register has what QEMU gives every function.
constexpr PciLayout make_layout()
{
    constexpr u16 command = 0x0507;
    PciLayout l = pci_layout({0x1234, 0x11e8, 0x00ff00, 0x10, 0x1af4, 0x1100}, 0, command,
                             pci_status::CapabilityList::mask);
    l.set(pci_config::line_size, 1, 0, 0xff);
    l.set(pci_config::capabilities, 1, msi_offset);
    l.set(pci_config::interrupt_line, 1, 0, 0xff);
    l.set(pci_config::interrupt_pin, 1, 1);
    l.set_bar(0, PciSpace::memory, edu::memory_bytes);
    add_msi(l, msi_offset, 0, false);
    return l;
}
constexpr PciLayout layout = make_layout();

/// The 64-bit register at `offset`, or null.
u64 Edu::*dma_register(u32 offset)
{
    switch (offset) {
    case 0x80: return &Edu::dma_source;
    case 0x88: return &Edu::dma_destination;
    case 0x90: return &Edu::dma_count;
    case 0x98: return &Edu::dma_command;
    default: return nullptr;
    }
}

bool accepted(u32 offset, unsigned width) { return width == 4 || (width == 8 && offset >= wide_registers); }

/// Accesses that the bus does not bring to the device.
bool malformed(u32 offset, unsigned width) { return width < 4 || (offset & (width - 1)) != 0; }

EduEvent raise(Edu& chip, u32 bits)
{
    chip.irq_status |= bits;
    return chip.irq_status != 0 ? EduEvent::raised : EduEvent::none;
}

/// n! modulo 2^32; from 34 on it is zero.
u32 factorial(u32 n)
{
    u32 product = 1;
    for (; n > 0 && product != 0; --n)
        product *= n;
    return product;
}

void begin_factorial(Edu& chip, u32 n, u64 now_ns)
{
    if (edu::Computing::test(chip.status))
        return;
    chip.factorial = n;
    chip.status |= edu::Computing::mask;
    chip.fact_due_ns = now_ns + edu::fact_start_ns + n * edu::fact_factor_ns;
}

void write_dma(Edu& chip, u64 Edu::*reg, u64 value, u64 now_ns)
{
    if (edu::Run::test(chip.dma_command))
        return;
    if (reg == &Edu::dma_command) {
        if (!edu::Run::test(value))
            return;
        chip.transfer_due_ns = now_ns + edu::transfer_ns;
    }
    chip.*reg = value;
}

EduEvent finish_factorial(Edu& chip)
{
    chip.factorial = factorial(chip.factorial);
    chip.status &= ~edu::Computing::mask;
    chip.fact_due_ns = never_ns;
    return edu::IrqWhenDone::test(chip.status) ? raise(chip, edu::FactDone::mask) : EduEvent::none;
}

EduEvent end_transfer(Edu& chip)
{
    chip.waits = 0;
    chip.dma_command &= ~edu::Run::mask;
    return edu::TransferIrq::test(chip.dma_command) ? raise(chip, edu::TransferDone::mask) : EduEvent::none;
}

u64 buffer_side(const Edu& chip)
{
    return edu::ToMemory::test(chip.dma_command) ? chip.dma_source : chip.dma_destination;
}
u64 memory_side(const Edu& chip)
{
    return edu::ToMemory::test(chip.dma_command) ? chip.dma_destination : chip.dma_source;
}

bool in_buffer(const Edu& chip)
{
    const u64 at = buffer_side(chip) - edu::buffer_address;
    return at <= edu::buffer_bytes && chip.dma_count <= edu::buffer_bytes - at;
}

EduEvent begin_transfer(Edu& chip, Signals& signals)
{
    const auto diagnose = [&](Diagnosis what, u64 value) {
        signals.push({SignalKind::diagnosis, 0, static_cast<u16>(what), static_cast<u32>(value)});
    };
    chip.transfer_due_ns = never_ns;
    const u64 memory = memory_side(chip);
    if (!in_buffer(chip))
        diagnose(Diagnosis::dma_out_of_range, buffer_side(chip));
    else if (!pci_command::BusMaster::test(command_of(chip.config)))
        diagnose(Diagnosis::not_bus_master, chip.devfn);
    else if (chip.dma_count != 0) {
        if ((memory & ~chip.dma_mask) != 0)
            diagnose(Diagnosis::dma_address_cut, memory);
        chip.waits = 1;
        return EduEvent::transfer;
    }
    return end_transfer(chip);
}

} // namespace

const PciLayout& edu_layout() { return layout; }

void reset(Edu& chip, u8 devfn)
{
    chip = {};
    chip.dma_mask = edu::default_dma_mask;
    chip.fact_due_ns = chip.transfer_due_ns = never_ns;
    chip.devfn = devfn;
    reset(chip.config, layout);
}

u64 read(const Edu& chip, u32 offset, unsigned width)
{
    const u64 ones = width == 8 ? ~u64{0} : 0xffffffff;
    if (malformed(offset, width))
        return 0;
    if (!accepted(offset, width))
        return ones;
    switch (offset) {
    case 0x00: return edu::identification;
    case 0x04: return chip.liveness;
    case 0x08: return chip.factorial;
    case 0x20: return chip.status;
    case 0x24: return chip.irq_status;
    default: break;
    }
    const auto reg = dma_register(offset);
    return reg ? chip.*reg & ones : ones;
}

EduEvent write(Edu& chip, u32 offset, unsigned width, u64 value, u64 now_ns)
{
    if (malformed(offset, width) || !accepted(offset, width))
        return EduEvent::none;
    const u32 low = static_cast<u32>(value);
    switch (offset) {
    case 0x04: chip.liveness = ~low; return EduEvent::none;
    case 0x08: begin_factorial(chip, low, now_ns); return EduEvent::none;
    case 0x20:
        chip.status = edu::IrqWhenDone::put(chip.status, edu::IrqWhenDone::get(low));
        return EduEvent::none;
    case 0x60: return raise(chip, low);
    case 0x64: chip.irq_status &= ~low; return chip.irq_status == 0 ? EduEvent::lowered : EduEvent::none;
    default: break;
    }
    if (const auto reg = dma_register(offset))
        write_dma(chip, reg, width == 8 ? value : low, now_ns);
    return EduEvent::none;
}

EduEvent advance(Edu& chip, u64 now_ns, Signals& signals)
{
    if (chip.fact_due_ns <= now_ns && chip.fact_due_ns <= chip.transfer_due_ns)
        return finish_factorial(chip);
    if (chip.transfer_due_ns <= now_ns)
        return begin_transfer(chip, signals);
    return EduEvent::none;
}

u64 next_event_ns(const Edu& chip) { return std::min(chip.fact_due_ns, chip.transfer_due_ns); }

EduTransfer transfer(const Edu& chip)
{
    if (chip.waits == 0)
        return {};
    return {memory_side(chip) & chip.dma_mask, static_cast<u32>(chip.dma_count),
            static_cast<u32>(buffer_side(chip) - edu::buffer_address), edu::ToMemory::test(chip.dma_command)};
}

EduEvent finish_transfer(Edu& chip, std::span<const u8> bytes)
{
    const EduTransfer t = transfer(chip);
    if (t.bytes == 0)
        return EduEvent::none;
    if (!t.to_memory)
        std::copy_n(bytes.begin(), std::min<std::size_t>(bytes.size(), t.bytes), chip.buffer.begin() + t.at);
    return end_transfer(chip);
}

bool valid(const Edu& chip)
{
    const bool computing = edu::Computing::test(chip.status);
    const bool running = edu::Run::test(chip.dma_command);
    const bool due = chip.transfer_due_ns != never_ns;
    return (chip.status & ~(edu::Computing::mask | edu::IrqWhenDone::mask)) == 0 &&
           computing == (chip.fact_due_ns != never_ns) && chip.waits <= 1 && chip.intx <= 1 &&
           running == (due || chip.waits != 0) && !(due && chip.waits != 0) &&
           (chip.waits == 0 || (in_buffer(chip) && chip.dma_count != 0)) && valid(chip.config, layout) &&
           std::ranges::all_of(chip.unused, [](u8 b) { return b == 0; });
}

} // namespace irqlab::hw
