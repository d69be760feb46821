/* SPDX-License-Identifier: MIT */
/* linux/keyboard.h: notices of keys. */
#ifndef _LINUX_KEYBOARD_H
#define _LINUX_KEYBOARD_H
#include <linux/notifier.h>
struct vc_data;
struct keyboard_notifier_param {
    struct vc_data *vc;
    int down;
    int shift;
    int ledstate;
    unsigned int value;
};
#define KBD_KEYCODE 0x0001
#define KBD_UNBOUND_KEYCODE 0x0002
#define KBD_UNICODE 0x0003
#define KBD_KEYSYM 0x0004
#define KBD_POST_KEYSYM 0x0005
#endif
