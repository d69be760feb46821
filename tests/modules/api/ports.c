// SPDX-License-Identifier: MIT OR GPL-2.0
/* ports: port I/O and device memory, on chips that every PC has: the RTC's memory behind 0x70, the I/O APIC's page.
 * [LX driver-api/device-io]. */
#include <linux/io.h>
#include <linux/ioport.h>
#include "api.h"

#define IO_APIC 0xfec00000UL

static void port_io(void)
{
	u8 saved, index = 0x40; /* a byte of CMOS that nobody minds */

	outb(index, 0x70);
	saved = inb(0x71);
	outb(index, 0x70);
	outb_p(0x5a, 0x71);
	outb(index, 0x70);
	expect(inb(0x71) == 0x5a);
	outb(index, 0x70);
	outb(saved, 0x71);
	expect(inb(0x350) == 0xff); /* no device there */
}

static void regions(void)
{
	struct resource *mine = request_region(0x340, 8, "api_ports");

	expect(mine && mine->start == 0x340 && mine->end == 0x347);
	expect(!request_region(0x344, 8, "api_overlap"));
	release_region(0x340, 8);
	expect(request_region(0x344, 8, "api_overlap"));
	release_region(0x344, 8);
	expect(!request_region(0x70, 2, "api_rtc")); /* the kernel's own */
}

/* Register 1 is the version: 24 entries, 0x11 or 0x20. */
static void device_memory(void)
{
	void __iomem *page = ioremap(IO_APIC, 0x1000);
	u32 version;

	expect(page);
	if (!page)
		return;
	writel(1, page);
	version = readl(page + 0x10);
	expect((version >> 16 & 0xff) == 23 && ((version & 0xff) == 0x11 || (version & 0xff) == 0x20));
	iowrite32(0, page);
	expect(ioread32(page) == 0);
	iowrite32(1, page);
	expect(ioread32(page) == 1 && ioread32(page + 0x10) == version);
	iounmap(page);
}

/* The byte-wide ones take ports and memory alike. */
static void either(void)
{
	void __iomem *cmos = ioport_map(0x70, 2);

	expect(cmos);
	if (!cmos)
		return;
	iowrite8(0x0d, cmos);
	expect(ioread8(cmos + 1) == 0x80); /* register D: the battery is good */
	ioport_unmap(cmos);
}

static int __init ports_init(void)
{
	port_io();
	regions();
	device_memory();
	either();
	return api_answer("ports and device memory");
}

static void __exit ports_exit(void)
{
}

module_init(ports_init);
module_exit(ports_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("ports and device memory");
