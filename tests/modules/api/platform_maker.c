// SPDX-License-Identifier: MIT OR GPL-2.0
/* platform_maker: the device of platform.c, with eight ports and a line. */
#include <linux/ioport.h>
#include <linux/platform_device.h>
#include "api.h"

static const struct resource resources[] = {
	{ .start = 0x340, .end = 0x347, .name = "ports", .flags = IORESOURCE_IO },
	{ .start = 10, .end = 10, .name = "line", .flags = IORESOURCE_IRQ },
};
static struct platform_device *board;

static int __init platform_maker_init(void)
{
	board = platform_device_register_simple("api-board", 2, resources, ARRAY_SIZE(resources));
	if (IS_ERR(board))
		return PTR_ERR(board);
	return api_answer("device");
}

static void __exit platform_maker_exit(void)
{
	platform_device_unregister(board);
}

module_init(platform_maker_init);
module_exit(platform_maker_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a platform device");
