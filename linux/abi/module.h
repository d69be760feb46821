/* SPDX-License-Identifier: MIT */
/* module.h: a module's own object, its parameters, its exports.
 *
 * Sections of a .ko, as Linux names them: .gnu.linkonce.this_module (one struct module), .modinfo (key=value
 * strings), __param (struct kernel_param), __ksymtab (struct kernel_symbol, this layout), .data..percpu. */
#ifndef IRQLAB_ABI_MODULE_H
#define IRQLAB_ABI_MODULE_H

#include "device.h"

IRQLAB_ABI_BEGIN

#define MODULE_NAME_LEN 56

enum module_state { MODULE_STATE_LIVE, MODULE_STATE_COMING, MODULE_STATE_GOING, MODULE_STATE_UNFORMED };

struct module_kobject {
    struct kobject kobj;
    struct module *mod;
    struct kobject *drivers_dir;
    struct completion *kobj_completion;
};
struct kernel_param;
struct module {
    enum module_state state;
    struct list_head list;
    char name[MODULE_NAME_LEN];
    struct module_kobject mkobj;
    const char *version;
    const char *srcversion;
    struct kobject *holders_dir;
    struct kernel_param *kp;
    unsigned int num_kp;
    int (*init)(void);
    void (*exit)(void);
    atomic_t refcnt;
    unsigned long taints;
    void *__lab;
};

struct kernel_param_ops {
    unsigned int flags; /* 1: no argument needed */
    int (*set)(const char *value, const struct kernel_param *param);
    int (*get)(char *buffer, const struct kernel_param *param);
    void (*free)(void *arg);
};
struct kparam_string { unsigned int maxlen; char *string; };
struct kparam_array {
    unsigned int max;
    unsigned int elemsize;
    unsigned int *num;
    const struct kernel_param_ops *ops;
    void *elem;
};
struct kernel_param {
    const char *name;
    struct module *mod;
    const struct kernel_param_ops *ops;
    u16 perm; /* mode of the file under parameters/, 0: none */
    s8 level;
    u8 flags;
    union {
        void *arg;
        const struct kparam_string *str;
        const struct kparam_array *arr;
    };
};
extern const struct kernel_param_ops param_ops_byte, param_ops_short, param_ops_ushort, param_ops_int, param_ops_uint,
    param_ops_long, param_ops_ulong, param_ops_ullong, param_ops_hexint, param_ops_charp, param_ops_bool,
    param_ops_invbool, param_ops_bint, param_ops_string;
extern const struct kernel_param_ops param_array_ops;
int param_set_int(const char *value, const struct kernel_param *param);
int param_get_int(char *buffer, const struct kernel_param *param);
int param_set_uint(const char *value, const struct kernel_param *param);
int param_get_uint(char *buffer, const struct kernel_param *param);
int param_set_ulong(const char *value, const struct kernel_param *param);
int param_get_ulong(char *buffer, const struct kernel_param *param);
int param_set_bool(const char *value, const struct kernel_param *param);
int param_get_bool(char *buffer, const struct kernel_param *param);
int param_set_charp(const char *value, const struct kernel_param *param);
int param_get_charp(char *buffer, const struct kernel_param *param);
int param_set_copystring(const char *value, const struct kernel_param *param);
int param_get_string(char *buffer, const struct kernel_param *param);

struct kernel_symbol {
    const void *value;
    const char *name;
    const char *IRQLAB_namespace;
    unsigned int gpl_only;
    unsigned int __lab;
};

bool try_module_get(struct module *module);
void __module_get(struct module *module);
void module_put(struct module *module);
int module_refcount(struct module *module);
int __request_module(bool wait, const char *format, ...);
unsigned long kallsyms_lookup_name(const char *name); /* exported until 5.6 */
void *__symbol_get(const char *name);
void __symbol_put(const char *name);
int sprint_symbol(char *buffer, unsigned long address);

IRQLAB_ABI_END

#endif
