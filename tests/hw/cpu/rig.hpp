// A CPU with tables of its own, in each mode, for the tests of hw/cpu.
#pragma once
#include <array>
#include <vector>

#include "hw/cpu/deliver.hpp"

namespace irqlab::hw::test {

inline constexpr u64 idt_at = 0xfffffe0000000000;
inline constexpr u64 gdt_at = 0xfffffe0000001000;
inline constexpr u64 tss_at = 0xfffffe0000003000;
inline constexpr u64 low_idt_at = 0x1000, low_gdt_at = 0x4000, low_tss_at = 0x5000;

constexpr u64 target(unsigned v) { return 0xffffffff81000000 + u64{v} * 16; }
constexpr u64 low_target(unsigned v) { return 0x100000 + u64{v} * 16; }

// The GDT of both: 64-bit mode has Linux's selectors.
enum Selector : u16 {
    code32 = 0x08,
    code64 = 0x10,
    data0 = 0x18,
    user32 = 0x23,
    user_data = 0x2b,
    user64 = 0x33,
    task = 0x40, // and 0x48 in 64-bit mode
    conforming64 = 0x50,
    conforming32 = 0x58,
    absent_code = 0x60,
    absent_data = 0x68,
    code_ring1 = 0x71,
    data_ring1 = 0x79,
    small_code = 0x80,  // limit FFFh
    small_stack = 0x88, // limit FFFh, 16-bit
    down_stack = 0x90,  // expand-down above FFFh
    busy_task = 0x98,
    absent_task = 0xa0,
    user_small_stack = 0xab,
};

constexpr Descriptor code(u8 dpl, bool long_code, u8 type = 0xb)
{
    return {0, 0xffffffff, type, dpl, true, true, long_code, !long_code};
}
constexpr Descriptor data(u8 dpl, u32 limit = 0xffffffff, bool big = true, u8 type = 3)
{
    return {0, limit, type, dpl, true, true, false, big};
}
constexpr Descriptor system(u8 type, bool present = true)
{
    return {static_cast<u32>(low_tss_at), 103, type, 0, false, present, false, false};
}

struct Rig {
    Cpu cpu{};
    std::array<u8, 4096> idt{};
    std::array<u8, 256> gdt{};
    std::array<u8, 104> tss{};

    explicit Rig(CpuMode mode = CpuMode::ia32e)
    {
        reset(cpu, true);
        cpu.mode = mode;
        cpu.rflags |= rflags::If::mask;
        fill_gdt();
        fill_tss(mode == CpuMode::ia32e);
        const bool wide = mode == CpuMode::ia32e;
        cpu.gdtr = {wide ? gdt_at : low_gdt_at, gdt.size() - 1};
        cpu.tr = {wide ? tss_at : low_tss_at, 103, task, tss_busy};
        switch (mode) {
        case CpuMode::ia32e: start64(); break;
        case CpuMode::protected_mode: start32(); break;
        case CpuMode::real: start16(); break;
        }
    }

    Memory memory() const
    {
        const bool wide = cpu.mode == CpuMode::ia32e;
        return {{cpu.mode == CpuMode::real ? 0
                 : wide                    ? idt_at
                                           : low_idt_at,
                 idt.data(), idt.size()},
                {wide ? gdt_at : low_gdt_at, gdt.data(), gdt.size()},
                {wide ? tss_at : low_tss_at, tss.data(), tss.size()}};
    }

    void put(u16 selector, const Descriptor& d) { put_bits(selector, encode_descriptor(d)); }
    void put_bits(u16 selector, u64 bits)
    {
        std::memcpy(gdt.data() + (selector & 0xf8u), &bits, sizeof bits);
    }

    void gate(unsigned v, const Gate& g)
    {
        switch (cpu.mode) {
        case CpuMode::ia32e:
            return write_gate(std::span<u8, gate_bytes>(idt.data() + v * gate_bytes, gate_bytes), g);
        case CpuMode::protected_mode:
            return write_gate32(std::span<u8, gate32_bytes>(idt.data() + v * gate32_bytes, gate32_bytes), g);
        case CpuMode::real:
            return write_gate16(std::span<u8, gate16_bytes>(idt.data() + v * gate16_bytes, gate16_bytes), g);
        }
    }
    Gate usual(unsigned v) const
    {
        const bool wide = cpu.mode == CpuMode::ia32e;
        return {wide ? target(v) : low_target(v),
                wide ? u16{code64} : u16{code32},
                0,
                Gate::Type::interrupt,
                0,
                true};
    }
    void absent(unsigned v)
    {
        Gate g = usual(v);
        g.present = false;
        gate(v, g);
    }
    void to_user()
    {
        cpu.cs = cpu.mode == CpuMode::ia32e ? user64 : user32;
        cpu.ss = user_data;
    }

    Delivered send(u8 v, Event e, u32 error_code = 0, u64 sp = 0x2008)
    {
        return deliver(cpu, memory(), v, e, error_code, 0x1000, sp);
    }

private:
    void fill_gdt()
    {
        put(code32, code(0, false));
        put(code64, code(0, true));
        put(data0, data(0));
        put(user32, code(3, false));
        put(user_data, data(3));
        put(user64, code(3, true));
        put(task, system(tss_available));
        put_bits(task + 8, 0xfffffe00);
        put(conforming64, code(0, true, 0xf));
        put(conforming32, code(0, false, 0xf));
        Descriptor gone = code(0, false);
        gone.present = false;
        put(absent_code, gone);
        gone = data(0);
        gone.present = false;
        put(absent_data, gone);
        put(code_ring1, code(1, false));
        put(data_ring1, data(1));
        Descriptor small = code(0, false);
        small.limit = 0xfff;
        put(small_code, small);
        put(small_stack, data(0, 0xfff, false));
        put(down_stack, data(0, 0xfff, true, 7));
        put(busy_task, system(tss_busy));
        put(absent_task, system(tss_available, false));
        put(user_small_stack, data(3, 0xfff, false));
    }

    // RSP n and IST n in the 64-bit one, ESP n and SS n in the other.
    void fill_tss(bool wide)
    {
        const auto put64 = [&](unsigned at, u64 value) { std::memcpy(tss.data() + at, &value, 8); };
        const auto put32 = [&](unsigned at, u32 value) { std::memcpy(tss.data() + at, &value, 4); };
        for (unsigned n = 0; wide && n < 3; ++n)
            put64(4 + 8 * n, 0xffffc90000000000 + 0x10000 * n);
        for (unsigned n = 1; wide && n < 8; ++n)
            put64(28 + 8 * n, 0xfffffe0000010000 + 0x1000 * n);
        for (unsigned n = 0; !wide && n < 3; ++n) {
            put32(4 + 8 * n, 0x9000 + 0x1000 * n);
            put32(8 + 8 * n, n == 0 ? u32{data0} : u32{data_ring1});
        }
    }

    void start64()
    {
        cpu.idtr = {idt_at, 0xfff};
        for (unsigned v = 0; v < 256; ++v)
            gate(v, usual(v));
    }
    void start32()
    {
        cpu.idtr = {low_idt_at, 0x7ff};
        cpu.cs = code32;
        for (unsigned v = 0; v < 256; ++v)
            gate(v, usual(v));
    }
    void start16()
    {
        cpu.idtr = {0, 0x3ff};
        cpu.cs = 0x1234;
        cpu.ss = 0x3000;
        for (unsigned v = 0; v < 256; ++v)
            gate(v, {v * 4u, static_cast<u16>(0xf000 + v), 0, Gate::Type::interrupt16, 0, true});
    }
};

} // namespace irqlab::hw::test
