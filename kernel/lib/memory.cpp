// Bytes: copying, filling, comparing, searching. Copies take time, as accesses of the driver do.
#include <cstring>

#include "kernel/entry/access_budget.hpp"
#include "linux/abi/string.h"

namespace irqlab::abi {

namespace {
void take_time(size_t bytes) { kernel::access_budget.left -= static_cast<irqlab::i64>(bytes / 8) + 1; }
} // namespace

void* __lab_memcpy(void* to, const void* from, size_t count)
{
    take_time(count);
    return std::memmove(to, from, count); // a driver's overlap is not undefined here
}

void* __lab_memmove(void* to, const void* from, size_t count)
{
    take_time(count);
    return std::memmove(to, from, count);
}

void* __lab_memset(void* to, int value, size_t count)
{
    take_time(count);
    return std::memset(to, value, count);
}

int __lab_memcmp(const void* a, const void* b, size_t count)
{
    take_time(count);
    return std::memcmp(a, b, count);
}

void* __lab_memchr(const void* from, int c, size_t count)
{
    return const_cast<void*>(std::memchr(from, c, count));
}

void* memchr_inv(const void* from, int c, size_t count)
{
    const auto* bytes = static_cast<const u8*>(from);
    for (size_t i = 0; i < count; ++i)
        if (bytes[i] != static_cast<u8>(c))
            return const_cast<u8*>(bytes + i);
    return nullptr;
}

} // namespace irqlab::abi
