// The kernel log: records in a ring, and the console that shows those that are urgent enough.
//
// A message becomes one record for each of its lines. A line without newline stays open until the next
// message: a continuation (KERN_CONT) of the same task is appended to it, anything else closes it. An open
// record is in the log but nobody sees it yet. [LX core-api/printk-basics]
//
// The ring is made of chunks, taken from the World's arena as the log grows; the oldest chunk goes as a
// whole.
#pragma once
#include <cstddef>
#include <string_view>

#include "hw/base/bits.hpp"
#include "linux/abi/lock.h"

namespace irqlab::kernel {

struct Kernel;
struct Task;

inline constexpr int loglevel_emerg = 0, loglevel_alert = 1, loglevel_crit = 2, loglevel_err = 3,
                     loglevel_warning = 4, loglevel_notice = 5, loglevel_info = 6, loglevel_debug = 7;

/// Where lines go that are urgent enough. The line has no newline and lives during the call only.
struct ConsoleSink {
    void (*write)(void* ctx, int level, u64 time_ns, const char* line) = nullptr;
    void* ctx = nullptr;
};

struct LogRecord {
    u64 time_ns;
    u16 length; // of the text, without its NUL
    u8 level;
    u8 cpu;
    u32 pid;

    const char* text() const { return reinterpret_cast<const char*>(this + 1); }
};

struct LogChunk {
    u64 first; // sequence of the first record
    unsigned count;
    unsigned used; // bytes of data
    static constexpr unsigned size = 16 << 10;
    alignas(8) char data[size - 16];
};

struct Console {
    static constexpr unsigned chunks_max = 16; // 256 KB
    static constexpr unsigned line_max = 991;  // Linux's LOG_LINE_MAX less the NUL

    // As in /proc/sys/kernel/printk: four numbers in this order.
    int console_loglevel = 7;
    int default_message_loglevel = 4;
    int minimum_console_loglevel = 1;
    int default_console_loglevel = 7;
    bool ignore_loglevel = false;
    bool panicking = false;
    ConsoleSink sink;

    LogChunk* chunk[chunks_max]{};
    unsigned chunks = 0;   // how many are there
    unsigned writing = 0;  // the one that grows
    u64 next_sequence = 0; // of the next record that becomes visible
    u64 cleared = 0;       // records before this one are not shown by dmesg
    abi::wait_queue_head readers;

    // The open record.
    char open[line_max + 1];
    unsigned open_length = 0;
    bool is_open = false;
    u8 open_level = 0;
    u64 open_time_ns = 0;
    const void* open_task = nullptr;
    bool warned_format = false;
};

/// Makes k.console and sets its level from the command line: `quiet`, `loglevel=N`, `ignore_loglevel`.
void printk_init(Kernel& k);
/// One line, without formatting: the fast path of boot messages. Closes an open record.
void log_line(Kernel& k, int level, std::string_view line);
/// The oldest record that is still there.
u64 log_oldest(const Kernel& k);
/// Goes through the records: `cursor` starts zeroed with the wished sequence.
struct LogCursor {
    u64 sequence = 0;
    const LogChunk* chunk = nullptr;
    u64 chunk_first = 0;
    unsigned offset = 0;
};
/// @return the record with cursor.sequence or the next one after it that is still there; null at the end.
const LogRecord* log_next(const Kernel& k, LogCursor& cursor);
/// "[    1.234567] " @return its length.
std::size_t format_log_time(char* out, std::size_t size, u64 time_ns);

} // namespace irqlab::kernel
