/* SPDX-License-Identifier: MIT */
/* base.h: the ground of the contract between drivers (C, any kernel version) and the lab's kernel (C++20).
 *
 * Rules of this folder:
 * - Valid as C11 and as C++20. In C++ everything but macros lives in namespace irqlab::abi, with C linkage, so that
 *   Linux's dev_t, sigset_t, tm, ... do not meet the host libc's.
 * - One layout for all kernel versions. A name that a version lacks is hidden by IRQLAB_KERNEL (0xMMmm00, as
 *   LINUX_VERSION_CODE) and replaced by padding of its size; C++ leaves IRQLAB_KERNEL at 0xffffff, the newest.
 * - No inline functions, no function-like macros, no bit-fields, no empty structs (C and C++ differ in their size).
 * - Members called __lab belong to the lab's kernel; drivers leave them zero.
 * - A name that the host libc has too is exported as __lab_NAME; the driver's headers map NAME to it.
 */
#ifndef IRQLAB_ABI_BASE_H
#define IRQLAB_ABI_BASE_H

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
#define IRQLAB_ABI_BEGIN                                                                                            \
    namespace irqlab::abi {                                                                                         \
    extern "C" {
#define IRQLAB_ABI_END                                                                                              \
    }                                                                                                               \
    }
#define IRQLAB_class class_
#define IRQLAB_private private_
#define IRQLAB_new new_
#define IRQLAB_namespace namespace_
#define IRQLAB_virtual virtual_
#define IRQLAB_this this_
#else
#define IRQLAB_ABI_BEGIN
#define IRQLAB_ABI_END
#define IRQLAB_class class
#define IRQLAB_private private
#define IRQLAB_new new
#define IRQLAB_namespace namespace
#define IRQLAB_virtual virtual
#define IRQLAB_this this
#endif

#ifndef IRQLAB_KERNEL
#define IRQLAB_KERNEL 0xffffff
#endif

IRQLAB_ABI_BEGIN

typedef signed char s8;
typedef unsigned char u8;
typedef short s16;
typedef unsigned short u16;
typedef int s32;
typedef unsigned int u32;
typedef long long s64;
typedef unsigned long long u64;

#ifndef __cplusplus
typedef _Bool bool;
enum { false = 0, true = 1 };
#endif

typedef long ssize_t;
typedef u32 dev_t; /* major in bits 31..20, minor in 19..0 */
typedef unsigned short umode_t;
typedef unsigned int mode_t;
typedef unsigned int gfp_t;
typedef unsigned int fmode_t;
typedef unsigned int slab_flags_t;
typedef unsigned int __poll_t;
typedef long long loff_t;
typedef long off_t;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef int clockid_t;
typedef long clock_t;
typedef long time_t;
typedef long suseconds_t;
typedef s64 time64_t;
typedef s64 ktime_t; /* nanoseconds */
typedef int key_t;
typedef unsigned long ino_t;
typedef unsigned int nlink_t;
typedef u64 sector_t;
typedef u64 blkcnt_t;
typedef unsigned long pgoff_t;
typedef u64 dma_addr_t;
typedef u64 phys_addr_t;
typedef phys_addr_t resource_size_t;
typedef unsigned long irq_hw_number_t;
typedef unsigned long kernel_ulong_t;

typedef struct { uid_t val; } kuid_t;
typedef struct { gid_t val; } kgid_t;

typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
typedef atomic64_t atomic_long_t;
typedef struct { atomic_t refs; } refcount_t;
struct kref { refcount_t refcount; };

struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
struct llist_node { struct llist_node *next; };
struct llist_head { struct llist_node *first; };
struct rb_node { unsigned long __rb_parent_color; struct rb_node *rb_right, *rb_left; };
struct rb_root { struct rb_node *rb_node; };
struct rb_root_cached { struct rb_root rb_root; struct rb_node *rb_leftmost; };
struct callback_head { struct callback_head *next; void (*func)(struct callback_head *head); };
struct rcu_head { struct rcu_head *next; void (*func)(struct rcu_head *head); };

typedef struct { unsigned long sig[1]; } sigset_t; /* bit 0 is signal 1 */

enum { IRQLAB_NR_CPUS = 256, IRQLAB_HZ = 250, IRQLAB_PAGE_SHIFT = 12, IRQLAB_PAGE_SIZE = 4096 };

typedef struct cpumask { unsigned long bits[IRQLAB_NR_CPUS / 64]; } cpumask_t;

struct lock_class_key { char __lab; };
struct lockdep_map { const char *name; };

/* The registers of the interrupted context, as the x86-64 entry code pushes them [SDM3] "Stack Usage with Interrupts". */
struct pt_regs {
    unsigned long r15, r14, r13, r12, bp, bx;
    unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
    unsigned long orig_ax;
    unsigned long ip, cs, flags, sp, ss;
};

/* Said here once, so that a prototype in one header may name a struct of another. */
struct module; struct task_struct; struct mm_struct; struct cred; struct file; struct inode; struct dentry;
struct file_operations; struct cdev; struct IRQLAB_class; struct device; struct device_driver; struct bus_type;
struct device_node; struct fwnode_handle; struct kobject; struct kset; struct kobj_type; struct attribute;
struct attribute_group; struct bin_attribute; struct kobj_uevent_env; struct vm_area_struct; struct vm_fault;
struct page; struct poll_table_struct; struct kiocb; struct iov_iter; struct seq_file; struct fasync_struct;
struct super_block; struct proc_dir_entry; struct proc_ops; struct irq_desc; struct irq_data; struct irq_chip;
struct irqaction; struct irq_domain; struct msi_desc; struct msi_msg; struct resource; struct workqueue_struct;
struct work_struct; struct timer_list; struct hrtimer; struct pci_dev; struct pci_bus; struct pci_driver;
struct pid; struct pid_namespace; struct nsproxy; struct files_struct; struct fs_struct; struct signal_struct; struct tty_struct;
struct sighand_struct; struct user_struct; struct dev_pm_ops; struct of_device_id;
struct acpi_device_id; struct notifier_block; struct kmem_cache; struct input_dev; struct kstat; struct iattr;
struct path; struct vfsmount; struct address_space; struct softirq_action; struct tasklet_struct;

/* Errors and warnings of the driver. `__lab_bug` does not return: the task oopses. */
void __lab_bug(const char *file, int line, const char *function);
void __lab_warn(const char *file, int line, const char *function, const char *format, ...);
void panic(const char *format, ...);
void dump_stack(void);

/* Per-CPU variables: a pointer to the variable as the linker placed it becomes a CPU's own copy. */
void *__lab_this_cpu_ptr(const volatile void *percpu);
void *__lab_per_cpu_ptr(const volatile void *percpu, unsigned int cpu);
void *__alloc_percpu(size_t size, size_t align);
void *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp);
void free_percpu(void *percpu);

/* CPUs. */
int __lab_smp_processor_id(void);
extern struct cpumask __cpu_possible_mask, __cpu_online_mask, __cpu_present_mask, __cpu_active_mask;
extern unsigned int nr_cpu_ids;
unsigned int __lab_num_online_cpus(void);
int smp_call_function_single(int cpu, void (*func)(void *info), void *info, int wait);
void smp_call_function(void (*func)(void *info), void *info, int wait);
void smp_call_function_many(const struct cpumask *mask, void (*func)(void *info), void *info, bool wait);
void on_each_cpu_cond_mask(bool (*cond)(int cpu, void *info), void (*func)(void *info), void *info, bool wait,
                           const struct cpumask *mask);

IRQLAB_ABI_END

/* errno, the numbers that all kernels share, and those that must not reach user space [LX errno.h]. */
#define EPERM 1
#define ENOENT 2
#define ESRCH 3
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define ENOEXEC 8
#define EBADF 9
#define ECHILD 10
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define ENOTBLK 15
#define EBUSY 16
#define EEXIST 17
#define EXDEV 18
#define ENODEV 19
#define ENOTDIR 20
#define EISDIR 21
#define EINVAL 22
#define ENFILE 23
#define EMFILE 24
#define ENOTTY 25
#define ETXTBSY 26
#define EFBIG 27
#define ENOSPC 28
#define ESPIPE 29
#define EROFS 30
#define EMLINK 31
#define EPIPE 32
#define EDOM 33
#define ERANGE 34
#define EDEADLK 35
#define ENAMETOOLONG 36
#define ENOLCK 37
#define ENOSYS 38
#define ENOTEMPTY 39
#define ELOOP 40
#define ENOMSG 42
#define EIDRM 43
#define ECHRNG 44
#define EL2NSYNC 45
#define EL3HLT 46
#define EL3RST 47
#define ELNRNG 48
#define EUNATCH 49
#define ENOCSI 50
#define EL2HLT 51
#define EBADE 52
#define EBADR 53
#define EXFULL 54
#define ENOANO 55
#define EBADRQC 56
#define EBADSLT 57
#define EBFONT 59
#define ENOSTR 60
#define ENODATA 61
#define ETIME 62
#define ENOSR 63
#define ENONET 64
#define ENOPKG 65
#define EREMOTE 66
#define ENOLINK 67
#define EADV 68
#define ESRMNT 69
#define ECOMM 70
#define EPROTO 71
#define EMULTIHOP 72
#define EDOTDOT 73
#define EBADMSG 74
#define EOVERFLOW 75
#define ENOTUNIQ 76
#define EBADFD 77
#define EREMCHG 78
#define ELIBACC 79
#define ELIBBAD 80
#define ELIBSCN 81
#define ELIBMAX 82
#define ELIBEXEC 83
#define EILSEQ 84
#define ERESTART 85
#define ESTRPIPE 86
#define EUSERS 87
#define ENOTSOCK 88
#define EDESTADDRREQ 89
#define EMSGSIZE 90
#define EPROTOTYPE 91
#define ENOPROTOOPT 92
#define EPROTONOSUPPORT 93
#define ESOCKTNOSUPPORT 94
#define EOPNOTSUPP 95
#define EPFNOSUPPORT 96
#define EAFNOSUPPORT 97
#define EADDRINUSE 98
#define EADDRNOTAVAIL 99
#define ENETDOWN 100
#define ENETUNREACH 101
#define ENETRESET 102
#define ECONNABORTED 103
#define ECONNRESET 104
#define ENOBUFS 105
#define EISCONN 106
#define ENOTCONN 107
#define ESHUTDOWN 108
#define ETOOMANYREFS 109
#define ETIMEDOUT 110
#define ECONNREFUSED 111
#define EHOSTDOWN 112
#define EHOSTUNREACH 113
#define EALREADY 114
#define EINPROGRESS 115
#define ESTALE 116
#define EUCLEAN 117
#define ENOTNAM 118
#define ENAVAIL 119
#define EISNAM 120
#define EREMOTEIO 121
#define EDQUOT 122
#define ENOMEDIUM 123
#define EMEDIUMTYPE 124
#define ECANCELED 125
#define ENOKEY 126
#define EKEYEXPIRED 127
#define EKEYREVOKED 128
#define EKEYREJECTED 129
#define EOWNERDEAD 130
#define ENOTRECOVERABLE 131
#define ERFKILL 132
#define EHWPOISON 133
#define EWOULDBLOCK EAGAIN
#define EDEADLOCK EDEADLK
#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ENOIOCTLCMD 515
#define ERESTART_RESTARTBLOCK 516
#define EPROBE_DEFER 517
#define EOPENSTALE 518
#define ENOPARAM 519
#define EBADHANDLE 521
#define ENOTSYNC 522
#define EBADCOOKIE 523
#define ENOTSUPP 524
#define ETOOSMALL 525
#define ESERVERFAULT 526
#define EBADTYPE 527
#define EJUKEBOX 528
#define EIOCBQUEUED 529
#define ERECALLCONFLICT 530

#endif
