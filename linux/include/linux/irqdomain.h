/* SPDX-License-Identifier: MIT */
/* linux/irqdomain.h: a controller's own numbers for its lines [LX core-api/irq/irq-domain]. */
#ifndef _LINUX_IRQDOMAIN_H
#define _LINUX_IRQDOMAIN_H
#include <linux/types.h>
#include <linux/irqhandler.h>
#include <linux/of.h>
#include <linux/mutex.h>
#include <abi/irqdomain.h>

/* No device tree on a PC: a node is null. */
#define of_node_to_fwnode(node) ((void)(node), (struct fwnode_handle *)NULL)
static inline struct device_node *irq_domain_get_of_node(struct irq_domain *d) { return NULL; }
static inline bool irq_domain_is_hierarchy(struct irq_domain *d) { return d->flags & IRQ_DOMAIN_FLAG_HIERARCHY; }
enum { IRQCHIP_FWNODE_REAL, IRQCHIP_FWNODE_NAMED, IRQCHIP_FWNODE_NAMED_ID };
static inline struct fwnode_handle *irq_domain_alloc_named_fwnode(const char *name)
{
    return __irq_domain_alloc_fwnode(IRQCHIP_FWNODE_NAMED, 0, name, NULL);
}
static inline struct fwnode_handle *irq_domain_alloc_named_id_fwnode(const char *name, int id)
{
    return __irq_domain_alloc_fwnode(IRQCHIP_FWNODE_NAMED_ID, id, name, NULL);
}
static inline struct fwnode_handle *irq_domain_alloc_fwnode(void *pa)
{
    return __irq_domain_alloc_fwnode(IRQCHIP_FWNODE_REAL, 0, NULL, pa);
}

static inline struct irq_domain *irq_domain_create_linear(struct fwnode_handle *fwnode, unsigned int size,
                                                          const struct irq_domain_ops *ops, void *host_data)
{
    return __irq_domain_add(fwnode, size, size, 0, ops, host_data);
}
static inline struct irq_domain *irq_domain_create_tree(struct fwnode_handle *fwnode,
                                                        const struct irq_domain_ops *ops, void *host_data)
{
    return __irq_domain_add(fwnode, 0, ~0UL, 0, ops, host_data);
}
static inline struct irq_domain *irq_domain_add_linear(struct device_node *of_node, unsigned int size,
                                                       const struct irq_domain_ops *ops, void *host_data)
{
    return irq_domain_create_linear(of_node_to_fwnode(of_node), size, ops, host_data);
}
static inline struct irq_domain *irq_domain_add_tree(struct device_node *of_node, const struct irq_domain_ops *ops,
                                                     void *host_data)
{
    return irq_domain_create_tree(of_node_to_fwnode(of_node), ops, host_data);
}
#if IRQLAB_KERNEL >= 0x050d00
static inline struct irq_domain *irq_domain_add_simple(struct device_node *of_node, unsigned int size,
                                                       unsigned int first_irq, const struct irq_domain_ops *ops,
                                                       void *host_data)
{
    return irq_domain_create_simple(of_node_to_fwnode(of_node), size, first_irq, ops, host_data);
}
#endif
static inline struct irq_domain *irq_domain_add_hierarchy(struct irq_domain *parent, unsigned int flags,
                                                          unsigned int size, struct device_node *node,
                                                          const struct irq_domain_ops *ops, void *host_data)
{
    return irq_domain_create_hierarchy(parent, flags, size, of_node_to_fwnode(node), ops, host_data);
}
static inline int irq_domain_alloc_irqs(struct irq_domain *domain, unsigned int nr_irqs, int node, void *arg)
{
    return __irq_domain_alloc_irqs(domain, -1, nr_irqs, node, arg, false, NULL);
}

#if IRQLAB_KERNEL >= 0x050b00
static inline unsigned int irq_create_mapping(struct irq_domain *host, irq_hw_number_t hwirq)
{
    return irq_create_mapping_affinity(host, hwirq, NULL);
}
#endif
#if IRQLAB_KERNEL >= 0x050e00
static inline struct irq_desc *irq_resolve_mapping(struct irq_domain *domain, irq_hw_number_t hwirq)
{
    return __irq_resolve_mapping(domain, hwirq, NULL);
}
static inline unsigned int irq_find_mapping(struct irq_domain *domain, irq_hw_number_t hwirq)
{
    unsigned int irq;

    return __irq_resolve_mapping(domain, hwirq, &irq) ? irq : 0;
}
#else
static inline unsigned int irq_linear_revmap(struct irq_domain *domain, irq_hw_number_t hwirq)
{
    return hwirq < domain->revmap_size ? irq_find_mapping(domain, hwirq) : 0;
}
#endif
#endif
