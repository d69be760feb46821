// /proc/irq/N and /sys/kernel/irq/N. [LX core-api/irq/irq-affinity, ABI/testing/sysfs-kernel-irq]
#include <fmt/format.h>

#include "kernel/irq/desc_lock.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/vfs/proc_texts.hpp"

namespace irqlab::kernel {

void append_name(TextSink& out, const char* name)
{
    char text[128];
    format_text(text, sizeof text, "%s", name);
    out.append(text);
}

bool parse_number(std::string_view text, unsigned& value)
{
    value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || value > 99'999'999)
            return false;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return !text.empty() && (text.size() == 1 || text[0] != '0');
}

namespace {

/// Null when the line went while its file was open.
abi::irq_desc* desc_of(Kernel& k, void* context) { return irq_desc_of(k, irq_of(context)); }

CpuSet bits(const abi::cpumask* mask) { return mask ? set_of(*mask) : CpuSet{}; }

void mask_line(Kernel& k, const CpuSet& mask, bool list, TextSink& out)
{
    if (list)
        append_list(out, mask);
    else
        append_mask(out, mask, k.cpu_count);
    out.append('\n');
}

/// Its next interrupt will move it.
bool moves(const abi::irq_desc& d) { return (d.irq_common_data.state_use_accessors & irqd_setaffinity_pending) != 0; }

template <bool list>
void affinity(Kernel& k, void* context, TextSink& out)
{
    if (const abi::irq_desc* d = desc_of(k, context))
        mask_line(k, bits(moves(*d) ? d->pending_mask : d->irq_common_data.affinity), list, out);
}

template <bool list>
int store_affinity(Kernel& k, void* context, std::string_view text)
{
    CpuSet mask;
    if (!parse_mask(text, list, mask))
        return -EINVAL;
    return irq_affinity_write(k, irq_of(context), mask);
}

template <bool list>
void effective(Kernel& k, void* context, TextSink& out)
{
    if (const abi::irq_desc* d = desc_of(k, context))
        mask_line(k, bits(d->irq_common_data.effective_affinity), list, out);
}

void hint(Kernel& k, void* context, TextSink& out)
{
    if (const abi::irq_desc* d = desc_of(k, context))
        mask_line(k, bits(d->affinity_hint), false, out);
}

void node(Kernel& k, void* context, TextSink& out)
{
    if (const abi::irq_desc* d = desc_of(k, context))
        out.format("{}\n", static_cast<int>(d->irq_common_data.node));
}

void spurious(Kernel& k, void* context, TextSink& out)
{
    constexpr u64 ms_per_tick = 1000 / abi::IRQLAB_HZ;
    if (const abi::irq_desc* d = desc_of(k, context))
        out.format("count {}\nunhandled {}\nlast_unhandled {} ms\n", d->irq_count, d->irqs_unhandled,
                   static_cast<u32>(d->last_unhandled * ms_per_tick)); // jiffies_to_msecs() gives 32 bits
}

constexpr Fixed irq_rows[] = {
    {.name = "affinity_hint", .mode = S_IFREG | 0444, .show = hint},
    {.name = "effective_affinity", .mode = S_IFREG | 0444, .show = effective<false>},
    {.name = "effective_affinity_list", .mode = S_IFREG | 0444, .show = effective<true>},
    {.name = "node", .mode = S_IFREG | 0444, .show = node},
    {.name = "smp_affinity", .mode = S_IFREG | 0644, .show = affinity<false>, .store = store_affinity<false>},
    {.name = "smp_affinity_list", .mode = S_IFREG | 0644, .show = affinity<true>, .store = store_affinity<true>},
    {.name = "spurious", .mode = S_IFREG | 0444, .show = spurious},
};

constexpr Directory empty_directory{};

bool find_action(Kernel& k, void* context, std::string_view name, Fixed& out)
{
    const abi::irq_desc* d = desc_of(k, context);
    for (const abi::irqaction* a = d ? d->action : nullptr; a; a = a->next)
        if (const char* directory = proc_name_of(*a); directory && name == directory) {
            out = {.name = name, .mode = S_IFDIR | 0555, .directory = &empty_directory};
            return true;
        }
    return false;
}

void list_actions(Kernel& k, void* context, const NameList& names)
{
    const abi::irq_desc* d = desc_of(k, context);
    for (const abi::irqaction* a = d ? d->action : nullptr; a; a = a->next)
        if (const char* directory = proc_name_of(*a))
            names.add(names.context, directory);
}

constexpr Directory proc_irq_n = directory_of(irq_rows, find_action, list_actions);

// /proc/irq has a directory for each line that has a chip; /sys/kernel/irq one for each descriptor.
bool shown_in_proc(const abi::irq_desc& d)
{
    return d.irq_data.chip && d.irq_data.chip != &abi::no_irq_chip;
}

template <bool proc>
bool find_irq(Kernel& k, void*, std::string_view name, Fixed& out);

template <bool proc>
void list_irqs(Kernel& k, void*, const NameList& names)
{
    for (unsigned irq = 0; irq < k.irq->nr_irqs; ++irq)
        if (const abi::irq_desc* d = irq_desc_of(k, irq); d && (!proc || shown_in_proc(*d)))
            names.add(names.context, fmt::format("{}", irq));
}

void default_affinity(Kernel& k, void*, TextSink& out) { mask_line(k, CpuSet::all(), false, out); }
constexpr Fixed proc_irq_rows[] = {
    {.name = "default_smp_affinity", .mode = S_IFREG | 0444, .show = default_affinity}};

// --- /sys/kernel/irq/N -------------------------------------------------------------------------------------

void actions(Kernel& k, void* context, TextSink& out)
{
    const abi::irq_desc* d = desc_of(k, context);
    const char* separator = "";
    const DescLock lock;
    for (const abi::irqaction* a = d ? d->action : nullptr; a; a = a->next) {
        out.append(separator);
        append_name(out, a->name);
        separator = ",";
    }
    if (*separator)
        out.append('\n');
}

void chip_name(Kernel& k, void* context, TextSink& out)
{
    const abi::irq_desc* d = desc_of(k, context);
    if (d && d->irq_data.chip && d->irq_data.chip->name)
        out.format("{}\n", d->irq_data.chip->name);
}

void hwirq(Kernel& k, void* context, TextSink& out)
{
    const abi::irq_desc* d = desc_of(k, context);
    if (d && d->irq_data.domain)
        out.format("{}\n", d->irq_data.hwirq);
}

void flow_name(Kernel& k, void* context, TextSink& out)
{
    const abi::irq_desc* d = desc_of(k, context);
    if (d && d->name)
        out.format("{}\n", d->name);
}

void per_cpu_count(Kernel& k, void* context, TextSink& out)
{
    const abi::irq_desc* d = desc_of(k, context);
    for (unsigned cpu = 0; d && cpu < k.cpu_count; ++cpu)
        out.format("{}{}", cpu ? "," : "", d->kstat_irqs ? d->kstat_irqs[cpu] : 0u);
    out.append('\n');
}

void type(Kernel& k, void* context, TextSink& out)
{
    if (abi::irq_desc* d = desc_of(k, context))
        out.append(irqd_test(*d, irqd_level) ? "level\n" : "edge\n");
}

void wakeup(Kernel& k, void* context, TextSink& out)
{
    if (abi::irq_desc* d = desc_of(k, context))
        out.append(irqd_test(*d, irqd_wakeup_state) ? "enabled\n" : "disabled\n");
}

constexpr Fixed sys_irq_rows[] = {text_row("actions", actions), text_row("chip_name", chip_name),
                                  text_row("hwirq", hwirq),     text_row("name", flow_name),
                                  text_row("per_cpu_count", per_cpu_count), text_row("type", type),
                                  text_row("wakeup", wakeup)};
constexpr Directory sys_irq_n = directory_of(sys_irq_rows);

template <bool proc>
bool find_irq(Kernel& k, void*, std::string_view name, Fixed& out)
{
    unsigned irq = 0;
    if (!parse_number(name, irq) || irq >= k.irq->nr_irqs)
        return false;
    const abi::irq_desc* d = irq_desc_of(k, irq);
    if (!d || (proc && !shown_in_proc(*d)))
        return false;
    out = {.name = name,
           .mode = S_IFDIR | (proc ? 0555u : 0755u),
           .directory = proc ? &proc_irq_n : &sys_irq_n,
           .context = irq_context(irq)};
    return true;
}

} // namespace

const Directory proc_irq_directory = directory_of(proc_irq_rows, find_irq<true>, list_irqs<true>);
const Directory sys_kernel_irq_directory{nullptr, 0, find_irq<false>, list_irqs<false>};

} // namespace irqlab::kernel
