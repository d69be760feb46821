// MSI: a line whose message the function itself sends. [LX PCI/msi-howto], [LX drivers/pci/msi]
//
// The line has its vector from its allocation on, for functions that cannot mask: Linux cannot let one of them send to
// nowhere. Until 6.1 the chip is "PCI-MSI" and its hwirq holds bus, device and function; since 6.2 each function has a
// chip of its own name. Behind a remapping unit it is IR-.
#include <cstdio>
#include <cstring>

#include "hw/pci/msi.hpp"
#include "kernel/entry/oops.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/message.hpp"
#include "kernel/pci/pci.hpp"
#include "kernel/sched/smp.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned no_node = ~0u;
constexpr int state_d0 = 0;
constexpr unsigned hwirq_shift = 11; // above the vector's number within the function

u16 control_of(const abi::pci_dev& dev)
{
    return static_cast<u16>(config_read(dev, dev.msi_cap + hw::msi::control, 2));
}

abi::pci_dev& sender_of(abi::irq_data* data)
{
    return *reinterpret_cast<abi::pci_dev*>(data->common->msi_desc);
}

bool maskable(const abi::pci_dev& dev) { return hw::msi::Maskable::test(control_of(dev)); }

void set_mask(abi::irq_data* data, u32 mask)
{
    const abi::pci_dev& dev = sender_of(data);
    if (maskable(dev))
        config_write(dev, dev.msi_cap + hw::msi::mask, 4, mask);
}

void pci_msi_mask_irq(abi::irq_data* data) { set_mask(data, 1); }
void pci_msi_unmask_irq(abi::irq_data* data) { set_mask(data, 0); }

void pci_write_msi_msg(abi::irq_data* data, abi::msi_msg* msg)
{
    const abi::pci_dev& dev = sender_of(data);
    config_write(dev, dev.msi_cap + hw::msi::address, 4, msg->address_lo);
    config_write(dev, dev.msi_cap + hw::msi::address_high, 4, msg->address_hi);
    config_write(dev, dev.msi_cap + hw::msi::data, 2, msg->data);
}

int msi_set_affinity(abi::irq_data* data, const abi::cpumask* dest, bool)
{
    Kernel& k = kernel();
    abi::irq_desc& desc = *irq_desc_of(k, data->irq);
    const int error = vector_assign(k, desc, set_of(*dest));
    if (error || k.irq->parent->retarget(k, desc))
        return error;
    const Message message = k.irq->parent->compose(k, desc);
    abi::msi_msg raw{message.address, 0, message.data};
    pci_write_msi_msg(data, &raw);
    return 0;
}

abi::irq_chip& make_chip(Kernel& k, const abi::pci_dev& dev)
{
    char name[32];
    const bool own = k.config.release >= Release::v6_6;
    const int length = std::snprintf(name, sizeof name, "%sPCI-MSI%s%s", k.irq->remapped ? "IR-" : "", own ? "-" : "",
                                     own ? name_of(dev.dev) : "");
    auto& chip = *k.arena.make<abi::irq_chip>();
    chip.name = static_cast<char*>(std::memcpy(k.arena.take(sizeof name), name, static_cast<unsigned>(length) + 1));
    chip.irq_mask = pci_msi_mask_irq;
    chip.irq_unmask = pci_msi_unmask_irq;
    chip.irq_ack = apic_ack_edge;
    chip.irq_set_affinity = msi_set_affinity;
    chip.irq_retrigger = apic_retrigger_irq;
    chip.irq_write_msi_msg = pci_write_msi_msg;
    chip.flags = irqchip_skip_set_wake | irqchip_oneshot_safe;
    return chip;
}

u16 source_of(const abi::pci_dev& dev) { return static_cast<u16>(dev.bus->number << 8 | dev.devfn); }

/// The line's descriptor: an edge that the function sends.
void set_up(Kernel& k, PciFunction& f, abi::irq_desc& desc)
{
    if (!f.msi_chip)
        f.msi_chip = &make_chip(k, f.dev);
    const bool own = k.config.release >= Release::v6_6;
    desc.irq_data.chip = f.msi_chip;
    desc.irq_data.hwirq = own ? 0 : abi::irq_hw_number_t{source_of(f.dev)} << hwirq_shift;
    desc.irq_data.domain = reinterpret_cast<abi::irq_domain*>(&f);
    desc.irq_common_data.msi_desc = reinterpret_cast<abi::msi_desc*>(&f.dev);
    desc.irq_common_data.node = no_node;
    desc.handle_irq = abi::handle_edge_irq;
    desc.name = "edge";
    route_of(desc).source = source_of(f.dev);
    if (k.irq->remapped)
        irqd(desc) |= irqd_move_pcntxt;
}

/// Enables MSI with one vector. @return 0 or a negative errno.
int enable(Kernel& k, PciFunction& f)
{
    constexpr u16 queue_size = hw::msi::Enabled::mask, on = hw::msi::Enable::mask;
    const int irq = abi::__irq_alloc_descs(-1, 0, 1, -1, nullptr, nullptr);
    if (irq < 0)
        return irq;
    abi::irq_desc& desc = *irq_desc_of(k, static_cast<unsigned>(irq));
    set_up(k, f, desc);
    if (const int error = irq_activate(k, desc)) {
        abi::irq_free_descs(static_cast<unsigned>(irq), 1);
        return error;
    }
    abi::pci_intx(&f.dev, 0);
    const u16 control = static_cast<u16>(control_of(f.dev) & ~queue_size);
    config_write(f.dev, f.dev.msi_cap + hw::msi::control, 2, control | on);
    f.dev.msi_enabled = 1;
    f.msi_irq = static_cast<unsigned>(irq);
    f.intx_irq = f.dev.irq;
    f.dev.irq = f.msi_irq;
    pci_msi_files_add(k, f);
    return 0;
}

void release(void* data) { abi::pci_free_irq_vectors(static_cast<abi::pci_dev*>(data)); }

/// [LX drivers/pci/msi/msi.c] __pci_enable_msi_range, in its order of checks. @return vectors or a negative errno.
int enable_range(Kernel& k, abi::pci_dev& dev, unsigned min, unsigned max)
{
    PciFunction& f = function_of(dev);
    if (!k.pci->msi || f.no_msi || min < 1 || dev.current_state != state_d0)
        return -EINVAL;
    if (dev.msi_enabled) {
        kernel_warn("drivers/pci/msi/msi.c", 439, "__pci_enable_msi_range", nullptr);
        return -EINVAL;
    }
    const int vectors = abi::pci_msi_vec_count(&dev);
    if (vectors < 0)
        return vectors;
    if (max < min)
        return -ERANGE;
    if (static_cast<unsigned>(vectors) < min || min > 1)
        return -ENOSPC;
    const bool managed = dev.is_managed != 0;
    const int error = enable(k, f);
    if (error == 0 && managed)
        abi::__devm_add_action(&dev.dev, release, &dev, "pcim_msi_release");
    return error ? error : 1;
}

void disable(Kernel& k, PciFunction& f)
{
    abi::irq_desc& desc = *irq_desc_of(k, f.msi_irq);
    if (desc.action) { // its handler would be called through memory that is another's: the line stays
        kernel_warn("drivers/pci/msi/msi.c", 0, "free_msi_irqs", nullptr);
        return;
    }
    const u16 control = control_of(f.dev);
    config_write(f.dev, f.dev.msi_cap + hw::msi::control, 2, control & ~u32{hw::msi::Enable::mask});
    abi::pci_intx(&f.dev, 1);
    pci_msi_files_remove(k, f);
    if (irqd_test(desc, irqd_activated))
        irq_deactivate(k, desc);
    abi::irq_free_descs(f.msi_irq, 1);
    f.msi_irq = 0;
    f.dev.msi_enabled = 0;
    f.dev.irq = f.intx_irq;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int pci_msi_enabled(void) { return kernel::kernel().pci->msi; }

int pci_msi_vec_count(struct pci_dev* dev)
{
    return dev->msi_cap ? 1 << hw::msi::Capable::get(control_of(*dev)) : -EINVAL;
}

int pci_msix_vec_count(struct pci_dev* dev) { return dev->msix_cap ? 0 : -EINVAL; }

int pci_enable_msi(struct pci_dev* dev)
{
    const int vectors = enable_range(kernel::kernel(), *dev, 1, 1);
    return vectors < 0 ? vectors : 0;
}

void pci_disable_msi(struct pci_dev* dev)
{
    if (dev->msi_enabled)
        disable(kernel::kernel(), function_of(*dev));
}

// No function of the boards has MSI-X.
int pci_enable_msix_range(struct pci_dev*, struct msix_entry*, int, int) { return -EINVAL; }
void pci_disable_msix(struct pci_dev*) {}

int pci_alloc_irq_vectors_affinity(struct pci_dev* dev, unsigned int min, unsigned int max, unsigned int flags,
                                   struct irq_affinity*)
{
    int vectors = -ENOSPC;
    if ((flags & PCI_IRQ_MSIX) != 0)
        vectors = pci_enable_msix_range(dev, nullptr, static_cast<int>(min), static_cast<int>(max));
    if ((flags & PCI_IRQ_MSI) != 0) {
        vectors = enable_range(kernel::kernel(), *dev, min, max);
        if (vectors > 0)
            return vectors;
    }
    if ((flags & PCI_IRQ_LEGACY) != 0 && min == 1 && dev->irq != 0) {
        pci_intx(dev, 1);
        return 1;
    }
    return vectors;
}

int pci_alloc_irq_vectors(struct pci_dev* dev, unsigned int min, unsigned int max, unsigned int flags)
{
    return pci_alloc_irq_vectors_affinity(dev, min, max, flags, nullptr);
}

void pci_free_irq_vectors(struct pci_dev* dev) { pci_disable_msi(dev); }

int pci_irq_vector(struct pci_dev* dev, unsigned int nr)
{
    if (nr != 0)
        return -EINVAL;
    return static_cast<int>(dev->msi_enabled ? function_of(*dev).msi_irq : dev->irq);
}

} // namespace irqlab::abi
