// SPDX-License-Identifier: MIT OR GPL-2.0
/* unknown: calls what no kernel exports. */
#include <linux/module.h>

extern int surely_not_there(int);

static int __init unknown_init(void)
{
	return surely_not_there(1);
}

static void __exit unknown_exit(void)
{
}

module_init(unknown_init);
module_exit(unknown_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("needs a symbol that is not there");
