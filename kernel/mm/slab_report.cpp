// What SLUB says of an object that was misused. [LX mm/slub]
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/printk/format.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned taint_bad_page = 1u << 5;

/// "Tainted: G           O     ": one place for each flag, a space where it is clear. [LX
/// admin-guide/tainted-kernels]
void taint_text(const Kernel& k, char* out, std::size_t size)
{
    static constexpr char letters[] = "PFSRMBUDAWCIOELKXT";
    if (k.taint == 0) {
        format_text(out, size, "Not tainted");
        return;
    }
    char flags[sizeof letters];
    for (unsigned i = 0; i + 1 < sizeof letters; ++i)
        flags[i] = (k.taint >> i & 1) != 0 ? letters[i] : i == 0 ? 'G' : ' ';
    flags[sizeof letters - 1] = 0;
    format_text(out, size, "Tainted: %s", flags);
}

void open_report(Kernel& k, const char* cache, const char* what)
{
    char taint[64];
    taint_text(k, taint, sizeof taint);
    abi::_printk("\0013=============================================================================\n");
    abi::_printk("\0013BUG %s (%s): %s\n", cache, taint, what);
    abi::_printk("\0013-----------------------------------------------------------------------------\n\n");
    k.taint |= taint_bad_page;
}

const void* ptr(std::uintptr_t address) { return reinterpret_cast<const void*>(address); }

/// Who took it, who freed it, and its bytes.
void trailer(const Slot& slot)
{
    const std::uintptr_t object = object_address(slot);
    if (slot.taken_by)
        abi::_printk("\0013Allocated in %pS\n", ptr(slot.taken_by));
    if (slot.freed_by)
        abi::_printk("\0013Freed in %pS\n", ptr(slot.freed_by));
    abi::_printk("\0013Object 0x%p @offset=%lu\n\n", ptr(object), object - slot.span->base);
    const unsigned size = slot.span->cache->size;
    abi::print_hex_dump("\0013", "Object   ", 1, 16, 1, ptr(object), size < 256 ? size : 256, true);
    abi::dump_stack();
}

void overwritten(Kernel& k, const Slot& slot, const char* what, const u8* first, const u8* end, u8 expected)
{
    const char* cache = slot.span->cache->name;
    char text[64];
    format_text(text, sizeof text, "%s overwritten", what);
    open_report(k, cache, text);
    abi::_printk("\00130x%p-0x%p @offset=%lu. First byte 0x%x instead of 0x%x\n",
                 static_cast<const void*>(first), static_cast<const void*>(end - 1),
                 reinterpret_cast<std::uintptr_t>(first) - slot.span->base, *first, expected);
    trailer(slot);
    abi::_printk("\0013FIX %s: Restoring %s 0x%p-0x%p=0x%x\n", cache, what, static_cast<const void*>(first),
                 static_cast<const void*>(end - 1), expected);
}

} // namespace

void report_redzone(Kernel& k, const Slot& slot, const u8* first, const u8* end)
{
    overwritten(k, slot, slot.requested < slot.span->cache->size ? "kmalloc Redzone" : "Right Redzone", first,
                end, 0xcc);
}

void report_poison(Kernel& k, const Slot& slot, const u8* first, const u8* end)
{
    overwritten(k, slot, "Poison", first, end, 0x6b);
}

void report_double_free(Kernel& k, const Slot& slot)
{
    open_report(k, slot.span->cache->name, "Object already free");
    trailer(slot);
    abi::_printk("\0013FIX %s: Object at 0x%p not freed\n", slot.span->cache->name,
                 ptr(object_address(slot)));
}

void report_invalid_free(Kernel& k, const Span& span, const void* object)
{
    char text[64];
    format_text(text, sizeof text, "Invalid object pointer 0x%p", object);
    open_report(k, span.cache->name, text);
    abi::dump_stack();
    abi::_printk("\0013FIX %s: Object at 0x%p not freed\n", span.cache->name, object);
}

} // namespace irqlab::kernel
