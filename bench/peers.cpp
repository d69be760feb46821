// The same interrupt cycles in the models of others, for the ratio: KVM's controllers inside Linux, each step
// a system call; QEMU's over qtest, each step a line of its protocol, many on their way at once. Skipped
// where they are not.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <memory>

#include "tests/conform/kvm_vm.hpp"
#include "tests/conform/qtest.hpp"

namespace irqlab::bench {
namespace {

using conform::KvmVm;
using conform::Qtest;

/// GSI 3 drives the master's IR3 alone.
std::unique_ptr<KvmVm> machine_of_kvm(benchmark::State& state)
{
    constexpr KvmVm::Wire none{-1, -1};
    auto vm = std::make_unique<KvmVm>();
    if (!vm->open())
        state.SkipWithError(vm->reason().c_str());
    else
        vm->wire({none, none, none, {3, -1}});
    return vm;
}

/// Raise and lower only: what one KVM_IRQ_LINE pair costs at the 8259, with no guest to take it.
void kvm_pic_line(benchmark::State& state)
{
    const auto vm = machine_of_kvm(state);
    if (!vm->open())
        return;
    for (auto _ : state) {
        vm->line(3, true);
        vm->line(3, false);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(kvm_pic_line)->Name("peer/kvm/pic_line")->UseRealTime();

/// An edge, taken and ended by a guest's instructions.
void kvm_pic_cycle(benchmark::State& state)
{
    const auto vm = machine_of_kvm(state);
    if (!vm->open())
        return;
    for (const auto& [port, value] :
         {std::pair{0x20, 0x11}, {0x21, 0x30}, {0x21, 0x04}, {0x21, 0x01}, {0x21, 0x00}})
        vm->port_write(static_cast<u16>(port), static_cast<u8>(value));
    benchmark::IterationCount taken = 0;
    for (auto _ : state) {
        vm->line(3, true);
        taken += vm->accept() == 0x33;
        vm->port_write(0x20, 0x63);
        vm->line(3, false);
    }
    if (taken != state.iterations())
        state.SkipWithError("a vector was lost");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(kvm_pic_cycle)->Name("peer/kvm/pic_cycle")->UseRealTime();

/// An edge on IR3, a poll (which acknowledges), a specific EOI: at QEMU's 8259.
void qemu_pic_cycle(benchmark::State& state)
try {
    Qtest qemu({"-M", "pc"});
    const std::string pic = qemu.paths_of("isa-i8259").at(0);
    for (const char* command :
         {"outb 0x20 0x11", "outb 0x21 0x30", "outb 0x21 0x04", "outb 0x21 0x01", "outb 0x21 0"})
        qemu.queue(command);
    qemu.flush();
    constexpr int at_once = 100;
    u64 polled = 0;
    for (auto _ : state) {
        for (int i = 0; i < at_once; ++i) {
            qemu.queue(fmt::format("set_irq_in {} unnamed-gpio-in 3 1", pic));
            qemu.queue("outb 0x20 0x0c");
            qemu.queue("inb 0x20");
            qemu.queue("outb 0x20 0x63");
            qemu.queue(fmt::format("set_irq_in {} unnamed-gpio-in 3 0", pic));
        }
        for (const Qtest::Answer& answer : qemu.flush())
            polled += answer.value == 0x83;
    }
    if (polled != static_cast<u64>(state.iterations()) * at_once)
        state.SkipWithError("an interrupt was lost");
    state.SetItemsProcessed(state.iterations() * at_once);
} catch (const conform::WitnessError& error) {
    state.SkipWithError(error.what.c_str());
}
BENCHMARK(qemu_pic_cycle)->Name("peer/qemu/pic_cycle")->UseRealTime();

/// A level at an I/O APIC pin whose entry sends it, and EOI through the I/O APIC's own register.
void qemu_ioapic_cycle(benchmark::State& state)
try {
    Qtest qemu({"-M", "pc"});
    const std::string ioapic = qemu.paths_of("ioapic").at(0);
    for (const char* command : {"writel 0xfec00000 0x26", "writel 0xfec00010 0x8041"})
        qemu.queue(command);
    qemu.flush();
    constexpr int at_once = 100;
    for (auto _ : state) {
        for (int i = 0; i < at_once; ++i) {
            qemu.queue(fmt::format("set_irq_in {} unnamed-gpio-in 11 1", ioapic));
            qemu.queue(fmt::format("set_irq_in {} unnamed-gpio-in 11 0", ioapic));
            qemu.queue("writel 0xfec00040 0x41");
        }
        qemu.flush();
    }
    state.SetItemsProcessed(state.iterations() * at_once);
} catch (const conform::WitnessError& error) {
    state.SkipWithError(error.what.c_str());
}
BENCHMARK(qemu_ioapic_cycle)->Name("peer/qemu/ioapic_cycle")->UseRealTime();

} // namespace
} // namespace irqlab::bench
