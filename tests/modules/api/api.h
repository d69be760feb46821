/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What the drivers of this folder share. Each uses some names of the kernel as their documentation says, checks what
 * comes of it, and tells: `NAME: ok, N checks` or a line for each check that failed. */
#ifndef API_H
#define API_H
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/version.h>

#define SINCE(major, minor) (LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

static unsigned int api_checks, api_failures;

static inline void api_check(bool holds, const char *what, int line)
{
	api_checks++;
	if (holds)
		return;
	api_failures++;
	pr_err("%s: line %d: not so: %s\n", KBUILD_MODNAME, line, what);
}

#define expect(condition) api_check(!!(condition), #condition, __LINE__)

/* What init returns: an error when a check failed. `part` is what was checked, and is told. */
static inline int api_answer(const char *part)
{
	if (api_failures)
		return -EPROTO;
	pr_info("%s: %s ok, %u checks\n", KBUILD_MODNAME, part, api_checks);
	return 0;
}
#endif
