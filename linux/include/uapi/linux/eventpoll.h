/* SPDX-License-Identifier: MIT */
/* uapi/linux/eventpoll.h: events of epoll */
#ifndef IRQLAB_UAPI_LINUX_EVENTPOLL_H
#define IRQLAB_UAPI_LINUX_EVENTPOLL_H
#include <uapi/linux/poll.h>
#endif
