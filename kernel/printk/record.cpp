// The ring of log records.
#include <cstring>
#include <new>

#include "kernel/kernel.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/printk/record.hpp"
#include "kernel/sched/task.hpp"

namespace irqlab::kernel {

namespace {

unsigned record_bytes(std::size_t length)
{
    return static_cast<unsigned>((sizeof(LogRecord) + length + 1 + 7) & ~std::size_t{7});
}

/// A chunk with room for `bytes`: the current one, a new one, or the oldest one emptied.
LogChunk& chunk_for(Kernel& k, Console& c, unsigned bytes)
{
    if (c.chunks != 0 && c.chunk[c.writing]->used + bytes <= sizeof c.chunk[0]->data)
        return *c.chunk[c.writing];
    if (c.chunks < Console::chunks_max) {
        c.writing = c.chunks++;
        c.chunk[c.writing] = static_cast<LogChunk*>(k.arena.take(sizeof(LogChunk)));
    } else {
        c.writing = (c.writing + 1) % Console::chunks_max;
    }
    LogChunk& chunk = *c.chunk[c.writing];
    chunk.first = c.next_sequence;
    chunk.count = chunk.used = 0;
    return chunk;
}

const LogChunk* chunk_of(const Console& c, u64 sequence)
{
    for (unsigned i = 0; i < c.chunks; ++i)
        if (sequence - c.chunk[i]->first < c.chunk[i]->count)
            return c.chunk[i];
    return nullptr;
}

} // namespace

void log_store(Kernel& k, int level, u64 time_ns, std::string_view text)
{
    Console& c = *k.console;
    text = text.substr(0, Console::line_max);
    const unsigned bytes = record_bytes(text.size());
    LogChunk& chunk = chunk_for(k, c, bytes);
    auto* record = new (chunk.data + chunk.used) LogRecord;
    record->time_ns = time_ns;
    record->length = static_cast<u16>(text.size());
    record->level = static_cast<u8>(level);
    record->cpu = k.this_cpu ? k.this_cpu->index : 0;
    record->pid = k.this_cpu && k.this_cpu->current ? static_cast<u32>(k.this_cpu->current->pid()) : 0;
    char* stored = chunk.data + chunk.used + sizeof(LogRecord);
    std::memcpy(stored, text.data(), text.size());
    stored[text.size()] = 0;
    chunk.used += bytes;
    ++chunk.count;
    const u64 sequence = c.next_sequence++;
    if (k.this_cpu)
        k.emit(EventKind::printk, static_cast<u32>(level), sequence);
    if (c.sink.write && (level < c.console_loglevel || c.ignore_loglevel))
        c.sink.write(c.sink.ctx, level, time_ns, stored);
}

u64 log_oldest(const Kernel& k)
{
    const Console& c = *k.console;
    if (c.chunks == 0)
        return c.next_sequence;
    return c.chunk[c.chunks < Console::chunks_max ? 0 : (c.writing + 1) % Console::chunks_max]->first;
}

const LogRecord* log_next(const Kernel& k, LogCursor& cursor)
{
    const Console& c = *k.console;
    if (cursor.sequence >= c.next_sequence)
        return nullptr;
    const u64 oldest = log_oldest(k);
    if (cursor.sequence < oldest)
        cursor = {oldest, nullptr, 0, 0};
    const bool same =
        cursor.chunk && cursor.chunk->first == cursor.chunk_first && cursor.offset < cursor.chunk->used;
    if (!same) {
        cursor.chunk = chunk_of(c, cursor.sequence);
        cursor.chunk_first = cursor.chunk->first;
        cursor.offset = 0;
        for (u64 s = cursor.chunk_first; s < cursor.sequence; ++s)
            cursor.offset +=
                record_bytes(reinterpret_cast<const LogRecord*>(cursor.chunk->data + cursor.offset)->length);
    }
    const auto* record = reinterpret_cast<const LogRecord*>(cursor.chunk->data + cursor.offset);
    cursor.offset += record_bytes(record->length);
    ++cursor.sequence;
    return record;
}

std::size_t format_log_time(char* out, std::size_t size, u64 time_ns)
{
    const int length =
        format_text(out, size, "[%5lu.%06lu] ", static_cast<unsigned long>(time_ns / 1'000'000'000),
                    static_cast<unsigned long>(time_ns % 1'000'000'000 / 1000));
    return static_cast<std::size_t>(length);
}

} // namespace irqlab::kernel
