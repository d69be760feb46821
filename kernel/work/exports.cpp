// What of this folder modules may call.
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/work/work.hpp"
#include "linux/abi/sched.h"

namespace irqlab::kernel {

namespace {
void* system_wq_of(Kernel& k) { return &k.work->system; }
void* system_highpri_wq_of(Kernel& k) { return &k.work->system_high; }
void* system_long_wq_of(Kernel& k) { return &k.work->system_long; }
void* system_unbound_wq_of(Kernel& k) { return &k.work->system_unbound; }
void* system_freezable_wq_of(Kernel& k) { return &k.work->system_freezable; }
void* system_power_efficient_wq_of(Kernel& k) { return &k.work->system_power; }
void* system_freezable_power_efficient_wq_of(Kernel& k) { return &k.work->system_freezable_power; }
void* system_bh_wq_of(Kernel& k) { return &k.work->system_bh; }
void* system_bh_highpri_wq_of(Kernel& k) { return &k.work->system_bh_high; }
} // namespace

extern const Export work_exports[] = {
    {"__flush_workqueue", reinterpret_cast<const void*>(&abi::__flush_workqueue), false, Release::v6_1,
     Release::v6_12},
    EXPORT_GPL(alloc_workqueue),
    EXPORT(cancel_delayed_work),
    EXPORT(cancel_delayed_work_sync),
    EXPORT(cancel_work),
    EXPORT_GPL(cancel_work_sync),
    {"complete_and_exit", reinterpret_cast<const void*>(&abi::complete_and_exit), false, Release::v5_4,
     Release::v5_15},
    EXPORT(current_work),
    EXPORT(delayed_work_timer_fn),
    EXPORT_GPL(destroy_workqueue),
    {"disable_work", reinterpret_cast<const void*>(&abi::disable_work), false, Release::v6_12,
     Release::v6_12},
    {"disable_work_sync", reinterpret_cast<const void*>(&abi::disable_work_sync), false, Release::v6_12,
     Release::v6_12},
    {"disable_delayed_work", reinterpret_cast<const void*>(&abi::disable_delayed_work), true, Release::v6_12,
     Release::v6_12},
    {"disable_delayed_work_sync", reinterpret_cast<const void*>(&abi::disable_delayed_work_sync), true,
     Release::v6_12, Release::v6_12},
    EXPORT_GPL(drain_workqueue),
    {"enable_delayed_work", reinterpret_cast<const void*>(&abi::enable_delayed_work), true, Release::v6_12,
     Release::v6_12},
    {"enable_work", reinterpret_cast<const void*>(&abi::enable_work), false, Release::v6_12, Release::v6_12},
    EXPORT(flush_delayed_work),
    EXPORT(flush_rcu_work),
    EXPORT_GPL(flush_work),
    {"flush_workqueue", reinterpret_cast<const void*>(&abi::flush_workqueue), false, Release::v5_4,
     Release::v5_15},
    EXPORT(kthread_bind),
    {"kthread_complete_and_exit", reinterpret_cast<const void*>(&abi::kthread_complete_and_exit), false,
     Release::v6_1, Release::v6_12},
    EXPORT(kthread_create_on_cpu),
    EXPORT(kthread_create_on_node),
    EXPORT_GPL(kthread_data),
    {"kthread_exit", reinterpret_cast<const void*>(&abi::kthread_exit), false, Release::v6_1, Release::v6_12},
    EXPORT_GPL(kthread_park),
    EXPORT_GPL(kthread_parkme),
    EXPORT_GPL(kthread_should_park),
    EXPORT(kthread_should_stop),
    EXPORT(kthread_stop),
    {"kthread_stop_put", reinterpret_cast<const void*>(&abi::kthread_stop_put), true, Release::v6_6,
     Release::v6_12},
    EXPORT_GPL(kthread_unpark),
    EXPORT_GPL(mod_delayed_work_on),
    EXPORT(queue_delayed_work_on),
    EXPORT(queue_rcu_work),
    EXPORT_GPL(queue_work_node),
    EXPORT(queue_work_on),
    EXPORT(schedule_on_each_cpu),
    EXPORT_GPL(work_busy),
    EXPORT_GPL(workqueue_congested),
    EXPORT_GPL(workqueue_set_max_active),
    {"system_wq", nullptr, false, Release::v5_4, Release::v6_12, system_wq_of},
    {"system_highpri_wq", nullptr, true, Release::v5_4, Release::v6_12, system_highpri_wq_of},
    {"system_long_wq", nullptr, true, Release::v5_4, Release::v6_12, system_long_wq_of},
    {"system_unbound_wq", nullptr, true, Release::v5_4, Release::v6_12, system_unbound_wq_of},
    {"system_freezable_wq", nullptr, true, Release::v5_4, Release::v6_12, system_freezable_wq_of},
    {"system_power_efficient_wq", nullptr, true, Release::v5_4, Release::v6_12, system_power_efficient_wq_of},
    {"system_freezable_power_efficient_wq", nullptr, true, Release::v5_4, Release::v6_12,
     system_freezable_power_efficient_wq_of},
    {"system_bh_wq", nullptr, true, Release::v6_12, Release::v6_12, system_bh_wq_of},
    {"system_bh_highpri_wq", nullptr, true, Release::v6_12, Release::v6_12, system_bh_highpri_wq_of},
};
extern const std::size_t work_exports_count = std::size(work_exports);

} // namespace irqlab::kernel
