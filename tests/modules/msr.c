// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * msr: one access to a model-specific register, in one of the ways that a driver has.
 *
 *   insmod msr.ko how=read|raw_read|safe_read|read_on|write|raw_write|safe_write|write_on|tsc|page
 *                 msr=0x10 value=0 cpu=0 times=1
 */
#include <asm/msr.h>
#include <asm/tsc.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/string.h>

static char *how = "read";
module_param(how, charp, 0444);
static unsigned int msr = 0x10;
module_param(msr, uint, 0444);
static unsigned long value;
module_param(value, ulong, 0444);
static unsigned int cpu;
module_param(cpu, uint, 0444);
static int times = 1;
module_param(times, int, 0444);

static u64 cycles(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

/* All of the counter's readers count alike, and as fast as the kernel says. */
static void compare_counters(void)
{
	u64 ns = ktime_get_ns(), first = cycles(), second, third, per_ms;

	mdelay(10);
	per_ms = (cycles() - first) * 1000000 / (ktime_get_ns() - ns);
	pr_info("msr: %s\n", per_ms > tsc_khz / 100 * 99 && per_ms < tsc_khz / 100 * 101 ? "as tsc_khz says" : "not");
	first = cycles();
	rdmsrl(MSR_IA32_TSC, second);
	third = rdtsc();
	pr_info("msr: %s\n", first <= second && second <= third && third - first < 100000 ? "one counter" : "three");
	pr_info("msr: %u kHz\n", tsc_khz);
}

static void read_page(void)
{
	void __iomem *page = ioremap(0xfee00000, 0x400);

	pr_info("msr: page %08x\n", readl(page + 0x30));
	iounmap(page);
}

static noinline void access(void)
{
	u32 low = value, high = value >> 32;
	u64 whole = 0x1234;
	int error = 0;

	if (!strcmp(how, "read"))
		rdmsrl(msr, whole);
	else if (!strcmp(how, "raw_read")) {
		asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
		whole = (u64)high << 32 | low;
	} else if (!strcmp(how, "safe_read"))
		error = rdmsrl_safe(msr, &whole);
	else if (!strcmp(how, "read_on"))
		error = rdmsrl_on_cpu(cpu, msr, &whole);
	else if (!strcmp(how, "write"))
		wrmsrl(msr, value);
	else if (!strcmp(how, "raw_write"))
		asm volatile("wrmsr" : : "c"(msr), "a"(low), "d"(high));
	else if (!strcmp(how, "safe_write"))
		error = wrmsr_safe(msr, low, high);
	else if (!strcmp(how, "write_on"))
		error = wrmsr_on_cpu(cpu, msr, low, high);
	pr_info("msr: %s %x: error %d, value %llx\n", how, msr, error, whole);
}

static int __init msr_init(void)
{
	if (!strcmp(how, "tsc"))
		compare_counters();
	else if (!strcmp(how, "page"))
		read_page();
	else
		while (times--)
			access();
	return 0;
}

static void __exit msr_exit(void)
{
}

module_init(msr_init);
module_exit(msr_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("one access to a model-specific register");
