/* SPDX-License-Identifier: MIT */
/* linux/fs.h: files and character devices. */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H
#include <linux/wait.h>
#include <linux/kdev_t.h>
#include <linux/dcache.h>
#include <linux/path.h>
#include <linux/stat.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rbtree.h>
#include <linux/init.h>
#include <linux/pid.h>
#include <linux/bug.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/mm_types.h>
#include <linux/capability.h>
#include <linux/semaphore.h>
#include <linux/fcntl.h>
#include <linux/atomic.h>
#include <linux/uidgid.h>
#include <linux/lockdep.h>
#include <linux/workqueue.h>
#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <asm/byteorder.h>
#include <uapi/linux/fs.h>
#include <abi/fs.h>

#define CHRDEV_MAJOR_MAX 512
#if IRQLAB_KERNEL >= 0x060000 && IRQLAB_KERNEL < 0x060c00
#define no_llseek NULL
#endif
#define IOCB_NOWAIT (1 << 3)
static inline unsigned iminor(const struct inode *inode) { return MINOR(inode->i_rdev); }
static inline unsigned imajor(const struct inode *inode) { return MAJOR(inode->i_rdev); }
static inline struct inode *file_inode(const struct file *file) { return file->f_inode; }
static inline struct dentry *file_dentry(const struct file *file) { return file->f_path.dentry; }
static inline loff_t i_size_read(const struct inode *inode) { return READ_ONCE(inode->i_size); }
static inline void i_size_write(struct inode *inode, loff_t size) { WRITE_ONCE(inode->i_size, size); }
static inline int register_chrdev(unsigned int major, const char *name, const struct file_operations *ops)
{
    return __register_chrdev(major, 0, 256, name, ops);
}
static inline void unregister_chrdev(unsigned int major, const char *name) { __unregister_chrdev(major, 0, 256, name); }
static inline bool is_sync_kiocb(struct kiocb *iocb) { return iocb->ki_complete == NULL; }
static inline void init_sync_kiocb(struct kiocb *iocb, struct file *file)
{
    *iocb = (struct kiocb){.ki_filp = file};
}
#define fops_get(fops) ((fops) && try_module_get((fops)->owner) ? (fops) : NULL)
#define fops_put(fops)                                                                                              \
    do {                                                                                                            \
        if (fops)                                                                                                   \
            module_put((fops)->owner);                                                                              \
    } while (0)
#define replace_fops(file, fops) ((file)->f_op = (fops))
loff_t vfs_llseek(struct file *file, loff_t offset, int whence);
static inline struct file *get_file(struct file *file)
{
    atomic_long_inc(&file->f_count);
    return file;
}
#define inode_lock(inode) down_write(&(inode)->i_rwsem)
#define inode_unlock(inode) up_write(&(inode)->i_rwsem)
#endif
