// The I/O APIC against KVM's, with the local APICs of three CPUs: what it sends is seen in their IRR and TMR,
// and ended by their EOIs. What is read back after each step are the entries, IRR, ISR and TMR.
//
// Left out: SMI and INIT, which take a CPU away from its guest, and line 0, which our timer holds; and some
// EOIs. KVM passes on those of vectors that it keeps for each CPU, and brings up to date when an entry is
// written, for the CPUs that this entry names: what it knows of a CPU that no level entry of the vector names
// is a matter of what was there before.
#include "hw/board/apic_bus.hpp"
#include "hw/irq/lapic.hpp"
#include "tests/conform/kvm_witness.hpp"
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

using namespace hw;

constexpr unsigned cpus = 3;
constexpr u64 io_select = ioapic_address, io_window = ioapic_address + 0x10, io_eoi = ioapic_address + 0x40;
constexpr u64 table = 0x10;
constexpr u64 lines[] = {1, 3, 8, 9, 11, 16, 23}; // Few, so that they meet. Each is the pin of its number.
constexpr u64 vectors[] = {0x0c, 0x31, 0x41, 0x41, 0x52, 0xa0, 0xef};

Step write_apic(unsigned cpu, u64 offset, u64 value)
{
    return step("write", {lapic_address + offset, value}, 0, static_cast<u8>(cpu));
}

/// Each local APIC on, with a logical ID of its own. All entries are masked.
std::vector<Step> preamble()
{
    constexpr u64 masked = 0x10000;
    std::vector<Step> steps;
    for (unsigned cpu = 0; cpu < cpus; ++cpu)
        for (const auto& [offset, value] : {std::pair<u64, u64>{lapic_svr, 0x1ff},
                                            {lapic_lvt_lint0, masked},
                                            {lapic_lvt_lint1, masked},
                                            {lapic_ldr, u64{1} << (24 + cpu)}})
            steps.push_back(write_apic(cpu, offset, value));
    for (const u64 line : lines)
        for (const auto& [index, value] :
             {std::pair{table + 2 * line + 1, u64{0}}, {table + 2 * line, masked}}) {
            steps.push_back(step("write", {io_select, index}));
            steps.push_back(step("write", {io_window, value}));
        }
    return steps;
}

/// Whether the entry is masked is a matter of one in four, its mode is mostly fixed.
u64 low_half(Random& random)
{
    constexpr u64 modes[] = {0, 0, 0, 0, 0, 1,
                             1, 3, 4, 6, 7}; // Fixed, lowest, reserved, NMI, startup, ExtINT
    const u64 flags = (random.byte() & 1u) << 15 | (random.one_in(4) ? 1u << 16 : 0u) |
                      (random.one_in(3) ? 1u << 11 : 0u) | (random.one_in(4) ? 1u << 13 : 0u) |
                      (random.byte() & 1u) << 14 | (random.byte() & 1u) << 12;
    const u64 reserved = random.one_in(4) ? u64{random.byte()} << 17 : 0;
    return random.pick<u64>(vectors) | random.pick<u64>(modes) << 8 | flags | reserved;
}

/// 0 to 7 is one CPU, several or none, by ID or logically.
u64 high_half(Random& random)
{
    const u64 destination = random.one_in(12) ? (random.one_in(2) ? 0xff : random.byte()) : random.below(8);
    return destination << 24 | (random.one_in(4) ? random.byte() : 0u);
}

u64 some_index(Random& random)
{
    if (random.one_in(10))
        return random.one_in(2) ? random.below(3) : 0x40 + random.below(0xc0);
    return table + 2 * random.pick<u64>(lines) + random.one_in(3);
}

u64 some_value(Random& random, u8 index)
{
    if (index < table)
        return u64{random.byte()} << 24 | random.byte();
    return index % 2 != 0 ? high_half(random) : low_half(random);
}

Step next(Random& random, const Machine& ours)
{
    const u8 cpu = static_cast<u8>(random.below(cpus));
    const u64 line = random.pick<u64>(lines);
    switch (random.below(16)) {
    case 0:
    case 1:
    case 2:
    case 3: return step("line", {line, !line_level(ours, static_cast<unsigned>(line))});
    case 4:
    case 5: return step("take", {}, 0, cpu);
    case 6:
    case 7:
    case 8: return step("eoi", {}, 0, cpu);
    case 9:
        return random.one_in(2) ? step("write", {io_eoi, random.pick<u64>(vectors)})
                                : step("read", {io_select});
    case 10: return step("read", {io_window});
    case 11:
    case 12: return step("write", {io_select, some_index(random)});
    default: return step("write", {io_window, some_value(random, ours.ioapic.index)});
    }
}

/// No EOI that changes an entry, unless a level entry of its vector names the CPU.
bool allowed(const Step& s, const Machine& ours)
{
    const Core& core = ours.core[s.cpu];
    const int vector = core.lapic.isr.highest();
    if (s.name() != "eoi" || vector < 0)
        return true;
    bool changes = false;
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        const u64 entry = ours.ioapic.entry[pin];
        if (rte::Vector::get(entry) != static_cast<u64>(vector))
            continue;
        ApicMessage m = message(ours.ioapic, pin);
        m.destination = widen_destination(m.destination);
        if (m.level && has_destination(core, m))
            return true;
        changes |=
            m.level ? rte::RemoteIrr::test(entry) : !rte::Masked::test(entry) && active(ours.ioapic, pin);
    }
    return !changes;
}

std::vector<Step> observe(const Step&, const Machine&)
{
    std::vector<Step> looks;
    for (const u64 line : lines)
        looks.push_back(step("ioapic_entry", {line}));
    for (u8 cpu = 0; cpu < cpus; ++cpu)
        for (const char* bank : {"irr", "isr", "tmr"})
            for (u64 word = 0; word < 4; ++word)
                looks.push_back(step(bank, {word}, 0, cpu));
    return looks;
}

} // namespace

Chip ioapic_against_kvm()
{
    return {"ioapic-kvm",
            "kvm",
            Profile::kvm,
            200,
            BoardId::pc,
            cpus,
            [] { return std::make_unique<KvmWitness>(cpus); },
            preamble,
            next,
            observe,
            allowed};
}

} // namespace irqlab::conform
