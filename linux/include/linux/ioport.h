/* SPDX-License-Identifier: MIT */
/* linux/ioport.h: who owns which ports and device memory. */
#ifndef _LINUX_IOPORT_H
#define _LINUX_IOPORT_H
#include <linux/compiler.h>
#include <linux/types.h>
#include <abi/io.h>
#define request_region(start, n, name) __request_region(&ioport_resource, (start), (n), (name), 0)
#define request_muxed_region(start, n, name) __request_region(&ioport_resource, (start), (n), (name), IORESOURCE_MUXED)
#define request_mem_region(start, n, name) __request_region(&iomem_resource, (start), (n), (name), 0)
#define request_mem_region_exclusive(start, n, name)                                                                \
    __request_region(&iomem_resource, (start), (n), (name), IORESOURCE_EXCLUSIVE)
#define release_region(start, n) __release_region(&ioport_resource, (start), (n))
#define release_mem_region(start, n) __release_region(&iomem_resource, (start), (n))
#define devm_request_region(dev, start, n, name) __devm_request_region(dev, &ioport_resource, (start), (n), (name))
#define devm_request_mem_region(dev, start, n, name) __devm_request_region(dev, &iomem_resource, (start), (n), (name))
#define DEFINE_RES_MEM(s, size) { .start = (s), .end = (s) + (size)-1, .flags = IORESOURCE_MEM }
#define DEFINE_RES_IO(s, size) { .start = (s), .end = (s) + (size)-1, .flags = IORESOURCE_IO }
#define DEFINE_RES_IRQ(irq) { .start = (irq), .end = (irq), .flags = IORESOURCE_IRQ }
static inline resource_size_t resource_size(const struct resource *resource)
{
    return resource->end - resource->start + 1;
}
static inline unsigned long resource_type(const struct resource *resource) { return resource->flags & 0x1f00; }
#endif
