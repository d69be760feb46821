// SPDX-License-Identifier: MIT OR GPL-2.0
/* hidden: its parameter `hide` takes it off the list of modules, and puts it back. */
#include <linux/module.h>
#include <linux/list.h>

static struct list_head *before;
static bool hide;

static int set_hide(const char *value, const struct kernel_param *param)
{
	bool was = hide;
	int error = param_set_bool(value, param);

	if (error || hide == was)
		return error;
	if (hide) {
		before = THIS_MODULE->list.prev;
		list_del(&THIS_MODULE->list);
	} else {
		list_add(&THIS_MODULE->list, before);
	}
	return 0;
}

static const struct kernel_param_ops hide_ops = { .set = set_hide, .get = param_get_bool };
module_param_cb(hide, &hide_ops, &hide, 0644);

static int __init hidden_init(void)
{
	struct list_head *at;
	int others = 0;

	list_for_each(at, &THIS_MODULE->list)
		others++; /* the list's head among them */
	pr_info("hidden: %d on the list\n", others);
	return 0;
}

static void __exit hidden_exit(void)
{
}

module_init(hidden_init);
module_exit(hidden_exit);
MODULE_LICENSE("Dual MIT/GPL");
