/* SPDX-License-Identifier: MIT */
/* tty.h: the terminal of a process, for those who write to it. Drivers of terminals are not modelled. */
#ifndef IRQLAB_ABI_TTY_H
#define IRQLAB_ABI_TTY_H

#include "fs.h"

IRQLAB_ABI_BEGIN

struct tty_struct;
struct tty_operations {
    int (*open)(struct tty_struct *tty, struct file *file);
    void (*close)(struct tty_struct *tty, struct file *file);
#if IRQLAB_KERNEL >= 0x060600
    ssize_t (*write)(struct tty_struct *tty, const u8 *buf, size_t count);
#else
    int (*write)(struct tty_struct *tty, const unsigned char *buf, int count);
#endif
    int (*put_char)(struct tty_struct *tty, unsigned char ch);
    void (*flush_chars)(struct tty_struct *tty);
#if IRQLAB_KERNEL >= 0x050e00
    unsigned int (*write_room)(struct tty_struct *tty);
    unsigned int (*chars_in_buffer)(struct tty_struct *tty);
#else
    int (*write_room)(struct tty_struct *tty);
    int (*chars_in_buffer)(struct tty_struct *tty);
#endif
    int (*ioctl)(struct tty_struct *tty, unsigned int cmd, unsigned long arg);
    void (*flush_buffer)(struct tty_struct *tty);
};
struct tty_driver {
    struct kref kref;
    struct module *owner;
    const char *driver_name, *name;
    int name_base, major, minor_start;
    unsigned int num;
    short type, subtype;
    unsigned long flags;
    const struct tty_operations *ops;
    void *__lab;
};
struct tty_struct {
    struct kref kref;
    int index;
    struct device *dev;
    struct tty_driver *driver;
    const struct tty_operations *ops;
    unsigned long flags;
    int count;
    char name[64];
    void *disc_data, *driver_data;
    void *__lab;
};

struct tty_struct *get_current_tty(void);
void tty_kref_put(struct tty_struct *tty);
dev_t tty_devnum(struct tty_struct *tty);
const char *tty_name(const struct tty_struct *tty);

IRQLAB_ABI_END

#endif
