/* SPDX-License-Identifier: MIT */
/* linux/seq_file.h: files made line by line. */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H
#include <linux/types.h>
#include <linux/string.h>
#include <linux/bug.h>
#include <linux/mutex.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/cred.h>
#include <abi/proc.h>
#define SEQ_SKIP 1
#define SEQ_START_TOKEN ((void *)1)
static inline bool seq_has_overflowed(struct seq_file *m) { return m->count == m->size; }
#define DEFINE_SHOW_ATTRIBUTE(_name)                                                                                \
    static int _name##_open(struct inode *inode, struct file *file)                                                 \
    {                                                                                                               \
        return single_open(file, _name##_show, inode->i_private);                                                   \
    }                                                                                                               \
    static const struct file_operations _name##_fops = {                                                            \
        .owner = THIS_MODULE, .open = _name##_open, .read = seq_read, .llseek = seq_lseek, .release = single_release}
#define DEFINE_SEQ_ATTRIBUTE(_name)                                                                                 \
    static int _name##_open(struct inode *inode, struct file *file) { return seq_open(file, &_name##_sops); }       \
    static const struct file_operations _name##_fops = {                                                            \
        .owner = THIS_MODULE, .open = _name##_open, .read = seq_read, .llseek = seq_lseek, .release = seq_release}
#define DEFINE_PROC_SHOW_ATTRIBUTE(_name)                                                                           \
    static int _name##_open(struct inode *inode, struct file *file)                                                 \
    {                                                                                                               \
        return single_open(file, _name##_show, __lab_pde_data(inode));                                              \
    }                                                                                                               \
    static const struct proc_ops _name##_proc_ops = {                                                               \
        .proc_open = _name##_open, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = single_release}
#endif
