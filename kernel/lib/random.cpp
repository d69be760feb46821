// Random numbers: from one generator of the World, so that a run can be repeated.
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/lib/library.hpp"
#include "linux/abi/string.h"

namespace irqlab::kernel {

// The seed is what the World was told at its birth.
void library_init(Kernel& k)
{
    k.library = k.arena.make<Library>();
    k.library->random = static_cast<u64>(k.config.boot_time_s) * 0x9e3779b97f4a7c15 + k.config.cpus;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

namespace {

u64 next()
{
    irqlab::u64 x = kernel::kernel().library->random += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

} // namespace

u64 get_random_u64(void) { return next(); }
u32 get_random_u32(void) { return static_cast<u32>(next() >> 32); }
u16 get_random_u16(void) { return static_cast<u16>(next() >> 48); }
u8 get_random_u8(void) { return static_cast<u8>(next() >> 56); }
u32 prandom_u32(void) { return get_random_u32(); }

void get_random_bytes(void* buf, size_t count)
{
    auto* to = static_cast<u8*>(buf);
    while (count > 0) {
        const u64 value = next();
        const size_t take = count < sizeof value ? count : sizeof value;
        std::memcpy(to, &value, take);
        to += take;
        count -= take;
    }
}

} // namespace irqlab::abi
