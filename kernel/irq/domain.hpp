// Domains: the lines of controllers that modules implement, by the controller's own numbers.
//
// A domain maps hwirq numbers to Linux's irqs. A line of a domain has no vector of its own: its controller's handler
// finds it by hwirq and calls generic_handle_domain_irq(). In a hierarchy each controller on the way has an irq_data
// of the line, linked by parent_data. Sources: [LX core-api/irq/irq-domain], [LX core-api/genericirq].
#pragma once
#include "linux/abi/irqdomain.h"

namespace irqlab::kernel {

struct Kernel;

struct Domains {
    abi::list_head all; // of irq_domain.link, its first member
    abi::irq_domain* default_host = nullptr;
    unsigned unnamed = 0; // domains without a firmware node so far
    bool warned_context = false; // Linux says it once
};

/// Made when first asked for.
Domains& domains_of(Kernel& k);
/// Do the line's interrupts arrive at a vector? Those of a domain and those of the 8259 do not.
bool irq_has_vector(Kernel& k, const abi::irq_desc& desc);

/// The parents first. @return 0, or what a domain's activate returned, all being as it was.
int irq_domain_activate_irq(abi::irq_data* data);
void irq_domain_deactivate_irq(abi::irq_data* data);

/// The domain's mapping of `data->hwirq`.
void irq_domain_set_mapping(abi::irq_domain& domain, abi::irq_data& data);
void irq_domain_clear_mapping(abi::irq_domain& domain, abi::irq_data& data);
/// Descriptors for lines of a domain. @param virq  the first one wanted, or -1.  @return the first one, or errno.
int irq_domain_alloc_descs(int virq, unsigned count, abi::irq_hw_number_t hwirq);
inline bool irq_domain_is_hierarchy(const abi::irq_domain& d) { return d.flags & abi::IRQ_DOMAIN_FLAG_HIERARCHY; }

/// A controller behind a slow bus collects what is asked of it between the two. [LX core-api/genericirq]
class ChipBusLock {
public:
    explicit ChipBusLock(abi::irq_desc& desc) : desc_(desc)
    {
        if (desc.irq_data.chip->irq_bus_lock) [[unlikely]]
            desc.irq_data.chip->irq_bus_lock(&desc.irq_data);
    }
    ~ChipBusLock()
    {
        if (desc_.irq_data.chip->irq_bus_sync_unlock) [[unlikely]]
            desc_.irq_data.chip->irq_bus_sync_unlock(&desc_.irq_data);
    }
    ChipBusLock(const ChipBusLock&) = delete;

private:
    abi::irq_desc& desc_;
};

/// Asks the chip for a trigger, and notes what it took. @return 0, or the chip's errno, which is told.
int irq_set_trigger(abi::irq_desc& desc, unsigned type);
/// The action of a line whose flow handler is a demultiplexer.
abi::irqaction* chained_action();
/// The primary handler of a nested line, which nobody may call.
abi::irqreturn_t irq_nested_primary_handler(int irq, void* dev_id);
/// Tells the owner's notifier of the line's new affinity, from a work item.
void irq_notify_affinity(abi::irq_desc& desc);

} // namespace irqlab::kernel
