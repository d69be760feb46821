/* SPDX-License-Identifier: MIT */
/* asm/io.h: ports and device memory. */
#ifndef _ASM_IO_H
#define _ASM_IO_H
#include <linux/string.h>
#include <linux/compiler.h>
#include <asm/page.h>
#include <abi/io.h>
#include <abi/mm.h>

/* One family per width: the letter, the type of a value, its bytes. The ports' arguments are int, as on x86. */
#define __LAB_IO_FAMILY(letter, type, width)                                                                        \
    static inline type in##letter(int port) { return (type)__lab_in##letter((unsigned short)port); }                \
    static inline void out##letter(type value, int port) { __lab_out##letter(value, (unsigned short)port); }        \
    static inline type in##letter##_p(int port) { return in##letter(port); }                                        \
    static inline void out##letter##_p(type value, int port) { out##letter(value, port); }                          \
    static inline void ins##letter(int port, void *to, unsigned long count)                                         \
    {                                                                                                               \
        type *p = to;                                                                                               \
        for (; count--; p++)                                                                                        \
            *p = in##letter(port);                                                                                  \
    }                                                                                                               \
    static inline void outs##letter(int port, const void *from, unsigned long count)                                \
    {                                                                                                               \
        const type *p = from;                                                                                       \
        for (; count--; p++)                                                                                        \
            out##letter(*p, port);                                                                                  \
    }
__LAB_IO_FAMILY(b, unsigned char, 1)
__LAB_IO_FAMILY(w, unsigned short, 2)
__LAB_IO_FAMILY(l, unsigned int, 4)
#define inb inb
#define outb outb
#define inw inw
#define outw outw
#define inl inl
#define outl outl
#define inb_p inb_p
#define outb_p outb_p

#define __LAB_MMIO_FAMILY(letter, type, width)                                                                      \
    static inline type read##letter(const volatile void __iomem *addr) { return (type)__lab_mmio_read(addr, width); } \
    static inline void write##letter(type value, volatile void __iomem *addr)                                       \
    {                                                                                                               \
        __lab_mmio_write(addr, value, width);                                                                       \
    }                                                                                                               \
    static inline type read##letter##_relaxed(const volatile void __iomem *addr) { return read##letter(addr); }     \
    static inline void write##letter##_relaxed(type value, volatile void __iomem *addr) { write##letter(value, addr); } \
    static inline type __raw_read##letter(const volatile void __iomem *addr) { return read##letter(addr); }         \
    static inline void __raw_write##letter(type value, volatile void __iomem *addr) { write##letter(value, addr); }
__LAB_MMIO_FAMILY(b, unsigned char, 1)
__LAB_MMIO_FAMILY(w, unsigned short, 2)
__LAB_MMIO_FAMILY(l, unsigned int, 4)
__LAB_MMIO_FAMILY(q, u64, 8)

#define ioread8(addr) ((unsigned int)readb(addr))
#define ioread16(addr) ((unsigned int)readw(addr))
#define ioread32(addr) readl(addr)
#define ioread64(addr) readq(addr)
#define iowrite8(value, addr) writeb((u8)(value), addr)
#define iowrite16(value, addr) writew((u16)(value), addr)
#define iowrite32(value, addr) writel((u32)(value), addr)
#define iowrite64(value, addr) writeq((u64)(value), addr)
#define ioread16be(addr) ((unsigned int)__builtin_bswap16(readw(addr)))
#define ioread32be(addr) __builtin_bswap32(readl(addr))
#define iowrite16be(value, addr) writew(__builtin_bswap16(value), addr)
#define iowrite32be(value, addr) writel(__builtin_bswap32(value), addr)
#define __LAB_IOREP_FAMILY(bits, type)                                                                              \
    static inline void ioread##bits##_rep(const void __iomem *addr, void *to, unsigned long count)                  \
    {                                                                                                               \
        type *p = to;                                                                                               \
        for (; count--; p++)                                                                                        \
            *p = (type)ioread##bits(addr);                                                                          \
    }                                                                                                               \
    static inline void iowrite##bits##_rep(void __iomem *addr, const void *from, unsigned long count)               \
    {                                                                                                               \
        const type *p = from;                                                                                       \
        for (; count--; p++)                                                                                        \
            iowrite##bits(*p, addr);                                                                                \
    }
__LAB_IOREP_FAMILY(8, u8)
__LAB_IOREP_FAMILY(16, u16)
__LAB_IOREP_FAMILY(32, u32)

static inline void memcpy_fromio(void *to, const volatile void __iomem *from, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        ((u8 *)to)[i] = readb((const volatile u8 *)from + i);
}
static inline void memcpy_toio(volatile void __iomem *to, const void *from, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        writeb(((const u8 *)from)[i], (volatile u8 *)to + i);
}
static inline void memset_io(volatile void __iomem *to, int value, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        writeb((u8)value, (volatile u8 *)to + i);
}
#define ioremap_uc(start, size) ioremap(start, size)
#if IRQLAB_KERNEL < 0x050600
#define ioremap_nocache(start, size) ioremap(start, size)
#endif
#define virt_to_phys(addr) __lab_virt_to_phys(addr)
#define phys_to_virt(addr) __lab_phys_to_virt(addr)
#define virt_to_bus(addr) ((unsigned long)__lab_virt_to_phys(addr))
#define IO_SPACE_LIMIT 0xffff
#endif
