// SPDX-License-Identifier: MIT OR GPL-2.0
/* messages: levels of the log, and stacks in it; the test reads the log by level. [LX core-api/printk-basics]. */
#include <linux/device.h>
#include <linux/printk.h>
#include <linux/string.h>
#include "api.h"

static int __init messages_init(void)
{
	expect(!strcmp(KERN_ALERT, "\001" "1") && !strcmp(KERN_ERR, "\001" "3"));
	expect(!strcmp(KERN_WARNING, "\001" "4") && !strcmp(KERN_NOTICE, "\001" "5"));
	expect(!strcmp(KERN_INFO, "\001" "6") && !strcmp(KERN_DEBUG, "\001" "7"));
	printk(KERN_ALERT "level 1\n");
	printk(KERN_ERR "level 3 by printk\n");
	pr_err("level 3\n");
	printk(KERN_WARNING "level 4 by printk\n");
	pr_warn("level 4\n");
	printk(KERN_NOTICE "level 5\n");
	printk(KERN_INFO "level 6 by printk\n");
	pr_info("level 6\n");
	printk(KERN_DEBUG "level 7\n");
	pr_debug("never: built without DEBUG\n");
	printk("level %s\n", "by default");
	dump_stack();
	return api_answer("levels");
}

static void __exit messages_exit(void)
{
}

module_init(messages_init);
module_exit(messages_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("levels of the log");
