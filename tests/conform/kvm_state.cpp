// The virtual machine inside KVM: its wires, and the states of its chips. See kvm_vm.hpp.
#include <cerrno>
#include <cstring>
#include <iterator>

#include "tests/conform/kvm_calls.hpp"
#include "tests/conform/kvm_vm.hpp"

namespace irqlab::conform {

// --- wires
// -----------------------------------------------------------------------------------------------------------

void KvmVm::line(unsigned gsi, bool high)
{
    if (const int pin = gsi < wires_.size() ? wires_[gsi].ioapic_pin : static_cast<int>(gsi); pin >= 0)
        pins_high_ = (pins_high_ & ~bit<u32>(static_cast<unsigned>(pin))) | u32{high} << pin;
    const kvm_irq_level level{{gsi}, high ? 1u : 0u};
    if (call(vm_, KVM_IRQ_LINE, &level) != 0)
        fail("KVM_IRQ_LINE");
}

void KvmVm::wire(const std::vector<Wire>& wires)
{
    List<kvm_irq_routing_entry, 64> routing{};
    const auto add = [&](unsigned gsi, unsigned chip, int pin) {
        if (routing.head.count == std::size(routing.entry))
            return;
        kvm_irq_routing_entry& e = routing.entry[routing.head.count++];
        e.gsi = gsi;
        e.type = KVM_IRQ_ROUTING_IRQCHIP;
        e.u.irqchip = {chip, static_cast<u32>(pin)};
    };
    for (unsigned gsi = 0; gsi < wires.size(); ++gsi) {
        if (const int pin = wires[gsi].pic_pin; pin >= 0)
            add(gsi, pin < 8 ? KVM_IRQCHIP_PIC_MASTER : KVM_IRQCHIP_PIC_SLAVE, pin & 7);
        if (const int pin = wires[gsi].ioapic_pin; pin >= 0)
            add(gsi, KVM_IRQCHIP_IOAPIC, pin);
    }
    if (call(vm_, set_gsi_routing, &routing) != 0)
        fail("KVM_SET_GSI_ROUTING");
    wires_ = wires;
}

bool KvmVm::msi(u32 address_low, u32 data, u32 address_high)
{
    kvm_msi message{};
    message.address_lo = address_low;
    message.address_hi = address_high;
    message.data = data;
    const int result = call(vm_, KVM_SIGNAL_MSI, &message);
    if (result < 0 && errno != EPERM) // EPERM: there is nobody of that destination.
        fail("KVM_SIGNAL_MSI");
    return result > 0;
}

void KvmVm::nmi(unsigned cpu)
{
    if (ioctl(cpu_[cpu].fd, KVM_NMI, 0) != 0)
        fail("KVM_NMI");
}

// --- states
// ----------------------------------------------------------------------------------------------------------

namespace {

kvm_irqchip get_irqchip(int vm, unsigned id)
{
    kvm_irqchip chip{};
    chip.chip_id = id;
    ioctl(vm, KVM_GET_IRQCHIP, &chip);
    return chip;
}

} // namespace

kvm_pic_state KvmVm::pic(bool slave) const
{
    return get_irqchip(vm_, slave ? KVM_IRQCHIP_PIC_SLAVE : KVM_IRQCHIP_PIC_MASTER).chip.pic;
}

void KvmVm::set_pic(bool slave, const kvm_pic_state& state)
{
    kvm_irqchip chip{};
    chip.chip_id = slave ? KVM_IRQCHIP_PIC_SLAVE : KVM_IRQCHIP_PIC_MASTER;
    chip.chip.pic = state;
    if (call(vm_, KVM_SET_IRQCHIP, &chip) != 0)
        fail("KVM_SET_IRQCHIP");
}

kvm_ioapic_state KvmVm::ioapic() const { return get_irqchip(vm_, KVM_IRQCHIP_IOAPIC).chip.ioapic; }

void KvmVm::set_ioapic(const kvm_ioapic_state& state)
{
    kvm_irqchip chip{};
    chip.chip_id = KVM_IRQCHIP_IOAPIC;
    chip.chip.ioapic = state;
    if (call(vm_, KVM_SET_IRQCHIP, &chip) != 0)
        fail("KVM_SET_IRQCHIP");
}

kvm_lapic_state KvmVm::lapic(unsigned cpu) const
{
    kvm_lapic_state state{};
    if (call(cpu_[cpu].fd, KVM_GET_LAPIC, &state) != 0)
        fail("KVM_GET_LAPIC");
    return state;
}

void KvmVm::set_lapic(const kvm_lapic_state& state, unsigned cpu)
{
    if (call(cpu_[cpu].fd, KVM_SET_LAPIC, &state) != 0)
        fail("KVM_SET_LAPIC");
}

u32 KvmVm::reg(const kvm_lapic_state& state, unsigned offset)
{
    u32 value = 0;
    std::memcpy(&value, state.regs + offset, sizeof value);
    return value;
}

void KvmVm::set_reg(kvm_lapic_state& state, unsigned offset, u32 value)
{
    std::memcpy(state.regs + offset, &value, sizeof value);
}

u32 KvmVm::mp_state(unsigned cpu) const
{
    kvm_mp_state state{};
    if (call(cpu_[cpu].fd, KVM_GET_MP_STATE, &state) != 0)
        fail("KVM_GET_MP_STATE");
    return state.mp_state;
}

} // namespace irqlab::conform
