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

namespace irqlab::abi {
extern "C" {

/// What a file system does with a file's pages. A driver's file has none: reading ends at once, and writing calls the
/// operation that is not there, which is an Oops on Linux too. [LX mm/filemap.c]
ssize_t generic_file_read_iter(struct kiocb* iocb, struct iov_iter* to);
ssize_t generic_file_write_iter(struct kiocb* iocb, struct iov_iter* from);

} // extern "C"
} // namespace irqlab::abi
