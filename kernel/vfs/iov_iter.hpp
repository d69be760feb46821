// iov_iter: where a read or write goes on, through user or kernel memory.
#pragma once
#include "linux/abi/fs.h"

namespace irqlab::kernel {

enum IterType : unsigned char { iter_user = 0, iter_kernel = 1 };

/// An iterator over one segment, which must outlive it.
inline abi::iov_iter iter_of(const abi::iovec& segment, bool source, IterType type = iter_user)
{
    abi::iov_iter iter{};
    iter.iter_type = type;
    iter.data_source = source;
    iter.count = segment.iov_len;
    iter.iov = &segment;
    iter.nr_segs = 1;
    return iter;
}

} // namespace irqlab::kernel
