// Relocations of x86-64. Source: [PSABI] "Relocation Types".
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>

#include "kernel/module/loader.hpp"

namespace irqlab::kernel {

namespace {

template <class T>
void store(std::uintptr_t place, T value)
{
    std::memcpy(reinterpret_cast<void*>(place), &value, sizeof value);
}

bool fits_signed(std::int64_t v)
{
    return v >= std::numeric_limits<std::int32_t>::min() && v <= std::numeric_limits<std::int32_t>::max();
}

// A 32-bit field that the sum of two 64-bit numbers must fit: sums wrap as the CPU's do.
std::int64_t sum(std::uintptr_t a, std::int64_t b) { return static_cast<std::int64_t>(a + static_cast<std::uint64_t>(b)); }

} // namespace

Relocator::Relocator(const LoadRequest& request, const Placement& placement, const std::uintptr_t* values, Tables tables)
    : request_(request), placement_(placement), values_(values), tables_(tables)
{
}

std::uintptr_t Relocator::got_entry(std::uint32_t symbol)
{
    for (std::size_t i = 0; i < got_used_; ++i) {
        std::uintptr_t held;
        std::memcpy(&held, reinterpret_cast<void*>(tables_.got + i * sizeof held), sizeof held);
        if (held == values_[symbol])
            return tables_.got + i * sizeof held;
    }
    if (got_used_ == tables_.got_room)
        return 0;
    const std::uintptr_t entry = tables_.got + got_used_++ * sizeof(std::uintptr_t);
    store(entry, values_[symbol]);
    return entry;
}

// jmp *0(%rip), then the address.
std::uintptr_t Relocator::stub(std::uint32_t symbol)
{
    constexpr unsigned char jump[6] = {0xff, 0x25, 0, 0, 0, 0};
    for (std::size_t i = 0; i < stubs_used_; ++i) {
        std::uintptr_t held;
        std::memcpy(&held, reinterpret_cast<void*>(tables_.stubs + i * stub_bytes + sizeof jump), sizeof held);
        if (held == values_[symbol])
            return tables_.stubs + i * stub_bytes;
    }
    if (stubs_used_ == tables_.stub_room)
        return 0;
    const std::uintptr_t entry = tables_.stubs + stubs_used_++ * stub_bytes;
    std::memcpy(reinterpret_cast<void*>(entry), jump, sizeof jump);
    store(entry + sizeof jump, values_[symbol]);
    return entry;
}

int Relocator::put32(std::uintptr_t place, std::size_t room, std::int64_t value, unsigned type, bool is_signed)
{
    if (room < 4)
        return -ENOEXEC;
    const bool fits = is_signed ? fits_signed(value) : (static_cast<std::uint64_t>(value) >> 32) == 0;
    if (!fits) {
        char text[128];
        std::snprintf(text, sizeof text, "module: overflow in relocation type %u val %llx", type,
                      static_cast<unsigned long long>(value));
        request_.say(request_.context, text);
        std::snprintf(text, sizeof text, "module: `%s' likely not compiled with -mcmodel=kernel", request_.name);
        request_.say(request_.context, text);
        return -ENOEXEC;
    }
    store(place, static_cast<std::uint32_t>(value));
    return 0;
}

int Relocator::apply(std::uintptr_t place, std::size_t room, const Elf64_Rela& r)
{
    const auto type = static_cast<unsigned>(ELF64_R_TYPE(r.r_info));
    const auto symbol = static_cast<std::uint32_t>(ELF64_R_SYM(r.r_info));
    const std::uintptr_t value = values_[symbol];
    const std::int64_t absolute = sum(value, r.r_addend);
    const std::int64_t relative = sum(value - place, r.r_addend);
    switch (type) {
    case R_X86_64_NONE: return 0;
    case R_X86_64_64:
    case R_X86_64_PC64:
        if (room < 8)
            return -ENOEXEC;
        store(place, type == R_X86_64_64 ? absolute : relative);
        return 0;
    case R_X86_64_32: return put32(place, room, absolute, type, false);
    case R_X86_64_32S: return put32(place, room, absolute, type, true);
    case R_X86_64_PC32: return put32(place, room, relative, type, true);
    case R_X86_64_PLT32: {
        const std::uintptr_t target = fits_signed(relative) ? value : stub(symbol);
        return put32(place, room, sum(target - place, r.r_addend), type, true);
    }
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX: {
        const std::uintptr_t entry = got_entry(symbol);
        return entry ? put32(place, room, sum(entry - place, r.r_addend), type, true) : -ENOEXEC;
    }
    default: break;
    }
    char text[128];
    std::snprintf(text, sizeof text, "module: %s: Unknown rela relocation: %u", request_.name, type);
    request_.say(request_.context, text);
    return -ENOEXEC;
}

int Relocator::apply_section(std::size_t rela_section)
{
    const ElfImage& image = request_.image;
    const std::size_t target = image.section(rela_section).sh_info;
    const std::uintptr_t base = placement_.address_of(target);
    if (!base)
        return 0; // debug information and the like are not loaded
    const std::size_t size = image.section(target).sh_size;
    for (std::size_t i = 0; i < image.rela_count(rela_section); ++i) {
        const Elf64_Rela r = image.rela(rela_section, i);
        if (r.r_offset >= size || ELF64_R_SYM(r.r_info) >= image.symbol_count())
            return -ENOEXEC;
        if (const int error = apply(base + r.r_offset, size - r.r_offset, r))
            return error;
    }
    return 0;
}

} // namespace irqlab::kernel
