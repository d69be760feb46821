// What of this folder modules may call.
#include <iterator>

#include "kernel/module/export.hpp"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"

namespace irqlab::kernel {

extern const Export printk_exports[] = {
    EXPORT(___ratelimit),
    EXPORT(__lab_snprintf),
    EXPORT(__lab_sprintf),
    EXPORT(__lab_vsnprintf),
    EXPORT(__lab_vsprintf),
    EXPORT_GPL(__trace_printk),
    EXPORT_GPL(__trace_puts),
    EXPORT(_dev_alert),
    EXPORT(_dev_crit),
    EXPORT(_dev_emerg),
    EXPORT(_dev_err),
    EXPORT(_dev_info),
    EXPORT(_dev_notice),
    EXPORT(_dev_printk),
    EXPORT(_dev_warn),
    {"_printk", reinterpret_cast<const void*>(&abi::_printk), false, Release::v5_15, Release::v6_12},
    EXPORT_GPL(dev_err_probe),
    EXPORT(print_hex_dump),
    EXPORT(print_hex_dump_bytes),
    {"printk", reinterpret_cast<const void*>(&abi::printk), false, Release::v5_4, Release::v5_10},
    EXPORT(scnprintf),
    EXPORT(vprintk),
    EXPORT(vprintk_emit),
    EXPORT(vscnprintf),
};
extern const std::size_t printk_exports_count = std::size(printk_exports);

} // namespace irqlab::kernel
