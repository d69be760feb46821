// SPDX-License-Identifier: MIT OR GPL-2.0
/* objects: kobjects and their files, parameters, the module itself.
 * [LX core-api/kobject], [LX filesystems/sysfs], [LX admin-guide/kernel-parameters]. */
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include "api.h"

static int number = 7;
module_param(number, int, S_IRUGO | S_IWUSR);
MODULE_PARM_DESC(number, "a number");
static char *word = "none";
module_param(word, charp, S_IRUSR);
MODULE_PARM_DESC(word, "a word");
static bool flag;
module_param(flag, bool, 0);

static struct kobject *folder;
static int shown;

static ssize_t level_show(struct kobject *kobj, struct kobj_attribute *attribute, char *text)
{
	expect(kobj == folder && !strcmp(attribute->attr.name, "level"));
	shown++;
	return sprintf(text, "%d\n", number);
}

static ssize_t level_store(struct kobject *kobj, struct kobj_attribute *attribute, const char *text, size_t size)
{
	int given;

	if (sscanf(text, "%d", &given) != 1)
		return -EINVAL;
	number = given;
	return size;
}

static struct kobj_attribute level = __ATTR(level, S_IRUGO | S_IWUSR, level_show, level_store);

static int released;
static void named_release(struct kobject *kobj)
{
	released++;
}

static struct kobj_type named_type = { .release = named_release };

static void names(void)
{
	static struct kobject named;

	kobject_init(&named, &named_type);
	expect(kobject_set_name(&named, "port%d", 3) == 0);
	expect(!strcmp(kobject_name(&named), "port3"));
	kobject_get(&named);
	kobject_put(&named);
	expect(released == 0);
	kobject_put(&named); /* the last one releases */
	expect(released == 1);
}

/* Nobody can hold a module that is being loaded; itself it may. */
static void module_itself(void)
{
	unsigned int before = module_refcount(THIS_MODULE);

	expect(!strcmp(THIS_MODULE->name, KBUILD_MODNAME));
	expect(try_module_get(THIS_MODULE) && module_refcount(THIS_MODULE) == before + 1);
	module_put(THIS_MODULE);
	expect(module_refcount(THIS_MODULE) == before);
	expect(try_module_get(NULL)); /* what is built in is always there */
}

static int __init objects_init(void)
{
	int error;

	expect(number == 12 && !strcmp(word, "given") && flag);
	folder = kobject_create_and_add("api_objects", kernel_kobj);
	if (!folder)
		return -ENOMEM;
	error = sysfs_create_file(folder, &level.attr);
	expect(sysfs_create_file(folder, &level.attr) == -EEXIST);
	names();
	module_itself();
	if (!error)
		error = api_answer("objects");
	if (error)
		kobject_put(folder);
	return error;
}

static void __exit objects_exit(void)
{
	expect(number == 99 && shown == 2);
	sysfs_remove_file(folder, &level.attr);
	kobject_put(folder);
	api_answer("attributes");
}

module_init(objects_init);
module_exit(objects_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("kobjects, attributes, parameters");
MODULE_AUTHOR("irqlab");
MODULE_VERSION("3.14");
