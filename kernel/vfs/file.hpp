// Open files and descriptor tables: what the files of this folder share.
#pragma once
#include <cstdint>

#include "kernel/vfs/vfs.hpp"
#include "linux/abi/fs.h"

namespace irqlab::kernel {

struct OpenFile;
struct Pipe;
struct PollWait;

/// How one kind of open file works. Buffers are the host's. A null member answers as Linux does without it.
struct FileOps {
    int (*open)(Kernel& k, OpenFile& file) = nullptr;
    ssize_t (*read)(Kernel& k, OpenFile& file, char* buffer, std::size_t size) = nullptr;        // null: -EINVAL
    ssize_t (*write)(Kernel& k, OpenFile& file, const char* buffer, std::size_t size) = nullptr; // null: -EINVAL
    i64 (*seek)(Kernel& k, OpenFile& file, i64 offset, int whence) = nullptr;                    // null: -ESPIPE
    int (*ioctl)(Kernel& k, OpenFile& file, unsigned command, unsigned long argument) = nullptr; // null: -ENOTTY
    unsigned (*poll)(Kernel& k, OpenFile& file, abi::poll_table* table) = nullptr;               // null: ready
    int (*flush)(Kernel& k, OpenFile& file) = nullptr;
    void (*release)(Kernel& k, OpenFile& file) = nullptr;
};

struct OpenFile {
    abi::file linux{}; // first: a driver gets a pointer to it. f_count counts the descriptors
    const FileOps* ops = nullptr;
    Node* node = nullptr;
    OpenFile* next_of_node = nullptr;
    OpenFile* next_host = nullptr;
    TextSink* text = nullptr; // what a text file shows to this opener
    Pipe* pipe = nullptr;
    abi::cdev* cdev = nullptr; // whose reference this file holds
    int host_fd = -1;
    int console_fd = -1;
    u64 position = 0;     // of streams with a position of their own
    int owner_pid = 0;    // who gets SIGIO
    bool revoked = false; // its /proc or /sys entry is gone; release was called

    static OpenFile& of(abi::file* f) { return *reinterpret_cast<OpenFile*>(f); }
};

struct Files {
    OpenFile** fds = nullptr;
    unsigned capacity = 0;
    char* cwd = nullptr;
    std::size_t cwd_bytes = 0;
    int user_slot = -1;       // user memory of this process; -1: none yet
    std::size_t user_used = 0; // bytes of it that were touched
    PollWait* poll = nullptr; // the wait queues in which sys_poll stands
};

inline constexpr unsigned fds_max = 1024;
using abi::fmode_t; // for the FMODE_ macros

// --- descriptor tables (file.cpp) ---------------------------------------------------------------------------
Files& current_files();
OpenFile* file_at(const Files& files, int fd);
/// @return the descriptor, or -EMFILE.
int fd_install(Kernel& k, Files& files, OpenFile& file, int lowest = 0);
int fd_close(Kernel& k, Files& files, int fd);
int set_cwd(Kernel& k, Files& files, std::string_view path);

OpenFile& file_make(Kernel& k, const FileOps& ops, Node* node, int flags);
inline void file_get(OpenFile& file) { ++file.linux.f_count.counter; }
/// One user less; at the last one the file is released.
void file_put(Kernel& k, OpenFile& file);
/// Gives back a file that was never opened with success.
void file_drop(Kernel& k, OpenFile& file);
/// Opens a node of the lab's tree. @return null and a negative `error`.
OpenFile* file_open_node(Kernel& k, Node& node, int flags, int& error);
/// Opens by path, the lab's or the host's.
OpenFile* file_open(Kernel& k, std::string_view cwd, const char* path, int flags, unsigned mode, int& error);
ssize_t file_read(Kernel& k, OpenFile& file, char* buffer, std::size_t size);
ssize_t file_write(Kernel& k, OpenFile& file, const char* buffer, std::size_t size);
i64 file_seek(Kernel& k, OpenFile& file, i64 offset, int whence);
int file_ioctl(Kernel& k, OpenFile& file, int fd, unsigned command, unsigned long argument);
unsigned file_poll(Kernel& k, OpenFile& file, abi::poll_table* table);

// --- nodes ----------------------------------------------------------------------------------------------------
abi::inode& inode_of(Kernel& k, Node& node);
/// A node with a name, not in the tree yet.
Node& node_make(Kernel& k, std::string_view name, unsigned mode);
void node_add(Kernel& k, Node& parent, Node& node);
/// The last user of a removed node is gone: its memory goes back.
void node_release(Kernel& k, Node& node);
/// Waits until no call into the driver runs for this node, then closes its open files, as Linux does when an
/// entry of /proc or /sys goes.
void node_revoke(Kernel& k, Node& node);
/// Brackets a call into the driver. @return false when the entry is gone.
bool node_enter(Node& node);
void node_leave(Kernel& k, Node& node);

// --- paths ----------------------------------------------------------------------------------------------------
inline constexpr std::size_t path_max = 4096;
struct Path {
    char text[path_max];
    bool lab; // in the lab's tree, with . and .. resolved
};
/// @return 0, -ENOENT, -ENAMETOOLONG.
int path_resolve(std::string_view cwd, const char* path, Path& out);

// --- kinds of files -------------------------------------------------------------------------------------------
extern const FileOps text_file_ops, ram_file_ops, host_file_ops, console_file_ops, chr_file_ops, proc_file_ops,
    fops_file_ops, attribute_file_ops, bin_attribute_file_ops;
const FileOps* memory_device_ops(u32 device); // /dev/null and its like; null for others
OpenFile* host_open(Kernel& k, const char* path, int flags, unsigned mode, int& error);
void host_close_all(Kernel& k);
int pipe_make(Kernel& k, OpenFile*& reader, OpenFile*& writer);
i64 seek_within(OpenFile& file, i64 offset, int whence, i64 end);
/// A driver's calls for a file of the lab, e.g. after open: read through its own f_op or proc_ops.
int driver_fasync(OpenFile& file, int fd, bool on);

// --- waiting --------------------------------------------------------------------------------------------------
/// @return the events that are there, 0 when the time was up, -EINTR.
int poll_file(Kernel& k, Files& files, OpenFile& file, unsigned events, int timeout_ms);
void poll_free(Kernel& k, Files& files);

// --- user memory ----------------------------------------------------------------------------------------------
/// `size` bytes of user memory of this process; null when there is none left.
char* user_bounce(Kernel& k, Files& files, std::size_t size);
void user_drop(Kernel& k, Files& files);
/// Does [address, address + size) lie in the current task's user memory?
bool user_range(const volatile void* address, std::size_t size);

// --- modules --------------------------------------------------------------------------------------------------
bool module_get(abi::module* module);
void module_put(abi::module* module);
inline bool owner_get(abi::module* m) { return !m || kernel::module_get(m); }
inline void owner_put(abi::module* m)
{
    if (m)
        kernel::module_put(m);
}

} // namespace irqlab::kernel
