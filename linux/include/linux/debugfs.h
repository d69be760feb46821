/* SPDX-License-Identifier: MIT */
/* linux/debugfs.h: files for debugging. */
#ifndef _LINUX_DEBUGFS_H
#define _LINUX_DEBUGFS_H
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <abi/fs.h>
static inline void debugfs_remove_recursive(struct dentry *dentry) { debugfs_remove(dentry); }
#endif
