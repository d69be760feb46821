// The functions of files on disks, as a driver's file gets them: such a file has no pages, so that there is nothing to
// read, and nobody whom a write could go to. Source: [LX mm/filemap.c], empty_aops in [LX fs/inode.c].
#include "kernel/kernel.hpp"
#include "linux/abi/fs.h"

namespace irqlab::kernel {

namespace {

using Operation = int (*)(abi::file*, abi::address_space*);
/// What the inode of a device has for each of its address_space_operations.
volatile Operation no_operation = nullptr;

/// The Oops of a call of nothing.
ssize_t call_nothing(const abi::kiocb& iocb)
{
    return no_operation(iocb.ki_filp, iocb.ki_filp->f_mapping);
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

ssize_t generic_file_read_iter(struct kiocb* iocb, struct iov_iter* to)
{
    if (to->count == 0 || iocb->ki_pos >= iocb->ki_filp->f_inode->i_size)
        return 0;
    return kernel::call_nothing(*iocb); // read_folio()
}

ssize_t generic_file_write_iter(struct kiocb* iocb, struct iov_iter* from)
{
    if (from->count == 0)
        return 0;
    down_write(&iocb->ki_filp->f_inode->i_rwsem);
    const ssize_t written = kernel::call_nothing(*iocb); // write_begin()
    up_write(&iocb->ki_filp->f_inode->i_rwsem);
    return written;
}

} // namespace irqlab::abi
