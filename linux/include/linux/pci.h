/* SPDX-License-Identifier: MIT */
/* linux/pci.h: PCI devices. */
#ifndef _LINUX_PCI_H
#define _LINUX_PCI_H
#include <linux/mod_devicetable.h>
#include <linux/types.h>
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kobject.h>
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/pci_ids.h>
#include <linux/dma-mapping.h>
#include <uapi/linux/pci_regs.h>
#include <abi/pci.h>

#define PCI_DEVFN(slot, func) ((((slot)&0x1f) << 3) | ((func)&0x07))
#define PCI_SLOT(devfn) (((devfn) >> 3) & 0x1f)
#define PCI_FUNC(devfn) ((devfn)&0x07)
#define PCI_DEVICE(vend, dev) .vendor = (vend), .device = (dev), .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID
#define PCI_DEVICE_SUB(vend, dev, subvend, subdev)                                                                  \
    .vendor = (vend), .device = (dev), .subvendor = (subvend), .subdevice = (subdev)
#define PCI_DEVICE_CLASS(dev_class, dev_class_mask)                                                                 \
    .class = (dev_class), .class_mask = (dev_class_mask), .vendor = PCI_ANY_ID, .device = PCI_ANY_ID,               \
    .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID
#define PCI_VDEVICE(vend, dev)                                                                                      \
    .vendor = PCI_VENDOR_ID_##vend, .device = (dev), .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID, 0, 0
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#define PCI_IRQ_ALL_TYPES (PCI_IRQ_LEGACY | PCI_IRQ_MSI | PCI_IRQ_MSIX)
#define PCI_NUM_RESOURCES 17
#define PCI_ROM_RESOURCE 6
#define PCI_D0 0
#define PCI_D1 1
#define PCI_D2 2
#define PCI_D3hot 3
#define PCI_D3cold 4
typedef int pci_power_t;
#define pci_choose_state(dev, state) PCI_D3hot

#define pci_resource_start(dev, bar) ((dev)->resource[(bar)].start)
#define pci_resource_end(dev, bar) ((dev)->resource[(bar)].end)
#define pci_resource_flags(dev, bar) ((dev)->resource[(bar)].flags)
#define pci_resource_len(dev, bar)                                                                                  \
    (pci_resource_end((dev), (bar)) == 0 ? 0 : pci_resource_end((dev), (bar)) - pci_resource_start((dev), (bar)) + 1)
#define pci_register_driver(driver) __pci_register_driver(driver, THIS_MODULE, KBUILD_MODNAME)
#define module_pci_driver(driver) module_driver(driver, pci_register_driver, pci_unregister_driver)
#define to_pci_dev(x) container_of(x, struct pci_dev, dev)
#define to_pci_driver(x) container_of(x, struct pci_driver, driver)
static inline const char *pci_name(const struct pci_dev *pdev) { return dev_name(&pdev->dev); }
static inline void *pci_get_drvdata(struct pci_dev *pdev) { return dev_get_drvdata(&pdev->dev); }
static inline void pci_set_drvdata(struct pci_dev *pdev, void *data) { dev_set_drvdata(&pdev->dev, data); }
static inline bool pci_dev_msi_enabled(struct pci_dev *pdev) { return pdev->msi_enabled || pdev->msix_enabled; }
static inline int pci_enable_msix_exact(struct pci_dev *dev, struct msix_entry *entries, int count)
{
    int rc = pci_enable_msix_range(dev, entries, count, count);
    return rc < 0 ? rc : 0;
}
#define PCI_DEVICE_DATA(vend, dev, data)                                                                            \
    .vendor = PCI_VENDOR_ID_##vend, .device = PCI_DEVICE_ID_##vend##_##dev, .subvendor = PCI_ANY_ID,                \
    .subdevice = PCI_ANY_ID, 0, 0, .driver_data = (kernel_ulong_t)(data)
#define PCI_DEVID(bus, devfn) ((((u16)(bus)) << 8) | (devfn))
static inline u16 pci_dev_id(struct pci_dev *dev) { return PCI_DEVID(dev->bus->number, dev->devfn); }
static inline int pci_domain_nr(struct pci_bus *bus) { return 0; }
static inline struct resource *pci_resource_n(struct pci_dev *dev, int bar) { return &dev->resource[bar]; }
static inline int pci_is_managed(struct pci_dev *pdev) { return pdev->is_managed; }
static inline bool pci_is_enabled(struct pci_dev *pdev) { return atomic_read(&pdev->enable_cnt) > 0; }
#define for_each_pci_dev(d) while ((d = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, d)) != NULL)
#if IRQLAB_KERNEL < 0x051200
static inline int pci_set_dma_mask(struct pci_dev *dev, u64 mask) { return dma_set_mask(&dev->dev, mask); }
static inline int pci_set_consistent_dma_mask(struct pci_dev *dev, u64 mask)
{
    return dma_set_coherent_mask(&dev->dev, mask);
}
static inline void *pci_alloc_consistent(struct pci_dev *dev, size_t size, dma_addr_t *handle)
{
    return dma_alloc_coherent(&dev->dev, size, handle, GFP_ATOMIC);
}
static inline void pci_free_consistent(struct pci_dev *dev, size_t size, void *addr, dma_addr_t handle)
{
    dma_free_coherent(&dev->dev, size, addr, handle);
}
#define PCI_DMA_BIDIRECTIONAL 0
#define PCI_DMA_TODEVICE 1
#define PCI_DMA_FROMDEVICE 2
#endif
#endif
