// What of the IRQ core modules may call.
#include <iterator>

#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"

namespace irqlab::kernel {

namespace {

void* nr_irqs_of(Kernel& k) { return &k.irq->nr_irqs; }
void* vector_irq_of(Kernel& k) { return k.irq->vector_irq_template; }

constexpr Release first = Release::v5_4, last = Release::v6_12;

} // namespace

extern const Export irq_exports[] = {
    EXPORT(request_threaded_irq),
    EXPORT_GPL(request_any_context_irq),
    EXPORT_GPL(__request_percpu_irq),
    EXPORT(free_irq),
    EXPORT(devm_request_threaded_irq),
    EXPORT(devm_request_any_context_irq),
    EXPORT(devm_free_irq),
    EXPORT(probe_irq_on),
    EXPORT(probe_irq_off),
    EXPORT(probe_irq_mask),
    EXPORT(enable_irq),
    EXPORT(disable_irq),
    EXPORT(disable_irq_nosync),
    EXPORT_GPL(disable_hardirq),
    EXPORT(synchronize_irq),
    EXPORT(synchronize_hardirq),
    EXPORT_GPL(irq_wake_thread),
    EXPORT(irq_set_irq_wake),
    EXPORT(irq_set_irq_type),
    EXPORT_GPL(irq_set_affinity),
    EXPORT_GPL(irq_force_affinity),
    {"irq_set_affinity_hint", reinterpret_cast<const void*>(&abi::irq_set_affinity_hint), true, first,
     Release::v5_15},
    EXPORT_GPL(__irq_apply_affinity_hint),
    EXPORT_GPL(irq_get_irqchip_state),
    EXPORT_GPL(irq_inject_interrupt),
    {"irq_to_desc", reinterpret_cast<const void*>(&abi::irq_to_desc), false, first, Release::v5_10},
    EXPORT_GPL(irq_get_irq_data),
    EXPORT_GPL(kstat_irqs_usr),
    EXPORT_GPL(__irq_alloc_descs),
    EXPORT_GPL(irq_free_descs),
    EXPORT(irq_set_chip),
    EXPORT(irq_set_chip_data),
    EXPORT(irq_set_handler_data),
    EXPORT_GPL(irq_set_chip_and_handler_name),
    EXPORT_GPL(__irq_set_handler),
    EXPORT_GPL(irq_modify_status),
    EXPORT_GPL(generic_handle_irq),
    EXPORT_GPL(handle_simple_irq),
    EXPORT_GPL(handle_level_irq),
    EXPORT(handle_edge_irq),
    EXPORT_GPL(handle_fasteoi_irq),
    EXPORT_GPL(handle_bad_irq),
    EXPORT_GPL(no_irq_chip),
    EXPORT_GPL(dummy_irq_chip),
    {"nr_irqs", nullptr, true, first, last, nr_irqs_of},
    // Linux keeps this one to itself: the tutorials' kernels were rebuilt to export it.
    {"vector_irq", nullptr, false, first, last, vector_irq_of, true},
};
extern const std::size_t irq_exports_count = std::size(irq_exports);

} // namespace irqlab::kernel
