// The bytes of a fuzz input, read one after the other. Past the end they are zeroes.
#pragma once
#include "hw/base/bits.hpp"

namespace irqlab::hw {

struct Input {
    const u8* at;
    const u8* end;

    bool empty() const { return at == end; }
    u8 byte() { return empty() ? u8{0} : *at++; }
    u16 half() { return static_cast<u16>(byte() | byte() << 8); }
    u32 word() { return half() | u32{half()} << 16; }
    u64 both() { return word() | u64{word()} << 32; }
};

} // namespace irqlab::hw
