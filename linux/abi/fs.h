/* SPDX-License-Identifier: MIT */
/* fs.h: files, inodes, character devices, polling, asynchronous notification. */
#ifndef IRQLAB_ABI_FS_H
#define IRQLAB_ABI_FS_H

#include "device.h"
#include "time.h"

IRQLAB_ABI_BEGIN

#define FMODE_READ ((fmode_t)0x1)
#define FMODE_WRITE ((fmode_t)0x2)
#define FMODE_LSEEK ((fmode_t)0x4)
#define FMODE_PREAD ((fmode_t)0x8)
#define FMODE_PWRITE ((fmode_t)0x10)
#define FMODE_EXEC ((fmode_t)0x20)
#define FMODE_STREAM ((fmode_t)0x200000)

struct qstr { u32 hash; u32 len; const unsigned char *name; };
struct vfsmount { struct dentry *mnt_root; struct super_block *mnt_sb; int mnt_flags; };
struct path { struct vfsmount *mnt; struct dentry *dentry; };
struct dentry {
    unsigned int d_flags;
    struct dentry *d_parent;
    struct qstr d_name;
    struct inode *d_inode;
    unsigned char d_iname[32];
    struct super_block *d_sb;
    void *d_fsdata;
    void *__lab;
};
struct address_space { struct inode *host; void *private_data; void *__lab; };
struct fown_struct { rwlock_t lock; struct pid *pid; int pid_type; kuid_t uid, euid; int signum; };

struct inode {
    umode_t i_mode;
    unsigned short i_opflags;
    kuid_t i_uid;
    kgid_t i_gid;
    unsigned int i_flags;
    struct super_block *i_sb;
    struct address_space *i_mapping;
    unsigned long i_ino;
    unsigned int i_nlink;
    dev_t i_rdev;
    loff_t i_size;
    struct timespec64 i_atime, i_mtime, i_ctime;
    spinlock_t i_lock;
    atomic_t i_count;
    struct rw_semaphore i_rwsem;
    const struct file_operations *i_fop;
    struct cdev *i_cdev;
    void *i_private;
    void *__lab;
};

struct file {
    const struct file_operations *f_op;
    void *private_data;
    struct path f_path;
    struct inode *f_inode;
    spinlock_t f_lock;
    unsigned int f_flags; /* O_* */
    fmode_t f_mode;
    loff_t f_pos;
    atomic_long_t f_count;
    struct mutex f_pos_lock;
    struct fown_struct f_owner;
    const struct cred *f_cred;
    struct address_space *f_mapping;
    void *__lab;
};

typedef void *fl_owner_t;
struct dir_context;
struct file_lock;
struct pipe_inode_info;

struct file_operations {
    struct module *owner;
    unsigned int fop_flags;
    loff_t (*llseek)(struct file *file, loff_t offset, int whence);
    ssize_t (*read)(struct file *file, char *buf, size_t count, loff_t *pos);
    ssize_t (*write)(struct file *file, const char *buf, size_t count, loff_t *pos);
    ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
    ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
    int (*iopoll)(struct kiocb *iocb, bool spin);
    int (*iterate_shared)(struct file *file, struct dir_context *ctx);
    __poll_t (*poll)(struct file *file, struct poll_table_struct *table);
    long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
    long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
    int (*mmap)(struct file *file, struct vm_area_struct *vma);
    unsigned long mmap_supported_flags;
    int (*open)(struct inode *inode, struct file *file);
    int (*flush)(struct file *file, fl_owner_t id);
    int (*release)(struct inode *inode, struct file *file);
    int (*fsync)(struct file *file, loff_t start, loff_t end, int datasync);
    int (*fasync)(int fd, struct file *file, int on);
    int (*lock)(struct file *file, int cmd, struct file_lock *lock);
    unsigned long (*get_unmapped_area)(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff,
                                       unsigned long flags);
    int (*check_flags)(int flags);
    int (*flock)(struct file *file, int cmd, struct file_lock *lock);
    ssize_t (*splice_write)(struct pipe_inode_info *pipe, struct file *file, loff_t *pos, size_t len,
                            unsigned int flags);
    ssize_t (*splice_read)(struct file *file, loff_t *pos, struct pipe_inode_info *pipe, size_t len,
                           unsigned int flags);
    long (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
    void (*show_fdinfo)(struct seq_file *m, struct file *file);
};

struct cdev {
    struct kobject kobj;
    struct module *owner;
    const struct file_operations *ops;
    struct list_head list;
    dev_t dev;
    unsigned int count;
    void *__lab;
};
void cdev_init(struct cdev *cdev, const struct file_operations *ops);
struct cdev *cdev_alloc(void);
int cdev_add(struct cdev *cdev, dev_t dev, unsigned count);
void cdev_del(struct cdev *cdev);
void cdev_set_parent(struct cdev *cdev, struct kobject *kobj);
int cdev_device_add(struct cdev *cdev, struct device *dev);
void cdev_device_del(struct cdev *cdev, struct device *dev);

int alloc_chrdev_region(dev_t *dev, unsigned first_minor, unsigned count, const char *name);
int register_chrdev_region(dev_t from, unsigned count, const char *name);
void unregister_chrdev_region(dev_t from, unsigned count);
int __register_chrdev(unsigned int major, unsigned int first_minor, unsigned int count, const char *name,
                      const struct file_operations *ops);
void __unregister_chrdev(unsigned int major, unsigned int first_minor, unsigned int count, const char *name);

loff_t no_llseek(struct file *file, loff_t offset, int whence);
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
loff_t default_llseek(struct file *file, loff_t offset, int whence);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size);
loff_t no_seek_end_llseek(struct file *file, loff_t offset, int whence);
int nonseekable_open(struct inode *inode, struct file *file);
int stream_open(struct inode *inode, struct file *file);
int simple_open(struct inode *inode, struct file *file);
ssize_t simple_read_from_buffer(void *to, size_t count, loff_t *pos, const void *from, size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *pos, const void *from, size_t count);
long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

struct file *filp_open(const char *name, int flags, umode_t mode);
int filp_close(struct file *file, fl_owner_t id);
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);
struct file *fget(unsigned int fd);
void fput(struct file *file);

/* poll: the kernel passes a table whose _qproc registers the waiter. */
typedef void (*poll_queue_proc)(struct file *file, wait_queue_head_t *wq, struct poll_table_struct *table);
typedef struct poll_table_struct {
    poll_queue_proc _qproc;
    __poll_t _key;
} poll_table;

struct fasync_struct {
    rwlock_t fa_lock;
    int magic;
    int fa_fd;
    struct fasync_struct *fa_next;
    struct file *fa_file;
    void *__lab;
};
int fasync_helper(int fd, struct file *file, int on, struct fasync_struct **head);
void kill_fasync(struct fasync_struct **head, int signal, int band);

struct kiocb {
    struct file *ki_filp;
    loff_t ki_pos;
#if IRQLAB_KERNEL >= 0x051000
    void (*ki_complete)(struct kiocb *iocb, long ret); /* null: synchronous */
#else
    void (*ki_complete)(struct kiocb *iocb, long ret, long ret2);
#endif
    void *IRQLAB_private;
    int ki_flags;
    u16 ki_ioprio;
    void *__lab;
};
struct iovec { void *iov_base; size_t iov_len; };
struct kvec { void *iov_base; size_t iov_len; };
struct iov_iter {
    u8 iter_type;
    bool nofault;
    bool data_source;
    size_t iov_offset;
    size_t count;
    const struct iovec *iov;
    unsigned long nr_segs;
    void *__lab;
};
size_t _copy_to_iter(const void *from, size_t bytes, struct iov_iter *to);
size_t _copy_from_iter(void *to, size_t bytes, struct iov_iter *from);
size_t iov_iter_zero(size_t bytes, struct iov_iter *to);
void iov_iter_advance(struct iov_iter *iter, size_t bytes);

ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from);

/* debugfs */
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent, void *data,
                                   const struct file_operations *ops);
void debugfs_create_u8(const char *name, umode_t mode, struct dentry *parent, u8 *value);
void debugfs_create_u16(const char *name, umode_t mode, struct dentry *parent, u16 *value);
void debugfs_create_u32(const char *name, umode_t mode, struct dentry *parent, u32 *value);
void debugfs_create_u64(const char *name, umode_t mode, struct dentry *parent, u64 *value);
void debugfs_create_x32(const char *name, umode_t mode, struct dentry *parent, u32 *value);
void debugfs_create_bool(const char *name, umode_t mode, struct dentry *parent, bool *value);
void debugfs_create_atomic_t(const char *name, umode_t mode, struct dentry *parent, atomic_t *value);
void debugfs_remove(struct dentry *dentry);

IRQLAB_ABI_END

#endif
