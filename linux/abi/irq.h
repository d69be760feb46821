/* SPDX-License-Identifier: MIT */
/* irq.h: interrupt lines, their descriptors, chips and actions [LX core-api/genericirq]. */
#ifndef IRQLAB_ABI_IRQ_H
#define IRQLAB_ABI_IRQ_H

#include "device.h"
#include "lock.h"

IRQLAB_ABI_BEGIN

enum irqreturn { IRQ_NONE = 0, IRQ_HANDLED = 1, IRQ_WAKE_THREAD = 2 };
typedef enum irqreturn irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

#define IRQ_NOTCONNECTED (1U << 31)
#define NR_VECTORS 256
#define FIRST_EXTERNAL_VECTOR 0x20

/* How a line triggers; the low bits of both the request's flags and irq_data's state. */
enum {
    IRQ_TYPE_NONE = 0x0,
    IRQ_TYPE_EDGE_RISING = 0x1,
    IRQ_TYPE_EDGE_FALLING = 0x2,
    IRQ_TYPE_EDGE_BOTH = 0x3,
    IRQ_TYPE_LEVEL_HIGH = 0x4,
    IRQ_TYPE_LEVEL_LOW = 0x8,
    IRQ_TYPE_LEVEL_MASK = 0xc,
    IRQ_TYPE_SENSE_MASK = 0xf,
    IRQ_TYPE_DEFAULT = 0xf,
    IRQ_TYPE_PROBE = 0x10,
    IRQ_LEVEL = 1 << 8,
    IRQ_PER_CPU = 1 << 9,
    IRQ_NOPROBE = 1 << 10,
    IRQ_NOREQUEST = 1 << 11,
    IRQ_NOAUTOEN = 1 << 12,
    IRQ_NO_BALANCING = 1 << 13,
    IRQ_MOVE_PCNTXT = 1 << 14,
    IRQ_NESTED_THREAD = 1 << 15,
    IRQ_NOTHREAD = 1 << 16,
    IRQ_PER_CPU_DEVID = 1 << 17,
    IRQ_IS_POLLED = 1 << 18,
    IRQ_DISABLE_UNLAZY = 1 << 19,
    IRQ_HIDDEN = 1 << 20,
    IRQ_NO_DEBUG = 1 << 21
};

#define IRQF_TRIGGER_NONE 0x00000000
#define IRQF_TRIGGER_RISING 0x00000001
#define IRQF_TRIGGER_FALLING 0x00000002
#define IRQF_TRIGGER_HIGH 0x00000004
#define IRQF_TRIGGER_LOW 0x00000008
#define IRQF_TRIGGER_MASK 0x0000000f
#define IRQF_TRIGGER_PROBE 0x00000010
#define IRQF_SHARED 0x00000080
#define IRQF_PROBE_SHARED 0x00000100
#define __IRQF_TIMER 0x00000200
#define IRQF_PERCPU 0x00000400
#define IRQF_NOBALANCING 0x00000800
#define IRQF_IRQPOLL 0x00001000
#define IRQF_ONESHOT 0x00002000
#define IRQF_NO_SUSPEND 0x00004000
#define IRQF_FORCE_RESUME 0x00008000
#define IRQF_NO_THREAD 0x00010000
#define IRQF_EARLY_RESUME 0x00020000
#define IRQF_COND_SUSPEND 0x00040000
#define IRQF_TIMER (__IRQF_TIMER | IRQF_NO_SUSPEND | IRQF_NO_THREAD)
#if IRQLAB_KERNEL >= 0x050d00
#define IRQF_NO_AUTOEN 0x00080000
#endif
#if IRQLAB_KERNEL >= 0x051000
#define IRQF_NO_DEBUG 0x00100000
#endif
#if IRQLAB_KERNEL >= 0x060900
#define IRQF_COND_ONESHOT 0x00200000
#endif

typedef void (*irq_flow_handler_t)(struct irq_desc *desc);

struct irqstat { unsigned int cnt; };

struct msi_msg { u32 address_lo, address_hi, data; };

struct irq_common_data {
    unsigned int state_use_accessors; /* IRQD_*: the trigger type is in the low nibble */
    unsigned int node;
    void *handler_data;
    struct msi_desc *msi_desc;
    struct cpumask affinity[1];
    struct cpumask effective_affinity[1];
};

struct irq_data {
    u32 mask;
    unsigned int irq;
    irq_hw_number_t hwirq;
    struct irq_common_data *common;
    struct irq_chip *chip;
    struct irq_domain *domain;
    struct irq_data *parent_data;
    void *chip_data;
};

enum irqchip_irq_state {
    IRQCHIP_STATE_PENDING,
    IRQCHIP_STATE_ACTIVE,
    IRQCHIP_STATE_MASKED,
    IRQCHIP_STATE_LINE_LEVEL
};
#ifdef __cplusplus
typedef int __lab_irqchip_state; /* drivers may ask for what there is not */
#else
typedef enum irqchip_irq_state __lab_irqchip_state;
#endif

struct irq_chip {
#if IRQLAB_KERNEL < 0x051200
    struct device *parent_device; /* until 5.17 */
#else
    void *__lab_parent_device;
#endif
    const char *name;
    unsigned int (*irq_startup)(struct irq_data *data);
    void (*irq_shutdown)(struct irq_data *data);
    void (*irq_enable)(struct irq_data *data);
    void (*irq_disable)(struct irq_data *data);
    void (*irq_ack)(struct irq_data *data);
    void (*irq_mask)(struct irq_data *data);
    void (*irq_mask_ack)(struct irq_data *data);
    void (*irq_unmask)(struct irq_data *data);
    void (*irq_eoi)(struct irq_data *data);
    int (*irq_set_affinity)(struct irq_data *data, const struct cpumask *dest, bool force);
    int (*irq_retrigger)(struct irq_data *data);
    int (*irq_set_type)(struct irq_data *data, unsigned int flow_type);
    int (*irq_set_wake)(struct irq_data *data, unsigned int on);
    void (*irq_bus_lock)(struct irq_data *data);
    void (*irq_bus_sync_unlock)(struct irq_data *data);
    void (*irq_suspend)(struct irq_data *data);
    void (*irq_resume)(struct irq_data *data);
    void (*irq_pm_shutdown)(struct irq_data *data);
    void (*irq_calc_mask)(struct irq_data *data);
    void (*irq_print_chip)(struct irq_data *data, struct seq_file *p);
    int (*irq_request_resources)(struct irq_data *data);
    void (*irq_release_resources)(struct irq_data *data);
    void (*irq_compose_msi_msg)(struct irq_data *data, struct msi_msg *msg);
    void (*irq_write_msi_msg)(struct irq_data *data, struct msi_msg *msg);
    int (*irq_get_irqchip_state)(struct irq_data *data, __lab_irqchip_state which, bool *state);
    int (*irq_set_irqchip_state)(struct irq_data *data, __lab_irqchip_state which, bool state);
    int (*irq_set_vcpu_affinity)(struct irq_data *data, void *vcpu_info);
    void (*ipi_send_single)(struct irq_data *data, unsigned int cpu);
    void (*ipi_send_mask)(struct irq_data *data, const struct cpumask *dest);
    int (*irq_nmi_setup)(struct irq_data *data);
    void (*irq_nmi_teardown)(struct irq_data *data);
    unsigned long flags; /* IRQCHIP_* */
    void *__lab;
};

struct irqaction {
    irq_handler_t handler;
    void *dev_id;
    void *percpu_dev_id;
    struct irqaction *next;
    irq_handler_t thread_fn;
    struct task_struct *thread;
    struct irqaction *secondary;
    unsigned int irq;
    unsigned int flags;
    unsigned long thread_flags;
    unsigned long thread_mask;
    const char *name;
    struct proc_dir_entry *dir;
    void *__lab;
};

struct irq_desc {
    struct irq_common_data irq_common_data;
    struct irq_data irq_data;
    unsigned int *kstat_irqs; /* per-CPU */
    irq_flow_handler_t handle_irq;
    struct irqaction *action;
    unsigned int status_use_accessors;
    unsigned int core_internal_state__do_not_mess_with_it;
    unsigned int depth; /* nested disables */
    unsigned int wake_depth;
    unsigned int tot_count;
    unsigned int irq_count; /* of the last 100000, for the spurious detector */
    unsigned long last_unhandled;
    unsigned int irqs_unhandled;
    atomic_t threads_handled;
    int threads_handled_last;
    raw_spinlock_t lock;
    struct cpumask *percpu_enabled;
    const struct cpumask *percpu_affinity;
    const struct cpumask *affinity_hint;
    struct irq_affinity_notify *affinity_notify;
    struct cpumask pending_mask[1]; /* where it goes at its next interrupt */
    unsigned long threads_oneshot;
    atomic_t threads_active;
    wait_queue_head_t wait_for_threads;
    struct proc_dir_entry *dir;
    struct kobject kobj;
    struct mutex request_mutex;
    int parent_irq;
    struct module *owner;
    const char *name;
    void *__lab;
};

extern struct irq_desc *vector_irq[NR_VECTORS]; /* per-CPU: vector to descriptor */
extern int nr_irqs;

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn, unsigned long flags,
                         const char *name, void *dev_id);
int request_any_context_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
                            void *dev_id);
int __request_percpu_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *devname,
                         void *percpu_dev_id);
int request_nmi(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev);
const void *free_irq(unsigned int irq, void *dev_id); /* the name given on request, or null */
void free_percpu_irq(unsigned int irq, void *percpu_dev_id);
int devm_request_threaded_irq(struct device *dev, unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
                              unsigned long flags, const char *name, void *dev_id);
int devm_request_any_context_irq(struct device *dev, unsigned int irq, irq_handler_t handler, unsigned long flags,
                                 const char *name, void *dev_id);
void devm_free_irq(struct device *dev, unsigned int irq, void *dev_id);

void disable_irq(unsigned int irq);
void disable_irq_nosync(unsigned int irq);
bool disable_hardirq(unsigned int irq);
void enable_irq(unsigned int irq);
void enable_percpu_irq(unsigned int irq, unsigned int type);
void disable_percpu_irq(unsigned int irq);
void irq_wake_thread(unsigned int irq, void *dev_id);
void synchronize_irq(unsigned int irq);
bool synchronize_hardirq(unsigned int irq);
bool irq_percpu_is_enabled(unsigned int irq);
int irq_set_irq_wake(unsigned int irq, unsigned int on);
int irq_set_irq_type(unsigned int irq, unsigned int type);
int irq_set_affinity(unsigned int irq, const struct cpumask *mask);
int irq_force_affinity(unsigned int irq, const struct cpumask *mask);
int irq_set_affinity_hint(unsigned int irq, const struct cpumask *mask); /* until 5.16 */
int __irq_apply_affinity_hint(unsigned int irq, const struct cpumask *mask, bool set_affinity);
int irq_can_set_affinity(unsigned int irq);
int irq_get_irqchip_state(unsigned int irq, __lab_irqchip_state which, bool *state);
int irq_set_irqchip_state(unsigned int irq, __lab_irqchip_state which, bool state);
int irq_inject_interrupt(unsigned int irq);
unsigned long probe_irq_on(void);
int probe_irq_off(unsigned long mask);
unsigned int probe_irq_mask(unsigned long mask);

struct irq_desc *irq_to_desc(unsigned int irq);
struct irq_data *irq_get_irq_data(unsigned int irq);
unsigned int kstat_irqs_cpu(unsigned int irq, int cpu);
unsigned int kstat_irqs_usr(unsigned int irq);
unsigned int kstat_irqs(unsigned int irq);
int irq_set_chip(unsigned int irq, const struct irq_chip *chip);
int irq_set_chip_data(unsigned int irq, void *data);
int irq_set_handler_data(unsigned int irq, void *data);
void irq_set_chip_and_handler_name(unsigned int irq, const struct irq_chip *chip, irq_flow_handler_t handle,
                                   const char *name);
void __irq_set_handler(unsigned int irq, irq_flow_handler_t handle, int is_chained, const char *name);
void irq_modify_status(unsigned int irq, unsigned long clear, unsigned long set);
int __irq_alloc_descs(int irq, unsigned int from, unsigned int count, int node, struct module *owner,
                      const void *affinity);
void irq_free_descs(unsigned int irq, unsigned int count);
int generic_handle_irq(unsigned int irq);
int generic_handle_irq_safe(unsigned int irq);
int generic_handle_domain_irq(struct irq_domain *domain, unsigned int hwirq);
void handle_simple_irq(struct irq_desc *desc);
void handle_level_irq(struct irq_desc *desc);
void handle_edge_irq(struct irq_desc *desc);
void handle_fasteoi_irq(struct irq_desc *desc);
void handle_percpu_irq(struct irq_desc *desc);
void handle_bad_irq(struct irq_desc *desc);
void handle_nested_irq(unsigned int irq);
extern struct irq_chip no_irq_chip, dummy_irq_chip;

/* A callback in hard interrupt context, by a self-IPI. */
struct irq_work {
    struct llist_node llnode;
    atomic_t flags; /* 1 pending, 2 busy, 4 lazy, 8 hard */
    void (*func)(struct irq_work *work);
    void *__lab;
};
bool irq_work_queue(struct irq_work *work);
bool irq_work_queue_on(struct irq_work *work, int cpu);
void irq_work_sync(struct irq_work *work);

IRQLAB_ABI_END

#endif
