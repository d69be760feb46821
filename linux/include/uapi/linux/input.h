/* SPDX-License-Identifier: MIT */
/* uapi/linux/input.h: events of keys, movements, sounds and lights. */
#ifndef _UAPI_LINUX_INPUT_H
#define _UAPI_LINUX_INPUT_H
#include <linux/types.h>
#include <abi/input.h>
#include <uapi/linux/time.h>
#include <uapi/linux/input-event-codes.h>
struct input_event {
    unsigned long __sec, __usec;
    u16 type, code;
    s32 value;
};
struct input_absinfo { s32 value, minimum, maximum, fuzz, flat, resolution; };
#define BUS_PCI 0x01
#define BUS_USB 0x03
#define BUS_VIRTUAL 0x06
#define BUS_ISA 0x10
#define BUS_I8042 0x11
#define BUS_RS232 0x13
#define BUS_HOST 0x19
#endif
