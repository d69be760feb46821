// Messages that name vector and CPU, and redirection entries made of messages. See the header.
#include "kernel/irq/message.hpp"

#include "hw/irq/ioapic.hpp"
#include "kernel/irq/apic.hpp"

namespace irqlab::kernel {

namespace {

/// A redirection entry in remappable format.
namespace remappable_rte {
using Index = Field<u64, 49, 15>;
using Format = Field<u64, 48>;
using Index15 = Field<u64, 11>;
} // namespace remappable_rte

Message compose(Kernel& k, abi::irq_desc& desc)
{
    const Route& r = route_of(desc);
    const Target to = destination_of(k.irq->apic, r.cpu);
    Message m;
    m.address = message::Base::put(0, message::base);
    m.address = message::Logical::put(m.address, to.logical);
    m.address = message::Destination::put(m.address, to.id);
    m.data = message::Vector::put(0, r.vector);
    m.data = message::DeliveryMode::put(m.data, static_cast<u32>(hw::Delivery::fixed));
    return m;
}

} // namespace

const MessageParent vector_parent{[](Kernel&, abi::irq_desc&) { return 0; }, [](Kernel&, abi::irq_desc&) {},
                                  [](Kernel&, abi::irq_desc&) { return false; }, compose};

u64 entry_from_message(const Message& m)
{
    using namespace hw::rte;
    u64 entry = Vector::put(0, message::Vector::get(m.data));
    entry = DeliveryMode::put(entry, message::DeliveryMode::get(m.data));
    if (message::Remappable::test(m.address)) {
        entry = remappable_rte::Format::put(entry, 1);
        entry = remappable_rte::Index::put(entry, remappable::Index::get(m.address));
        return remappable_rte::Index15::put(entry, remappable::Index15::get(m.address));
    }
    entry = Logical::put(entry, message::Logical::get(m.address));
    return Destination::put(entry, message::Destination::get(m.address));
}

} // namespace irqlab::kernel
