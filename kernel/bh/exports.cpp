// What of the bottom halves modules may call. open_softirq and raise_softirq need --export: Linux does not
// let modules have softirqs of their own.
#include <iterator>

#include "kernel/bh/bh.hpp"
#include "kernel/module/export.hpp"

namespace irqlab::kernel {

namespace {
constexpr Release first = Release::v5_4, last = Release::v6_12;
} // namespace

extern const Export bh_exports[] = {
    EXPORT(__tasklet_schedule),
    EXPORT(__tasklet_hi_schedule),
    EXPORT(tasklet_init),
    EXPORT(tasklet_setup),
    EXPORT(tasklet_kill),
    EXPORT_GPL(tasklet_unlock_wait),
    EXPORT(tasklet_unlock_spin_wait),
    EXPORT(__lab_local_bh_disable),
    EXPORT(__lab_local_bh_enable),
    EXPORT(__local_bh_enable_ip),
    EXPORT(__lab_local_softirq_pending),
    {"open_softirq", reinterpret_cast<const void*>(&abi::open_softirq), false, first, last, nullptr, true},
    {"raise_softirq", reinterpret_cast<const void*>(static_cast<void (*)(unsigned)>(&abi::raise_softirq)), false, first,
     last, nullptr, true},
    {"raise_softirq_irqoff", reinterpret_cast<const void*>(&abi::raise_softirq_irqoff), false, first, last, nullptr, true},
    {"__raise_softirq_irqoff", reinterpret_cast<const void*>(&abi::__raise_softirq_irqoff), false, first, last, nullptr,
     true},
};
extern const std::size_t bh_exports_count = std::size(bh_exports);

} // namespace irqlab::kernel
