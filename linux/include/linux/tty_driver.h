/* SPDX-License-Identifier: MIT */
/* linux/tty_driver.h: what a terminal can be asked for. */
#ifndef _LINUX_TTY_DRIVER_H
#define _LINUX_TTY_DRIVER_H
#include <linux/cdev.h>
#include <linux/export.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <abi/tty.h>
#define TTY_DRIVER_TYPE_SYSTEM 0x0001
#define TTY_DRIVER_TYPE_CONSOLE 0x0002
#define TTY_DRIVER_TYPE_SERIAL 0x0003
#define TTY_DRIVER_TYPE_PTY 0x0004
#define PTY_TYPE_MASTER 0x0001
#define PTY_TYPE_SLAVE 0x0002
#endif
