// Simulated lines: a domain without hardware, whose lines a driver or test fires by irq_set_irqchip_state().
// They are served in hard interrupt context, from an irq_work. Source: [LX kernel/irq/irq_sim.c].
#include "kernel/irq/domain.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"

namespace irqlab::kernel {

namespace {

struct Sim {
    abi::irq_work work; // first: the callback finds the rest by it
    abi::irq_domain* domain = nullptr;
    unsigned count = 0;
    unsigned next = 0; // where the next search begins: all lines take turns
    bool* pending = nullptr;
};

struct SimLine {
    Sim* sim;
    bool enabled;
};

SimLine& line_of(abi::irq_data* data) { return *static_cast<SimLine*>(data->chip_data); }

/// @return the next line that is pending, the search going round once, or -1.
int next_pending(Sim& sim)
{
    for (unsigned i = 0; i < sim.count; ++i)
        if (const unsigned hwirq = (sim.next + i) % sim.count; sim.pending[hwirq])
            return static_cast<int>(hwirq);
    return -1;
}

extern "C" void sim_serve(abi::irq_work* work)
{
    Sim& sim = *reinterpret_cast<Sim*>(work);
    for (int hwirq; (hwirq = next_pending(sim)) >= 0;) {
        sim.next = static_cast<unsigned>(hwirq);
        sim.pending[hwirq] = false;
        if (abi::irq_desc* desc = abi::__irq_resolve_mapping(sim.domain, static_cast<unsigned long>(hwirq), nullptr))
            abi::handle_simple_irq(desc);
    }
}

void sim_mask(abi::irq_data* data) { line_of(data).enabled = false; }
void sim_unmask(abi::irq_data* data) { line_of(data).enabled = true; }

int sim_set_type(abi::irq_data*, unsigned type)
{
    return type & ~static_cast<unsigned>(abi::IRQ_TYPE_EDGE_BOTH) ? -EINVAL : 0;
}

int sim_get_state(abi::irq_data* data, int which, bool* state)
{
    if (which != abi::IRQCHIP_STATE_PENDING)
        return -EINVAL;
    if (line_of(data).enabled)
        *state = line_of(data).sim->pending[data->hwirq];
    return 0;
}

int sim_set_state(abi::irq_data* data, int which, bool state)
{
    if (which != abi::IRQCHIP_STATE_PENDING)
        return -EINVAL;
    const SimLine& line = line_of(data);
    if (!line.enabled)
        return 0;
    line.sim->pending[data->hwirq] = state;
    if (state)
        abi::irq_work_queue(&line.sim->work);
    return 0;
}

abi::irq_chip sim_chip = [] {
    abi::irq_chip c{};
    c.name = "irq_sim";
    c.irq_mask = sim_mask;
    c.irq_unmask = sim_unmask;
    c.irq_set_type = sim_set_type;
    c.irq_get_irqchip_state = sim_get_state;
    c.irq_set_irqchip_state = sim_set_state;
    return c;
}();

int sim_map(abi::irq_domain* domain, unsigned virq, abi::irq_hw_number_t)
{
    auto* line = kernel().arena.make<SimLine>(SimLine{static_cast<Sim*>(domain->host_data), false});
    abi::irq_set_chip(virq, &sim_chip);
    abi::irq_set_chip_data(virq, line);
    abi::__irq_set_handler(virq, abi::handle_simple_irq, 0, nullptr);
    abi::irq_modify_status(virq, abi::IRQ_NOREQUEST | abi::IRQ_NOAUTOEN, abi::IRQ_NOPROBE);
    return 0;
}

void sim_unmap(abi::irq_domain*, unsigned virq)
{
    abi::irq_data* data = abi::irq_get_irq_data(virq);
    abi::__irq_set_handler(virq, nullptr, 0, nullptr);
    kernel().arena.give_back(&line_of(data), sizeof(SimLine));
    abi::irq_domain_reset_irq_data(data);
}

const abi::irq_domain_ops sim_ops = [] {
    abi::irq_domain_ops ops{};
    ops.map = sim_map;
    ops.unmap = sim_unmap;
    return ops;
}();

void release(void* memory) { abi::irq_domain_remove_sim(*static_cast<abi::irq_domain**>(memory)); }

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;
using irqlab::kernel::kernel;

irq_domain* irq_domain_create_sim(fwnode_handle* fwnode, unsigned count)
{
    Kernel& k = kernel();
    Sim& sim = *k.arena.make<Sim>();
    sim.count = count;
    sim.pending = static_cast<bool*>(k.arena.take(count ? count : 1));
    sim.work.func = sim_serve;
    sim.domain = __irq_domain_add(fwnode, count, count, 0, &sim_ops, &sim);
    return sim.domain;
}

void irq_domain_remove_sim(irq_domain* domain)
{
    Kernel& k = kernel();
    Sim& sim = *static_cast<Sim*>(domain->host_data);
    irq_work_sync(&sim.work);
    irq_domain_remove(domain);
    k.arena.give_back(sim.pending, sim.count ? sim.count : 1);
    k.arena.give_back(&sim, sizeof sim);
}

irq_domain* devm_irq_domain_create_sim(struct device* dev, fwnode_handle* fwnode, unsigned count)
{
    void* memory = devres_add(*dev, sizeof(irq_domain*), irqlab::kernel::release);
    if (!memory)
        return reinterpret_cast<irq_domain*>(static_cast<std::uintptr_t>(-ENOMEM));
    irq_domain* domain = irq_domain_create_sim(fwnode, count);
    *static_cast<irq_domain**>(memory) = domain;
    return domain;
}

} // namespace irqlab::abi
