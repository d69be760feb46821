/* SPDX-License-Identifier: MIT */
/* linux/mutex_api.h: mutexes */
#ifndef IRQLAB_LINUX_MUTEX_API_H
#define IRQLAB_LINUX_MUTEX_API_H
#include <linux/mutex.h>
#endif
