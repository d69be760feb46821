// SPDX-License-Identifier: MIT OR GPL-2.0
/* numbers: what a name stands for. A program and a driver must agree on these: [MAN2], [MAN3] errno, ioctl, open, poll,
 * inode, signal, capabilities; the rest [LX include/linux]. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioctl.h>
#include <linux/jiffies.h>
#include <linux/kdev_t.h>
#include <linux/miscdevice.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/uidgid.h>
#include <asm/ptrace.h>
#include "api.h"

static void errors(void)
{
	expect(EPERM == 1 && ENOENT == 2 && EINTR == 4 && EIO == 5);
	expect(EAGAIN == 11 && ENOMEM == 12 && EFAULT == 14 && EBUSY == 16);
	expect(ENODEV == 19 && EINVAL == 22 && ENOTTY == 25);
	expect(ERESTARTSYS == 512 && EIOCBQUEUED == 529); /* never seen by a program */
	expect(IS_ERR(ERR_PTR(-ENOMEM)) && PTR_ERR(ERR_PTR(-ENOMEM)) == -ENOMEM);
	expect(IS_ERR((void *)-4095L) && !IS_ERR((void *)-4096L) && !IS_ERR(NULL));
}

static void ioctls(void)
{
	unsigned int both = _IOWR('k', 4, long);

	expect(_IO('k', 1) == 0x6b01);
	expect(_IOR('k', 2, int) == 0x80046b02);
	expect(_IOW('k', 3, char[16]) == 0x40106b03);
	expect(both == 0xc0086b04);
	expect(_IOC_DIR(both) == (_IOC_READ | _IOC_WRITE));
	expect(_IOC_TYPE(both) == 'k' && _IOC_NR(both) == 4 && _IOC_SIZE(both) == sizeof(long));
	expect(_IOC_DIR(_IOR('k', 2, int)) == _IOC_READ && _IOC_DIR(_IOW('k', 2, int)) == _IOC_WRITE);
}

static void files(void)
{
	expect(S_IRUSR == 0400 && S_IWUSR == 0200 && S_IRGRP == 040 && S_IROTH == 04);
	expect(S_IRUGO == (S_IRUSR | S_IRGRP | S_IROTH));
	expect(O_ACCMODE == 3 && O_WRONLY == 1 && O_NONBLOCK == 04000);
	expect(FMODE_READ == 1 && FMODE_WRITE == 2 && WRITE == 1);
	expect(POLLIN == 1 && POLLOUT == 4 && POLLRDNORM == 0x40 && POLLWRNORM == 0x100);
	expect(SIGIO == 29 && (POLL_IN & 0xffff) == 1);
	expect(CAP_DAC_OVERRIDE == 1 && CAP_SYS_ADMIN == 21);
	expect(CLOCK_REALTIME == 0 && CLOCK_MONOTONIC == 1);
	expect(MISC_DYNAMIC_MINOR == 255);
	expect(uid_eq(GLOBAL_ROOT_UID, KUIDT_INIT(0)) && gid_eq(GLOBAL_ROOT_GID, KGIDT_INIT(0)));
}

static void interrupts(void)
{
	expect(IRQ_NONE == 0 && IRQ_HANDLED == 1 && IRQ_WAKE_THREAD == 2);
	expect(IRQF_TRIGGER_RISING == 1 && IRQF_TRIGGER_FALLING == 2);
	expect(IRQF_TRIGGER_HIGH == 4 && IRQF_TRIGGER_LOW == 8 && IRQF_SHARED == 0x80);
	expect(TASK_INTERRUPTIBLE == 1 && TASK_UNINTERRUPTIBLE == 2);
}

/* Where a program or a debugger finds the registers of an interrupted context. */
static void registers(void)
{
	struct pt_regs regs = { .ip = 0x401000, .cs = 0x33 };

	expect(sizeof(regs) == 21 * 8 && offsetof(struct pt_regs, orig_ax) == 15 * 8);
	expect(offsetof(struct pt_regs, ip) == 16 * 8 && offsetof(struct pt_regs, ss) == 20 * 8);
	expect(user_mode(&regs) && instruction_pointer(&regs) == 0x401000);
	regs.cs = 0x10;
	expect(!user_mode(&regs));
}

static void devices(void)
{
	dev_t device = MKDEV(1234, 0xabcde);

	expect(MAJOR(device) == 1234 && MINOR(device) == 0xabcde);
	expect(device == (1234 << 20 | 0xabcde) && sizeof(dev_t) == 4);
	expect(PAGE_SIZE == 4096 && PAGE_SIZE == 1UL << PAGE_SHIFT);
	expect(DMA_BIT_MASK(24) == 0xffffff && DMA_BIT_MASK(64) == ~0ULL);
	expect(HZ == 250); /* Debian's */
}

static void types(void)
{
	expect(sizeof(u8) == 1 && sizeof(u32) == 4 && sizeof(u64) == 8);
	expect(sizeof(uint8_t) == 1 && sizeof(uint32_t) == 4);
	expect((u8)-1 == 255 && (uint8_t)-1 == 255 && (u32)-1 > 0 && (uint32_t)-1 > 0 && (u64)-1 > 0);
	expect(sizeof(loff_t) == 8 && sizeof(off_t) == 8 && (loff_t)-1 < 0 && (off_t)-1 < 0);
	expect(sizeof(size_t) == 8 && sizeof(ssize_t) == 8 && (ssize_t)-1 < 0);
	expect(sizeof(sector_t) == 8 && sizeof(resource_size_t) == 8 && sizeof(dma_addr_t) == 8);
	expect(sizeof(ktime_t) == 8);
#ifndef CONFIG_COMPAT
	expect(!"amd64's configuration has CONFIG_COMPAT");
#endif
	expect(KERNEL_VERSION(6, 1, 0) == 0x060100);
	expect(LINUX_VERSION_CODE >= KERNEL_VERSION(5, 4, 0) && LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0));
}

static int evaluated(int *times)
{
	(*times)++;
	return 7;
}

static void small_things(void)
{
	static const u32 table[13];
	int times = 0;

	expect(min(3, -4) == -4 && max(3, -4) == 3);
	expect(min(evaluated(&times), 9) == 7 && max(evaluated(&times), 2) == 7 && times == 2);
	expect(ARRAY_SIZE(table) == 13);
	if (unlikely(evaluated(&times) != 7))
		expect(!"unlikely keeps the value");
	BUG_ON(evaluated(&times) != 7);
	expect(times == 4);
	expect(capable(CAP_SYS_ADMIN) && capable(CAP_DAC_OVERRIDE)); /* insmod is root's */
}

static int __init numbers_init(void)
{
	errors();
	ioctls();
	files();
	interrupts();
	registers();
	devices();
	types();
	small_things();
	return api_answer("constants and types");
}

static void __exit numbers_exit(void)
{
}

module_init(numbers_init);
module_exit(numbers_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("constants and types");
MODULE_AUTHOR("irqlab");
MODULE_VERSION("3.14");
