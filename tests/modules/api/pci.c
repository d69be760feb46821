// SPDX-License-Identifier: MIT OR GPL-2.0
/* pci: a driver that takes and gives back each thing by itself, with QEMU's edu as its device.
 * [LX PCI/pci] "Device Initialization Steps", [LX PCI/msi-howto], [EDU]. */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include "api.h"

enum { identification = 0x00, liveness = 0x04, status = 0x24, raise = 0x60, acknowledge = 0x64 };

struct board {
	void __iomem *registers;
	struct completion interrupted;
	u32 cause;
	int irq;
};

static struct board the_board;
static int probed, removed;

static irqreturn_t handler(int irq, void *data)
{
	struct board *board = data;
	u32 cause = readl(board->registers + status);

	if (!cause)
		return IRQ_NONE;
	writel(cause, board->registers + acknowledge);
	board->cause = cause;
	complete(&board->interrupted);
	return IRQ_HANDLED;
}

static void use(struct pci_dev *dev, struct board *board)
{
	expect(readl(board->registers + identification) == 0x010000ed);
	writel(0x12345678, board->registers + liveness);
	expect(readl(board->registers + liveness) == ~0x12345678u);
	writel(0x20, board->registers + raise);
	expect(wait_for_completion_timeout(&board->interrupted, HZ) > 0);
	expect(board->cause == 0x20 && readl(board->registers + status) == 0);
}

static int interrupts(struct pci_dev *dev, struct board *board)
{
	int vectors = pci_alloc_irq_vectors(dev, 1, 4, PCI_IRQ_ALL_TYPES), error;

	expect(vectors == 1); /* what the device has, of the four */
	if (vectors < 0)
		return vectors;
	board->irq = pci_irq_vector(dev, 0);
	expect(board->irq > 0 && pci_irq_vector(dev, 1) == -EINVAL);
	expect(dev->msi_enabled); /* rather than its line */
	error = request_irq(board->irq, handler, 0, "api_pci", board);
	if (error)
		pci_free_irq_vectors(dev);
	return error;
}

static int pci_probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	struct board *board = &the_board;
	int error = pci_enable_device(dev);

	if (error)
		return error;
	expect(id->vendor == 0x1234 && dev->device == 0x11e8);
	init_completion(&board->interrupted);
	error = pci_request_regions(dev, "api_pci");
	if (error)
		goto disable;
	expect(pci_request_regions(dev, "api_again") == -EBUSY);
	expect(pci_resource_start(dev, 0) && pci_resource_len(dev, 0) == 1 << 20 && pci_resource_len(dev, 1) == 0);
	error = -ENOMEM;
	board->registers = pci_iomap(dev, 0, 0);
	if (!board->registers)
		goto release;
	pci_set_master(dev);
	pci_set_drvdata(dev, board);
	error = interrupts(dev, board);
	if (error)
		goto unmap;
	use(dev, board);
	probed++;
	return 0;
unmap:
	pci_iounmap(dev, board->registers);
release:
	pci_release_regions(dev);
disable:
	pci_disable_device(dev);
	return error;
}

static void pci_remove(struct pci_dev *dev)
{
	struct board *board = pci_get_drvdata(dev);

	expect(board == &the_board);
	free_irq(board->irq, board);
	pci_free_irq_vectors(dev);
	expect(!dev->msi_enabled);
	pci_iounmap(dev, board->registers);
	pci_release_regions(dev);
	pci_disable_device(dev);
	removed++;
}

static const struct pci_device_id pci_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, {} };
MODULE_DEVICE_TABLE(pci, pci_ids);

static struct pci_driver driver = {
	.name = "api_pci", .id_table = pci_ids, .probe = pci_probe, .remove = pci_remove
};

static int __init pci_init(void)
{
	int error = pci_register_driver(&driver);

	if (error)
		return error;
	expect(probed == 1); /* the device is there already */
	error = api_answer("device");
	if (error)
		pci_unregister_driver(&driver);
	return error;
}

static void __exit pci_exit(void)
{
	pci_unregister_driver(&driver);
	expect(removed == 1);
	api_answer("removal");
}

module_init(pci_init);
module_exit(pci_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a PCI driver");
