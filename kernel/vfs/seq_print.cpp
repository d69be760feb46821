// Writing into a seq_file, and going through lists with one. A text that does not fit is marked by a full buffer:
// the reader then takes a larger one and starts the record again.
#include <cerrno>
#include <cstring>

#include "linux/abi/proc.h"
#include "linux/abi/string.h"

namespace irqlab::abi {
extern "C" {

void seq_vprintf(struct seq_file* m, const char* format, va_list args)
{
    if (m->count < m->size) {
        const int n = __lab_vsnprintf(m->buf + m->count, m->size - m->count, format, args);
        if (m->count + static_cast<size_t>(n) < m->size) {
            m->count += static_cast<size_t>(n);
            return;
        }
    }
    m->count = m->size;
}

void seq_printf(struct seq_file* m, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    seq_vprintf(m, format, args);
    va_end(args);
}

int seq_write(struct seq_file* m, const void* data, size_t size)
{
    if (m->count + size < m->size) {
        std::memcpy(m->buf + m->count, data, size);
        m->count += size;
        return 0;
    }
    m->count = m->size;
    return -1;
}

void seq_puts(struct seq_file* m, const char* text) { seq_write(m, text, std::strlen(text)); }

void seq_putc(struct seq_file* m, char c)
{
    if (m->count < m->size)
        m->buf[m->count++] = c;
}

void seq_put_decimal_ull(struct seq_file* m, const char* delimiter, unsigned long long value)
{
    seq_printf(m, "%s%llu", delimiter ? delimiter : "", value);
}

void seq_pad(struct seq_file* m, char c)
{
    const size_t missing = m->pad_until > m->count ? m->pad_until - m->count : 0;
    if (m->count + missing >= m->size) {
        m->count = m->size;
        return;
    }
    std::memset(m->buf + m->count, ' ', missing);
    m->count += missing;
    if (c)
        seq_putc(m, c);
}

struct list_head* seq_list_start(struct list_head* head, loff_t pos)
{
    for (list_head* at = head->next; at != head; at = at->next)
        if (pos-- == 0)
            return at;
    return nullptr;
}

struct list_head* seq_list_start_head(struct list_head* head, loff_t pos)
{
    return pos == 0 ? head : seq_list_start(head, pos - 1);
}

struct list_head* seq_list_next(void* v, struct list_head* head, loff_t* pos)
{
    list_head* next = static_cast<list_head*>(v)->next;
    ++*pos;
    return next == head ? nullptr : next;
}

} // extern "C"
} // namespace irqlab::abi
