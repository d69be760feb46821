// The lab's files: the tree of /proc, /sys, /dev and /lib/modules, and how other subsystems add to it.
//
// What the kernel always has is served from constant tables (Fixed, Directory): a name becomes a Node
// only when somebody looks it up, so that a World starts with four nodes. What drivers add are Nodes.
#pragma once
#include <cstddef>
#include <string_view>
#include <sys/types.h>

#include "hw/base/bits.hpp"
#include "kernel/vfs/text_sink.hpp"

namespace irqlab::abi {
struct class_;
struct dentry;
struct device;
struct file_operations;
struct inode;
struct kobject;
struct module;
struct notifier_block;
struct tty_struct;
} // namespace irqlab::abi

namespace irqlab::kernel {

struct BusState;
struct ClassState;
struct CdevRange;
struct ChrdevRegion;
struct FileOps;
struct Files;
struct Kernel;
struct MiscList;
struct Node;
struct OpenFile;
struct Task;
struct Trace; // kernel/trace

/// Writes the text of a file. `context` is what the file was made with.
using Show = void (*)(Kernel& k, void* context, TextSink& out);
/// Takes what was written. @return 0 or a negative errno.
using Store = int (*)(Kernel& k, void* context, std::string_view text);

/// One name in a directory of the kernel's own.
struct Fixed {
    std::string_view name;
    unsigned mode = 0; // S_IFMT and permissions
    Show show = nullptr;
    Store store = nullptr;
    const struct Directory* directory = nullptr; // what a directory holds
    const FileOps* ops = nullptr;                // null: by kind
    u32 device = 0;                              // abi::dev_t
    void* context = nullptr;                     // for show, store and the directory's functions
    const char* target = nullptr;                // of a link
};

struct NameList {
    void (*add)(void* context, std::string_view name);
    void* context;
};

/// What a directory of the kernel's own holds: constant rows, and names that are known at run time only.
struct Directory {
    const Fixed* rows = nullptr;
    std::size_t row_count = 0;
    bool (*find)(Kernel& k, void* context, std::string_view name, Fixed& out) = nullptr;
    void (*list)(Kernel& k, void* context, const NameList& names) = nullptr;
};

struct Node {
    Node* parent = nullptr;
    Node *first = nullptr, *last = nullptr, *next = nullptr; // children; siblings
    char* name = nullptr;                                    // in the arena, ends with 0
    unsigned mode = 0;
    u32 inode_number = 0;
    u32 device = 0;
    bool generated = false; // made from a Fixed: not listed a second time
    bool removed = false;
    unsigned openers = 0;
    const Directory* directory = nullptr;
    const FileOps* ops = nullptr;
    Show show = nullptr;
    Store store = nullptr;
    void* context = nullptr;
    Node* target = nullptr;            // of a link
    const char* target_path = nullptr; // of a link that is known by its text only
    const void* calls = nullptr;       // the driver's proc_ops, file_operations or attribute
    void* data = nullptr;              // the driver's, or the object whose attribute this is
    u64 size = 0;
    i64 mtime_s = 0;
    abi::inode* inode = nullptr; // made at the first open
    abi::dentry* dentry = nullptr;
    OpenFile* files = nullptr;   // open files of this node
    unsigned calls_running = 0;  // calls into the driver under way
    Task* remover = nullptr;     // waits until there are none
};

/// The host's terminal. `fd` is 0, 1 or 2.
struct TerminalSink {
    void (*write)(void* context, int fd, const char* text, std::size_t size) = nullptr;
    ssize_t (*read)(void* context, char* buffer, std::size_t size) = nullptr; // 0: end of file
    bool (*isatty)(void* context, int fd) = nullptr;
    void* context = nullptr;
};

struct Vfs {
    Node root;
    Node *proc = nullptr, *dev = nullptr, *sys = nullptr;
    u32 next_inode = 1;
    TerminalSink console;
    abi::tty_struct* tty = nullptr;   // what programs have it as; made when first asked for
    OpenFile* host_files = nullptr;   // their descriptors must be closed when the World goes
    ChrdevRegion* regions = nullptr;  // sorted by major and minor
    CdevRange* cdevs = nullptr;
    MiscList* misc = nullptr;         // newest first
    ClassState* classes = nullptr;
    BusState* buses = nullptr;
    abi::device* devices = nullptr;   // all that were added, linked through their state
    abi::notifier_block *keyboard_chain = nullptr, *reboot_chain = nullptr;
    u64 user_slots[4]{};              // user memory in use, a bit per process
    u32 uevents = 0;
    Trace* trace = nullptr; // tracefs, once somebody used it
    bool tracing = false;   // an event is enabled and tracing_on is set
};

/// The terminal of the lab's programs; null in a kernel without files.
abi::tty_struct* controlling_tty(Kernel& k);

/// Makes k.vfs. Needs k.arena and k.config only.
void vfs_init(Kernel& k);
/// Gives back what is not in the arena: the host's descriptors. Call before the arena is reset.
void vfs_drop(Kernel& k);

// --- the tree -------------------------------------------------------------------------------------------

/// A directory below `parent`; the one that is there if the name is taken by a directory.
Node& vfs_make_dir(Kernel& k, Node& parent, std::string_view name);
Node& vfs_make_text(Kernel& k, Node& parent, std::string_view name, unsigned mode, Show show, Store store,
                    void* context);
/// A device node. @param kind  S_IFCHR or S_IFBLK and permissions.
Node& vfs_make_device(Kernel& k, Node& parent, std::string_view name, unsigned mode, u32 device);
Node& vfs_make_link(Kernel& k, Node& parent, std::string_view name, Node& target);
/// Takes a node and all below it out of the tree. Files that are open go on until they are closed.
void vfs_remove(Kernel& k, Node& node);
/// The entry `name` of a directory, links not followed; null when there is none.
Node* vfs_child(Kernel& k, Node& directory, std::string_view name);
/// An absolute path, links followed. @return null and `error` (negative errno) when it leads nowhere.
Node* vfs_lookup(Kernel& k, std::string_view path, int& error, bool follow_last = true);
/// The directory at `path`, which the kernel itself always has.
Node& vfs_dir(Kernel& k, std::string_view path);
/// Calls for each name, in the order in which Linux lists them.
void vfs_list(Kernel& k, Node& directory, const NameList& names);
/// The path of a node, e.g. "/kernel/debug" below `top`.
void vfs_path(const Node& node, const Node& top, TextSink& out);
bool is_directory(const Node& node);

// --- for the scheduler and for boot -------------------------------------------------------------------------

/// The table of the root task: 0, 1 and 2 are the console.
Files* files_root(Kernel& k, const char* directory);
/// fork: the same open files, the same directory.
Files* files_copy(Kernel& k, const Files* from);
/// At a task's end, also after a kill: closes everything and gives the table back. task.files is null then.
void files_close_all(Task& task);

// --- for the lab's own drivers ------------------------------------------------------------------------------

/// Tells the driver's keyboard notifiers. @return whether one stopped the chain. [LX keyboard.h]
bool keyboard_notify(Kernel& k, unsigned long action, void* parameter);
/// Zeroed user memory of the calling task, for programs that hand pointers to ioctl themselves. Reused by the
/// next call. Null when `bytes` is more than 1 MiB.
void* user_scratch(Kernel& k, std::size_t bytes);

} // namespace irqlab::kernel
