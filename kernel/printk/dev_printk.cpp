// Messages of devices, rate limits, hex dumps. [LX core-api/printk-basics]
#include "kernel/kernel.hpp"
#include "kernel/printk/format.hpp"
#include "linux/abi/device.h"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"

namespace irqlab::abi {

namespace {

struct va_format_lab {
    const char* fmt;
    va_list* va;
};

const char* name_of(const struct device* dev)
{
    return dev->kobj.name ? dev->kobj.name : dev->init_name ? dev->init_name : "(null)";
}

const char* driver_of(const struct device* dev)
{
    return dev->driver         ? dev->driver->name
           : dev->bus          ? dev->bus->name
           : dev->IRQLAB_class ? dev->IRQLAB_class->name
                               : "";
}

void dev_emit(int level, const struct device* dev, const char* format, va_list args)
{
    char text[1024];
    kernel::vformat_text(text, sizeof text, format, args);
    if (dev)
        _printk("\001%c%s %s: %s", '0' + level, driver_of(dev), name_of(dev), text);
    else
        _printk("\001%c(NULL device *): %s", '0' + level, text);
}

/// How Linux's `___ratelimit` counts time: in jiffies of the World.
unsigned long ratelimit_now() { return kernel::now_ns(kernel::this_cpu()) / (1'000'000'000 / IRQLAB_HZ) + 1; }

} // namespace

#define DEV_PRINTK(function, level)                                                                          \
    void function(const struct device* dev, const char* format, ...)                                         \
    {                                                                                                        \
        va_list args;                                                                                        \
        va_start(args, format);                                                                              \
        dev_emit(level, dev, format, args);                                                                  \
        va_end(args);                                                                                        \
    }
DEV_PRINTK(_dev_emerg, 0)
DEV_PRINTK(_dev_alert, 1)
DEV_PRINTK(_dev_crit, 2)
DEV_PRINTK(_dev_err, 3)
DEV_PRINTK(_dev_warn, 4)
DEV_PRINTK(_dev_notice, 5)
DEV_PRINTK(_dev_info, 6)
#undef DEV_PRINTK

void _dev_printk(const char* level, const struct device* dev, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    const bool given = level && level[0] == '\001' && level[1] >= '0' && level[1] <= '7';
    dev_emit(given ? level[1] - '0' : 4, dev, format, args);
    va_end(args);
}

int dev_err_probe(const struct device* dev, int err, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    va_list copy;
    va_copy(copy, args);
    va_format_lab nested{format, &copy};
    if (err != -EPROBE_DEFER)
        _dev_err(dev, "error %pe: %pV", reinterpret_cast<void*>(static_cast<long>(err)),
                 static_cast<void*>(&nested));
    va_end(copy);
    va_end(args);
    return err;
}

int ___ratelimit(struct ratelimit_state* rs, const char* function)
{
    if (rs->interval == 0)
        return 1;
    const unsigned long now = ratelimit_now();
    if (rs->begin == 0)
        rs->begin = now;
    if (static_cast<long>(now - (rs->begin + static_cast<unsigned long>(rs->interval))) > 0) {
        if (rs->missed != 0 && (rs->flags & 1) == 0) // RATELIMIT_MSG_ON_RELEASE: told later
            _printk("\0014%s: %d callbacks suppressed\n", function, rs->missed);
        if (rs->missed != 0 && (rs->flags & 1) == 0)
            rs->missed = 0;
        rs->begin = now;
        rs->printed = 0;
    }
    if (rs->burst > rs->printed) {
        ++rs->printed;
        return 1;
    }
    ++rs->missed;
    return 0;
}

namespace {

unsigned long load(const u8* p, int size)
{
    unsigned long value = 0;
    for (int i = size; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

/// One row: groups in hex, and the bytes as text at a fixed column.
void hex_row(char* out, size_t room, const u8* row, int length, int rowsize, int group, bool ascii)
{
    if (length % group != 0)
        group = 1;
    int at = 0;
    for (int i = 0; i < length; i += group)
        at += scnprintf(out + at, room - static_cast<size_t>(at), "%s%0*lx", i ? " " : "", group * 2,
                        load(row + i, group));
    if (!ascii)
        return;
    const int column = rowsize * 2 + rowsize / group + 1;
    at += scnprintf(out + at, room - static_cast<size_t>(at), "%*s", column - at, "");
    for (int i = 0; i < length; ++i)
        at += scnprintf(out + at, room - static_cast<size_t>(at), "%c",
                        row[i] >= 0x20 && row[i] < 0x7f ? row[i] : '.');
}

} // namespace

void print_hex_dump(const char* level, const char* prefix, int prefix_type, int rowsize, int groupsize,
                    const void* buf, size_t len, bool ascii)
{
    if (rowsize != 16 && rowsize != 32)
        rowsize = 16;
    if (groupsize != 2 && groupsize != 4 && groupsize != 8)
        groupsize = 1;
    const u8* bytes = static_cast<const u8*>(buf);
    for (size_t i = 0; i < len; i += static_cast<size_t>(rowsize)) {
        const size_t left = len - i;
        char row[32 * 3 + 2 + 32 + 1];
        hex_row(row, sizeof row, bytes + i,
                static_cast<int>(left < static_cast<size_t>(rowsize) ? left : static_cast<size_t>(rowsize)),
                rowsize, groupsize, ascii);
        if (prefix_type == 1) // DUMP_PREFIX_ADDRESS
            _printk("%s%s%p: %s\n", level, prefix, static_cast<const void*>(bytes + i), row);
        else if (prefix_type == 2) // DUMP_PREFIX_OFFSET
            _printk("%s%s%.8x: %s\n", level, prefix, static_cast<unsigned>(i), row);
        else
            _printk("%s%s%s\n", level, prefix, row);
    }
}

void print_hex_dump_bytes(const char* prefix, int prefix_type, const void* buf, size_t len)
{
    print_hex_dump("\0017", prefix, prefix_type, 16, 1, buf, len, true);
}

} // namespace irqlab::abi
