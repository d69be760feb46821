// What each operation does to our machine. The chips' own tables are in operations_*.cpp.
#include "tests/conform/operations.hpp"

#include <fmt/format.h>
#include <iterator>

#include "hw/base/check.hpp"

namespace irqlab::conform {

namespace {

unsigned width_or(const Step& s, unsigned normal) { return s.width != 0 ? s.width : normal; }

u64 out(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::port_write(m, s.cpu, static_cast<u16>(s.argument[0]), width_or(s, 1), static_cast<u32>(s.argument[1]),
                   signals);
    return 0;
}

u64 in(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    return hw::port_read(m, s.cpu, static_cast<u16>(s.argument[0]), width_or(s, 1), signals);
}

u64 write_memory(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::mmio_write(m, s.cpu, s.argument[0], width_or(s, 4), s.argument[1], signals);
    return 0;
}

u64 read_memory(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    return hw::mmio_read(m, s.cpu, s.argument[0], width_or(s, 4), signals);
}

u64 line(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::drive_line(m, static_cast<unsigned>(s.argument[0]) % hw::lines_of(m), hw::Source::hand,
                   s.argument[1] != 0, signals);
    return 0;
}

u64 level(hw::Machine& m, const Step& s, hw::Signals&)
{
    return hw::line_level(m, static_cast<unsigned>(s.argument[0]) % hw::lines_of(m));
}

u64 advance(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::advance(m, m.now_ns + s.argument[0], signals);
    return 0;
}

u64 take(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    return hw::interrupt_pending(m, s.cpu) ? static_cast<u64>(hw::accept(m, s.cpu, signals))
                                           : nothing_to_take;
}

u64 pending(hw::Machine& m, const Step& s, hw::Signals&) { return hw::interrupt_pending(m, s.cpu); }

u64 eoi(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::lapic_eoi(m, s.cpu, signals);
    return 0;
}

u64 nmi_line(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::drive_nmi(m, s.argument[0] != 0, signals);
    return 0;
}

u64 nmi_pending(hw::Machine& m, const Step& s, hw::Signals&) { return hw::nmi_pending(m, s.cpu); }

u64 msi(hw::Machine& m, const Step& s, hw::Signals& signals)
{
    hw::send_msi(m, static_cast<u32>(s.argument[0]), static_cast<u32>(s.argument[1]), signals);
    return 0;
}

constexpr Operation board_table[] = {
    {"out", {"port", "value"}, false, out},
    {"in", {"port"}, true, in},
    {"write", {"address", "value"}, false, write_memory},
    {"read", {"address"}, true, read_memory},
    {"line", {"line", "level"}, false, line},
    {"level", {"line"}, true, level},
    {"advance", {"ns"}, false, advance},
    {"take", {}, true, take},
    {"pending", {}, true, pending},
    {"eoi", {}, false, eoi},
    {"nmi_line", {"level"}, false, nmi_line},
    {"nmi_pending", {}, true, nmi_pending},
    {"msi", {"address", "data"}, false, msi},
};

std::vector<Operation> all_tables()
{
    std::vector<Operation> all(std::begin(board_table), std::end(board_table));
    for (const auto& table : {pic_operations(), ioapic_operations(), pci_operations(), kbd_operations(),
                              cpu_operations(), lapic_operations(), uart_operations()})
        all.insert(all.end(), table.begin(), table.end());
    return all;
}

} // namespace

std::span<const Operation> operations()
{
    static const std::vector<Operation> all = all_tables();
    return all;
}

const Operation* find_operation(std::string_view name)
{
    for (const Operation& row : operations())
        if (name == row.name)
            return &row;
    return nullptr;
}

Step step(std::string_view name, std::initializer_list<u64> arguments, u8 width, u8 cpu)
{
    Step s;
    s.operation = find_operation(name);
    CHECK(s.operation != nullptr && arguments.size() <= arguments_max);
    std::copy(arguments.begin(), arguments.end(), s.argument.begin());
    s.width = width;
    s.cpu = cpu;
    return s;
}

u64 perform(hw::Machine& machine, const Step& s)
{
    hw::Signals signals;
    return s.operation->perform(machine, s, signals);
}

std::string text(const Step& s)
{
    std::string line = s.operation->name;
    for (unsigned i = 0; i < arguments_max && s.operation->arguments[i]; ++i)
        line += fmt::format(" {}={:#x}", s.operation->arguments[i], s.argument[i]);
    if (s.width != 0)
        line += fmt::format(" width={}", s.width);
    if (s.cpu != 0)
        line += fmt::format(" cpu={}", s.cpu);
    return line;
}

} // namespace irqlab::conform
