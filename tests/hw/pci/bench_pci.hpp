// A machine with edus on the test bench, and short names for what tests do to PCI.
#pragma once
#include "hw/board/pci.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {

struct PciBench : Bench {
    explicit PciBench(BoardId board = BoardId::pc, unsigned edus = 1) : Bench(board, 1)
    {
        for (unsigned n = 0; n < edus; ++n)
            attach_edu(m, edu_slot(board, n));
    }

    void select(u8 where, unsigned offset, u32 extra = 0)
    {
        port_write(m, 0, 0xcf8, 4, 0x80000000 | u32{where} << 8 | (offset & 0xfc) | extra, signals);
    }
    u32 config(u8 where, unsigned offset, unsigned width = 4)
    {
        select(where, offset);
        return port_read(m, 0, static_cast<u16>(0xcfc + (offset & 3)), width, signals);
    }
    void config_write(u8 where, unsigned offset, unsigned width, u32 value)
    {
        select(where, offset);
        port_write(m, 0, static_cast<u16>(0xcfc + (offset & 3)), width, value, signals);
    }
    u8 edu(unsigned n = 0) const { return m.edu[n].devfn; }
    u64 memory(unsigned n = 0) const { return get32(m.edu[n].config, 0x10); }
    u64 reg(u32 offset, unsigned width = 4, unsigned n = 0)
    {
        return mmio_read(m, 0, memory(n) + offset, width, signals);
    }
    void reg_write(u32 offset, u64 value, unsigned width = 4, unsigned n = 0)
    {
        mmio_write(m, 0, memory(n) + offset, width, value, signals);
    }
    void raise(u32 bits = 1, unsigned n = 0) { reg_write(0x60, bits, 4, n); }
    void acknowledge_edu(u32 bits = ~u32{0}, unsigned n = 0) { reg_write(0x64, bits, 4, n); }
    void wait(u64 ns) { advance(m, m.now_ns + ns, signals); }
    bool level(unsigned line) const { return line_level(m, line); }
    const Signal* find(SignalKind kind) const
    {
        for (const Signal& s : signals)
            if (s.kind == kind)
                return &s;
        return nullptr;
    }
};

} // namespace irqlab::hw::test
