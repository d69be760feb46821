/* SPDX-License-Identifier: MIT */
/* linux/proc_fs.h: entries of /proc: file_operations before 5.6, proc_ops since. */
#ifndef _LINUX_PROC_FS_H
#define _LINUX_PROC_FS_H
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/fs.h>
#include <abi/proc.h>
#if IRQLAB_KERNEL < 0x050600
static inline struct proc_dir_entry *proc_create_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
                                                      const struct file_operations *ops, void *data)
{
    return __lab_proc_create_fops(name, mode, parent, ops, data);
}
static inline struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
                                                 const struct file_operations *ops)
{
    return __lab_proc_create_fops(name, mode, parent, ops, NULL);
}
#else
#define PROC_ENTRY_PERMANENT 1U
#endif
#if IRQLAB_KERNEL < 0x050500
#include <abi/proc_read.h> /* until 3.9 */
#endif
#define proc_create_single(name, mode, parent, show) proc_create_single_data(name, mode, parent, show, NULL)
#define proc_create_seq_data(name, mode, parent, ops, data) proc_create_seq_private(name, mode, parent, ops, 0, data)
#define proc_create_seq(name, mode, parent, ops) proc_create_seq_private(name, mode, parent, ops, 0, NULL)
#if IRQLAB_KERNEL >= 0x051100
static inline void *pde_data(const struct inode *inode) { return __lab_pde_data(inode); }
#endif
#endif
