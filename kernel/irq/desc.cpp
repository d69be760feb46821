// Interrupt descriptors: where they live, how they start, and the accessors that drivers use.
#include <algorithm>
#include <type_traits>

#include "kernel/entry/oops.hpp"
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/message.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sched/smp.hpp"
#include "linux/abi/lock.h"

namespace irqlab::kernel {

namespace {

/// A descriptor and what belongs to it, in one block. Every descriptor is the first member of one: a driver
/// may give its line chip data of its own.
struct DescBlock {
    abi::irq_desc desc;
    Route route;
};
static_assert(std::is_standard_layout_v<DescBlock>);

constexpr unsigned vectors_per_cpu_irqs = 8; // Linux's estimate of MSIs a CPU, for nr_irqs

} // namespace

abi::irq_desc* irq_desc_make(Kernel& k, unsigned irq)
{
    auto* block = k.arena.make<DescBlock>();
    abi::irq_desc& d = block->desc;
    abi::__init_waitqueue_head(&d.wait_for_threads, "&desc->wait_for_threads", nullptr);
    d.kstat_irqs = static_cast<unsigned*>(k.arena.take(k.cpu_count * sizeof(unsigned)));
    d.irq_data.irq = irq;
    d.irq_data.hwirq = irq;
    d.irq_data.common = &d.irq_common_data;
    d.irq_data.chip = &abi::no_irq_chip;
    d.handle_irq = abi::handle_bad_irq;
    d.depth = 1;
    d.irq_common_data.affinity[0] = mask_of(CpuSet::first_of(k.cpu_count));
    irqd(d) = irqd_irq_disabled | irqd_irq_masked;
    k.irq->desc[irq] = &d;
    return &d;
}

Route& route_of(abi::irq_desc& desc) { return reinterpret_cast<DescBlock&>(desc).route; }

void irq_desc_drop(Kernel& k, unsigned irq)
{
    abi::irq_desc* desc = k.irq->desc[irq];
    k.irq->desc[irq] = nullptr;
    k.arena.give_back(desc->kstat_irqs, k.cpu_count * sizeof(unsigned));
    k.arena.give_back(reinterpret_cast<DescBlock*>(desc), sizeof(DescBlock));
}

abi::irq_desc* irq_desc_of(Kernel& k, unsigned irq)
{
    return irq < k.irq->nr_irqs ? k.irq->desc[irq] : nullptr;
}

void irq_init(Kernel& k)
{
    k.irq = k.arena.make<IrqCore>();
    IrqCore& core = *k.irq;
    core.vectors_used = static_cast<u64(*)[4]>(k.arena.take(k.cpu_count * sizeof *core.vectors_used));
    const std::string_view line = k.config.cmdline;
    core.use_lapic = !has_word(line, "nolapic");
    core.use_ioapic = core.use_lapic && !has_word(line, "noapic");
    core.remapped =
        core.use_ioapic && (has_word(line, "intremap=on") ||
                            (k.config.board == hw::BoardId::laptop && !has_word(line, "intremap=off")));
    const std::string_view apic = cmdline_value(line, "apic");
    core.apic_verbose = apic == "debug" || apic == "verbose";
    core.parent = &vector_parent;
    core.debug_shirq = has_word(k.config.options, "DEBUG_SHIRQ=y");
    core.debug_shirq_fixme = has_word(k.config.options, "DEBUG_SHIRQ_FIXME=y");
    core.noirqdebug = has_word(line, "noirqdebug");
    core.irqpoll = has_word(line, "irqpoll");
    core.irqfixup = core.irqpoll || has_word(line, "irqfixup");
    // [LX arch/x86/kernel/apic/vector.c] arch_probe_nr_irqs: the GSIs, and room for dynamic interrupts.
    constexpr unsigned gsi_top = hw::lines_max;
    const unsigned wanted = gsi_top + vectors_per_cpu_irqs * k.cpu_count + gsi_top * 16 + nr_legacy_irqs;
    core.nr_irqs = std::min(wanted, NR_VECTORS * k.cpu_count);
    core.desc = static_cast<abi::irq_desc**>(k.arena.take(core.nr_irqs * sizeof(abi::irq_desc*)));
    for (unsigned irq = 0; irq < nr_legacy_irqs; ++irq) {
        abi::irq_desc& d = *irq_desc_make(k, irq);
        d.irq_data.chip = &i8259a_chip;
        d.handle_irq = abi::handle_level_irq;
        d.status_use_accessors |= abi::IRQ_LEVEL;
        irqd(d) |= irqd_level;
    }
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using irqlab::kernel::irq_desc_of;
using irqlab::kernel::irqd;
using irqlab::kernel::kernel;

namespace {

void noop(irq_data*) {}
unsigned noop_startup(irq_data*) { return 0; }

irq_chip make_noop_chip(const char* name)
{
    irq_chip c{};
    c.name = name;
    c.irq_startup = noop_startup;
    c.irq_shutdown = c.irq_enable = c.irq_disable = c.irq_ack = noop;
    c.flags = IRQCHIP_SKIP_SET_WAKE;
    return c;
}

} // namespace

irq_chip no_irq_chip = make_noop_chip("none");
irq_chip dummy_irq_chip = [] {
    irq_chip c = make_noop_chip("dummy");
    c.irq_mask = c.irq_unmask = noop;
    return c;
}();
int nr_irqs = 0; // modules read the World's own through the export table

irq_desc* irq_to_desc(unsigned irq) { return irq_desc_of(kernel(), irq); }

irq_data* irq_get_irq_data(unsigned irq)
{
    irq_desc* d = irq_to_desc(irq);
    return d ? &d->irq_data : nullptr;
}

unsigned kstat_irqs_cpu(unsigned irq, int cpu)
{
    const irq_desc* d = irq_to_desc(irq);
    return d && static_cast<unsigned>(cpu) < kernel().cpu_count ? d->kstat_irqs[cpu] : 0;
}

unsigned kstat_irqs_usr(unsigned irq)
{
    unsigned sum = 0;
    for (unsigned cpu = 0; cpu < kernel().cpu_count; ++cpu)
        sum += kstat_irqs_cpu(irq, static_cast<int>(cpu));
    return sum;
}

unsigned kstat_irqs(unsigned irq) { return kstat_irqs_usr(irq); }

int irq_set_chip(unsigned irq, const irq_chip* chip)
{
    irq_desc* d = irq_to_desc(irq);
    if (!d)
        return -EINVAL;
    d->irq_data.chip = const_cast<irq_chip*>(chip ? chip : &no_irq_chip);
    return 0;
}

int irq_set_chip_data(unsigned irq, void* data)
{
    irq_desc* d = irq_to_desc(irq);
    if (!d)
        return -EINVAL;
    d->irq_data.chip_data = data;
    return 0;
}

int irq_set_handler_data(unsigned irq, void* data)
{
    irq_desc* d = irq_to_desc(irq);
    if (!d)
        return -EINVAL;
    d->irq_common_data.handler_data = data;
    return 0;
}

namespace {

/// In a hierarchy the outermost chip may be still to come, unless the line is to be opened at once.
bool has_chip(const irq_desc& d, bool is_chained)
{
    const irq_data* data = &d.irq_data;
    while (data && data->chip == &no_irq_chip && !is_chained)
        data = data->parent_data;
    if (data && data->chip != &no_irq_chip)
        return true;
    irqlab::kernel::kernel_warn("kernel/irq/chip.c", is_chained ? 996 : 1002, "__irq_do_set_handler", nullptr);
    return false;
}

void close_line(irq_desc& d, bool is_chained)
{
    using namespace irqlab::kernel;
    if (d.irq_data.chip != &no_irq_chip && d.irq_data.chip->irq_mask)
        mask_irq(d);
    irqd(d) |= irqd_irq_disabled;
    d.depth = 1;
    if (is_chained)
        d.action = nullptr;
}

// Nobody may request the line of a demultiplexer, and it interrupts at once.
void open_chained(irq_desc& d, irq_flow_handler_t handle)
{
    using namespace irqlab::kernel;
    if (const unsigned type = irqd(d) & irqd_trigger_mask) {
        irq_set_trigger(d, type);
        d.handle_irq = handle; // the chip may have chosen one of its own
    }
    d.status_use_accessors |= IRQ_NOPROBE | IRQ_NOREQUEST | IRQ_NOTHREAD;
    d.action = chained_action();
    if (irq_activate(kernel(), d) == 0)
        irq_startup(d);
    sched_signals(kernel());
}

} // namespace

void __irq_set_handler(unsigned irq, irq_flow_handler_t handle, int is_chained, const char* name)
{
    irq_desc* d = irq_to_desc(irq);
    if (!d)
        return;
    const irqlab::kernel::ChipBusLock lock{*d};
    if (handle && !has_chip(*d, is_chained != 0))
        return;
    if (!handle || handle == handle_bad_irq)
        close_line(*d, is_chained != 0);
    d->handle_irq = handle ? handle : handle_bad_irq;
    d->name = name;
    if (handle && handle != handle_bad_irq && is_chained)
        open_chained(*d, handle);
}

void irq_set_chip_and_handler_name(unsigned irq, const irq_chip* chip, irq_flow_handler_t handle,
                                   const char* name)
{
    irq_set_chip(irq, chip);
    __irq_set_handler(irq, handle, 0, name);
}

namespace {

/// The bits of irq_data's state that follow from settings of a line, IRQ_*.
u32 state_of(unsigned settings)
{
    using namespace irqlab::kernel;
    u32 state = 0;
    if (settings & (IRQ_NO_BALANCING | IRQ_PER_CPU))
        state |= irqd_no_balancing;
    if (settings & IRQ_PER_CPU)
        state |= irqd_per_cpu;
    if (settings & IRQ_MOVE_PCNTXT)
        state |= irqd_move_pcntxt;
    if (settings & IRQ_LEVEL)
        state |= irqd_level;
    return state;
}

} // namespace

void irq_modify_status(unsigned irq, unsigned long clear, unsigned long set)
{
    using namespace irqlab::kernel;
    irq_desc* d = irq_to_desc(irq);
    if (!d)
        return;
    const unsigned flags =
        (d->status_use_accessors & ~static_cast<unsigned>(clear)) | static_cast<unsigned>(set);
    d->status_use_accessors = flags;
    u32 type = irqd(*d) & irqd_trigger_mask;
    if (flags & IRQ_TYPE_SENSE_MASK)
        type = flags & IRQ_TYPE_SENSE_MASK;
    const u32 lost = state_of(static_cast<unsigned>(clear)) | irqd_trigger_mask;
    irqd(*d) = (irqd(*d) & ~lost) | type | state_of(flags);
}

} // namespace irqlab::abi
