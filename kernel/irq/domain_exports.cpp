// What modules that implement controllers may call: domains, hierarchies, generic chips, simulated lines.
#include <iterator>

#include "kernel/module/export.hpp"
#include "linux/abi/irqdomain.h"

namespace irqlab::kernel {

namespace {

constexpr Release first = Release::v5_4, last = Release::v6_12;

/// Under its own name, but in some releases only.
#define EXPORT_IN(symbol, since, until)                                                                              \
    Export                                                                                                           \
    {                                                                                                                \
        #symbol, reinterpret_cast<const void*>(&abi::symbol), true, since, until                                     \
    }

} // namespace

extern const Export domain_exports[] = {
    EXPORT_GPL(__irq_domain_add),
    EXPORT_IN(irq_domain_add_simple, first, Release::v5_10),
    EXPORT_IN(irq_domain_create_simple, Release::v5_15, last),
    EXPORT_GPL(irq_domain_add_legacy),
    EXPORT_IN(irq_domain_create_legacy, Release::v5_15, last),
    EXPORT_GPL(irq_domain_create_hierarchy),
    EXPORT_GPL(irq_domain_remove),
    EXPORT_GPL(irq_set_default_host),
    EXPORT_IN(irq_get_default_host, Release::v6_1, last),
    EXPORT_GPL(__irq_domain_alloc_fwnode),
    EXPORT_GPL(irq_domain_free_fwnode),
    EXPORT_GPL(irq_domain_update_bus_token),
    EXPORT_GPL(irq_domain_associate),
    EXPORT_GPL(irq_domain_associate_many),
    EXPORT_IN(irq_create_mapping, first, Release::v5_10),
    EXPORT_IN(irq_create_mapping_affinity, Release::v5_10, last),
    EXPORT_GPL(irq_create_fwspec_mapping),
    EXPORT_GPL(irq_find_matching_fwspec),
    EXPORT_GPL(irq_dispose_mapping),
    EXPORT_IN(irq_find_mapping, first, Release::v5_10),
    EXPORT_IN(__irq_resolve_mapping, Release::v5_15, last),
    EXPORT_IN(generic_handle_domain_irq, Release::v5_15, last),
    EXPORT_IN(generic_handle_domain_irq_safe, Release::v6_1, last),
    EXPORT_GPL(irq_domain_simple_ops),
    EXPORT_GPL(irq_domain_xlate_onecell),
    EXPORT_GPL(irq_domain_xlate_twocell),
    EXPORT_GPL(irq_domain_xlate_onetwocell),
    EXPORT_IN(irq_domain_translate_onecell, Release::v5_10, last),
    EXPORT_GPL(irq_domain_translate_twocell),
    EXPORT_GPL(__irq_domain_alloc_irqs),
    EXPORT_GPL(irq_domain_alloc_irqs_parent),
    EXPORT_GPL(irq_domain_free_irqs_parent),
    EXPORT_GPL(irq_domain_free_irqs_common),
    EXPORT_GPL(irq_domain_get_irq_data),
    EXPORT_GPL(irq_domain_set_hwirq_and_chip),
    EXPORT(irq_domain_set_info),
    EXPORT_GPL(irq_domain_reset_irq_data),
    EXPORT_GPL(irq_chip_enable_parent),
    EXPORT_GPL(irq_chip_disable_parent),
    EXPORT_GPL(irq_chip_ack_parent),
    EXPORT_GPL(irq_chip_mask_parent),
    EXPORT_GPL(irq_chip_mask_ack_parent),
    EXPORT_GPL(irq_chip_unmask_parent),
    EXPORT_GPL(irq_chip_eoi_parent),
    EXPORT_GPL(irq_chip_set_affinity_parent),
    EXPORT_GPL(irq_chip_set_type_parent),
    EXPORT_GPL(irq_chip_set_wake_parent),
    EXPORT_GPL(irq_chip_retrigger_hierarchy),
    EXPORT_GPL(irq_chip_get_parent_state),
    EXPORT_GPL(irq_chip_set_parent_state),
    EXPORT_GPL(irq_chip_request_resources_parent),
    EXPORT_GPL(irq_chip_release_resources_parent),
    EXPORT_GPL(irq_generic_chip_ops),
    EXPORT_GPL(irq_gc_noop),
    EXPORT_GPL(irq_gc_mask_disable_reg),
    EXPORT_GPL(irq_gc_mask_set_bit),
    EXPORT_GPL(irq_gc_mask_clr_bit),
    EXPORT_GPL(irq_gc_unmask_enable_reg),
    EXPORT_GPL(irq_gc_ack_set_bit),
    EXPORT_GPL(irq_gc_set_wake),
    EXPORT_GPL(irq_alloc_generic_chip),
    EXPORT_GPL(irq_setup_generic_chip),
    EXPORT_GPL(irq_setup_alt_chip),
    EXPORT_GPL(irq_remove_generic_chip),
    EXPORT_GPL(irq_get_domain_generic_chip),
    EXPORT_GPL(__irq_alloc_domain_generic_chips),
    EXPORT_IN(irq_domain_create_sim, Release::v5_10, last),
    EXPORT_IN(irq_domain_remove_sim, Release::v5_10, last),
    EXPORT_IN(devm_irq_domain_create_sim, Release::v5_10, last),
    EXPORT_GPL(smp_call_function_any),
    EXPORT_GPL(smp_call_function_single_async),
    EXPORT_GPL(smp_call_on_cpu),
};
extern const std::size_t domain_exports_count = std::size(domain_exports);

} // namespace irqlab::kernel
