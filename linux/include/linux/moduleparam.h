/* SPDX-License-Identifier: MIT */
/* linux/moduleparam.h: parameters and information of a module: key=value strings in section .modinfo, one
 * struct kernel_param per parameter in section __param. */
#ifndef _LINUX_MODULE_PARAMS_H
#define _LINUX_MODULE_PARAMS_H
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/stringify.h>
#include <abi/module.h>

#define MODULE_PARAM_PREFIX ""
#define __MODULE_INFO(tag, name, info)                                                                              \
    static const char __UNIQUE_ID(name)[] __used __section(".modinfo") __aligned(1) = __stringify(tag) "=" info
#define MODULE_INFO(tag, info) __MODULE_INFO(tag, tag, info)
#define MODULE_PARM_DESC(parameter, description) __MODULE_INFO(parm, parm, #parameter ":" description)
#define __MODULE_PARM_TYPE(name, type) MODULE_INFO(parmtype, #name ":" type)

#define __module_param_call(prefix, parameter, operations, data, permissions, lvl, flg)                             \
    static const char __param_str_##parameter[] = prefix #parameter;                                                \
    static struct kernel_param const __param_##parameter __used __section("__param") __aligned(sizeof(void *)) = {  \
        .name = __param_str_##parameter,                                                                            \
        .mod = &__this_module,                                                                                      \
        .ops = operations,                                                                                          \
        .perm = VERIFY_OCTAL_PERMISSIONS(permissions),                                                              \
        .level = lvl,                                                                                               \
        .flags = flg,                                                                                               \
        {data}}
extern struct module __this_module;

/* The type that the parameter's variable must have. */
#define __lab_param_check(name, pointer, type)                                                                      \
    static inline type __always_unused *__check_##name(void) { return (pointer); }
#define param_check_byte(name, p) __lab_param_check(name, p, unsigned char)
#define param_check_short(name, p) __lab_param_check(name, p, short)
#define param_check_ushort(name, p) __lab_param_check(name, p, unsigned short)
#define param_check_int(name, p) __lab_param_check(name, p, int)
#define param_check_uint(name, p) __lab_param_check(name, p, unsigned int)
#define param_check_long(name, p) __lab_param_check(name, p, long)
#define param_check_ulong(name, p) __lab_param_check(name, p, unsigned long)
#define param_check_ullong(name, p) __lab_param_check(name, p, unsigned long long)
#define param_check_hexint(name, p) __lab_param_check(name, p, unsigned int)
#define param_check_charp(name, p) __lab_param_check(name, p, char *)
#define param_check_bool(name, p) __lab_param_check(name, p, bool)
#define param_check_invbool(name, p) __lab_param_check(name, p, bool)
#define param_check_bint(name, p) __lab_param_check(name, p, int)

#define module_param_cb(name, ops, arg, perm) __module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, 0)
#define module_param_cb_unsafe(name, ops, arg, perm)                                                                \
    __module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, 1)
#define module_param_named(name, value, type, perm)                                                                 \
    param_check_##type(name, &(value));                                                                             \
    module_param_cb(name, &param_ops_##type, &value, perm);                                                         \
    __MODULE_PARM_TYPE(name, #type)
#define module_param(name, type, perm) module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm) module_param(name, type, perm)
#define module_param_call(name, set_function, get_function, arg, perm)                                              \
    static const struct kernel_param_ops __param_ops_##name = {                                                     \
        .flags = 0, .set = set_function, .get = get_function};                                                      \
    module_param_cb(name, &__param_ops_##name, arg, perm)
#define module_param_string(name, text, length, perm)                                                               \
    static const struct kparam_string __param_string_##name = {length, text};                                       \
    __module_param_call(MODULE_PARAM_PREFIX, name, &param_ops_string, .str = &__param_string_##name, perm, -1, 0);  \
    __MODULE_PARM_TYPE(name, "string")
#define module_param_array_named(name, array, type, count, perm)                                                    \
    param_check_##type(name, &(array)[0]);                                                                          \
    static const struct kparam_array __param_arr_##name = {                                                         \
        .max = ARRAY_SIZE(array), .num = count, .ops = &param_ops_##type, .elemsize = sizeof((array)[0]),           \
        .elem = array};                                                                                             \
    __module_param_call(MODULE_PARAM_PREFIX, name, &param_array_ops, .arr = &__param_arr_##name, perm, -1, 0);      \
    __MODULE_PARM_TYPE(name, "array of " #type)
#define module_param_array(name, type, count, perm) module_param_array_named(name, name, type, count, perm)
#define core_param(name, var, type, perm) module_param_named(name, var, type, perm)
#define kernel_param_lock(module) ((void)(module))
#define kernel_param_unlock(module) ((void)(module))
#endif
