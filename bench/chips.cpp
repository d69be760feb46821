// The chips alone, and the machine as a value. Items per second are interrupts, or machines.
#include <benchmark/benchmark.h>
#include <memory>

#include "hw/board/machine.hpp"
#include "hw/irq/lapic_accept.hpp"
#include "hw/state/save.hpp"

namespace irqlab::bench {
namespace {

using namespace hw;

/// The pair as Linux programs it: vectors 30h and 38h, 8086 mode, everything unmasked.
PicPair programmed_pair()
{
    PicPair pair;
    Signals signals;
    constexpr struct {
        u16 port;
        u8 value;
    } writes[] = {{0x20, 0x11}, {0x21, 0x30}, {0x21, 0x04}, {0x21, 0x01}, {0xa0, 0x11},
                  {0xa1, 0x38}, {0xa1, 0x02}, {0xa1, 0x01}, {0x21, 0x00}, {0xa1, 0x00}};
    for (const auto& w : writes)
        write(pair, w.port, w.value, signals);
    return pair;
}

/// An edge on IR3, INTA, a specific EOI.
void pic_cycle(benchmark::State& state)
{
    PicPair pair = programmed_pair();
    unsigned vectors = 0;
    for (auto _ : state) {
        Signals signals;
        drive(pair, 3, true, signals);
        vectors += acknowledge(pair, signals);
        write(pair, 0x20, 0x63, signals);
        drive(pair, 3, false, signals);
        benchmark::DoNotOptimize(pair);
    }
    if (vectors != static_cast<unsigned>(state.iterations() * 0x33))
        state.SkipWithError("a wrong vector");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(pic_cycle)->Name("pic/cycle");

/// A level pin: message, acceptance, EOI, the line falls.
void ioapic_cycle(benchmark::State& state)
{
    Ioapic chip;
    reset(chip);
    chip.entry[11] = rte::Level::mask | 0x41;
    benchmark::IterationCount sends = 0;
    for (auto _ : state) {
        Signals signals;
        sends += drive(chip, 11, true, signals) != 0;
        sent(chip, 11, true);
        drive(chip, 11, false, signals);
        sends += end_of_interrupt(chip, 0x41, signals) != 0;
        benchmark::DoNotOptimize(chip);
    }
    if (sends != state.iterations())
        state.SkipWithError("a message was lost");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ioapic_cycle)->Name("ioapic/cycle");

void lapic_cycle(benchmark::State& state)
{
    Lapic apic{};
    reset(apic, 0, true);
    apic.svr = svr::Enabled::mask | 0xff;
    benchmark::IterationCount taken = 0;
    for (auto _ : state) {
        Signals signals;
        request(apic, 0x41, false, 0, signals);
        taken += acknowledge(apic, 0, signals) == 0x41;
        end_of_interrupt(apic, 0, signals);
        benchmark::DoNotOptimize(apic);
    }
    if (taken != state.iterations())
        state.SkipWithError("a vector was lost");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(lapic_cycle)->Name("lapic/cycle");

std::unique_ptr<Machine> powered_on()
{
    auto machine = std::make_unique<Machine>();
    power_on(*machine, BoardId::pc, 4, 1'767'225'600);
    return machine;
}

/// A level at an I/O APIC pin of the board: message, IRR, acceptance, EOI with its broadcast.
void ioapic_to_lapic(benchmark::State& state)
{
    const auto machine = powered_on();
    Signals setup;
    mmio_write(*machine, 0, lapic_address + lapic_svr, 0x1ff, setup);
    mmio_write(*machine, 0, ioapic_address, 0x10 + 2 * 11, setup);
    mmio_write(*machine, 0, ioapic_address + 0x10, 0x8041, setup);
    benchmark::IterationCount taken = 0;
    for (auto _ : state) {
        Signals signals;
        drive_line(*machine, 11, Source::hand, true, signals);
        taken += accept(*machine, 0, signals) == 0x41;
        drive_line(*machine, 11, Source::hand, false, signals);
        lapic_eoi(*machine, 0, signals);
        benchmark::DoNotOptimize(*machine);
    }
    if (taken != state.iterations())
        state.SkipWithError("a vector was lost");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ioapic_to_lapic)->Name("ioapic/to_lapic_and_eoi");

void machine_copy(benchmark::State& state)
{
    const auto from = powered_on(), to = powered_on();
    for (auto _ : state) {
        copy_state(*to, *from);
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<i64>(used_bytes(*from)));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(machine_copy)->Name("machine/copy");

void machine_compare(benchmark::State& state)
{
    const auto a = powered_on(), b = powered_on();
    benchmark::IterationCount equal = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(a.get());
        equal += same_state(*a, *b);
    }
    if (equal != state.iterations())
        state.SkipWithError("equal machines differ");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(machine_compare)->Name("machine/compare");

void machine_hash(benchmark::State& state)
{
    const auto m = powered_on();
    const u64 hash = hash_state(*m);
    benchmark::IterationCount equal = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(m.get());
        benchmark::ClobberMemory();
        equal += hash_state(*m) == hash;
    }
    if (equal != state.iterations())
        state.SkipWithError("the hash of a machine changes");
    state.SetBytesProcessed(state.iterations() * static_cast<i64>(used_bytes(*m)));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(machine_hash)->Name("machine/hash");

} // namespace
} // namespace irqlab::bench
