// Sorting, searching, checksums, arithmetic, bits.
#include <bit>
#include <cstring>

#include "linux/abi/string.h"

namespace irqlab::abi {

namespace {

void swap_bytes(void* a, void* b, int size)
{
    auto* x = static_cast<u8*>(a);
    auto* y = static_cast<u8*>(b);
    for (int i = 0; i < size; ++i) {
        const u8 t = x[i];
        x[i] = y[i];
        y[i] = t;
    }
}

struct Heap {
    char* base;
    size_t size;
    cmp_func_t cmp;
    swap_func_t swap;

    void* at(size_t i) const { return base + i * size; }
    void sink(size_t i, size_t count) const
    {
        for (size_t child = 2 * i + 1; child < count; i = child, child = 2 * i + 1) {
            if (child + 1 < count && cmp(at(child), at(child + 1)) < 0)
                ++child;
            if (cmp(at(i), at(child)) >= 0)
                return;
            swap(at(i), at(child), static_cast<int>(size));
        }
    }
};

using ListCompare = int (*)(void*, const list_head*, const list_head*);

/// Merges two singly linked lists; of equals those of `a` come first.
list_head* merge(void* priv, list_head* a, list_head* b, ListCompare cmp)
{
    list_head head{};
    list_head* tail = &head;
    while (a && b) {
        list_head*& from = cmp(priv, a, b) <= 0 ? a : b;
        tail->next = from;
        tail = from;
        from = from->next;
    }
    tail->next = a ? a : b;
    return head.next;
}

unsigned long search(const unsigned long* addr, unsigned long size, unsigned long start, unsigned long flip)
{
    for (unsigned long i = start; i < size;) {
        const unsigned long word = (addr[i / 64] ^ flip) >> (i % 64);
        if (word != 0) {
            const unsigned long found = i + static_cast<unsigned long>(std::countr_zero(word));
            return found < size ? found : size;
        }
        i = (i / 64 + 1) * 64;
    }
    return size;
}

} // namespace

// Heapsort, as Linux's: no memory, never quadratic.
void __lab_sort(void* base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap)
{
    const Heap heap{static_cast<char*>(base), size, cmp, swap ? swap : swap_bytes};
    for (size_t i = num / 2; i-- > 0;)
        heap.sink(i, num);
    for (size_t count = num; count > 1; --count) {
        heap.swap(heap.at(0), heap.at(count - 1), static_cast<int>(size));
        heap.sink(0, count - 1);
    }
}

void* __lab_bsearch(const void* key, const void* base, size_t num, size_t size, cmp_func_t cmp)
{
    const auto* from = static_cast<const char*>(base);
    while (num > 0) {
        const char* middle = from + num / 2 * size;
        const int order = cmp(key, middle);
        if (order == 0)
            return const_cast<char*>(middle);
        if (order > 0) {
            from = middle + size;
            --num;
        }
        num /= 2;
    }
    return nullptr;
}

// A stable merge sort: runs of 2^n entries wait in slot n.
void list_sort(void* priv, struct list_head* head, ListCompare cmp)
{
    list_head* runs[64] = {};
    list_head* at = head->next;
    while (at != head) {
        list_head* next = at->next;
        at->next = nullptr;
        unsigned n = 0;
        for (; runs[n]; ++n) {
            at = merge(priv, runs[n], at, cmp);
            runs[n] = nullptr;
        }
        runs[n] = at;
        at = next;
    }
    list_head* sorted = nullptr;
    for (list_head* run : runs)
        if (run)
            sorted = merge(priv, run, sorted, cmp);
    list_head* last = head;
    for (list_head* e = sorted; e; e = e->next) {
        last->next = e;
        e->prev = last;
        last = e;
    }
    last->next = head;
    head->prev = last;
}

u32 crc32_le(u32 crc, const unsigned char* data, size_t len)
{
    for (size_t i = 0; i < len; ++i) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    }
    return crc;
}

u16 crc16(u16 crc, const u8* data, size_t len)
{
    for (size_t i = 0; i < len; ++i) {
        crc = static_cast<u16>(crc ^ data[i]);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<u16>((crc >> 1) ^ ((crc & 1) != 0 ? 0xa001 : 0));
    }
    return crc;
}

unsigned long gcd(unsigned long a, unsigned long b)
{
    while (b != 0) {
        const unsigned long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

unsigned long int_sqrt(unsigned long x)
{
    unsigned long root = 0;
    for (unsigned long bit = 1ul << 31; bit != 0; bit >>= 1)
        if ((root | bit) <= x / (root | bit))
            root |= bit;
    return root;
}

unsigned long _find_first_bit(const unsigned long* addr, unsigned long size)
{
    return search(addr, size, 0, 0);
}
unsigned long _find_first_zero_bit(const unsigned long* addr, unsigned long size)
{
    return search(addr, size, 0, ~0ul);
}
unsigned long _find_next_bit(const unsigned long* addr, unsigned long size, unsigned long start)
{
    return search(addr, size, start, 0);
}
unsigned long _find_next_zero_bit(const unsigned long* addr, unsigned long size, unsigned long start)
{
    return search(addr, size, start, ~0ul);
}

} // namespace irqlab::abi
