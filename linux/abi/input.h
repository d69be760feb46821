/* SPDX-License-Identifier: MIT */
/* input.h: input devices and handlers. */
#ifndef IRQLAB_ABI_INPUT_H
#define IRQLAB_ABI_INPUT_H

#include "device.h"

IRQLAB_ABI_BEGIN

struct input_id { u16 bustype, vendor, product, version; };
struct input_handle;
struct input_device_id;
struct input_dev {
    const char *name, *phys, *uniq;
    struct input_id id;
    unsigned long propbit[1], evbit[1], keybit[12], relbit[1], absbit[1], mscbit[1], ledbit[1], sndbit[1], ffbit[2],
        swbit[1];
    int (*open)(struct input_dev *dev);
    void (*close)(struct input_dev *dev);
    int (*flush)(struct input_dev *dev, struct file *file);
    int (*event)(struct input_dev *dev, unsigned int type, unsigned int code, int value);
    struct device dev;
    void *__lab;
};
struct input_handler {
    void *IRQLAB_private;
    void (*event)(struct input_handle *handle, unsigned int type, unsigned int code, int value);
    bool (*filter)(struct input_handle *handle, unsigned int type, unsigned int code, int value);
    bool (*match)(struct input_handler *handler, struct input_dev *dev);
    int (*connect)(struct input_handler *handler, struct input_dev *dev, const struct input_device_id *id);
    void (*disconnect)(struct input_handle *handle);
    void (*start)(struct input_handle *handle);
    const char *name;
    const struct input_device_id *id_table;
    void *__lab;
};
struct input_handle {
    void *IRQLAB_private;
    int open;
    const char *name;
    struct input_dev *dev;
    struct input_handler *handler;
    void *__lab;
};
struct input_dev *input_allocate_device(void);
struct input_dev *devm_input_allocate_device(struct device *dev);
void input_free_device(struct input_dev *dev);
int input_register_device(struct input_dev *dev);
void input_unregister_device(struct input_dev *dev);
void input_event(struct input_dev *dev, unsigned int type, unsigned int code, int value);
void input_set_capability(struct input_dev *dev, unsigned int type, unsigned int code);
void input_set_abs_params(struct input_dev *dev, unsigned int axis, int min, int max, int fuzz, int flat);
int input_register_handler(struct input_handler *handler);
void input_unregister_handler(struct input_handler *handler);
int input_register_handle(struct input_handle *handle);
void input_unregister_handle(struct input_handle *handle);
int input_open_device(struct input_handle *handle);
void input_close_device(struct input_handle *handle);

IRQLAB_ABI_END

#endif
