// SPDX-License-Identifier: MIT
/* pci_edu: QEMU's edu, with what the driver core gives back by itself. One transfer to the device and back. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/version.h>

static int bits = 28;
module_param(bits, int, 0444);
static int wrong;
module_param(wrong, int, 0444); /* 1: static memory is mapped; 2: no bus master */

enum { status = 0x24, ack = 0x64, source = 0x80, destination = 0x88, count = 0x90, command = 0x98, buffer = 0x40000 };
struct state {
    void __iomem *io;
    struct completion done;
};
static char fixed[16];

static irqreturn_t handler(int irq, void *id)
{
    struct state *s = id;
    u32 bits_set = readl(s->io + status);
    if (!bits_set)
        return IRQ_NONE;
    writel(bits_set, s->io + ack);
    complete(&s->done);
    return IRQ_HANDLED;
}

static void move(struct state *s, u64 from, u64 to, u64 bytes, u64 what)
{
    reinit_completion(&s->done);
    writeq(from, s->io + source);
    writeq(to, s->io + destination);
    writeq(bytes, s->io + count);
    writeq(what | 5, s->io + command);
    if (!wait_for_completion_timeout(&s->done, HZ))
        pr_info("pci_edu: no end of the transfer\n");
}

static void there_and_back(struct pci_dev *dev, struct state *s)
{
    dma_addr_t coherent, single;
    char *back = dmam_alloc_coherent(&dev->dev, 4096, &coherent, GFP_KERNEL);
    char *out = devm_kzalloc(&dev->dev, 16, GFP_KERNEL);
    if (!back) {
        pr_info("pci_edu: no coherent memory\n");
        return;
    }
    strcpy(out, "over the bus");
    single = dma_map_single(&dev->dev, wrong == 1 ? fixed : out, 16, DMA_TO_DEVICE);
    if (dma_mapping_error(&dev->dev, single)) {
        pr_info("pci_edu: not mapped\n");
        return;
    }
    move(s, single, buffer + 100, 16, 0);
    dma_unmap_single(&dev->dev, single, 16, DMA_TO_DEVICE);
    move(s, buffer + 100, coherent + 8, 16, 2);
    pr_info("pci_edu: back came '%s'\n", back + 8);
}

static int probe(struct pci_dev *dev, const struct pci_device_id *id)
{
    struct state *s = devm_kzalloc(&dev->dev, sizeof(*s), GFP_KERNEL);
    u8 line;
    int err;

    init_completion(&s->done);
    err = pcim_enable_device(dev);
    if (!err)
        err = pcim_iomap_regions(dev, 1, "pci_edu");
    if (err)
        return err;
    s->io = pcim_iomap_table(dev)[0];
    if (wrong != 2)
        pci_set_master(dev);
    err = dma_set_mask_and_coherent(&dev->dev, DMA_BIT_MASK(bits));
    if (err) {
        pr_info("pci_edu: mask refused: %d\n", err);
        return err;
    }
    pci_read_config_byte(dev, PCI_INTERRUPT_LINE, &line);
    pr_info("pci_edu: data %lu, line %u, irq %u, MSI capability at %x, BAR %pR\n", id->driver_data, line, dev->irq,
            pci_find_capability(dev, PCI_CAP_ID_MSI), &dev->resource[0]);
    err = pci_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_LEGACY);
    pr_info("pci_edu: vectors %d, MSI %d, irq %d\n", err, dev->msi_enabled, pci_irq_vector(dev, 0));
    err = devm_request_irq(&dev->dev, pci_irq_vector(dev, 0), handler, IRQF_SHARED, "pci_edu", s);
    if (err)
        return err;
    pci_set_drvdata(dev, s);
    there_and_back(dev, s);
    return 0;
}

static void removed(struct pci_dev *dev) { pr_info("pci_edu: removed, data %d\n", pci_get_drvdata(dev) != NULL); }

static const struct pci_device_id ids[] = {{PCI_DEVICE(0x1234, 0x11e8), .driver_data = 7}, {}};
MODULE_DEVICE_TABLE(pci, ids);
static struct pci_driver driver = {.name = "pci_edu", .id_table = ids, .probe = probe, .remove = removed};
module_pci_driver(driver);
MODULE_LICENSE("GPL");
