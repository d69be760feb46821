/* SPDX-License-Identifier: MIT */
/* io.h: port and device-memory access, resources. Ports and cookies are the modelled machine's. */
#ifndef IRQLAB_ABI_IO_H
#define IRQLAB_ABI_IO_H

#include "base.h"

IRQLAB_ABI_BEGIN

unsigned char __lab_inb(unsigned short port);
unsigned short __lab_inw(unsigned short port);
unsigned int __lab_inl(unsigned short port);
void __lab_outb(unsigned char value, unsigned short port);
void __lab_outw(unsigned short value, unsigned short port);
void __lab_outl(unsigned int value, unsigned short port);

/* `width` bytes (1, 2, 4, 8) at a cookie of ioremap, pci_iomap or ioport_map. */
u64 __lab_mmio_read(const volatile void *addr, int width);
void __lab_mmio_write(volatile void *addr, u64 value, int width);
void *ioport_map(unsigned long port, unsigned int count);
void ioport_unmap(void *cookie);

struct resource {
    resource_size_t start, end;
    const char *name;
    unsigned long flags;
    unsigned long desc;
    struct resource *parent, *sibling, *child;
    void *__lab;
};
#define IORESOURCE_IO 0x00000100
#define IORESOURCE_MEM 0x00000200
#define IORESOURCE_IRQ 0x00000400
#define IORESOURCE_DMA 0x00000800
#define IORESOURCE_BUS 0x00001000
#define IORESOURCE_PREFETCH 0x00002000
#define IORESOURCE_MUXED 0x00400000
#define IORESOURCE_EXCLUSIVE 0x08000000
#define IORESOURCE_BUSY 0x80000000
extern struct resource ioport_resource, iomem_resource;
struct resource *__request_region(struct resource *parent, resource_size_t start, resource_size_t n, const char *name,
                                  int flags);
void __release_region(struct resource *parent, resource_size_t start, resource_size_t n);
struct resource *__devm_request_region(struct device *dev, struct resource *parent, resource_size_t start,
                                       resource_size_t n, const char *name);
int request_resource(struct resource *root, struct resource *resource);
int release_resource(struct resource *resource);

IRQLAB_ABI_END

#endif
