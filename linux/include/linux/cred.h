/* SPDX-License-Identifier: MIT */
/* linux/cred.h: who a task acts for. */
#ifndef _LINUX_CRED_H
#define _LINUX_CRED_H
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/uidgid.h>
#include <linux/atomic.h>
#include <linux/sched.h>
#define current_cred() (current->cred)
#define current_uid() (current->cred->uid)
#define current_gid() (current->cred->gid)
#define current_euid() (current->cred->euid)
#define current_egid() (current->cred->egid)
#define current_fsuid() (current->cred->fsuid)
#define current_fsgid() (current->cred->fsgid)
#define __task_cred(task) ((task)->real_cred)
#define task_uid(task) ((task)->real_cred->uid)
#define task_euid(task) ((task)->real_cred->euid)
#endif
