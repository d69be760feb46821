// Entries of /proc whose text a driver's function writes into a page, as they were until 3.9. What *start means to it:
// null: the page holds all from the file's beginning on; into the page: the text of this call begins there; a small
// number: the text begins the page, and the position moves on by that number. [LX 2.6.32 fs/proc/generic.c]
#include "linux/abi/proc_read.h"

#include <algorithm>
#include <iterator>

#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/module/export.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/uaccess.h"

namespace irqlab::kernel {

namespace {

constexpr std::size_t read_max = page_bytes - 1024;

struct ReadProc {
    abi::read_proc_t* call;
    void* data;
};

/// What one call gave: `size` bytes at `text`, and how far the position moves.
struct Piece {
    const char* text;
    std::size_t size, step;
};

Piece piece_of(const char* page, char* start, std::size_t given, std::size_t wanted, std::size_t position)
{
    given = std::min(given, page_bytes);
    const auto number = reinterpret_cast<std::uintptr_t>(start);
    if (!start) {
        const std::size_t left = given > position ? std::min(given - position, wanted) : 0;
        return {page + position, left, left};
    }
    const std::size_t size = std::min(given, wanted);
    return number < reinterpret_cast<std::uintptr_t>(page) ? Piece{page, size, number} : Piece{start, size, size};
}

ssize_t read_pieces(const ReadProc& entry, char* page, char* to, std::size_t left, abi::loff_t* pos)
{
    ssize_t done = 0;
    for (int eof = 0; left && !eof;) {
        char* start = nullptr;
        const std::size_t wanted = std::min(left, read_max);
        const int n = entry.call(page, &start, static_cast<long>(*pos), static_cast<int>(wanted), &eof, entry.data);
        if (n < 0)
            return done ? done : n;
        const Piece piece = piece_of(page, start, static_cast<std::size_t>(n), wanted, static_cast<std::size_t>(*pos));
        if (!piece.size)
            break;
        const std::size_t copied = piece.size - abi::_copy_to_user(to, piece.text, piece.size);
        if (!copied)
            return done ? done : -EFAULT;
        *pos += static_cast<abi::loff_t>(piece.step);
        done += static_cast<ssize_t>(copied);
        to += copied;
        left -= copied;
    }
    return done;
}

ssize_t read(abi::file* file, char* to, std::size_t size, abi::loff_t* pos)
{
    const unsigned long page = abi::__get_free_pages(GFP_KERNEL, 0);
    if (!page)
        return -ENOMEM;
    const auto& entry = *static_cast<const ReadProc*>(abi::__lab_pde_data(file->f_inode));
    const ssize_t done = read_pieces(entry, reinterpret_cast<char*>(page), to, size, pos);
    abi::free_pages(page, 0);
    return done;
}

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {

struct proc_dir_entry* create_proc_read_entry(const char* name, mode_t mode, struct proc_dir_entry* parent,
                                              read_proc_t* read_proc, void* data)
{
    auto* entry = kernel::kernel().arena.make<kernel::ReadProc>();
    *entry = {read_proc, data};
    file_operations ops{};
    ops.read = kernel::read;
    return __lab_proc_create_fops(name, static_cast<umode_t>(mode), parent, &ops, entry);
}

} // namespace irqlab::abi

namespace irqlab::kernel {

extern const Export proc_read_exports[];
extern const std::size_t proc_read_exports_count;
const Export proc_read_exports[] = {{"create_proc_read_entry",
                                     reinterpret_cast<const void*>(&abi::create_proc_read_entry), false,
                                     Release::v5_4, Release::v5_4}};
const std::size_t proc_read_exports_count = std::size(proc_read_exports);

} // namespace irqlab::kernel
