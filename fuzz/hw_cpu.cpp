// Fuzz target: random tables, registers and events, in each mode. Deliveries and IRETs never crash nor loop,
// and what must hold of them does, whatever the tables say.
#include <array>
#include <cstddef>
#include <cstring>

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
    void fill(std::span<u8> to)
    {
        for (u8& b : to)
            b = byte();
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
    cpu.idtr = {idt_at + in.byte() % 4, in.any<u16>()};
    cpu.gdtr = {gdt_at, in.byte()};
    cpu.ldtr = {gdt_at + in.byte() % 64, in.byte(), in.any<u16>(),
                static_cast<u16>(in.byte() % 2 * ldt_segment)};
    constexpr u16 types[] = {0, tss16_available, tss16_busy, tss_available, tss_busy};
    cpu.tr = {tss_at, in.byte(), in.any<u16>(), types[in.byte() % 5]};
    cpu.cs = in.any<u16>();
    cpu.ss = in.any<u16>();
    return cpu;
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
    switch (what % 8) {
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
    Tables tables;
    in.fill(tables.gdt);
    in.fill(tables.tss);
    in.fill(tables.idt);
    while (!in.empty())
        step(cpu, tables, in);
    return 0;
}
