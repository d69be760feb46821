// The views: one function builds the data of each. See the header.
#include "lab/show/show.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>

#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "lab/show/tables.hpp"
#include "lab/show/view.hpp"

namespace irqlab::lab {

namespace {

using namespace hw;

View bits_of(unsigned value, unsigned count)
{
    View list = View::array();
    for (unsigned i = 0; i < count; ++i)
        if (value >> i & 1)
            list.push_back(i);
    return list;
}

View vectors_of(const Vectors& v)
{
    View list = View::array();
    for (unsigned i = 0; i < 256; ++i)
        if (v.test(static_cast<u8>(i)))
            list.push_back(hex(i));
    return list;
}

const char* delivery_name(Delivery d)
{
    static constexpr std::array names{"fixed", "lowest", "smi", "reserved", "nmi", "init", "startup", "ext_int"};
    return names[static_cast<unsigned>(d) & 7];
}

View one_pic(const I8259& c)
{
    return {{"irr", bits_of(irr(c), 8)},
            {"isr", bits_of(c.isr, 8)},
            {"imr", bits_of(c.imr, 8)},
            {"lines", bits_of(c.lines, 8)},
            {"elcr", bits_of(c.elcr, 8)},
            {"vector_base", hex(c.icw2 & 0xf8)},
            {"lowest_priority", c.lowest},
            {"auto_eoi", icw4::Aeoi::test(c.icw4)},
            {"special_mask", c.smm},
            {"special_fully_nested", icw4::Sfnm::test(c.icw4)},
            {"intr", intr(c)}};
}

View show_pic(const Machine& m) { return {{"master", one_pic(m.pic.master)}, {"slave", one_pic(m.pic.slave)}}; }

/// Whom a redirection entry names: CPUs, or an entry of the remapping table.
std::string destination_name(u64 e)
{
    if (rte::Remappable::test(e))
        return fmt::format("remapped {}", hex(rte::RemapIndex::get(e) | u64{rte::Logical::test(e)} << 15, 4));
    return fmt::format("{} {}", rte::Logical::test(e) ? "logical" : "physical", hex(rte::Destination::get(e)));
}

View show_ioapic(const Machine& m)
{
    View rows = View::array();
    for (unsigned pin = 0; pin < ioapic_pins; ++pin) {
        const u64 e = m.ioapic.entry[pin];
        rows.push_back({{"pin", pin},
                        {"line", (m.ioapic.lines >> pin & 1) ? "high" : "low"},
                        {"masked", rte::Masked::test(e)},
                        {"vector", hex(rte::Vector::get(e))},
                        {"trigger", rte::Level::test(e) ? "level" : "edge"},
                        {"polarity", rte::ActiveLow::test(e) ? "low" : "high"},
                        {"delivery", delivery_name(static_cast<Delivery>(rte::DeliveryMode::get(e)))},
                        {"destination", destination_name(e)},
                        {"remote_irr", rte::RemoteIrr::test(e)}});
    }
    return rows;
}

View show_lvt(const Lapic& a)
{
    static constexpr std::array names{"timer", "thermal", "pmc", "lint0", "lint1", "error", "cmci"};
    View rows = View::array();
    for (unsigned i = 0; i < lvt_entries; ++i)
        rows.push_back({{"lvt", names[i]},
                        {"vector", hex(lvt::Vector::get(a.lvt[i]))},
                        {"delivery", delivery_name(static_cast<Delivery>(lvt::DeliveryMode::get(a.lvt[i])))},
                        {"masked", lvt::Masked::test(a.lvt[i])},
                        {"pending", lvt::Pending::test(a.lvt[i])}});
    return rows;
}

const char* mode_name(const Lapic& a)
{
    return !hardware_enabled(a) ? "disabled" : in_x2apic_mode(a) ? "x2APIC" : "xAPIC";
}

View show_lapic(const Machine& m, unsigned cpu)
{
    const Lapic& a = m.core[cpu].lapic;
    return {{"cpu", cpu},
            {"mode", mode_name(a)},
            {"base", hex(a.base, 8)},
            {"id", physical_id(a)},
            {"enabled", software_enabled(a)},
            {"irr", vectors_of(a.irr)},
            {"isr", vectors_of(a.isr)},
            {"tmr", vectors_of(a.tmr)},
            {"tpr", hex(a.tpr)},
            {"ppr", hex(peek(a, lapic_ppr, m.now_ns))},
            {"ldr", hex(peek(a, lapic_ldr, m.now_ns), 8)},
            {"svr", hex(a.svr, 3)},
            {"esr", hex(a.esr)},
            {"timer_initial", a.timer.initial},
            {"timer_current", peek(a, lapic_timer_current, m.now_ns)},
            {"lvt", show_lvt(a)}};
}

View show_idt(const Machine& m)
{
    View rows = View::array();
    for (unsigned v = 0; v < 256; ++v) {
        const Gate g = read_gate(std::span<const u8, gate_bytes>(m.idt_page.data() + v * gate_bytes, gate_bytes));
        if (!g.present)
            continue;
        rows.push_back({{"vector", hex(v)},
                        {"offset", hex(g.offset, 16)},
                        {"selector", hex(g.selector, 4)},
                        {"type", g.type == Gate::Type::trap ? "trap" : "interrupt"},
                        {"dpl", g.dpl},
                        {"ist", g.ist}});
    }
    return rows;
}

View show_cpu(const Machine& m, unsigned cpu)
{
    static constexpr std::array states{"running", "halted", "wait_for_sipi", "shutdown"};
    const Cpu& c = m.core[cpu].cpu;
    return {{"cpu", cpu},
            {"state", states[static_cast<unsigned>(c.state)]},
            {"if", interrupts_on(c)},
            {"rflags", hex(c.rflags, 8)},
            {"idtr.base", hex(c.idtr.base, 16)},
            {"idtr.limit", hex(c.idtr.limit, 4)},
            {"gdtr.base", hex(c.gdtr.base, 16)},
            {"gdtr.limit", hex(c.gdtr.limit, 4)},
            {"tr", hex(c.tr.selector, 4)},
            {"tr.base", hex(c.tr.base, 16)},
            {"dr6", hex(c.dr6, 8)},
            {"cr2", hex(c.cr2, 16)},
            {"sti_shadow", c.sti_shadow},
            {"mov_ss_shadow", c.mov_ss_shadow},
            {"nmi_blocked", c.nmi_blocked}};
}

View show_irq(kernel::Kernel& k, abi::irq_desc& d)
{
    const kernel::Route& r = kernel::route_of(d);
    View actions = View::array();
    for (const abi::irqaction* a = d.action; a; a = a->next)
        actions.push_back(a->name ? a->name : "(null)");
    unsigned count = 0;
    for (unsigned cpu = 0; cpu < k.cpu_count; ++cpu)
        count += d.kstat_irqs[cpu];
    return {{"irq", d.irq_data.irq},
            {"chip", d.irq_data.chip->name ? d.irq_data.chip->name : "none"},
            {"flow", d.name ? d.name : "level"},
            {"hwirq", d.irq_data.hwirq},
            {"vector", hex(r.vector)},
            {"cpu", r.cpu},
            {"depth", d.depth},
            {"masked", kernel::irqd_test(d, kernel::irqd_irq_masked)},
            {"in_progress", kernel::irqd_test(d, kernel::irqd_irq_inprogress)},
            {"pending", (kernel::istate(d) & kernel::irqs_pending) != 0},
            {"count", count},
            {"actions", actions}};
}

ShowResult wrong(std::string text) { return {2, std::move(text)}; }

bool number(const std::vector<std::string>& words, unsigned& n)
{
    if (words.size() < 2)
        return false;
    const std::string& w = words[1];
    const auto [end, error] = std::from_chars(w.data(), w.data() + w.size(), n);
    return error == std::errc{} && end == w.data() + w.size();
}

ShowResult build(kernel::Kernel& k, const std::vector<std::string>& words, View& view)
{
    const std::string& what = words.front();
    const Machine& m = k.machine;
    unsigned n = 0;
    const bool has_number = number(words, n);
    if (words.size() > 2 || (words.size() == 2 && !has_number))
        return wrong(fmt::format("'{}' is no number", words.back()));
    if ((what == "lapic" || what == "cpu") && n >= m.cpu_count)
        return wrong(fmt::format("there is no CPU {}: this machine has 0 to {}", n, m.cpu_count - 1));
    if (what == "pic")
        view = show_pic(m);
    else if (what == "ioapic")
        view = show_ioapic(m);
    else if (what == "lapic")
        view = show_lapic(m, n);
    else if (what == "idt")
        view = show_idt(m);
    else if (what == "wires")
        view = show_wires(m);
    else if (what == "cpu")
        view = show_cpu(m, n);
    else if (what == "irq" && has_number && kernel::irq_desc_of(k, n))
        view = show_irq(k, *kernel::irq_desc_of(k, n));
    else if (what == "irq")
        return wrong(has_number ? fmt::format("there is no irq {}", n) : "say which irq: show irq 11");
    else
        return wrong(fmt::format("'{}' is unknown; one of: pic ioapic lapic idt wires cpu irq", what));
    return {};
}

} // namespace

ShowResult show(kernel::Kernel& k, const std::vector<std::string>& all_words)
{
    std::vector<std::string> words;
    bool json = false;
    for (const std::string& w : all_words)
        if (w == "--json")
            json = true;
        else
            words.push_back(w);
    if (words.empty())
        return wrong("say what: pic ioapic lapic idt wires cpu irq");
    View view;
    ShowResult result = build(k, words, view);
    if (result.status == 0)
        result.text = json ? view.dump(2) + '\n' : draw(view);
    return result;
}

} // namespace irqlab::lab
