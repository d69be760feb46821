/* SPDX-License-Identifier: MIT */
/* linux/input-event-codes.h: codes of input events */
#ifndef IRQLAB_LINUX_INPUT_EVENT_CODES_H
#define IRQLAB_LINUX_INPUT_EVENT_CODES_H
#include <uapi/linux/input-event-codes.h>
#endif
