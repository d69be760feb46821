// iov_iter: copies between a driver's read_iter or write_iter and user or kernel memory. See the header.
#include "kernel/vfs/iov_iter.hpp"

#include <algorithm>
#include <cerrno>

#include "linux/abi/string.h"
#include "linux/abi/uaccess.h"

namespace irqlab::kernel {

namespace {

/// Calls copy(place, done, bytes) for each piece, until it copies less than asked. @return bytes copied.
template <class Copy>
std::size_t each_piece(abi::iov_iter& iter, std::size_t bytes, Copy copy)
{
    std::size_t done = 0;
    bytes = std::min(bytes, iter.count);
    while (done < bytes) {
        const std::size_t piece = std::min(iter.iov->iov_len - iter.iov_offset, bytes - done);
        char* place = static_cast<char*>(iter.iov->iov_base) + iter.iov_offset;
        const std::size_t copied = piece - copy(place, done, piece);
        done += copied;
        abi::iov_iter_advance(&iter, copied);
        if (copied < piece)
            break;
    }
    return done;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::each_piece;
using kernel::iter_user;
extern "C" {

size_t _copy_to_iter(const void* from, size_t bytes, struct iov_iter* to)
{
    return each_piece(*to, bytes, [&](char* place, std::size_t done, std::size_t n) -> std::size_t {
        const char* source = static_cast<const char*>(from) + done;
        if (to->iter_type == iter_user)
            return _copy_to_user(place, source, n);
        __lab_memcpy(place, source, n);
        return 0;
    });
}

size_t _copy_from_iter(void* to, size_t bytes, struct iov_iter* from)
{
    return each_piece(*from, bytes, [&](char* place, std::size_t done, std::size_t n) -> std::size_t {
        char* target = static_cast<char*>(to) + done;
        if (from->iter_type == iter_user)
            return _copy_from_user(target, place, n);
        __lab_memcpy(target, place, n);
        return 0;
    });
}

size_t iov_iter_zero(size_t bytes, struct iov_iter* to)
{
    return each_piece(*to, bytes, [&](char* place, std::size_t, std::size_t n) -> std::size_t {
        if (to->iter_type == iter_user)
            return clear_user(place, n);
        __lab_memset(place, 0, n);
        return 0;
    });
}

void iov_iter_advance(struct iov_iter* iter, size_t bytes)
{
    bytes = std::min(bytes, iter->count);
    iter->count -= bytes;
    iter->iov_offset += bytes;
    while (iter->nr_segs > 1 && iter->iov_offset >= iter->iov->iov_len) {
        iter->iov_offset -= iter->iov->iov_len;
        ++iter->iov;
        --iter->nr_segs;
    }
}

} // extern "C"
} // namespace irqlab::abi
