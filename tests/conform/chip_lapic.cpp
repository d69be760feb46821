// The local APICs of three CPUs, with MSIs and I/O APIC pins that reach them, against KVM: in the flat and
// the cluster model of xAPIC, and in x2APIC mode.
//
// What is left out, because KVM answers by its own clock or not at all: timers that expire, SMIs, NMIs that
// wait, ESR, reads of registers that are write-only or reserved, LINT pins other than by the 8259. All CPUs
// share one model, and logical IDs are of one bit, each its own: KVM's choice of a lowest-priority target
// differs in other systems.
#include "hw/irq/lapic_ipi.hpp"
#include "tests/conform/kvm_witness.hpp"
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

using namespace hw;

constexpr unsigned cpus = 3;
constexpr u64 io_select = ioapic_address, io_window = ioapic_address + 0x10;
constexpr u64 edge_pins[] = {5, 6, 7}, level_pins[] = {9, 10};

enum class Model : u8 { flat, cluster, x2apic };

/// Own logical IDs, by CPU: two choices each, for LDR's bits 31:24.
constexpr u64 flat_ids[cpus][2] = {{0x01, 0x10}, {0x02, 0x20}, {0x04, 0x40}};
constexpr u64 cluster_ids[cpus][2] = {{0x11, 0x21}, {0x12, 0x22}, {0x14, 0x24}};

Step write_apic(unsigned cpu, u64 offset, u64 value)
{
    return step("write", {lapic_address + offset, value & 0xffffffff}, 0, static_cast<u8>(cpu));
}
Step write_x2(unsigned cpu, u64 offset, u64 value)
{
    return step("wrmsr", {0x800 + offset / 0x10, value}, 0, static_cast<u8>(cpu));
}

/// Makes the steps of one model.
class Lapics {
public:
    explicit Lapics(Model model) : model_(model) {}

    std::vector<Step> preamble() const
    {
        std::vector<Step> steps;
        for (const auto& [port, value] : std::initializer_list<std::pair<u64, u64>>{{0x20, 0x11},
                                                                                    {0x21, 0x30},
                                                                                    {0x21, 0x04},
                                                                                    {0x21, 0x01},
                                                                                    {0x21, 0xff},
                                                                                    {0xa0, 0x11},
                                                                                    {0xa1, 0x38},
                                                                                    {0xa1, 0x02},
                                                                                    {0xa1, 0x01},
                                                                                    {0xa1, 0xff}})
            steps.push_back(step("out", {port, value}));
        for (unsigned cpu = 0; cpu < cpus; ++cpu)
            start(steps, cpu);
        for (const u64 pin : edge_pins)
            entry(steps, pin, 0x40 + pin, pin % cpus);
        for (const u64 pin : level_pins)
            entry(steps, pin, 0x8050 + (pin & 3) * 0x10, 0xff); // Someone always takes it: CPU 0 stays on.
        return steps;
    }

    Step next(Random& random) const
    {
        const unsigned cpu = static_cast<unsigned>(random.below(cpus));
        switch (random.below(16)) {
        case 0:
        case 1:
        case 2: return icr(random, cpu);
        case 3: return destination(random, cpu);
        case 4: return msi(random);
        case 5:
            return step("line",
                        {random.one_in(2) ? random.pick<u64>(edge_pins) : random.pick<u64>(level_pins),
                         random.below(2)});
        case 6:
        case 7:
        case 8: return step("take", {}, 0, static_cast<u8>(cpu));
        case 9:
        case 10: return write(cpu, lapic_eoi_register, 0);
        case 11: return write(cpu, lapic_tpr, random.one_in(2) ? 0 : random.byte());
        case 12: return lvt(random, cpu);
        case 13: return other(random, cpu);
        case 14: return read(random, cpu);
        default: return rare(random, cpu);
        }
    }

    std::vector<Step> observe() const
    {
        std::vector<Step> steps;
        for (u8 cpu = 0; cpu < cpus; ++cpu) {
            for (const char* bank : {"irr", "isr", "tmr"})
                for (u64 word = 0; word < 4; ++word)
                    steps.push_back(step(bank, {word}, 0, cpu));
            for (const u64 offset :
                 {lapic_id, lapic_tpr, lapic_ldr, lapic_dfr, lapic_svr, lapic_icr_low, lapic_icr_high,
                  lapic_lvt_timer, lapic_lvt_thermal, lapic_lvt_pmc, lapic_lvt_lint0, lapic_lvt_lint1,
                  lapic_lvt_error, lapic_timer_initial, lapic_timer_divide})
                steps.push_back(step("lapic", {offset}, 0, cpu));
        }
        return steps;
    }

private:
    bool x2() const { return model_ == Model::x2apic; }
    Step write(unsigned cpu, u64 offset, u64 value) const
    {
        return x2() ? write_x2(cpu, offset, value) : write_apic(cpu, offset, value);
    }

    void start(std::vector<Step>& steps, unsigned cpu) const
    {
        steps.push_back(write_apic(cpu, lapic_svr, 0x1ff));
        steps.push_back(write_apic(cpu, lapic_lvt_lint0, 0x10000));
        steps.push_back(write_apic(cpu, lapic_lvt_lint1, 0x10000));
        if (model_ == Model::cluster)
            steps.push_back(write_apic(cpu, lapic_dfr, 0));
        if (x2())
            steps.push_back(
                step("wrmsr", {0x1b, base(cpu) | apic_base::X2apic::mask}, 0, static_cast<u8>(cpu)));
        else
            steps.push_back(write_apic(cpu, lapic_ldr, own_id(cpu, 0) << 24));
    }
    static void entry(std::vector<Step>& steps, u64 pin, u64 low, u64 destination)
    {
        for (const auto& [index, value] :
             {std::pair{0x11 + 2 * pin, destination << 24}, {0x10 + 2 * pin, low}}) {
            steps.push_back(step("write", {io_select, index}));
            steps.push_back(step("write", {io_window, value}));
        }
    }

    u64 own_id(unsigned cpu, u64 which) const
    {
        return model_ == Model::flat ? flat_ids[cpu][which] : cluster_ids[cpu][which];
    }
    static u64 base(unsigned cpu)
    {
        return lapic_address | apic_base::Enabled::mask | (cpu == 0 ? u64{apic_base::Bsp::mask} : 0);
    }

    /// A vector: any, or one of a few so that they meet.
    static u64 vector(Random& random)
    {
        return random.one_in(3) ? random.byte() : 0x30 + random.below(4) * 0x10 + random.below(3);
    }
    /// The low half of an ICR: fixed and lowest, now and then others, and reserved bits.
    u64 command(Random& random, unsigned cpu) const
    {
        // INIT takes a CPU out of the cluster model, which all are to share.
        if (cpu == 0 && model_ != Model::cluster && random.one_in(20))
            return init(random);
        u64 value = vector(random) | random.below(2) << 11 | random.below(2) << 8;
        if (random.one_in(4))
            value |= random.below(4) << 18;
        if (random.one_in(8))
            value |= random.below(4) << 14; // Level and trigger mode.
        if (random.one_in(40))
            value = (value & ~u64{0xf00}) | (random.one_in(2) ? 0x600u : 0x700u); // SIPI, ExtINT
        return random.one_in(30) ? value | u64{1} << (12 + random.below(20)) : value;
    }
    /// From CPU 0 to the others. It stays on itself: KVM's I/O APIC waits for the end of a level interrupt
    /// that nobody took, and a CPU of KVM that sends INIT to itself does not come back.
    static u64 init(Random& random)
    {
        return 0x500 | random.byte() | random.below(4) << 14 |
               static_cast<u64>(Shorthand::all_but_self) << 18;
    }
    u64 target(Random& random) const
    {
        if (random.one_in(8))
            return x2() ? 0xffffffff : 0xff;
        if (random.one_in(16))
            return random.byte();
        if (!x2())
            return random.one_in(3) ? random.below(cpus)
                                    : own_id(static_cast<unsigned>(random.below(cpus)), random.below(2)) |
                                          own_id(static_cast<unsigned>(random.below(cpus)), random.below(2));
        return random.below(8) | (random.one_in(10) ? u64{1} << 16 : 0);
    }
    Step icr(Random& random, unsigned cpu) const
    {
        const u64 value = command(random, cpu);
        return write(cpu, lapic_icr_low, x2() ? value | target(random) << 32 : value);
    }
    Step destination(Random& random, unsigned cpu) const
    {
        if (!x2())
            return write(cpu, lapic_icr_high, target(random) << 24 | random.byte());
        return write_x2(cpu, 0x3f0, random.one_in(10) ? 0x100 + random.byte() : random.byte());
    }
    Step msi(Random& random) const
    {
        const bool logical = random.one_in(2);
        const bool hint = logical && random.one_in(2);
        const u64 to = x2() ? (random.one_in(8) ? 0xff : random.below(8)) : target(random);
        const u64 data = vector(random) | random.below(2) << 8 | random.below(4) << 14;
        return step("msi", {0xfee00000 | to << 12 | u64{hint} << 3 | u64{logical} << 2, data});
    }
    Step lvt(Random& random, unsigned cpu) const
    {
        const u64 offset = lapic_lvt_timer + 0x10 * random.below(6);
        u64 value = random.byte() | u64{random.byte()} << 8 | random.below(2) << 16;
        if (offset == lapic_lvt_lint0 || offset == lapic_lvt_lint1)
            value |= 0x10000; // What KVM leaves out of the pins.
        if (offset == lapic_lvt_timer)
            value |= random.below(4) << 17;
        return write(cpu, offset, value);
    }
    /// SVR, LDR, TMICT, DCR, ESR and read-only registers.
    Step other(Random& random, unsigned cpu) const
    {
        switch (random.below(8)) {
        case 0:
        case 1: return write(cpu, lapic_svr, (cpu != 0 && random.one_in(3) ? 0 : 0x100) | random.byte());
        case 2:
            return x2() ? write_x2(cpu, lapic_tpr, random.byte())
                        : write_apic(cpu, lapic_ldr, own_id(cpu, random.below(2)) << 24);
        case 3: return write(cpu, lapic_timer_initial, random.one_in(2) ? 0 : 0xf0000000 + random.byte());
        case 4: return write(cpu, lapic_timer_divide, random.below(16) | (random.one_in(4) ? 0x100u : 0u));
        case 5: return write(cpu, lapic_esr, random.one_in(2));
        case 6: return step("write_cr8", {random.below(16)}, 0, static_cast<u8>(cpu));
        default: return write(cpu, x2() ? random.below(0x40) * 0x10 : lapic_isr + random.below(24) * 0x10, 0);
        }
    }
    Step read(Random& random, unsigned cpu) const
    {
        constexpr u64 readable[] = {
            lapic_id,      lapic_version_register, lapic_tpr,           lapic_ppr,         lapic_ldr,
            lapic_svr,     lapic_isr + 0x20,       lapic_tmr + 0x30,    lapic_irr + 0x40,  lapic_esr,
            lapic_icr_low, lapic_lvt_error,        lapic_timer_initial, lapic_timer_divide};
        if (random.one_in(4))
            return step("read_cr8", {}, 0, static_cast<u8>(cpu));
        if (x2() && random.one_in(3)) {
            const u64 msr = 0x800 + random.below(0x50);
            return step("rdmsr", {msr == 0x839 ? 0x838 : msr}, 0,
                        static_cast<u8>(cpu)); // TMCCT is KVM's clock's.
        }
        const u64 offset = random.pick<u64>(readable);
        return x2() ? step("rdmsr", {0x800 + offset / 0x10}, 0, static_cast<u8>(cpu))
                    : step("read", {lapic_address + offset}, 0, static_cast<u8>(cpu));
    }
    /// Modes, the base, IDs, the wrong interface for the mode.
    Step rare(Random& random, unsigned cpu) const
    {
        const u8 c = static_cast<u8>(cpu);
        switch (random.below(8)) {
        case 0: return step("rdmsr", {0x1b}, 0, c);
        case 1:
            return step("wrmsr", {0x1b, base(cpu) | u64{1} << (random.one_in(2) ? random.below(8) : 9)}, 0,
                        c);
        case 2: // xAPIC: EXTD alone; x2APIC: back to xAPIC.
            return step("wrmsr",
                        {0x1b, x2() ? base(cpu)
                                    : (base(cpu) & ~u64{apic_base::Enabled::mask}) | apic_base::X2apic::mask},
                        0, c);
        case 3:
            return x2() || cpu == 0 ? step("rdmsr", {0x6e0}, 0, c)
                                    : step("wrmsr", {0x1b, base(cpu) & ~u64{apic_base::Enabled::mask}}, 0, c);
        case 4:
        case 5: return step("wrmsr", {0x1b, x2() ? base(cpu) | apic_base::X2apic::mask : base(cpu)}, 0, c);
        case 6: return x2() ? step("read", {lapic_address + lapic_svr}, 0, c) : step("rdmsr", {0x808}, 0, c);
        default:
            return x2() ? write_apic(cpu, lapic_tpr, random.byte())
                        : write_apic(cpu, lapic_id, u64{cpu + 8 * random.below(2)} << 24);
        }
    }

    Model model_;
};

Chip chip(const char* name, Model model)
{
    return {name,
            "kvm",
            Profile::kvm,
            200,
            BoardId::pc,
            cpus,
            [] { return std::make_unique<KvmWitness>(cpus); },
            [model] { return Lapics(model).preamble(); },
            [model](Random& random, const Machine&) { return Lapics(model).next(random); },
            [model](const Step&, const Machine&) { return Lapics(model).observe(); }};
}

} // namespace

std::vector<Chip> lapics_against_kvm()
{
    return {chip("lapic-flat", Model::flat), chip("lapic-cluster", Model::cluster),
            chip("lapic-x2apic", Model::x2apic)};
}

} // namespace irqlab::conform
