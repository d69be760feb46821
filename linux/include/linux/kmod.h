/* SPDX-License-Identifier: MIT */
/* linux/kmod.h: loading of modules on request. */
#ifndef _LINUX_KMOD_H
#define _LINUX_KMOD_H
#include <linux/gfp.h>
#include <linux/errno.h>
#include <linux/workqueue.h>
#include <abi/module.h>
#define request_module(format...) __request_module(true, format)
#define request_module_nowait(format...) __request_module(false, format)
#define UMH_NO_WAIT 0
#define UMH_WAIT_EXEC 1
#define UMH_WAIT_PROC 2
int call_usermodehelper(const char *path, char **argv, char **envp, int wait);
#endif
