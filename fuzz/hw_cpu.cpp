// Fuzz target: any registers and events, in each mode, with tables that software changes as it goes.
// Deliveries and IRETs never crash nor loop, and what must hold of them does, whatever the tables say.
//
// The tables begin with segments that exist; gates, descriptors and stacks are then written one by one, most
// often of a kind that makes sense.
#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <span>

#include "hw/base/check.hpp"
#include "hw/cpu/priority.hpp"

namespace irqlab::hw {
namespace {

struct Input {
    const u8* at;
    const u8* end;

    bool empty() const { return at == end; }
    u8 byte() { return empty() ? u8{0} : *at++; }
    template <class T> T any()
    {
        T value{};
        u8 bytes[sizeof(T)];
        for (u8& b : bytes)
            b = byte();
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }
};

struct Tables {
    std::array<u8, 512> idt;
    std::array<u8, 64> gdt;
    std::array<u8, 104> tss;
};

constexpr u64 idt_at = 0x1000, gdt_at = 0x8000, tss_at = 0x9000;

Memory memory_of(const Tables& t)
{
    return {{idt_at, t.idt.data(), t.idt.size()},
            {gdt_at, t.gdt.data(), t.gdt.size()},
            {tss_at, t.tss.data(), t.tss.size()}};
}

Cpu start(Input& in)
{
    Cpu cpu;
    reset(cpu, true);
    cpu.mode = static_cast<CpuMode>(in.byte() % 3);
    cpu.rflags = (in.any<u64>() & rflags::defined & ~rflags::Vm::mask) | rflags::Fixed::mask;
    const u8 how = in.byte(); // Most often tables as they should be.
    cpu.idtr = {idt_at + ((how & 3) == 3 ? in.byte() % 4u : 0u), (how & 4) != 0 ? in.any<u16>() : u64{511}};
    cpu.gdtr = {gdt_at, (how & 8) != 0 ? in.byte() : u64{63}};
    cpu.ldtr = {gdt_at + in.byte() % 64, in.byte(), in.any<u16>(),
                static_cast<u16>(in.byte() % 2 * ldt_segment)};
    constexpr u16 types[] = {0, tss16_available, tss16_busy, tss_available, tss_busy};
    cpu.tr = {tss_at, (how & 16) != 0 ? in.byte() : u32{103}, 0x50, types[in.byte() % 5]};
    cpu.cs = (how & 32) != 0 ? in.any<u16>() : u16{0x08};
    cpu.ss = (how & 64) != 0 ? in.any<u16>() : u16{0x10};
    return cpu;
}

/// Code and data of both privilege levels, then one of each rarer kind.
constexpr u64 descriptors[] = {0x00af9b000000ffff, 0x00cf93000000ffff, 0x00affb000000ffff,
                               0x00cff3000000ffff, 0x00cf9b000000ffff, 0x00cffb000000ffff,
                               0x00cf9f000000ffff, 0x00cf97000000ffff, 0x00af1b000000ffff,
                               0x008f9b0000000010, 0x00008b0090000067, 0x0000820080000040};

void put(std::span<u8> table, std::size_t at, u64 value)
{
    for (unsigned i = 0; i < 8 && at + i < table.size(); ++i)
        table[at + i] = static_cast<u8>(value >> (8 * i));
}

Tables first_tables()
{
    Tables tables{};
    for (unsigned n = 1; n < 8; ++n)
        put(tables.gdt, n * descriptor_bytes, descriptors[n - 1]);
    for (unsigned at = 4; at + 8 <= tables.tss.size(); at += 8)
        put(tables.tss, at, 0x7000);
    return tables;
}

void write_gate(Tables& tables, CpuMode mode, Input& in)
{
    using enum Gate::Type;
    constexpr Gate::Type types[] = {interrupt, interrupt, trap,           interrupt16,
                                    trap16,    task,      Gate::Type{12}, interrupt};
    const u8 vector = in.byte(), what = in.byte();
    const Gate gate{in.any<u64>(),
                    static_cast<u16>(in.byte() & 0x7f),
                    static_cast<u8>((what & 0x40) != 0 ? in.byte() & 7 : 0),
                    types[what & 7],
                    static_cast<u8>(what >> 3 & 3),
                    (what & 0x80) == 0};
    const std::span<u8> idt = tables.idt;
    if (mode == CpuMode::ia32e)
        hw::write_gate(idt.subspan(vector % 32 * gate_bytes).first<gate_bytes>(), gate);
    else if (mode == CpuMode::protected_mode)
        write_gate32(idt.subspan(vector % 64 * gate32_bytes).first<gate32_bytes>(), gate);
    else
        write_gate16(idt.subspan(vector % 128 * gate16_bytes).first<gate16_bytes>(), gate);
}

/// One gate, descriptor or stack, or eight bytes of any table.
void write_tables(Tables& tables, CpuMode mode, Input& in)
{
    const u8 what = in.byte();
    switch (what & 7) {
    case 0:
        put(tables.gdt, (what >> 3) % 8 * descriptor_bytes, descriptors[in.byte() % std::size(descriptors)]);
        break;
    case 1: put(tables.gdt, (what >> 3) % 8 * descriptor_bytes, in.any<u64>()); break;
    case 2: put(tables.tss, in.byte() % tables.tss.size(), in.any<u64>()); break;
    case 3: put(tables.tss, in.byte() % tables.tss.size(), in.byte() & 0x7f); break;
    case 4: put(tables.idt, in.any<u16>() % tables.idt.size(), in.any<u64>()); break;
    default: write_gate(tables, mode, in); break;
    }
}

void check_delivery(const Cpu& before, const Cpu& cpu, const Delivered& d)
{
    using enum Delivered::Outcome;
    CHECK(valid(cpu));
    CHECK((d.outcome == triple_fault) == (cpu.state == CpuState::shutdown));
    CHECK((d.diagnosis != Diagnosis::none) == (d.outcome == task_gate));
    if (d.outcome == triple_fault || d.outcome == task_gate) {
        CHECK(cpu.cs == before.cs && cpu.ss == before.ss && cpu.rflags == before.rflags);
        return;
    }
    CHECK(cpl(cpu) <= cpl(before)); // never outwards
    CHECK(!rflags::Tf::test(cpu.rflags));
    CHECK(d.frame.cs == before.cs && d.frame.ss == before.ss);
    CHECK(d.outcome != double_fault || (d.vector == exc_df && d.frame.error_code == 0));
    CHECK(cpu.mode != CpuMode::ia32e || (canonical(d.offset) && canonical(d.sp)));
    std::array<u8, frame_bytes_max> bytes;
    CHECK(write_frame(bytes, d.frame) == frame_bytes(d.frame));
}

void step(Cpu& cpu, Tables& tables, Input& in)
{
    const u8 what = in.byte();
    const Memory memory = memory_of(tables);
    const Cpu before = cpu;
    switch (what % 16) {
    case 0: cli(cpu); break;
    case 1: sti(cpu); break;
    case 2: mov_ss(cpu); break;
    case 3: note_debug(cpu, in.byte()); break;
    case 4: latch_nmi(cpu); break;
    case 5: {
        const Frame frame{in.any<u64>(),
                          in.any<u16>(),
                          in.any<u64>(),
                          in.any<u64>(),
                          in.any<u16>(),
                          0,
                          0,
                          false,
                          true,
                          static_cast<u8>(2u << in.byte() % 3)};
        const Returned back = iret_checked(cpu, memory, frame);
        CHECK(!cpu.nmi_blocked);
        CHECK(back.fault.vector == 0 || (cpu.cs == before.cs && cpu.rflags == before.rflags));
        CHECK(back.fault.vector != 0 || cpu.mode == CpuMode::real || cpl(cpu) >= cpl(before));
        break;
    }
    case 6: retire(cpu); break;
    case 7: hlt(cpu); break;
    case 8:
        take_debug(cpu);
        CHECK(cpu.pending_debug == 0);
        break;
    case 9:
    case 10:
    case 11: write_tables(tables, cpu.mode, in); break;
    default: {
        const u8 vector = in.byte();
        const auto event = static_cast<Event>(in.byte() % 6);
        const u64 sp = in.any<u64>();
        check_delivery(before, cpu, deliver(cpu, memory, vector, event, in.byte(), in.any<u64>(), sp));
        cpu.state = CpuState::running;
        break;
    }
    }
    CHECK(valid(cpu));
    CHECK(let_through(cpu, 0xffff) != 0);
}

} // namespace
} // namespace irqlab::hw

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace irqlab::hw;
    Input in{data, data + size};
    Cpu cpu = start(in);
    Tables tables = first_tables();
    while (!in.empty())
        step(cpu, tables, in);
    return 0;
}
