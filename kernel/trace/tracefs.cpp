// The files of /sys/kernel/tracing. [LX trace/ftrace, trace/events]
//
// Modelled: trace, tracing_on, set_event, available_events, events/ with enable, and format and id where they are known.
// Not modelled: filters and triggers, trace_pipe, tracers other than nop, instances, buffer sizes.
#include <cstdint>
#include <fcntl.h>
#include <iterator>

#include "kernel/trace/buffer.hpp"
#include "kernel/vfs/file.hpp"
#include "kernel/vfs/tables.hpp"

namespace irqlab::kernel {

namespace {

// What a file or directory below events/ is about travels as its context: all events, one system's, or one.
constexpr std::uintptr_t all_events = 0, first_event = 1, first_system = 256;

void* context_of(std::uintptr_t scope) { return reinterpret_cast<void*>(scope); }
TraceEvent event_at(std::size_t n) { return static_cast<TraceEvent>(n); }
TraceEvent event_of(void* context) { return event_at(reinterpret_cast<std::uintptr_t>(context) - first_event); }

bool same_system(std::size_t a, std::size_t b)
{
    return std::string_view{trace_info(event_at(a)).system} == trace_info(event_at(b)).system;
}
bool begins_system(std::size_t n) { return n == 0 || !same_system(n, n - 1); }

bool in_scope(void* context, std::size_t n)
{
    const auto scope = reinterpret_cast<std::uintptr_t>(context);
    if (scope == all_events)
        return true;
    return scope >= first_system ? same_system(scope - first_system, n) : scope - first_event == n;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

/// @return 0, 1, or -EINVAL.
int switch_of(std::string_view text)
{
    const std::string_view word = trimmed(text);
    return word == "0" ? 0 : word == "1" ? 1 : -EINVAL;
}

void enable_show(Kernel& k, void* context, TextSink& out)
{
    const Trace& t = trace_of(k);
    bool some = false, all = true;
    for (std::size_t n = 0; n < trace_events; ++n)
        if (in_scope(context, n)) {
            some |= t.enabled.test(n);
            all &= t.enabled.test(n);
        }
    out.append(all ? "1\n" : some ? "X\n" : "0\n");
}

int enable_store(Kernel& k, void* context, std::string_view text)
{
    const int on = switch_of(text);
    if (on < 0)
        return on;
    for (std::size_t n = 0; n < trace_events; ++n)
        if (in_scope(context, n))
            trace_of(k).enabled.set(n, on != 0);
    trace_update(k);
    return 0;
}

void filter_show(Kernel&, void*, TextSink& out) { out.append("none\n"); }

int filter_store(Kernel&, void*, std::string_view text) { return trimmed(text) == "0" ? 0 : -EINVAL; }

// --- one event ----------------------------------------------------------------------------------------------------

void show_field(TextSink& out, const TraceField& f, unsigned& offset)
{
    offset = (offset + f.size - 1) / f.size * f.size;
    out.format("\tfield:{};\toffset:{};\tsize:{};\tsigned:{};\n", f.declaration, offset, f.size, f.is_signed ? 1 : 0);
    offset += f.size;
}

void format_show(Kernel&, void* context, TextSink& out)
{
    constexpr TraceField common[] = {{"unsigned short common_type", 2, false},
                                     {"unsigned char common_flags", 1, false},
                                     {"unsigned char common_preempt_count", 1, false},
                                     {"int common_pid", 4, true}};
    const TraceEventInfo& info = trace_info(event_of(context));
    unsigned offset = 0;
    out.format("name: {}\nID: {}\nformat:\n", info.name, info.id);
    for (const TraceField& f : common)
        show_field(out, f, offset);
    out.append('\n');
    for (unsigned i = 0; i < info.field_count; ++i)
        show_field(out, info.fields[i], offset);
    out.format("\nprint fmt: {}\n", info.print_fmt);
}

void id_show(Kernel&, void* context, TextSink& out) { out.format("{}\n", trace_info(event_of(context)).id); }

bool find_in_event(Kernel&, void* context, std::string_view name, Fixed& out)
{
    if (name == "enable")
        out = text_row("enable", enable_show, enable_store, context);
    else if (name == "filter")
        out = text_row("filter", filter_show, filter_store);
    else if (name == "format" && trace_info(event_of(context)).id)
        out = text_row("format", format_show, nullptr, context);
    else if (name == "id" && trace_info(event_of(context)).id)
        out = text_row("id", id_show, nullptr, context);
    else
        return false;
    return true;
}

void list_event(Kernel&, void* context, const NameList& names)
{
    names.add(names.context, "enable");
    names.add(names.context, "filter");
    if (trace_info(event_of(context)).id) {
        names.add(names.context, "format");
        names.add(names.context, "id");
    }
}

constexpr Directory event_directory{nullptr, 0, find_in_event, list_event};

// --- one system, and all ------------------------------------------------------------------------------------------

bool find_in_system(Kernel&, void* context, std::string_view name, Fixed& out)
{
    if (name == "enable")
        out = text_row("enable", enable_show, enable_store, context);
    else if (name == "filter")
        out = text_row("filter", filter_show, filter_store);
    else {
        for (std::size_t n = 0; n < trace_events; ++n)
            if (in_scope(context, n) && name == trace_info(event_at(n)).name) {
                out = dir_row(trace_info(event_at(n)).name, &event_directory);
                out.context = context_of(first_event + n);
                return true;
            }
        return false;
    }
    return true;
}

void list_system(Kernel&, void* context, const NameList& names)
{
    names.add(names.context, "enable");
    names.add(names.context, "filter");
    for (std::size_t n = 0; n < trace_events; ++n)
        if (in_scope(context, n))
            names.add(names.context, trace_info(event_at(n)).name);
}

constexpr Directory system_directory{nullptr, 0, find_in_system, list_system};

bool find_system(Kernel&, void*, std::string_view name, Fixed& out)
{
    for (std::size_t n = 0; n < trace_events; ++n)
        if (begins_system(n) && name == trace_info(event_at(n)).system) {
            out = dir_row(trace_info(event_at(n)).system, &system_directory);
            out.context = context_of(first_system + n);
            return true;
        }
    return false;
}

void list_systems(Kernel&, void*, const NameList& names)
{
    for (std::size_t n = 0; n < trace_events; ++n)
        if (begins_system(n))
            names.add(names.context, trace_info(event_at(n)).system);
}

constexpr Fixed events_rows[] = {text_row("enable", enable_show, enable_store)};
constexpr Directory events_directory = directory_of(events_rows, find_system, list_systems);

// --- set_event ----------------------------------------------------------------------------------------------------

void show_events(Kernel& k, TextSink& out, bool only_enabled)
{
    for (std::size_t n = 0; n < trace_events; ++n)
        if (!only_enabled || trace_of(k).enabled.test(n))
            out.format("{}:{}\n", trace_info(event_at(n)).system, trace_info(event_at(n)).name);
}
void available_events(Kernel& k, void*, TextSink& out) { show_events(k, out, false); }
void set_event_show(Kernel& k, void*, TextSink& out) { show_events(k, out, true); }

bool matches(std::string_view pattern, std::string_view name)
{
    return pattern.empty() || pattern == "*" || pattern == name;
}

/// `system:event`, `system:*`, `event`, with `!` in front to switch off.
int set_one(Kernel& k, std::string_view word)
{
    const bool on = !word.starts_with('!');
    word.remove_prefix(on ? 0 : 1);
    const std::size_t colon = word.find(':');
    const std::string_view system = colon == word.npos ? std::string_view{} : word.substr(0, colon);
    const std::string_view event = colon == word.npos ? word : word.substr(colon + 1);
    bool found = false;
    for (std::size_t n = 0; n < trace_events; ++n) {
        const TraceEventInfo& info = trace_info(event_at(n));
        if (!matches(system, info.system) || !(matches(event, info.name) || (colon == word.npos && event == info.system)))
            continue;
        trace_of(k).enabled.set(n, on);
        found = true;
    }
    return found ? 0 : -EINVAL;
}

int set_event_store(Kernel& k, void*, std::string_view text)
{
    int error = 0;
    for (text = trimmed(text); !text.empty() && !error;) {
        const std::size_t end = text.find_first_of(" \t\n");
        error = set_one(k, text.substr(0, end));
        text = end == text.npos ? std::string_view{} : trimmed(text.substr(end));
    }
    trace_update(k);
    return error;
}

// --- the top ------------------------------------------------------------------------------------------------------

void tracing_on_show(Kernel& k, void*, TextSink& out) { out.append(trace_of(k).on ? "1\n" : "0\n"); }

int tracing_on_store(Kernel& k, void*, std::string_view text)
{
    const int on = switch_of(text);
    if (on < 0)
        return on;
    trace_of(k).on = on != 0;
    trace_update(k);
    return 0;
}

void tracer_show(Kernel&, void*, TextSink& out) { out.append("nop\n"); }
int tracer_store(Kernel&, void*, std::string_view text) { return trimmed(text) == "nop" ? 0 : -EINVAL; }
int trace_store(Kernel&, void*, std::string_view) { return 0; } // it is opening it that clears

// Opened for writing with O_TRUNC, as the shell's > does, `trace` is emptied, and `set_event` has none.

int trace_open(Kernel& k, OpenFile& file)
{
    if (file.linux.f_flags & O_TRUNC)
        trace_clear(k);
    return text_file_ops.open(k, file);
}
int set_event_open(Kernel& k, OpenFile& file)
{
    if (file.linux.f_flags & O_TRUNC) {
        trace_of(k).enabled.reset();
        trace_update(k);
    }
    return text_file_ops.open(k, file);
}
ssize_t read_text(Kernel& k, OpenFile& f, char* to, std::size_t n) { return text_file_ops.read(k, f, to, n); }
ssize_t write_text(Kernel& k, OpenFile& f, const char* from, std::size_t n) { return text_file_ops.write(k, f, from, n); }
i64 seek_text(Kernel& k, OpenFile& f, i64 offset, int whence) { return text_file_ops.seek(k, f, offset, whence); }

constexpr FileOps trace_ops{.open = trace_open, .read = read_text, .write = write_text, .seek = seek_text};
constexpr FileOps set_event_ops{.open = set_event_open, .read = read_text, .write = write_text, .seek = seek_text};

constexpr Fixed with_ops(Fixed row, const FileOps& ops)
{
    row.ops = &ops;
    return row;
}

constexpr Fixed rows[] = {text_row("available_events", available_events),
                          text_row("available_tracers", tracer_show),
                          text_row("current_tracer", tracer_show, tracer_store),
                          dir_row("events", &events_directory),
                          with_ops(text_row("set_event", set_event_show, set_event_store), set_event_ops),
                          with_ops(text_row("trace", trace_show, trace_store), trace_ops),
                          text_row("tracing_on", tracing_on_show, tracing_on_store)};

} // namespace

constinit const Directory tracing_directory = directory_of(rows);

} // namespace irqlab::kernel
