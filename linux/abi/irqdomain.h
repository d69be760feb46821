/* SPDX-License-Identifier: MIT */
/* irqdomain.h: what drivers of interrupt controllers need: domains, hierarchies, generic chips, simulated lines;
 * and the rarer calls for lines [LX core-api/irq/irq-domain], [LX core-api/genericirq]. */
#ifndef IRQLAB_ABI_IRQDOMAIN_H
#define IRQLAB_ABI_IRQDOMAIN_H

#include "irq.h"
#include "work.h"

IRQLAB_ABI_BEGIN

/* irq_chip.flags */
enum {
    IRQCHIP_SET_TYPE_MASKED = 1 << 0,
    IRQCHIP_EOI_IF_HANDLED = 1 << 1,
    IRQCHIP_MASK_ON_SUSPEND = 1 << 2,
    IRQCHIP_ONOFFLINE_ENABLED = 1 << 3,
    IRQCHIP_SKIP_SET_WAKE = 1 << 4,
    IRQCHIP_ONESHOT_SAFE = 1 << 5,
    IRQCHIP_EOI_THREADED = 1 << 6,
    IRQCHIP_SUPPORTS_LEVEL_MSI = 1 << 7,
    IRQCHIP_SUPPORTS_NMI = 1 << 8,
    IRQCHIP_ENABLE_WAKEUP_ON_SUSPEND = 1 << 9,
    IRQCHIP_AFFINITY_PRE_STARTUP = 1 << 10,
    IRQCHIP_IMMUTABLE = 1 << 11
};

/* What irq_set_type and irq_set_affinity of a chip return. */
enum { IRQ_SET_MASK_OK = 0, IRQ_SET_MASK_OK_NOCOPY, IRQ_SET_MASK_OK_DONE };

/* --- lines ------------------------------------------------------------------------------------------------- */

struct irq_affinity_notify {
    unsigned int irq;
    struct kref kref;
    struct work_struct work;
    void (*notify)(struct irq_affinity_notify *notify, const struct cpumask *mask);
    void (*release)(struct kref *ref);
};

void irq_work_run(void);
int irq_set_affinity_notifier(unsigned int irq, struct irq_affinity_notify *notify);
const void *free_nmi(unsigned int irq, void *dev_id);
#if IRQLAB_KERNEL >= 0x050b00 || defined(__cplusplus)
bool irq_check_status_bit(unsigned int irq, unsigned int bitmask);
#endif
#if IRQLAB_KERNEL >= 0x050b00 || defined(__cplusplus)
bool irq_has_action(unsigned int irq);
#endif
int irq_set_parent(int irq, int parent_irq);
int irq_set_percpu_devid(unsigned int irq); /* not exported by Linux */
int irq_set_percpu_devid_partition(unsigned int irq, const struct cpumask *affinity);
int irq_get_percpu_devid_partition(unsigned int irq, struct cpumask *affinity);
void irq_set_chained_handler_and_data(unsigned int irq, irq_flow_handler_t handle, void *data);
void handle_untracked_irq(struct irq_desc *desc);
void handle_percpu_devid_irq(struct irq_desc *desc);
void handle_fasteoi_nmi(struct irq_desc *desc);
int __devm_irq_alloc_descs(struct device *dev, int irq, unsigned int from, unsigned int cnt, int node,
                           struct module *owner, const void *affinity);

/* A call on another CPU, of which the caller keeps the record. */
struct call_single_data {
    struct llist_node llist;
    unsigned int flags;
    void (*func)(void *info);
    void *info;
};
int smp_call_function_any(const struct cpumask *mask, void (*func)(void *info), void *info, int wait);
int smp_call_function_single_async(int cpu, struct call_single_data *csd);
int smp_call_on_cpu(unsigned int cpu, int (*func)(void *par), void *par, bool phys);

/* --- domains ----------------------------------------------------------------------------------------------- */

#define IRQ_DOMAIN_IRQ_SPEC_PARAMS 16
struct irq_fwspec {
    struct fwnode_handle *fwnode;
    int param_count;
    u32 param[IRQ_DOMAIN_IRQ_SPEC_PARAMS];
};

enum irq_domain_bus_token { DOMAIN_BUS_ANY = 0, DOMAIN_BUS_WIRED, DOMAIN_BUS_GENERIC_MSI, DOMAIN_BUS_PCI_MSI };

enum {
    IRQ_DOMAIN_FLAG_HIERARCHY = 1 << 0,
    IRQ_DOMAIN_NAME_ALLOCATED = 1 << 1,
    IRQ_DOMAIN_FLAG_IPI_PER_CPU = 1 << 2,
    IRQ_DOMAIN_FLAG_IPI_SINGLE = 1 << 3,
    IRQ_DOMAIN_FLAG_MSI = 1 << 4,
    IRQ_DOMAIN_FLAG_NONCORE = 1 << 16
};

struct irq_domain_ops {
    int (*match)(struct irq_domain *d, struct device_node *node, enum irq_domain_bus_token bus_token);
    int (*select)(struct irq_domain *d, struct irq_fwspec *fwspec, enum irq_domain_bus_token bus_token);
    int (*map)(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw);
    void (*unmap)(struct irq_domain *d, unsigned int virq);
    int (*xlate)(struct irq_domain *d, struct device_node *node, const u32 *intspec, unsigned int intsize,
                 unsigned long *out_hwirq, unsigned int *out_type);
    int (*alloc)(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg);
    void (*free)(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs);
    int (*activate)(struct irq_domain *d, struct irq_data *irqd, bool reserve);
    void (*deactivate)(struct irq_domain *d, struct irq_data *irq_data);
    int (*translate)(struct irq_domain *d, struct irq_fwspec *fwspec, unsigned long *out_hwirq,
                     unsigned int *out_type);
};

struct irq_domain {
    struct list_head link;
    const char *name;
    const struct irq_domain_ops *ops;
    void *host_data;
    unsigned int flags;
    unsigned int mapcount;
    struct fwnode_handle *fwnode;
    enum irq_domain_bus_token bus_token;
    struct irq_domain_chip_generic *gc;
    struct device *dev;
    struct irq_domain *parent;
    irq_hw_number_t hwirq_max;
    unsigned int revmap_size;
    unsigned int __lab_size;   /* bytes of this block */
    struct irq_data *revmap[1]; /* by hwirq; what lies beyond is looked for among the descriptors */
};

extern const struct irq_domain_ops irq_domain_simple_ops;
extern const struct irq_domain_ops irq_generic_chip_ops;

struct irq_domain *__irq_domain_add(struct fwnode_handle *fwnode, unsigned int size, irq_hw_number_t hwirq_max,
                                    int direct_max, const struct irq_domain_ops *ops, void *host_data);
struct irq_domain *irq_domain_create_simple(struct fwnode_handle *fwnode, unsigned int size, unsigned int first_irq,
                                            const struct irq_domain_ops *ops, void *host_data);
#if IRQLAB_KERNEL < 0x050d00 || defined(__cplusplus)
struct irq_domain *irq_domain_add_simple(struct device_node *of_node, unsigned int size, unsigned int first_irq,
                                         const struct irq_domain_ops *ops, void *host_data);
#endif
struct irq_domain *irq_domain_add_legacy(struct device_node *of_node, unsigned int size, unsigned int first_irq,
                                         irq_hw_number_t first_hwirq, const struct irq_domain_ops *ops,
                                         void *host_data);
struct irq_domain *irq_domain_create_legacy(struct fwnode_handle *fwnode, unsigned int size, unsigned int first_irq,
                                            irq_hw_number_t first_hwirq, const struct irq_domain_ops *ops,
                                            void *host_data);
struct irq_domain *irq_domain_create_hierarchy(struct irq_domain *parent, unsigned int flags, unsigned int size,
                                               struct fwnode_handle *fwnode, const struct irq_domain_ops *ops,
                                               void *host_data);
void irq_domain_remove(struct irq_domain *domain);
void irq_set_default_host(struct irq_domain *domain);
struct irq_domain *irq_get_default_host(void);
struct fwnode_handle *__irq_domain_alloc_fwnode(unsigned int type, int id, const char *name, void *pa);
void irq_domain_free_fwnode(struct fwnode_handle *fwnode);
void irq_domain_update_bus_token(struct irq_domain *domain, enum irq_domain_bus_token bus_token);

int irq_domain_associate(struct irq_domain *domain, unsigned int virq, irq_hw_number_t hwirq);
void irq_domain_associate_many(struct irq_domain *domain, unsigned int irq_base, irq_hw_number_t hwirq_base,
                               int count);
#if IRQLAB_KERNEL < 0x050b00 || defined(__cplusplus)
unsigned int irq_create_mapping(struct irq_domain *domain, irq_hw_number_t hwirq);
#endif
unsigned int irq_create_mapping_affinity(struct irq_domain *domain, irq_hw_number_t hwirq, const void *affinity);
unsigned int irq_create_fwspec_mapping(struct irq_fwspec *fwspec);
struct irq_domain *irq_find_matching_fwspec(struct irq_fwspec *fwspec, enum irq_domain_bus_token bus_token);
void irq_dispose_mapping(unsigned int virq);
#if IRQLAB_KERNEL < 0x050e00 || defined(__cplusplus)
unsigned int irq_find_mapping(struct irq_domain *domain, irq_hw_number_t hwirq);
#endif
struct irq_desc *__irq_resolve_mapping(struct irq_domain *domain, irq_hw_number_t hwirq, unsigned int *irq);
int generic_handle_domain_irq_safe(struct irq_domain *domain, unsigned int hwirq);

int irq_domain_xlate_onecell(struct irq_domain *d, struct device_node *node, const u32 *intspec, unsigned int intsize,
                             unsigned long *out_hwirq, unsigned int *out_type);
int irq_domain_xlate_twocell(struct irq_domain *d, struct device_node *node, const u32 *intspec, unsigned int intsize,
                             unsigned long *out_hwirq, unsigned int *out_type);
int irq_domain_xlate_onetwocell(struct irq_domain *d, struct device_node *node, const u32 *intspec,
                                unsigned int intsize, unsigned long *out_hwirq, unsigned int *out_type);
int irq_domain_translate_onecell(struct irq_domain *d, struct irq_fwspec *fwspec, unsigned long *out_hwirq,
                                 unsigned int *out_type);
int irq_domain_translate_twocell(struct irq_domain *d, struct irq_fwspec *fwspec, unsigned long *out_hwirq,
                                 unsigned int *out_type);

/* --- hierarchies ------------------------------------------------------------------------------------------- */

int __irq_domain_alloc_irqs(struct irq_domain *domain, int irq_base, unsigned int nr_irqs, int node, void *arg,
                            bool realloc, const void *affinity);
void irq_domain_free_irqs(unsigned int virq, unsigned int nr_irqs); /* not exported by Linux */
int irq_domain_alloc_irqs_parent(struct irq_domain *domain, unsigned int irq_base, unsigned int nr_irqs, void *arg);
void irq_domain_free_irqs_parent(struct irq_domain *domain, unsigned int irq_base, unsigned int nr_irqs);
void irq_domain_free_irqs_common(struct irq_domain *domain, unsigned int virq, unsigned int nr_irqs);
struct irq_data *irq_domain_get_irq_data(struct irq_domain *domain, unsigned int virq);
int irq_domain_set_hwirq_and_chip(struct irq_domain *domain, unsigned int virq, irq_hw_number_t hwirq,
                                  const struct irq_chip *chip, void *chip_data);
void irq_domain_set_info(struct irq_domain *domain, unsigned int virq, irq_hw_number_t hwirq,
                         const struct irq_chip *chip, void *chip_data, irq_flow_handler_t handler,
                         void *handler_data, const char *handler_name);
void irq_domain_reset_irq_data(struct irq_data *irq_data);

void irq_chip_enable_parent(struct irq_data *data);
void irq_chip_disable_parent(struct irq_data *data);
void irq_chip_ack_parent(struct irq_data *data);
void irq_chip_mask_parent(struct irq_data *data);
void irq_chip_mask_ack_parent(struct irq_data *data);
void irq_chip_unmask_parent(struct irq_data *data);
void irq_chip_eoi_parent(struct irq_data *data);
int irq_chip_set_affinity_parent(struct irq_data *data, const struct cpumask *dest, bool force);
int irq_chip_set_type_parent(struct irq_data *data, unsigned int type);
int irq_chip_set_wake_parent(struct irq_data *data, unsigned int on);
int irq_chip_retrigger_hierarchy(struct irq_data *data);
int irq_chip_get_parent_state(struct irq_data *data, __lab_irqchip_state which, bool *state);
int irq_chip_set_parent_state(struct irq_data *data, __lab_irqchip_state which, bool value);
int irq_chip_request_resources_parent(struct irq_data *data);
void irq_chip_release_resources_parent(struct irq_data *data);

/* --- generic chips ----------------------------------------------------------------------------------------- */

struct irq_chip_regs { unsigned long enable, disable, mask, ack, eoi, type, polarity; };

struct irq_chip_type {
    struct irq_chip chip;
    struct irq_chip_regs regs;
    irq_flow_handler_t handler;
    u32 type;
    u32 mask_cache_priv;
    u32 *mask_cache;
};

struct irq_chip_generic {
    raw_spinlock_t lock;
    void *reg_base;
    u32 (*reg_readl)(void *addr);
    void (*reg_writel)(u32 val, void *addr);
    void (*suspend)(struct irq_chip_generic *gc);
    void (*resume)(struct irq_chip_generic *gc);
    unsigned int irq_base;
    unsigned int irq_cnt;
    u32 mask_cache;
    u32 type_cache;
    u32 polarity_cache;
    u32 wake_enabled;
    u32 wake_active;
    unsigned int num_ct;
    void *IRQLAB_private;
    unsigned long installed;
    unsigned long unused;
    struct irq_domain *domain;
    struct list_head list;
    struct irq_chip_type chip_types[1];
};

enum irq_gc_flags {
    IRQ_GC_INIT_MASK_CACHE = 1 << 0,
    IRQ_GC_INIT_NESTED_LOCK = 1 << 1,
    IRQ_GC_MASK_CACHE_PER_TYPE = 1 << 2,
    IRQ_GC_NO_MASK = 1 << 3,
    IRQ_GC_BE_IO = 1 << 4
};

struct irq_domain_chip_generic {
    unsigned int irqs_per_chip;
    unsigned int num_chips;
    unsigned int irq_flags_to_clear;
    unsigned int irq_flags_to_set;
    enum irq_gc_flags gc_flags;
    struct irq_chip_generic *gc[1];
};

void irq_gc_noop(struct irq_data *d);
void irq_gc_mask_disable_reg(struct irq_data *d);
void irq_gc_mask_set_bit(struct irq_data *d);
void irq_gc_mask_clr_bit(struct irq_data *d);
void irq_gc_unmask_enable_reg(struct irq_data *d);
void irq_gc_ack_set_bit(struct irq_data *d);
int irq_gc_set_wake(struct irq_data *d, unsigned int on);
struct irq_chip_generic *irq_alloc_generic_chip(const char *name, int num_ct, unsigned int irq_base, void *reg_base,
                                                irq_flow_handler_t handler);
void irq_setup_generic_chip(struct irq_chip_generic *gc, u32 msk, enum irq_gc_flags flags, unsigned int clr,
                            unsigned int set);
int irq_setup_alt_chip(struct irq_data *d, unsigned int type);
void irq_remove_generic_chip(struct irq_chip_generic *gc, u32 msk, unsigned int clr, unsigned int set);
struct irq_chip_generic *irq_get_domain_generic_chip(struct irq_domain *d, unsigned int hw_irq);
int __irq_alloc_domain_generic_chips(struct irq_domain *d, int irqs_per_chip, int num_ct, const char *name,
                                     irq_flow_handler_t handler, unsigned int clr, unsigned int set,
                                     enum irq_gc_flags flags);

/* --- simulated lines: from 5.8 on of this shape ------------------------------------------------------------- */

#if IRQLAB_KERNEL >= 0x050800
struct irq_domain *irq_domain_create_sim(struct fwnode_handle *fwnode, unsigned int num_irqs);
void irq_domain_remove_sim(struct irq_domain *domain);
struct irq_domain *devm_irq_domain_create_sim(struct device *dev, struct fwnode_handle *fwnode,
                                              unsigned int num_irqs);
#endif

IRQLAB_ABI_END

#endif
