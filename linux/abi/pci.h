/* SPDX-License-Identifier: MIT */
/* pci.h: PCI devices and drivers, INTx and MSI [LX PCI/pci, PCI/msi-howto]. */
#ifndef IRQLAB_ABI_PCI_H
#define IRQLAB_ABI_PCI_H

#include "device.h"
#include "io.h"

IRQLAB_ABI_BEGIN

#define PCI_ANY_ID (~0U)
#define PCI_STD_NUM_BARS 6
#define PCI_IRQ_LEGACY (1U << 0)
#define PCI_IRQ_MSI (1U << 1)
#define PCI_IRQ_MSIX (1U << 2)
#define PCI_IRQ_AFFINITY (1U << 3)
#define PCI_UNKNOWN 5

struct pci_device_id {
    u32 vendor, device, subvendor, subdevice;
    u32 IRQLAB_class, class_mask;
    kernel_ulong_t driver_data;
    u32 override_only;
};
struct pci_bus {
    struct list_head node;
    struct pci_bus *parent;
    struct list_head devices;
    struct pci_dev *self;
    unsigned char number;
    struct device dev;
    void *__lab;
};
struct pci_slot;
struct pci_dev {
    struct list_head bus_list;
    struct pci_bus *bus;
    unsigned int devfn;
    unsigned short vendor, device, subsystem_vendor, subsystem_device;
    unsigned int IRQLAB_class;
    u8 revision, hdr_type, pin, msi_cap, msix_cap, pm_cap;
    struct pci_driver *driver;
    u64 dma_mask;
    int current_state;
    struct device dev;
    unsigned int irq;
    struct resource resource[17];
    unsigned int is_busmaster, msi_enabled, msix_enabled, is_managed;
    atomic_t enable_cnt;
    void *priv;
    void *__lab;
};
typedef unsigned int pci_ers_result_t;
struct pci_error_handlers;
struct pci_driver {
    const char *name;
    const struct pci_device_id *id_table;
    int (*probe)(struct pci_dev *dev, const struct pci_device_id *id);
    void (*remove)(struct pci_dev *dev);
    int (*suspend)(struct pci_dev *dev, pm_message_t state);
    int (*resume)(struct pci_dev *dev);
    void (*shutdown)(struct pci_dev *dev);
    int (*sriov_configure)(struct pci_dev *dev, int num_vfs);
    const struct pci_error_handlers *err_handler;
    const struct attribute_group **groups;
    const struct attribute_group **dev_groups;
    struct device_driver driver;
    void *__lab;
};
struct msix_entry { u32 vector; u16 entry; };
struct irq_affinity;

int __pci_register_driver(struct pci_driver *driver, struct module *owner, const char *mod_name);
void pci_unregister_driver(struct pci_driver *driver);
int pci_enable_device(struct pci_dev *dev);
int pci_enable_device_mem(struct pci_dev *dev);
int pci_enable_device_io(struct pci_dev *dev);
int pcim_enable_device(struct pci_dev *dev);
void pci_disable_device(struct pci_dev *dev);
void pci_set_master(struct pci_dev *dev);
void pci_clear_master(struct pci_dev *dev);
int pci_set_mwi(struct pci_dev *dev);
int pci_try_set_mwi(struct pci_dev *dev);
void pci_clear_mwi(struct pci_dev *dev);
void pcim_pin_device(struct pci_dev *dev);
void pci_intx(struct pci_dev *dev, int enable);
int pci_request_region(struct pci_dev *dev, int bar, const char *name);
void pci_release_region(struct pci_dev *dev, int bar);
int pci_request_regions(struct pci_dev *dev, const char *name);
void pci_release_regions(struct pci_dev *dev);
int pci_request_selected_regions(struct pci_dev *dev, int bars, const char *name);
void pci_release_selected_regions(struct pci_dev *dev, int bars);
int pcim_iomap_regions(struct pci_dev *dev, int mask, const char *name);
int pcim_iomap_regions_request_all(struct pci_dev *dev, int mask, const char *name);
void pcim_iounmap_regions(struct pci_dev *dev, int mask);
void pcim_iounmap(struct pci_dev *dev, void *cookie);
void *const *pcim_iomap_table(struct pci_dev *dev);
void *pcim_iomap(struct pci_dev *dev, int bar, unsigned long max);
void *pci_iomap(struct pci_dev *dev, int bar, unsigned long max);
void *pci_ioremap_bar(struct pci_dev *dev, int bar);
void pci_iounmap(struct pci_dev *dev, void *cookie);
int pci_select_bars(struct pci_dev *dev, unsigned long flags);
int pci_read_config_byte(const struct pci_dev *dev, int where, u8 *value);
int pci_read_config_word(const struct pci_dev *dev, int where, u16 *value);
int pci_read_config_dword(const struct pci_dev *dev, int where, u32 *value);
int pci_write_config_byte(const struct pci_dev *dev, int where, u8 value);
int pci_write_config_word(const struct pci_dev *dev, int where, u16 value);
int pci_write_config_dword(const struct pci_dev *dev, int where, u32 value);
u8 pci_find_capability(struct pci_dev *dev, int capability);
u8 pci_find_next_capability(struct pci_dev *dev, u8 from, int capability);
int pcie_capability_read_word(struct pci_dev *dev, int pos, u16 *value);
int pcie_capability_read_dword(struct pci_dev *dev, int pos, u32 *value);
struct pci_bus *pci_find_bus(int domain, int number);
bool pci_check_and_mask_intx(struct pci_dev *dev);
bool pci_check_and_unmask_intx(struct pci_dev *dev);
bool pci_intx_mask_supported(struct pci_dev *dev);
struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device, struct pci_dev *from);
struct pci_dev *pci_get_subsys(unsigned int vendor, unsigned int device, unsigned int ss_vendor,
                               unsigned int ss_device, struct pci_dev *from);
struct pci_dev *pci_get_slot(struct pci_bus *bus, unsigned int devfn);
int pci_dev_present(const struct pci_device_id *ids);
const struct pci_device_id *pci_match_id(const struct pci_device_id *ids, struct pci_dev *dev);
struct pci_dev *pci_get_domain_bus_and_slot(int domain, unsigned int bus, unsigned int devfn);
struct pci_dev *pci_get_class(unsigned int cls, struct pci_dev *from);
struct pci_dev *pci_dev_get(struct pci_dev *dev);
void pci_dev_put(struct pci_dev *dev);
int pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int min, unsigned int max, unsigned int flags);
int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min, unsigned int max, unsigned int flags,
                                   struct irq_affinity *affinity);
void pci_free_irq_vectors(struct pci_dev *dev);
int pci_irq_vector(struct pci_dev *dev, unsigned int nr);
int pci_enable_msi(struct pci_dev *dev);
int pci_msi_vec_count(struct pci_dev *dev);
int pci_msix_vec_count(struct pci_dev *dev);
int pci_msi_enabled(void);
void pci_disable_msi(struct pci_dev *dev);
int pci_enable_msix_range(struct pci_dev *dev, struct msix_entry *entries, int min, int max);
void pci_disable_msix(struct pci_dev *dev);
int pci_save_state(struct pci_dev *dev);
void pci_restore_state(struct pci_dev *dev);
int pci_set_power_state(struct pci_dev *dev, int state);
int pci_wake_from_d3(struct pci_dev *dev, bool enable);

extern const struct bus_type pci_bus_type;

IRQLAB_ABI_END

#endif
