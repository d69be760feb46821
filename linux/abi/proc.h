/* SPDX-License-Identifier: MIT */
/* proc.h: /proc entries and seq_file. Before 5.6 an entry has file_operations, since then proc_ops: the driver's
 * headers call __lab_proc_create_fops in the first case. */
#ifndef IRQLAB_ABI_PROC_H
#define IRQLAB_ABI_PROC_H

#include "fs.h"

IRQLAB_ABI_BEGIN

struct proc_ops {
    unsigned int proc_flags;
    int (*proc_open)(struct inode *inode, struct file *file);
    ssize_t (*proc_read)(struct file *file, char *buf, size_t count, loff_t *pos);
    ssize_t (*proc_read_iter)(struct kiocb *iocb, struct iov_iter *to);
    ssize_t (*proc_write)(struct file *file, const char *buf, size_t count, loff_t *pos);
    loff_t (*proc_lseek)(struct file *file, loff_t offset, int whence);
    int (*proc_release)(struct inode *inode, struct file *file);
    __poll_t (*proc_poll)(struct file *file, struct poll_table_struct *table);
    long (*proc_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
    long (*proc_compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
    int (*proc_mmap)(struct file *file, struct vm_area_struct *vma);
    unsigned long (*proc_get_unmapped_area)(struct file *file, unsigned long addr, unsigned long len,
                                            unsigned long pgoff, unsigned long flags);
};

struct proc_dir_entry *__lab_proc_create_fops(const char *name, umode_t mode, struct proc_dir_entry *parent,
                                              const struct file_operations *ops, void *data);
#if IRQLAB_KERNEL >= 0x050600
struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
                                   const struct proc_ops *ops);
struct proc_dir_entry *proc_create_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
                                        const struct proc_ops *ops, void *data);
#endif
struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode, struct proc_dir_entry *parent, void *data);
struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent, const char *target);
struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
                                               int (*show)(struct seq_file *m, void *v), void *data);
struct seq_operations;
struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode, struct proc_dir_entry *parent,
                                               const struct seq_operations *ops, unsigned int state_size, void *data);
void proc_set_size(struct proc_dir_entry *entry, loff_t size);
void proc_set_user(struct proc_dir_entry *entry, kuid_t uid, kgid_t gid);
void remove_proc_entry(const char *name, struct proc_dir_entry *parent);
int remove_proc_subtree(const char *name, struct proc_dir_entry *parent);
void proc_remove(struct proc_dir_entry *entry);
void *proc_get_parent_data(const struct inode *inode);
#if IRQLAB_KERNEL < 0x051100 || defined(__cplusplus)
void *PDE_DATA(const struct inode *inode);
#endif
void *__lab_pde_data(const struct inode *inode);

struct seq_operations {
    void *(*start)(struct seq_file *m, loff_t *pos);
    void (*stop)(struct seq_file *m, void *v);
    void *(*next)(struct seq_file *m, void *v, loff_t *pos);
    int (*show)(struct seq_file *m, void *v);
};
struct seq_file {
    char *buf;
    size_t size, from, count, pad_until;
    loff_t index, read_pos;
    struct mutex lock;
    const struct seq_operations *op;
    int poll_event;
    const struct file *file;
    void *IRQLAB_private;
    void *__lab;
};
int seq_open(struct file *file, const struct seq_operations *ops);
void *__seq_open_private(struct file *file, const struct seq_operations *ops, int size);
int seq_open_private(struct file *file, const struct seq_operations *ops, int size);
ssize_t seq_read(struct file *file, char *buf, size_t count, loff_t *pos);
ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *to);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);
int seq_release(struct inode *inode, struct file *file);
int seq_release_private(struct inode *inode, struct file *file);
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_open_size(struct file *file, int (*show)(struct seq_file *m, void *v), void *data, size_t size);
int single_release(struct inode *inode, struct file *file);
void seq_printf(struct seq_file *m, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
void seq_vprintf(struct seq_file *m, const char *format, va_list args);
void seq_puts(struct seq_file *m, const char *text);
void seq_putc(struct seq_file *m, char c);
void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long value);
void seq_pad(struct seq_file *m, char c);
int seq_write(struct seq_file *m, const void *data, size_t size);
struct list_head *seq_list_start(struct list_head *head, loff_t pos);
struct list_head *seq_list_start_head(struct list_head *head, loff_t pos);
struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *pos);

IRQLAB_ABI_END

#endif
