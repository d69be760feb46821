/* SPDX-License-Identifier: MIT */
/* linux/input.h: input devices and handlers. */
#ifndef _LINUX_INPUT_H
#define _LINUX_INPUT_H
#include <linux/time.h>
#include <linux/list.h>
#include <uapi/linux/input.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/timer.h>
#include <linux/mod_devicetable.h>
#include <abi/input.h>
static inline void input_report_key(struct input_dev *dev, unsigned int code, int value)
{
    input_event(dev, EV_KEY, code, !!value);
}
static inline void input_report_rel(struct input_dev *dev, unsigned int code, int value)
{
    input_event(dev, EV_REL, code, value);
}
static inline void input_report_abs(struct input_dev *dev, unsigned int code, int value)
{
    input_event(dev, EV_ABS, code, value);
}
static inline void input_sync(struct input_dev *dev) { input_event(dev, EV_SYN, SYN_REPORT, 0); }
static inline void input_set_drvdata(struct input_dev *dev, void *data) { dev->dev.driver_data = data; }
static inline void *input_get_drvdata(struct input_dev *dev) { return dev->dev.driver_data; }
#endif
