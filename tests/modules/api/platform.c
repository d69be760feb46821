// SPDX-License-Identifier: MIT OR GPL-2.0
/* platform: a driver of devices that no bus finds; platform_maker.ko makes one.
 * [LX driver-api/driver-model/platform]. */
#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/mod_devicetable.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include "api.h"

static int platform_probe(struct platform_device *pdev)
{
	struct resource *ports = platform_get_resource(pdev, IORESOURCE_IO, 0);

	expect(!strcmp(pdev->name, "api-board") && pdev->id == 2 && !strcmp(dev_name(&pdev->dev), "api-board.2"));
	expect(ports && ports->start == 0x340 && resource_size(ports) == 8);
	expect(platform_get_irq(pdev, 0) == 10);
	platform_set_drvdata(pdev, ports);
	dev_info(&pdev->dev, "probed\n");
	return api_answer("probe");
}

static void take_away(struct platform_device *pdev)
{
	expect(platform_get_drvdata(pdev) == dev_get_drvdata(&pdev->dev) && dev_get_drvdata(&pdev->dev));
	dev_err(&pdev->dev, "removed\n");
	api_answer("removal");
}

#if SINCE(6, 11)
static void platform_remove(struct platform_device *pdev)
{
	take_away(pdev);
}
#else
static int platform_remove(struct platform_device *pdev)
{
	take_away(pdev);
	return 0;
}
#endif

/* For boards with a device tree; a PC finds the driver by its name. */
static const struct of_device_id platform_of_ids[] = { { .compatible = "irqlab,api-board" }, {} };
MODULE_DEVICE_TABLE(of, platform_of_ids);

static struct platform_driver platform_driver = {
	.probe = platform_probe,
	.remove = platform_remove,
	.driver = { .name = "api-board", .of_match_table = platform_of_ids },
};
module_platform_driver(platform_driver);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a platform driver");
