// A machine on the test bench: four CPUs with their local APICs on, and short names for what tests do.
#pragma once
#include <memory>
#include <vector>

#include "hw/board/machine.hpp"

namespace irqlab::hw::test {

inline constexpr u64 flag_level = 1u << 15, flag_masked = 1u << 16, flag_logical = 1u << 11,
                     flag_active_low = 1u << 13;
constexpr u64 mode(Delivery d) { return u64{static_cast<u8>(d)} << 8; }
constexpr u64 destination(unsigned id) { return u64{id} << 56; }

struct Bench {
    std::unique_ptr<Machine> machine = std::make_unique<Machine>();
    Signals signals;
    Machine& m = *machine;

    explicit Bench(BoardId board = BoardId::pc, unsigned cpus = 4)
    {
        power_on(m, board, cpus, 1'700'000'000);
        for (unsigned cpu = 0; cpu < cpus; ++cpu) {
            apic_write(cpu, lapic_svr, 0x1ff);
            m.core[cpu].cpu.state = CpuState::running;
        }
        pic_mask(0xffff);
        signals.clear();
    }

    void pic_mask(u16 mask)
    {
        port_write(m, 0, 0x21, 1, mask & 0xff, signals);
        port_write(m, 0, 0xa1, 1, mask >> 8, signals);
    }
    u32 apic_read(unsigned cpu, u16 reg) { return mmio_read(m, cpu, lapic_address + reg, signals); }
    void apic_write(unsigned cpu, u16 reg, u32 value)
    {
        mmio_write(m, cpu, lapic_address + reg, value, signals);
    }
    u32 io_read(u8 index)
    {
        mmio_write(m, 0, ioapic_address, index, signals);
        return mmio_read(m, 0, ioapic_address + 0x10, signals);
    }
    void io_write(u8 index, u32 value)
    {
        mmio_write(m, 0, ioapic_address, index, signals);
        mmio_write(m, 0, ioapic_address + 0x10, value, signals);
    }
    u64 entry(unsigned pin) { return io_read(low(pin)) | u64{io_read(static_cast<u8>(low(pin) + 1))} << 32; }
    void entry(unsigned pin, u64 value)
    {
        io_write(static_cast<u8>(low(pin) + 1), static_cast<u32>(value >> 32));
        io_write(low(pin), static_cast<u32>(value));
    }
    void ipi(unsigned from, u32 low_half, unsigned to = 0)
    {
        apic_write(from, lapic_icr_high, to << 24);
        apic_write(from, lapic_icr_low, low_half);
    }
    void line(unsigned n, bool high) { drive_line(m, n, Source::hand, high, signals); }
    void pulse(unsigned n)
    {
        line(n, true);
        line(n, false);
    }
    bool pending(unsigned cpu) const { return interrupt_pending(m, cpu); }
    /// Accepts, if there is something to accept; -1 otherwise.
    int take(unsigned cpu) { return pending(cpu) ? accept(m, cpu, signals) : -1; }
    void eoi(unsigned cpu) { lapic_eoi(m, cpu, signals); }
    /// Takes and ends everything that waits.
    std::vector<int> drain(unsigned cpu)
    {
        std::vector<int> vectors;
        for (int v = take(cpu); v >= 0 && vectors.size() < 300; v = take(cpu)) {
            vectors.push_back(v);
            eoi(cpu);
        }
        return vectors;
    }
    int count(SignalKind kind) const
    {
        int n = 0;
        for (const Signal& s : signals)
            n += s.kind == kind;
        return n;
    }
    bool diagnosed(Diagnosis what) const
    {
        for (const Signal& s : signals)
            if (s.kind == SignalKind::diagnosis && s.number == static_cast<u16>(what))
                return true;
        return false;
    }

private:
    static u8 low(unsigned pin) { return static_cast<u8>(0x10 + 2 * pin); }
};

} // namespace irqlab::hw::test
