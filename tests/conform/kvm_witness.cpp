// Steps in KVM's virtual machine. See the header.
#include "tests/conform/kvm_witness.hpp"

#include <fmt/format.h>

#include "hw/irq/lapic.hpp"
#include "tests/conform/operations.hpp"
#include "tests/conform/qtest.hpp"

namespace irqlab::conform {

namespace {

constexpr u64 lapic_page = hw::lapic_address;

/// A step that may send INIT: KVM's CPU starts over with it, and must be made to run accesses again.
bool may_init(const Step& s)
{
    const u64 mode = s.name() == "wrmsr" ? s.argument[0] == 0x830 ? s.argument[1] : 0
                     : s.name() == "write"
                         ? s.argument[0] == lapic_page + hw::lapic_icr_low ? s.argument[1] : 0
                     : s.name() == "msi" ? s.argument[1]
                                         : 0;
    return hw::icr::DeliveryMode::get(mode) == static_cast<u64>(hw::Delivery::init);
}

u64 pic_state_of(const kvm_pic_state& s)
{
    return pic_state({.irr = s.irr,
                      .imr = s.imr,
                      .isr = s.isr,
                      .elcr = s.elcr,
                      .icw2 = s.irq_base,
                      .lowest = static_cast<u8>((s.priority_add - 1) & 7),
                      .awaits = s.init_state,
                      .ic4 = s.init4,
                      .read_isr = s.read_reg_select,
                      .poll = s.poll,
                      .aeoi = s.auto_eoi,
                      .sfnm = s.special_fully_nested_mode,
                      .rotate_in_aeoi = s.rotate_on_auto_eoi});
}

std::vector<KvmVm::Wire> board_pc()
{
    std::vector<KvmVm::Wire> wires;
    for (int line = 0; line < 24; ++line)
        wires.push_back({line < 16 && line != 2 ? line : -1, line == 0 ? 2 : line == 2 ? -1 : line});
    return wires;
}

} // namespace

KvmWitness::KvmWitness(unsigned cpus) : vm_(cpus), seen_(cpus)
{
    if (!vm_.open())
        throw WitnessError{vm_.reason()};
    vm_.wire(board_pc());
    if (!vm_.trouble().empty())
        throw WitnessError{vm_.trouble()};
}

u64 KvmWitness::word(const Step& s, unsigned bank)
{
    if (!seen_[s.cpu])
        seen_[s.cpu] = vm_.lapic(s.cpu);
    const unsigned at = bank + static_cast<unsigned>(s.argument[0] & 3) * 0x20;
    return KvmVm::reg(*seen_[s.cpu], at) | u64{KvmVm::reg(*seen_[s.cpu], at + 0x10)} << 32;
}

std::optional<u64> KvmWitness::look(const Step& s)
{
    if (s.name() == "irr")
        return word(s, hw::lapic_irr);
    if (s.name() == "isr")
        return word(s, hw::lapic_isr);
    if (s.name() == "tmr")
        return word(s, hw::lapic_tmr);
    if (s.name() == "pic_state")
        return pic_state_of(vm_.pic(s.argument[0] != 0));
    if (s.name() == "ioapic_entry") {
        if (!seen_ioapic_)
            seen_ioapic_ = vm_.ioapic();
        return seen_ioapic_->redirtbl[s.argument[0] % hw::ioapic_pins].bits;
    }
    if (s.name() != "lapic")
        return {};
    if (!seen_[s.cpu])
        seen_[s.cpu] = vm_.lapic(s.cpu);
    return KvmVm::reg(*seen_[s.cpu], static_cast<unsigned>(s.argument[0] & 0xff0));
}

std::optional<u64> KvmWitness::access(const Step& s)
{
    const u64 at = s.argument[0], value = s.argument[1];
    if (s.name() == "out")
        return vm_.port_write(static_cast<u16>(at), static_cast<u8>(value), s.cpu), 0;
    if (s.name() == "in")
        return vm_.port_read(static_cast<u16>(at), s.cpu);
    if (s.name() == "write")
        return vm_.mmio_write(at, static_cast<u32>(value), s.cpu), 0;
    if (s.name() == "read")
        return vm_.mmio_read(at, s.cpu);
    if (s.name() == "eoi")
        return vm_.mmio_write(lapic_page + hw::lapic_eoi_register, 0, s.cpu), 0;
    if (s.name() == "wrmsr")
        return vm_.wrmsr(static_cast<u32>(at), value, s.cpu) ? 0 : general_protection;
    if (s.name() == "write_cr8")
        return vm_.write_cr8(at & 0xf, s.cpu), 0;
    if (s.name() == "read_cr8")
        return vm_.read_cr8(s.cpu);
    if (s.name() != "rdmsr")
        return {};
    u64 read = 0;
    return vm_.rdmsr(static_cast<u32>(at), read, s.cpu) ? read : general_protection;
}

/// A line is told only when it changes, as a wire is: KVM takes each telling for news.
void KvmWitness::drive(unsigned line, bool high)
{
    const u32 mask = u32{1} << line % 32;
    if (((lines_ & mask) != 0) == high)
        return;
    lines_ ^= mask;
    vm_.line(line, high);
}

std::optional<u64> KvmWitness::wire(const Step& s)
{
    if (s.name() == "line")
        return drive(static_cast<unsigned>(s.argument[0]), s.argument[1] != 0), 0;
    if (s.name() == "msi")
        return vm_.msi(static_cast<u32>(s.argument[0]), static_cast<u32>(s.argument[1])), 0;
    if (s.name() != "take")
        return {};
    const int vector = vm_.accept(s.cpu);
    return vector < 0 ? nothing_to_take : static_cast<u64>(vector);
}

void KvmWitness::forget()
{
    seen_.assign(seen_.size(), {});
    seen_ioapic_.reset();
}

u64 KvmWitness::perform_one(const Step& s)
{
    if (const auto answer = look(s))
        return *answer;
    forget();
    auto answer = access(s);
    if (!answer)
        answer = wire(s);
    if (!answer)
        throw WitnessError{fmt::format("KVM cannot be told: {}", text(s))};
    for (unsigned cpu = 0; may_init(s) && cpu < vm_.cpus(); ++cpu) {
        vm_.mp_state(cpu); // The INIT is taken with this.
        vm_.revive(cpu);
    }
    return *answer;
}

std::vector<u64> KvmWitness::perform(std::span<const Step> steps)
{
    vm_.power_on();
    lines_ = 0;
    forget();
    std::vector<u64> answers;
    for (const Step& s : steps)
        answers.push_back(s.operation->answers ? perform_one(s) : (perform_one(s), 0));
    if (!vm_.trouble().empty())
        throw WitnessError{vm_.trouble()};
    return answers;
}

} // namespace irqlab::conform
