// SPDX-License-Identifier: MIT OR GPL-2.0
/* terminal: writes to the terminal of whoever loads it, and tells what a kernel thread has for one. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/tty.h>

static struct task_struct *thread;

static int thread_main(void *unused)
{
	pr_info("terminal: a kernel thread has %s, %p\n", tty_name(get_current_tty()), current->signal->tty);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init terminal_init(void)
{
	static const char text[] = "through the terminal\r\n";
	struct tty_struct *tty = get_current_tty();
	dev_t number;

	if (!tty)
		return -ENOTTY;
	number = tty_devnum(current->signal->tty);
	pr_info("terminal: %s is %u:%u of %s, room %d\n", tty_name(tty), MAJOR(number), MINOR(number),
		tty->driver->driver_name, tty->ops->write_room(tty) >= sizeof(text));
	if (tty->driver->ops->write(tty, text, sizeof(text) - 1) != sizeof(text) - 1)
		pr_err("terminal: a short write\n");
	tty_kref_put(tty);
	thread = kthread_run(thread_main, NULL, "terminal");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit terminal_exit(void)
{
	kthread_stop(thread);
}

module_init(terminal_init);
module_exit(terminal_exit);
MODULE_LICENSE("Dual MIT/GPL");
