/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* twin.h: the body of two modules that want the same names: class `twins`, device `twin`. */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/version.h>

static dev_t number;
static struct class *class_of_twins;

static int __init twin_init(void)
{
	struct device *device;
	int error = alloc_chrdev_region(&number, 0, 1, "twin");

	if (error)
		return error;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	class_of_twins = class_create(THIS_MODULE, TWIN_CLASS);
#else
	class_of_twins = class_create(TWIN_CLASS);
#endif
	if (IS_ERR(class_of_twins)) {
		pr_info("twin: class_create gave %ld\n", PTR_ERR(class_of_twins));
		unregister_chrdev_region(number, 1);
		return PTR_ERR(class_of_twins);
	}
	device = device_create(class_of_twins, NULL, number, NULL, "twin");
	if (IS_ERR(device)) {
		pr_info("twin: device_create gave %ld\n", PTR_ERR(device));
		class_destroy(class_of_twins);
		unregister_chrdev_region(number, 1);
		return PTR_ERR(device);
	}
	return 0;
}

static void __exit twin_exit(void)
{
	device_destroy(class_of_twins, number);
	class_destroy(class_of_twins);
	unregister_chrdev_region(number, 1);
}

module_init(twin_init);
module_exit(twin_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("wants names that another module has");
