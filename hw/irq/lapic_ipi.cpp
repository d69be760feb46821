// Local APIC: the interrupt command register. See the header.
#include "hw/irq/lapic_ipi.hpp"

namespace irqlab::hw {

ApicMessage icr_message(u64 icr)
{
    // The trigger mode only tells INIT from INIT de-assert; other IPIs are edges. [SDM3] "Interrupt Command
    // Register".
    return {static_cast<u8>(icr::Vector::get(icr)), static_cast<Delivery>(icr::DeliveryMode::get(icr)),
            static_cast<u8>(icr::Destination::get(icr)), icr::Logical::test(icr), false};
}

Shorthand icr_shorthand(u64 icr) { return static_cast<Shorthand>(icr::Shorthand::get(icr)); }

bool icr_sends(u64 icr)
{
    switch (static_cast<Delivery>(icr::DeliveryMode::get(icr))) {
    case Delivery::init:
        return !(icr::Level::test(icr) && !icr::Assert::test(icr)); // De-assert: no CPU heeds it.
    case Delivery::reserved:
    case Delivery::ext_int: return false;
    default: return true;
    }
}

} // namespace irqlab::hw
