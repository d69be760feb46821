// What of the IRQ core modules may call.
#include <iterator>

#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "linux/abi/irqdomain.h"

namespace irqlab::kernel {

namespace {

void* nr_irqs_of(Kernel& k) { return &k.irq->nr_irqs; }
void* vector_irq_of(Kernel& k) { return k.irq->vector_irq_template; }

/// Only under --export.
#define HIDDEN(symbol)                                                                                               \
    {                                                                                                                \
        #symbol, reinterpret_cast<const void*>(&abi::symbol), false, first, last, nullptr, true                      \
    }

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
    EXPORT_GPL(irq_set_irqchip_state),
    EXPORT_GPL(irq_set_affinity_notifier),
    EXPORT_GPL(enable_percpu_irq),
    EXPORT_GPL(disable_percpu_irq),
    EXPORT_GPL(free_percpu_irq),
    EXPORT_GPL(irq_percpu_is_enabled),
    EXPORT_GPL(irq_get_percpu_devid_partition),
    EXPORT_GPL(irq_work_queue),
    EXPORT_GPL(irq_work_run),
    EXPORT_GPL(irq_work_sync),
    EXPORT_GPL(irq_set_parent),
    {"irq_has_action", reinterpret_cast<const void*>(&abi::irq_has_action), true, Release::v5_15},
    {"irq_check_status_bit", reinterpret_cast<const void*>(&abi::irq_check_status_bit), true, Release::v5_15},
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
    EXPORT_GPL(irq_set_chained_handler_and_data),
    EXPORT_GPL(generic_handle_irq),
    {"generic_handle_irq_safe", reinterpret_cast<const void*>(&abi::generic_handle_irq_safe), true, Release::v6_1},
    EXPORT_GPL(handle_nested_irq),
    EXPORT_GPL(handle_simple_irq),
    EXPORT_GPL(handle_untracked_irq),
    EXPORT_GPL(handle_fasteoi_nmi),
    EXPORT_GPL(handle_level_irq),
    EXPORT(handle_edge_irq),
    EXPORT_GPL(handle_fasteoi_irq),
    EXPORT_GPL(handle_bad_irq),
    EXPORT_GPL(no_irq_chip),
    EXPORT_GPL(dummy_irq_chip),
    {"nr_irqs", nullptr, true, first, last, nr_irqs_of},
    // Linux keeps these to itself: no driver that is a module has lines of that kind.
    HIDDEN(irq_set_percpu_devid),
    HIDDEN(handle_percpu_devid_irq),
    HIDDEN(handle_percpu_irq),
    HIDDEN(request_nmi),
    HIDDEN(free_nmi),
    HIDDEN(irq_work_queue_on),
    // Linux keeps this one to itself: the tutorials' kernels were rebuilt to export it.
    {"vector_irq", nullptr, false, first, last, vector_irq_of, true},
};
extern const std::size_t irq_exports_count = std::size(irq_exports);

} // namespace irqlab::kernel
