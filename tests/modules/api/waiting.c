// SPDX-License-Identifier: MIT OR GPL-2.0
/* waiting: threads, wait queues, completions. [LX driver-api/basics] "Wait queues and Wake events",
 * [LX scheduler/completion], [LX kernel/kthread.c]. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/wait.h>
#include "api.h"

static DECLARE_WAIT_QUEUE_HEAD(queue);
static wait_queue_head_t second_queue;
static int condition, came_back;

static int until_stopped(int answer)
{
	while (!kthread_should_stop())
		msleep(1);
	return answer;
}

/* The ways to wait, each a thread's function. */
static int event_waiter(void *unused)
{
	expect(wait_event_interruptible(queue, condition) == 0);
	came_back++;
	return until_stopped(1);
}

static int entry_waiter(void *unused)
{
	DEFINE_WAIT(entry);

	while (!condition) {
		prepare_to_wait(&second_queue, &entry, TASK_INTERRUPTIBLE);
		if (!condition)
			schedule();
	}
	finish_wait(&second_queue, &entry);
	came_back++;
	return until_stopped(2);
}

static int queued_waiter(void *unused)
{
	DECLARE_WAITQUEUE(entry, current);

	add_wait_queue(&second_queue, &entry);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!condition) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	set_current_state(TASK_RUNNING);
	remove_wait_queue(&second_queue, &entry);
	came_back++;
	return until_stopped(3);
}

static struct task_struct *started(int (*function)(void *), const char *name)
{
	struct task_struct *task = kthread_run(function, NULL, "%s", name);

	expect(!IS_ERR(task));
	msleep(20);
	return task;
}

static void queues(void)
{
	struct task_struct *task;

	init_waitqueue_head(&second_queue);
	expect(!waitqueue_active(&queue) && !waitqueue_active(&second_queue));

	task = started(event_waiter, "event");
	expect(waitqueue_active(&queue));
	wake_up(&queue); /* the condition does not hold: it sleeps on */
	msleep(20);
	expect(came_back == 0);
	condition = 1;
	msleep(20);
	expect(came_back == 0); /* nobody looks before a wakeup */
	wake_up_interruptible(&queue);
	msleep(20);
	expect(came_back == 1 && !waitqueue_active(&queue));
	expect(kthread_stop(task) == 1);

	condition = 0;
	task = started(entry_waiter, "entry");
	condition = 1;
	wake_up(&second_queue);
	msleep(20);
	expect(came_back == 2 && kthread_stop(task) == 2);

	condition = 0;
	task = started(queued_waiter, "queued");
	condition = 1;
	wake_up_interruptible_sync(&second_queue);
	msleep(20);
	expect(came_back == 3 && kthread_stop(task) == 3);
	expect(!waitqueue_active(&second_queue));
}

static void timeouts(void)
{
	unsigned long before = jiffies;
	long left;

	expect(wait_event_interruptible_timeout(queue, 0, 5) == 0 && jiffies - before >= 5);
	left = wait_event_interruptible_timeout(queue, 1, 5);
	expect(left >= 1 && left <= 5);
}

static DECLARE_COMPLETION(declared);
static struct completion done;

static int completer(void *unused)
{
	msleep(20);
	came_back = 100;
	complete(&done);
	return until_stopped(0);
}

static void completions(void)
{
	struct task_struct *task;

	complete(&declared);
	complete(&declared);
	wait_for_completion(&declared); /* each complete() lets one waiter by */
	expect(try_wait_for_completion(&declared) && !try_wait_for_completion(&declared));
	init_completion(&done);
	task = kthread_run(completer, NULL, "completer");
	wait_for_completion(&done);
	expect(came_back == 100);
	kthread_stop(task);
}

static int never_runs(void *unused)
{
	came_back = -1;
	return 5;
}

static int sleeper(void *unused)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
	came_back = 200;
	return until_stopped(0);
}

#if !SINCE(5, 17)
/* Exported to modules until 5.16. */
static int exits(void *unused)
{
	do_exit(0);
	came_back = -1;
	return 0;
}
#endif

static void threads(void)
{
	struct task_struct *task = kthread_create(never_runs, NULL, "never/%d", 7);

	expect(!IS_ERR(task) && !strcmp(task->comm, "never/7"));
	msleep(20);
	expect(came_back == 100); /* not before wake_up_process() */
	expect(kthread_stop(task) == -EINTR && came_back == 100);
	task = started(sleeper, "sleeper");
	expect(came_back == 100);
	expect(wake_up_process(task) == 1);
	msleep(20);
	expect(came_back == 200);
	kthread_stop(task);
#if !SINCE(5, 17)
	started(exits, "exits");
	expect(came_back == 200);
#endif
}

/* Who writes the parameter waits until a signal comes: the script sends it. */
static int waits;

static int wait_for_signal(const char *value, const struct kernel_param *param)
{
	waits++;
	expect(current->pid > 1 && !strcmp(value, "1\n"));
	if (wait_event_interruptible(queue, false) != -ERESTARTSYS)
		return -EIO;
	expect(signal_pending(current));
	pr_info("waiting: a signal ended the wait\n");
	return -EINTR;
}

static const struct kernel_param_ops wait_ops = { .set = wait_for_signal };
module_param_cb(wait, &wait_ops, NULL, 0200);

static int __init waiting_init(void)
{
	queues();
	timeouts();
	completions();
	threads();
	return api_answer("waiting");
}

static void __exit waiting_exit(void)
{
	expect(waits == 1);
	api_answer("a signal");
}

module_init(waiting_init);
module_exit(waiting_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("waiting");
