// The records of trace events, and the table of events. Inside kernel/trace only.
#pragma once
#include <array>
#include <bitset>

#include "kernel/trace/trace.hpp"

namespace irqlab::kernel {

struct TraceRecord {
    u64 time_ns = 0;
    int pid = 0;
    TraceEvent event{};
    u8 cpu = 0;
    char flags[6]{}; // d, N, h, depth, migrate-disable as they are printed
    char comm[16]{};
    char text[2][24]{};
    std::array<u64, 10> value{};
};

struct TraceField {
    const char* declaration;
    u8 size;
    bool is_signed;
};

struct TraceEventInfo {
    const char* system;
    const char* name;
    void (*print)(const TraceRecord& r, TextSink& out);
    /// Locks that Linux holds there and that are not counted here, and whether interrupts are off because of them.
    u8 locks = 0;
    bool irqs_off = false;
    u16 id = 0; // 0: its format file is not known
    const TraceField* fields = nullptr;
    u8 field_count = 0;
    const char* print_fmt = nullptr;
};

const TraceEventInfo& trace_info(TraceEvent event);

/// The newest records; older ones are overwritten.
struct Trace {
    static constexpr std::size_t capacity = 8192;
    TraceRecord* ring = nullptr;
    u64 written = 0; // since it was last cleared
    bool on = true;  // tracing_on
    std::bitset<trace_events> enabled;
};

/// Made when it is first asked for.
Trace& trace_of(Kernel& k);
void trace_clear(Kernel& k);
/// After `on` or `enabled` changed.
void trace_update(Kernel& k);
/// What the file `trace` shows.
void trace_show(Kernel& k, void*, TextSink& out);

} // namespace irqlab::kernel
