/* SPDX-License-Identifier: MIT */
/* linux/eventpoll.h: events of epoll */
#ifndef IRQLAB_LINUX_EVENTPOLL_H
#define IRQLAB_LINUX_EVENTPOLL_H
#include <uapi/linux/poll.h>
#include <linux/fs.h>
#endif
