// Instructions that run in user space without a trap though the lab must see them: found when the module is loaded
// and replaced by HLT, which traps. What stood there is kept beside (PatchedInstruction).
//
// Functions without a suspicious byte are not decoded at all; most have none. The decoding starts at each symbol,
// so data between functions does not lead it astray.
#include <Zydis/Zydis.h>
#include <algorithm>
#include <cstring>

#include "kernel/module/loader.hpp"

namespace irqlab::kernel {

namespace {

constexpr std::uint8_t hlt = 0xf4;

bool untrappable(const ZydisDecodedInstruction& in, const std::uint8_t* at)
{
    switch (in.mnemonic) {
    case ZYDIS_MNEMONIC_PUSHF: case ZYDIS_MNEMONIC_PUSHFQ: case ZYDIS_MNEMONIC_POPF: case ZYDIS_MNEMONIC_POPFQ:
    case ZYDIS_MNEMONIC_CPUID: case ZYDIS_MNEMONIC_RDTSC: case ZYDIS_MNEMONIC_RDTSCP: case ZYDIS_MNEMONIC_SIDT:
    case ZYDIS_MNEMONIC_SGDT: case ZYDIS_MNEMONIC_SLDT: case ZYDIS_MNEMONIC_STR: case ZYDIS_MNEMONIC_SMSW: return true;
    case ZYDIS_MNEMONIC_INT: return at[1] == 0x80;
    case ZYDIS_MNEMONIC_SYSCALL: case ZYDIS_MNEMONIC_SYSENTER: return true; // would leave the lab
    default: return false;
    }
}

/// Could one of those instructions start at `p`?
bool suspicious(const std::uint8_t* p, std::size_t left)
{
    if (p[0] == 0x9c || p[0] == 0x9d)
        return true;
    if (left < 2)
        return false;
    if (p[0] == 0xcd)
        return p[1] == 0x80;
    if (p[0] != 0x0f)
        return false;
    return p[1] == 0x00 || p[1] == 0x01 || p[1] == 0x05 || p[1] == 0x31 || p[1] == 0x34 || p[1] == 0xa2;
}

bool any_suspicious(const std::uint8_t* from, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        if (suspicious(from + i, size - i)) [[unlikely]]
            return true;
    return false;
}

class Patcher {
public:
    Patcher(sim::Arena& arena, LoadedModule& m) : arena_(arena), m_(m)
    {
        ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    }

    void function(std::uintptr_t start, std::uintptr_t end)
    {
        auto* bytes = reinterpret_cast<std::uint8_t*>(start);
        const std::size_t size = end - start;
        if (!any_suspicious(bytes, size))
            return;
        for (std::size_t i = 0; i < size;) {
            ZydisDecodedInstruction in;
            if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder_, nullptr, bytes + i, size - i, &in))) {
                ++i;
                continue;
            }
            if (untrappable(in, bytes + i))
                note(bytes + i);
            i += in.length;
        }
    }

private:
    void note(std::uint8_t* at)
    {
        if (m_.patch_count == room_) {
            const std::size_t more = room_ ? room_ * 2 : 8;
            auto* grown = static_cast<PatchedInstruction*>(arena_.take(more * sizeof(PatchedInstruction)));
            if (m_.patch_count)
                std::memcpy(grown, m_.patches, m_.patch_count * sizeof *grown);
            m_.patches = grown;
            room_ = more;
        }
        m_.patches[m_.patch_count++] = {reinterpret_cast<std::uintptr_t>(at), *at};
        *at = hlt;
    }

    sim::Arena& arena_;
    LoadedModule& m_;
    std::size_t room_ = 0;
    ZydisDecoder decoder_;
};

} // namespace

void patch_untrappable(sim::Arena& arena, LoadedModule& m)
{
    Patcher patcher{arena, m};
    m.patch_count = 0;
    for (const Range& code : {m.text, m.init_text}) {
        // The stubs behind the text are ours.
        const std::uintptr_t code_end = m.plt && code.contains(m.plt) ? m.plt : code.end();
        std::uintptr_t start = code.start;
        for (std::size_t i = 0; i < m.symbol_count; ++i) {
            const std::uintptr_t next = m.symbols[i].address;
            if (next <= start || next >= code_end)
                continue;
            patcher.function(start, next);
            start = next;
        }
        if (start < code_end)
            patcher.function(start, code_end);
    }
    std::sort(m.patches, m.patches + m.patch_count,
              [](const PatchedInstruction& a, const PatchedInstruction& b) { return a.address < b.address; });
}

bool patched_at(const LoadedModule& m, std::uintptr_t address, std::uint8_t& original)
{
    const PatchedInstruction* const end = m.patches + m.patch_count;
    const auto before = [](const PatchedInstruction& p, std::uintptr_t a) { return p.address < a; };
    const PatchedInstruction* const found =
        std::lower_bound(static_cast<const PatchedInstruction*>(m.patches), end, address, before);
    if (found == end || found->address != address)
        return false;
    original = found->original;
    return true;
}

} // namespace irqlab::kernel
