// SPDX-License-Identifier: MIT
/* pci_plain: QEMU's edu, with everything taken and given back by hand; and what Linux answers to the careless. */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

enum { identification = 0, factorial = 8, status = 0x20, interrupts = 0x24, raise = 0x60, ack = 0x64 };

static bool early;
module_param(early, bool, 0444); /* vectors are asked for before the device is enabled */

struct plain {
    void __iomem *io;
    void *memory;
    dma_addr_t handle;
    int irq, count;
};

static irqreturn_t handler(int irq, void *id)
{
    struct plain *p = pci_get_drvdata(id);
    u32 bits = ioread32(p->io + interrupts);
    if (!bits)
        return IRQ_NONE;
    iowrite32(bits, p->io + ack);
    p->count++;
    return IRQ_HANDLED;
}

static void count_functions(void)
{
    struct pci_dev *found = NULL;
    int functions = 0;
    for_each_pci_dev(found)
        functions++;
    found = pci_get_domain_bus_and_slot(0, 0, PCI_DEVFN(0, 0));
    pr_info("pci_plain: %d functions, the first is a bridge: %d\n", functions, found && found->class >> 16 == 6);
    pci_dev_put(found);
}

static void try_state(struct pci_dev *dev)
{
    u32 bar, lost, back;
    pci_save_state(dev);
    pci_read_config_dword(dev, PCI_BASE_ADDRESS_0, &bar);
    pci_write_config_dword(dev, PCI_BASE_ADDRESS_0, 0);
    pci_read_config_dword(dev, PCI_BASE_ADDRESS_0, &lost);
    pci_restore_state(dev);
    pci_read_config_dword(dev, PCI_BASE_ADDRESS_0, &back);
    pr_info("pci_plain: lost %d, restored %d\n", lost == 0, back == bar);
}

static void try_intx(struct pci_dev *dev, struct plain *p)
{
    int before = p->count;
    pci_intx(dev, 0);
    iowrite32(1, p->io + raise);
    udelay(50);
    pr_info("pci_plain: held back %d\n", p->count == before);
    pci_intx(dev, 1);
    udelay(50);
    pr_info("pci_plain: came %d\n", p->count == before + 1);
}

static int probe(struct pci_dev *dev, const struct pci_device_id *id)
{
    struct plain *p = kzalloc(sizeof(*p), GFP_KERNEL);
    u16 vendor;
    u8 pin;

    pci_set_drvdata(dev, p);
    if (early)
        pr_info("pci_plain: too early: %d\n", pci_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI));
    if (pci_enable_device(dev))
        return -ENODEV;
    pr_info("pci_plain: regions %d", pci_request_regions(dev, "pci_plain"));
    pr_cont(", and again %d\n", pci_request_region(dev, 0, "pci_plain"));
    pci_set_master(dev);
    p->io = pci_iomap(dev, 0, pci_resource_len(dev, 0));
    pci_read_config_word(dev, PCI_VENDOR_ID, &vendor);
    pci_read_config_byte(dev, PCI_INTERRUPT_PIN, &pin);
    pr_info("pci_plain: %s is %04x, pin %u, memory %d of %llx at %llx to %llx, says %08x\n", pci_name(dev), vendor, pin,
            !!(pci_resource_flags(dev, 0) & IORESOURCE_MEM), (u64)pci_resource_len(dev, 0),
            (u64)pci_resource_start(dev, 0), (u64)pci_resource_end(dev, 0), ioread32(p->io + identification));
    pr_info("pci_plain: two vectors %d, an odd place %d\n", pci_alloc_irq_vectors(dev, 2, 2, PCI_IRQ_ALL_TYPES),
            pci_read_config_word(dev, 3, &vendor));
    if (dma_set_mask_and_coherent(&dev->dev, DMA_BIT_MASK(28)))
        return -EIO;
    p->memory = dma_alloc_coherent(&dev->dev, 8192, &p->handle, GFP_KERNEL);
    pr_info("pci_plain: memory that it reaches %d\n", p->memory && p->handle + 8192 <= DMA_BIT_MASK(28));
    if (request_irq(dev->irq, handler, IRQF_SHARED, "pci_plain", dev))
        return -EBUSY;
    count_functions();
    try_state(dev);
    try_intx(dev, p);
    free_irq(dev->irq, dev);
    if (pci_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_ALL_TYPES) < 0)
        return -ENOSPC;
    p->irq = pci_irq_vector(dev, 0);
    return request_irq(p->irq, handler, 0, "pci_plain", dev);
}

static void removed(struct pci_dev *dev)
{
    struct plain *p = pci_get_drvdata(dev);
    iowrite32(0x80, p->io + status);
    iowrite32(5, p->io + factorial);
    msleep(1);
    pr_info("pci_plain: 5! is %u, interrupts %d, MSI %d\n", ioread32(p->io + factorial), p->count,
            pci_dev_msi_enabled(dev));
    free_irq(p->irq, dev);
    pci_free_irq_vectors(dev);
    dma_free_coherent(&dev->dev, 8192, p->memory, p->handle);
    pci_iounmap(dev, p->io);
    pci_release_regions(dev);
    pci_disable_device(dev);
    pr_info("pci_plain: enabled %d, irq %u\n", pci_is_enabled(dev), dev->irq);
    pci_disable_device(dev);
    kfree(p);
}

static const struct pci_device_id ids[] = {{PCI_DEVICE(0x1234, 0x11e8)}, {}};
MODULE_DEVICE_TABLE(pci, ids);
static struct pci_driver driver = {.name = "pci_plain", .id_table = ids, .probe = probe, .remove = removed};

static int __init start(void)
{
    return pci_register_driver(&driver);
}
static void __exit stop(void)
{
    pci_unregister_driver(&driver);
}
module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
