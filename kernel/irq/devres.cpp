// Lines that the driver core frees when the device goes: devm_request_irq and its kin.
// Source: [LX driver-api/driver-model/devres].
#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/device.h"

namespace irqlab::kernel {

namespace {

struct Held {
    unsigned irq;
    void* dev_id;
};

void release(void* data)
{
    const auto& held = *static_cast<const Held*>(data);
    abi::free_irq(held.irq, held.dev_id);
}

bool same(const void* data, const void* wanted)
{
    const auto &a = *static_cast<const Held*>(data), &b = *static_cast<const Held*>(wanted);
    return a.irq == b.irq && a.dev_id == b.dev_id;
}

/// Requests by `request()`, and remembers the line when it was given. @return what it returned, or -ENOMEM.
template <class Request>
int hold(abi::device& device, unsigned irq, void* dev_id, Request request)
{
    const Held held{irq, dev_id};
    void* memory = devres_add(device, sizeof held, release);
    if (!memory)
        return -ENOMEM;
    *static_cast<Held*>(memory) = held;
    const int result = request();
    if (result < 0)
        devres_take(device, release, same, &held);
    return result;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

int devm_request_threaded_irq(struct device* dev, unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
                              unsigned long flags, const char* name, void* dev_id)
{
    if (!name)
        name = name_of(*dev);
    return hold(*dev, irq, dev_id, [=] { return request_threaded_irq(irq, handler, thread_fn, flags, name, dev_id); });
}

int devm_request_any_context_irq(struct device* dev, unsigned int irq, irq_handler_t handler, unsigned long flags,
                                 const char* name, void* dev_id)
{
    if (!name)
        name = name_of(*dev);
    return hold(*dev, irq, dev_id, [=] { return request_any_context_irq(irq, handler, flags, name, dev_id); });
}

void devm_free_irq(struct device* dev, unsigned int irq, void* dev_id)
{
    const Held wanted{irq, dev_id};
    if (!devres_take(*dev, irqlab::kernel::release, same, &wanted))
        __lab_warn("kernel/irq/devres.c", 144, "devm_free_irq", nullptr);
    free_irq(irq, dev_id);
}

} // namespace irqlab::abi
