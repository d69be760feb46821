// The queue behind linux/kfifo.h. `in` and `out` count elements and run freely; mask is the size - 1.
#include <algorithm>
#include <bit>
#include <cstring>

#include "linux/abi/mm.h"
#include "linux/abi/string.h"
#include "linux/abi/uaccess.h"

namespace irqlab::abi {

namespace {

unsigned used(const __kfifo& f) { return f.in - f.out; }
unsigned unused(const __kfifo& f) { return f.mask + 1 - used(f); }

/// The two stretches of `count` elements from index `at` on: up to the end, and from the start.
struct Stretch {
    u8* first;
    size_t first_bytes;
    u8* second;
    size_t second_bytes;
};

Stretch stretch(const __kfifo& f, unsigned at, unsigned count)
{
    auto* data = static_cast<u8*>(f.data);
    const unsigned offset = at & f.mask;
    const unsigned first = std::min(count, f.mask + 1 - offset);
    return {data + size_t{offset} * f.esize, size_t{first} * f.esize, data, size_t{count - first} * f.esize};
}

} // namespace

int __kfifo_alloc(struct __kfifo* fifo, unsigned int size, size_t esize, gfp_t flags)
{
    size = std::bit_ceil(size);
    *fifo = {0, 0, 0, static_cast<unsigned>(esize), nullptr};
    if (size < 2)
        return -EINVAL;
    fifo->data = __kmalloc(size * esize, flags);
    if (!fifo->data)
        return -ENOMEM;
    fifo->mask = size - 1;
    return 0;
}

void __kfifo_free(struct __kfifo* fifo)
{
    kfree(fifo->data);
    *fifo = {};
}

int __kfifo_init(struct __kfifo* fifo, void* buffer, unsigned int size, size_t esize)
{
    const unsigned elements = std::bit_floor(static_cast<unsigned>(size / esize));
    *fifo = {0, 0, 0, static_cast<unsigned>(esize), buffer};
    if (elements < 2)
        return -EINVAL;
    fifo->mask = elements - 1;
    return 0;
}

unsigned int __kfifo_in(struct __kfifo* fifo, const void* buf, unsigned int len)
{
    len = std::min(len, unused(*fifo));
    const Stretch s = stretch(*fifo, fifo->in, len);
    std::memcpy(s.first, buf, s.first_bytes);
    std::memcpy(s.second, static_cast<const u8*>(buf) + s.first_bytes, s.second_bytes);
    fifo->in += len;
    return len;
}

unsigned int __kfifo_out_peek(struct __kfifo* fifo, void* buf, unsigned int len)
{
    len = std::min(len, used(*fifo));
    const Stretch s = stretch(*fifo, fifo->out, len);
    std::memcpy(buf, s.first, s.first_bytes);
    std::memcpy(static_cast<u8*>(buf) + s.first_bytes, s.second, s.second_bytes);
    return len;
}

unsigned int __kfifo_out(struct __kfifo* fifo, void* buf, unsigned int len)
{
    len = __kfifo_out_peek(fifo, buf, len);
    fifo->out += len;
    return len;
}

// Lengths are in bytes here, and only whole elements count.
int __kfifo_from_user(struct __kfifo* fifo, const void* from, unsigned long len, unsigned int* copied)
{
    const unsigned count = std::min(static_cast<unsigned>(len / fifo->esize), unused(*fifo));
    const Stretch s = stretch(*fifo, fifo->in, count);
    unsigned long left = _copy_from_user(s.first, from, s.first_bytes);
    if (left == 0)
        left = _copy_from_user(s.second, static_cast<const u8*>(from) + s.first_bytes, s.second_bytes);
    else
        left += s.second_bytes;
    const unsigned missing = static_cast<unsigned>((left + fifo->esize - 1) / fifo->esize);
    *copied = (count - missing) * fifo->esize;
    fifo->in += count - missing;
    return left != 0 ? -EFAULT : 0;
}

int __kfifo_to_user(struct __kfifo* fifo, void* to, unsigned long len, unsigned int* copied)
{
    const unsigned count = std::min(static_cast<unsigned>(len / fifo->esize), used(*fifo));
    const Stretch s = stretch(*fifo, fifo->out, count);
    unsigned long left = _copy_to_user(to, s.first, s.first_bytes);
    if (left == 0)
        left = _copy_to_user(static_cast<u8*>(to) + s.first_bytes, s.second, s.second_bytes);
    else
        left += s.second_bytes;
    const unsigned missing = static_cast<unsigned>((left + fifo->esize - 1) / fifo->esize);
    *copied = (count - missing) * fifo->esize;
    fifo->out += count - missing;
    return left != 0 ? -EFAULT : 0;
}

} // namespace irqlab::abi
