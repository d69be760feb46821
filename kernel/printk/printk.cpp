// printk: levels, continuation lines, what becomes a record. [LX core-api/printk-basics]
#include "linux/abi/printk.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/printk/format.hpp"
#include "kernel/printk/record.hpp"

namespace irqlab::kernel {

namespace {

constexpr int level_from_text = -1; // Linux's LOGLEVEL_DEFAULT

struct Prefix {
    int level = level_from_text;
    bool continues = false;
    std::string_view rest;
};

/// Takes the "\001L" pairs off: a level from 0 to 7, or c for a continuation.
Prefix read_prefix(std::string_view text)
{
    Prefix p;
    while (text.size() >= 2 && text[0] == '\001') {
        if (text[1] >= '0' && text[1] <= '7') {
            if (p.level == level_from_text)
                p.level = text[1] - '0';
        } else if (text[1] == 'c') {
            p.continues = true;
        } else {
            break;
        }
        text.remove_prefix(2);
    }
    p.rest = text;
    return p;
}

void close_open(Kernel& k)
{
    Console& c = *k.console;
    if (!c.is_open)
        return;
    c.is_open = false;
    log_store(k, c.open_level, c.open_time_ns, {c.open, c.open_length});
}

void append_open(Console& c, std::string_view text)
{
    const std::size_t take = std::min<std::size_t>(text.size(), Console::line_max - c.open_length);
    std::memcpy(c.open + c.open_length, text.data(), take);
    c.open_length += static_cast<unsigned>(take);
}

void start_open(Kernel& k, int level, std::string_view text)
{
    Console& c = *k.console;
    c.open_length = 0;
    append_open(c, text);
    c.is_open = true;
    c.open_level = static_cast<u8>(level);
    c.open_time_ns = k.this_cpu ? now_ns(*k.this_cpu) : 0;
    c.open_task = k.this_cpu ? k.this_cpu->current : nullptr;
}

/// One line of a message. `ended`: a newline followed it.
void add_line(Kernel& k, int level, bool continues, std::string_view line, bool ended)
{
    Console& c = *k.console;
    if (continues && c.is_open && (!k.this_cpu || c.open_task == k.this_cpu->current)) {
        append_open(c, line);
        if (ended)
            close_open(k);
        return;
    }
    close_open(k);
    if (ended)
        log_store(k, level, k.this_cpu ? now_ns(*k.this_cpu) : 0, line);
    else if (!line.empty() || !continues)
        start_open(k, level, line);
}

void add_message(Kernel& k, int level, bool whole, std::string_view text)
{
    const Prefix prefix = read_prefix(text);
    text = prefix.rest;
    if (level == level_from_text)
        level = prefix.level == level_from_text ? k.console->default_message_loglevel : prefix.level;
    bool continues = prefix.continues;
    for (;;) {
        const std::size_t end = text.find('\n');
        const bool ended = end != std::string_view::npos;
        add_line(k, level, continues, text.substr(0, end), ended || whole);
        if (!ended || end + 1 == text.size())
            break;
        text.remove_prefix(end + 1);
        continues = false;
    }
    log_wake_readers(k);
}

constexpr i64 printk_ns = 1'000; // what a message costs its caller, about

int emit(int level, bool whole, const char* format, va_list args)
{
    char text[Console::line_max + 3]; // a level prefix does not count
    const int length =
        std::min(vformat_text(text, sizeof text, format, args), static_cast<int>(sizeof text) - 1);
    access_budget.left -= printk_ns / static_cast<i64>(access_ns);
    if (the_kernel && the_kernel->console)
        add_message(*the_kernel, level, whole, {text, static_cast<std::size_t>(length)});
    return length;
}

void read_number(std::string_view text, int low, int high, int& out)
{
    int value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!text.empty() && result.ec == std::errc{})
        out = std::clamp(value, low, high);
}

} // namespace

void printk_init(Kernel& k)
{
    // The text of the open record is left as it is: clearing a kilobyte for each World is not free.
    Console& c = *::new (k.arena.take(sizeof(Console))) Console;
    k.console = &c;
    c.readers.head.next = c.readers.head.prev = &c.readers.head;
    if (has_word(k.config.cmdline, "quiet"))
        c.console_loglevel = 4;
    read_number(cmdline_value(k.config.cmdline, "loglevel"), c.minimum_console_loglevel, 15,
                c.console_loglevel);
    c.ignore_loglevel = has_word(k.config.cmdline, "ignore_loglevel");
}

void log_line(Kernel& k, int level, std::string_view line)
{
    close_open(k);
    log_store(k, level, k.this_cpu ? now_ns(*k.this_cpu) : 0, line);
    log_wake_readers(k);
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace kernel;

int vprintk_emit(int, int level, const void* dev_info, const char* format, va_list args)
{
    return emit(level, dev_info != nullptr, format, args);
}

int vprintk(const char* format, va_list args) { return emit(level_from_text, false, format, args); }

int _printk(const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = emit(level_from_text, false, format, args);
    va_end(args);
    return length;
}

int printk(const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = emit(level_from_text, false, format, args);
    va_end(args);
    return length;
}

// The ftrace ring is not modelled: what goes there is a debug message here.
int __trace_printk(unsigned long, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = emit(loglevel_debug, false, format, args);
    va_end(args);
    return length;
}

int __trace_puts(unsigned long, const char* text, int size)
{
    _printk("\0017%.*s", size, text);
    return size;
}

} // namespace irqlab::abi
