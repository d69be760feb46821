// SPDX-License-Identifier: MIT OR GPL-2.0
/* chardev: /dev/api_slot0 and 1 hold one message each: read() waits for it, poll() and SIGIO tell of it. /dev/api_iter
 * is read and written through iterators. /dev/api_old is registered in the old way, by number only.
 * [LX filesystems/vfs] "The File Object", [LX fs/char_dev.c], [MAN2] read, poll, ioctl, fcntl. */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include "api.h"

#define SLOT_SET _IOW('a', 1, int)
#define SLOT_GET _IOR('a', 2, int)
#define SLOT_EXCHANGE _IOWR('a', 3, long)
#define SLOT_CLEAR _IO('a', 4)
#define SLOTS 2

struct slot {
	struct cdev cdev;
	struct mutex mutex;
	wait_queue_head_t readable;
	struct fasync_struct *listeners;
	size_t length;
	char message[32];
	int number;
	long wide;
	int opened;
};

static struct slot slots[SLOTS];
static dev_t first_number;
static struct class *slot_class;
static struct cdev *iter_cdev;
static int old_major;

static int slot_open(struct inode *inode, struct file *file)
{
	struct slot *slot = container_of(inode->i_cdev, struct slot, cdev);

	expect(imajor(inode) == MAJOR(first_number) && iminor(inode) < SLOTS);
	expect(slot == &slots[iminor(inode)] && file->private_data == NULL);
	if ((file->f_flags & O_ACCMODE) == O_WRONLY)
		expect((file->f_mode & FMODE_WRITE) && !(file->f_mode & FMODE_READ));
	file->private_data = slot;
	slot->opened++;
	return nonseekable_open(inode, file);
}

static int slot_fasync(int fd, struct file *file, int on)
{
	struct slot *slot = file->private_data;

	return fasync_helper(fd, file, on, &slot->listeners);
}

static int slot_release(struct inode *inode, struct file *file)
{
	struct slot *slot = file->private_data;

	slot_fasync(-1, file, 0);
	slot->opened--;
	return 0;
}

static ssize_t slot_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	struct slot *slot = file->private_data;

	if (!slot->length && (file->f_flags & O_NONBLOCK))
		return -EAGAIN;
	if (wait_event_interruptible(slot->readable, slot->length))
		return -ERESTARTSYS;
	if (mutex_lock_interruptible(&slot->mutex))
		return -ERESTARTSYS;
	size = min(size, slot->length);
	if (copy_to_user(to, slot->message, size))
		size = -EFAULT;
	slot->length = 0;
	mutex_unlock(&slot->mutex);
	return size;
}

static ssize_t slot_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	struct slot *slot = file->private_data;

	if (size > sizeof(slot->message))
		return -EINVAL;
	mutex_lock(&slot->mutex);
	if (copy_from_user(slot->message, from, size)) {
		mutex_unlock(&slot->mutex);
		return -EFAULT;
	}
	slot->length = size;
	mutex_unlock(&slot->mutex);
	wake_up_interruptible(&slot->readable);
	kill_fasync(&slot->listeners, SIGIO, POLL_IN);
	return size;
}

static __poll_t slot_poll(struct file *file, poll_table *table)
{
	struct slot *slot = file->private_data;

	poll_wait(file, &slot->readable, table);
	return POLLOUT | POLLWRNORM | (slot->length ? POLLIN | POLLRDNORM : 0);
}

static long slot_exchange(struct slot *slot, long __user *place)
{
	long incoming;

	if (!access_ok(place, sizeof(*place)))
		return -EFAULT;
	if (__get_user(incoming, place) || __put_user(slot->wide, place))
		return -EFAULT;
	slot->wide = incoming;
	return 0;
}

static long slot_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct slot *slot = file->private_data;

	if (_IOC_TYPE(command) != 'a')
		return -ENOTTY;
	switch (command) {
	case SLOT_SET:
		return get_user(slot->number, (int __user *)argument);
	case SLOT_GET:
		return put_user(slot->number, (int __user *)argument);
	case SLOT_EXCHANGE:
		return slot_exchange(slot, (long __user *)argument);
	case SLOT_CLEAR:
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		slot->number = 0;
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations slot_fops = {
	.owner = THIS_MODULE,
	.open = slot_open,
	.release = slot_release,
	.read = slot_read,
	.write = slot_write,
	.poll = slot_poll,
	.fasync = slot_fasync,
	.unlocked_ioctl = slot_ioctl,
#if !SINCE(6, 12)
	.llseek = no_llseek,
#endif
};

static char kept[16] = "0123456789";

static ssize_t iter_read(struct kiocb *iocb, struct iov_iter *to)
{
	size_t left = sizeof(kept) - min_t(size_t, iocb->ki_pos, sizeof(kept)), copied;

	expect(is_sync_kiocb(iocb) && iov_iter_rw(to) == READ);
	/* a device has no pages of its own: nothing to read there */
	expect(generic_file_read_iter(iocb, to) == 0);
	copied = copy_to_iter(kept + iocb->ki_pos, min(left, iov_iter_count(to)), to);
	iocb->ki_pos += copied;
	return copied;
}

static ssize_t iter_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct iov_iter nothing = *from;
	size_t size = min(iov_iter_count(from), sizeof(kept));

	expect(is_sync_kiocb(iocb) && iov_iter_rw(from) == WRITE);
	iov_iter_truncate(&nothing, 0);
	expect(generic_file_write_iter(iocb, &nothing) == 0);
	memset(kept, 0, sizeof(kept));
	return copy_from_iter(kept, size, from);
}

/* Always ready: nothing to wait for. */
static __poll_t iter_poll(struct file *file, struct poll_table_struct *table)
{
	return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
}

static const struct file_operations iter_fops = {
	.owner = THIS_MODULE, .read_iter = iter_read, .write_iter = iter_write, .poll = iter_poll
};
static const struct file_operations old_fops = { .owner = THIS_MODULE };

/* A driver may open files too, and only user memory passes for user memory. */
static void from_inside(void)
{
	struct file *file = filp_open("/dev/api_slot1", O_WRONLY, 0);
	char here[4] = "abc";

	expect(!IS_ERR(file));
	if (!IS_ERR(file)) {
		expect(slots[1].opened == 1);
		expect(filp_close(file, NULL) == 0);
	}
	file = filp_open("/dev/api_no_such", O_WRONLY, 0);
	expect(IS_ERR(file) && PTR_ERR(file) == -ENOENT);
	expect(copy_to_user((void __user *)0xffff888000000000UL, here, 3) == 3);
	expect(copy_from_user(here, (void __user *)0xffff888000000000UL, 3) == 3);
	expect(!access_ok((void __user *)0xffff888000000000UL, 3));
}

static void numbers(void)
{
	dev_t taken = first_number;

	expect(register_chrdev_region(taken, 1, "api_again") == -EBUSY);
	expect(register_chrdev_region(MKDEV(MAJOR(taken), 7), 1, "api_other") == 0);
	unregister_chrdev_region(MKDEV(MAJOR(taken), 7), 1);
	old_major = register_chrdev(0, "api_old", &old_fops); /* 0: any that is free */
	expect(old_major > 0 && old_major != MAJOR(taken));
	expect(register_chrdev(old_major, "api_older", &old_fops) == -EBUSY);
}

static struct class *make_class(void)
{
#if SINCE(6, 4)
	return class_create("api");
#else
	return class_create(THIS_MODULE, "api");
#endif
}

static int add_slots(void)
{
	struct device *device;
	int i, error = 0;

	for (i = 0; i < SLOTS && !error; i++) {
		struct slot *slot = &slots[i];

		mutex_init(&slot->mutex);
		init_waitqueue_head(&slot->readable);
		cdev_init(&slot->cdev, &slot_fops);
		slot->cdev.owner = THIS_MODULE;
		error = cdev_add(&slot->cdev, first_number + i, 1);
		device = device_create(slot_class, NULL, first_number + i, slot, "api_slot%d", i);
		expect(!IS_ERR(device) && dev_get_drvdata(device) == slot);
		expect(!strcmp(dev_name(device), i ? "api_slot1" : "api_slot0"));
	}
	return error;
}

static int add_iter(void)
{
	dev_t number = first_number + SLOTS;

	iter_cdev = cdev_alloc();
	if (!iter_cdev)
		return -ENOMEM;
	iter_cdev->ops = &iter_fops;
	iter_cdev->owner = THIS_MODULE;
	expect(!IS_ERR(device_create(slot_class, NULL, number, NULL, "api_iter")));
	return cdev_add(iter_cdev, number, 1);
}

static void leave(void)
{
	int i;

	unregister_chrdev(old_major, "api_old");
	for (i = 0; i < SLOTS; i++) {
		device_destroy(slot_class, first_number + i);
		cdev_del(&slots[i].cdev);
	}
	device_destroy(slot_class, first_number + SLOTS);
	cdev_del(iter_cdev);
	class_destroy(slot_class);
	unregister_chrdev_region(first_number, SLOTS + 1);
}

static int __init chardev_init(void)
{
	int error = alloc_chrdev_region(&first_number, 0, SLOTS + 1, "api_slot");

	if (error)
		return error;
	expect(MAJOR(first_number) > 0 && MINOR(first_number) == 0);
	slot_class = make_class();
	if (IS_ERR(slot_class)) {
		unregister_chrdev_region(first_number, SLOTS + 1);
		return PTR_ERR(slot_class);
	}
	error = add_slots();
	if (!error)
		error = add_iter();
	numbers();
	from_inside();
	if (!error)
		error = api_answer("numbers and nodes");
	if (error)
		leave();
	return error;
}

static void __exit chardev_exit(void)
{
	expect(slots[0].opened == 0 && slots[1].opened == 0);
	expect(slots[0].number == 0 && slots[0].wide == 77);
	leave();
	api_answer("files");
}

module_init(chardev_init);
module_exit(chardev_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("char devices");
