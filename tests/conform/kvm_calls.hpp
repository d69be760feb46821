// Inside the witness: KVM's requests as C++ can make them.
#pragma once
#include <linux/kvm.h>
#include <sys/ioctl.h>

#include "hw/base/bits.hpp"

namespace irqlab::conform {

// The kernel's headers end some structs in an array of no length, which C++ lays out differently: here they
// are a head of 8 bytes with the entries behind, and the requests are numbered by the size that C gives.
struct ListHead {
    u32 count, other;
};
inline constexpr unsigned long get_supported_cpuid = _IOWR(KVMIO, 0x05, ListHead),
                               set_cpuid = _IOW(KVMIO, 0x90, ListHead),
                               set_gsi_routing = _IOW(KVMIO, 0x6a, ListHead);
template <class Entry, unsigned Most> struct List {
    ListHead head;
    Entry entry[Most];
};

inline int call(int fd, unsigned long request, const void* argument)
{
    return ioctl(fd, request, const_cast<void*>(argument));
}

} // namespace irqlab::conform
