/* SPDX-License-Identifier: MIT */
/* linux/bitops.h: single bits of long words. The atomic forms are the compiler's, so that its instrumentation
 * reports them. */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H
#include <linux/bits.h>
unsigned long _find_first_bit(const unsigned long *addr, unsigned long size);
unsigned long _find_first_zero_bit(const unsigned long *addr, unsigned long size);
unsigned long _find_next_bit(const unsigned long *addr, unsigned long size, unsigned long start);
unsigned long _find_next_zero_bit(const unsigned long *addr, unsigned long size, unsigned long start);

#define __lab_word(nr, addr) ((unsigned long *)(addr) + BIT_WORD(nr))
static inline void set_bit(long nr, volatile unsigned long *addr)
{
    __atomic_fetch_or(__lab_word(nr, addr), BIT_MASK(nr), __ATOMIC_SEQ_CST);
}
static inline void clear_bit(long nr, volatile unsigned long *addr)
{
    __atomic_fetch_and(__lab_word(nr, addr), ~BIT_MASK(nr), __ATOMIC_SEQ_CST);
}
static inline void change_bit(long nr, volatile unsigned long *addr)
{
    __atomic_fetch_xor(__lab_word(nr, addr), BIT_MASK(nr), __ATOMIC_SEQ_CST);
}
static inline bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
    return (__atomic_fetch_or(__lab_word(nr, addr), BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr)) != 0;
}
static inline bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
    return (__atomic_fetch_and(__lab_word(nr, addr), ~BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr)) != 0;
}
static inline bool test_and_change_bit(long nr, volatile unsigned long *addr)
{
    return (__atomic_fetch_xor(__lab_word(nr, addr), BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr)) != 0;
}
static inline bool test_and_set_bit_lock(long nr, volatile unsigned long *addr) { return test_and_set_bit(nr, addr); }
static inline void clear_bit_unlock(long nr, volatile unsigned long *addr) { clear_bit(nr, addr); }
static inline bool test_bit(long nr, const volatile unsigned long *addr)
{
    return (__atomic_load_n(__lab_word(nr, addr), __ATOMIC_RELAXED) & BIT_MASK(nr)) != 0;
}
static inline void __set_bit(long nr, volatile unsigned long *addr) { *__lab_word(nr, addr) |= BIT_MASK(nr); }
static inline void __clear_bit(long nr, volatile unsigned long *addr) { *__lab_word(nr, addr) &= ~BIT_MASK(nr); }
static inline void __change_bit(long nr, volatile unsigned long *addr) { *__lab_word(nr, addr) ^= BIT_MASK(nr); }
static inline bool __test_and_set_bit(long nr, volatile unsigned long *addr)
{
    bool was = (*__lab_word(nr, addr) & BIT_MASK(nr)) != 0;
    __set_bit(nr, addr);
    return was;
}
static inline bool __test_and_clear_bit(long nr, volatile unsigned long *addr)
{
    bool was = (*__lab_word(nr, addr) & BIT_MASK(nr)) != 0;
    __clear_bit(nr, addr);
    return was;
}
static inline void assign_bit(long nr, volatile unsigned long *addr, bool value)
{
    if (value)
        set_bit(nr, addr);
    else
        clear_bit(nr, addr);
}
#define smp_mb__before_atomic() barrier()
#define smp_mb__after_atomic() barrier()

static inline unsigned long __ffs(unsigned long word) { return (unsigned long)__builtin_ctzl(word); }
static inline unsigned long __fls(unsigned long word) { return 63UL - (unsigned long)__builtin_clzl(word); }
static inline unsigned long ffz(unsigned long word) { return __ffs(~word); }
static inline int ffs(int x) { return __builtin_ffs(x); }
static inline int fls(unsigned int x) { return x ? 32 - __builtin_clz(x) : 0; }
static inline int fls64(u64 x) { return x ? 64 - __builtin_clzll(x) : 0; }
static inline unsigned int hweight32(unsigned int x) { return (unsigned int)__builtin_popcount(x); }
static inline unsigned int hweight8(unsigned int x) { return hweight32(x & 0xff); }
static inline unsigned int hweight16(unsigned int x) { return hweight32(x & 0xffff); }
static inline unsigned long hweight64(u64 x) { return (unsigned long)__builtin_popcountll(x); }
static inline unsigned long hweight_long(unsigned long x) { return (unsigned long)__builtin_popcountl(x); }
static inline u32 rol32(u32 word, unsigned int n) { return (word << (n & 31)) | (word >> ((-n) & 31)); }
static inline u32 ror32(u32 word, unsigned int n) { return (word >> (n & 31)) | (word << ((-n) & 31)); }
static inline u8 rol8(u8 word, unsigned int n) { return (u8)((word << (n & 7)) | (word >> ((-n) & 7))); }
static inline u8 ror8(u8 word, unsigned int n) { return (u8)((word >> (n & 7)) | (word << ((-n) & 7))); }

#define find_first_bit(addr, size) _find_first_bit(addr, size)
#define find_first_zero_bit(addr, size) _find_first_zero_bit(addr, size)
#define find_next_bit(addr, size, start) _find_next_bit(addr, size, start)
#define find_next_zero_bit(addr, size, start) _find_next_zero_bit(addr, size, start)
#define for_each_set_bit(bit, addr, size)                                                                           \
    for ((bit) = find_first_bit((addr), (size)); (bit) < (size); (bit) = find_next_bit((addr), (size), (bit) + 1))
#endif
