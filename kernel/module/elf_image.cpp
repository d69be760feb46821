// Checks of a relocatable object: each offset, size and index. See the header.
#include "kernel/module/elf_image.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace irqlab::kernel {

namespace {

/// The words came with 5.17 [LX kernel/module]; older releases refuse without any.
[[gnu::format(printf, 3, 4)]] bool refuse(ElfError& error, Release release, const char* format, ...)
{
    error.failed = true;
    error.text[0] = '\0';
    if (release >= Release::v6_1) {
        va_list args;
        va_start(args, format);
        std::vsnprintf(error.text, sizeof error.text, format, args);
        va_end(args);
    }
    return false;
}

} // namespace

bool ElfImage::open(std::span<const std::byte> bytes, Release release, ElfError& error)
{
    bytes_ = bytes;
    symtab_ = symbol_count_ = 0;
    return check_header(release, error) && check_sections(release, error) && find_symbols(release, error);
}

bool ElfImage::check_header(Release release, ElfError& error)
{
    if (bytes_.size() < sizeof header_)
        return refuse(error, release, "Invalid ELF header len %zu", bytes_.size());
    std::memcpy(&header_, bytes_.data(), sizeof header_);
    if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0)
        return refuse(error, release, "Invalid ELF header magic: != %s", ELFMAG);
    // Linux reads a 32-bit object as a 64-bit one and stumbles over its machine or its sections.
    if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != ELFDATA2LSB)
        return refuse(error, release, "Invalid architecture in ELF header: %u", header_.e_machine);
    if (header_.e_type != ET_REL)
        return refuse(error, release, "Invalid ELF header type: %u != %u", header_.e_type, ET_REL);
    if (header_.e_machine != EM_X86_64)
        return refuse(error, release, "Invalid architecture in ELF header: %u", header_.e_machine);
    if (header_.e_shentsize != sizeof(Elf64_Shdr))
        return refuse(error, release, "Invalid ELF section header size");
    // Headers that do not stand at a multiple of 8 could not be read in place; no linker writes such.
    if (header_.e_shoff >= bytes_.size() ||
        (reinterpret_cast<std::uintptr_t>(bytes_.data()) + header_.e_shoff) % alignof(Elf64_Shdr) ||
        header_.e_shnum > (bytes_.size() - header_.e_shoff) / sizeof(Elf64_Shdr))
        return refuse(error, release, "Invalid ELF section header overflow");
    if (header_.e_shstrndx == SHN_UNDEF || header_.e_shstrndx >= header_.e_shnum)
        return refuse(error, release, "Invalid ELF section name index: %d || e_shstrndx (%d) >= e_shnum (%d)",
                      header_.e_shstrndx, header_.e_shstrndx, header_.e_shnum);
    return true;
}

bool ElfImage::inside(const Elf64_Shdr& s) const
{
    return s.sh_offset <= bytes_.size() && s.sh_size <= bytes_.size() - s.sh_offset;
}

bool ElfImage::check_sections(Release release, ElfError& error)
{
    sections_ = reinterpret_cast<const Elf64_Shdr*>(bytes_.data() + header_.e_shoff);
    const Elf64_Shdr& names = sections_[header_.e_shstrndx];
    if (!inside(names) || names.sh_type == SHT_NOBITS)
        return refuse(error, release, "Invalid ELF section hdr(type %u)", names.sh_type);
    names_ = bytes_.subspan(names.sh_offset, names.sh_size);
    if (names_.empty() || names_.back() != std::byte{0})
        return refuse(error, release, "ELF Spec violation: section name table isn't null terminated");
    const Elf64_Shdr& first = sections_[0];
    if (first.sh_type != SHT_NULL || first.sh_size != 0 || first.sh_addr != 0)
        return refuse(error, release, "ELF Spec violation: section 0 type(%d)!=SH_NULL or non-zero len or addr",
                      static_cast<int>(first.sh_type));
    for (std::size_t i = 1; i < section_count(); ++i) {
        const Elf64_Shdr& s = sections_[i];
        const auto n = static_cast<unsigned>(i);
        if (s.sh_name >= names_.size())
            return refuse(error, release, "Invalid ELF section name in module (section %u type %u)", n, s.sh_type);
        if (s.sh_type == SHT_NULL || s.sh_type == SHT_NOBITS)
            continue;
        if (s.sh_type == SHT_SYMTAB && (s.sh_link == SHN_UNDEF || s.sh_link >= section_count()))
            return refuse(error, release, "Invalid ELF sh_link!=SHN_UNDEF(%u) or (sh_link(%u) >= hdr->e_shnum(%u)",
                          s.sh_link, s.sh_link, header_.e_shnum);
        if (!inside(s))
            return refuse(error, release, "Invalid ELF section in module (section %u type %u)", n, s.sh_type);
    }
    return true;
}

bool ElfImage::find_symbols(Release release, ElfError& error)
{
    for (std::size_t i = 1; i < section_count(); ++i)
        if (sections_[i].sh_type == SHT_SYMTAB)
            symtab_ = i;
    if (!symtab_)
        return true; // the loader says so, with the module's name
    const Elf64_Shdr& strings = sections_[sections_[symtab_].sh_link];
    if (!inside(strings) || strings.sh_type == SHT_NOBITS)
        return refuse(error, release, "Invalid ELF section hdr(type %u)", strings.sh_type);
    strings_ = bytes_.subspan(strings.sh_offset, strings.sh_size);
    if (strings_.empty() || strings_.back() != std::byte{0})
        return refuse(error, release, "ELF Spec violation: symbol name table isn't null terminated");
    symbol_count_ = sections_[symtab_].sh_size / sizeof(Elf64_Sym);
    return true;
}

std::span<const std::byte> ElfImage::section_bytes(std::size_t i) const
{
    const Elf64_Shdr& s = sections_[i];
    if (s.sh_type == SHT_NOBITS || s.sh_type == SHT_NULL)
        return {};
    return bytes_.subspan(s.sh_offset, s.sh_size);
}

std::size_t ElfImage::find(std::string_view name) const
{
    for (std::size_t i = 1; i < section_count(); ++i)
        if ((sections_[i].sh_flags & SHF_ALLOC) && section_name(i) == name)
            return i;
    return 0;
}

Elf64_Sym ElfImage::symbol(std::size_t i) const
{
    Elf64_Sym s;
    std::memcpy(&s, bytes_.data() + sections_[symtab_].sh_offset + i * sizeof s, sizeof s);
    return s;
}

Elf64_Rela ElfImage::rela(std::size_t section, std::size_t i) const
{
    Elf64_Rela r;
    std::memcpy(&r, bytes_.data() + sections_[section].sh_offset + i * sizeof r, sizeof r);
    return r;
}

std::string_view ElfImage::string_at(std::span<const std::byte> table, std::size_t offset)
{
    if (offset >= table.size())
        return "";
    return reinterpret_cast<const char*>(table.data() + offset); // the table ends in a zero
}

std::string_view ElfImage::modinfo(std::string_view key, unsigned skip) const
{
    const std::size_t index = find(".modinfo");
    if (!index)
        return {};
    const auto bytes = section_bytes(index);
    std::string_view rest{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    while (!rest.empty()) {
        const std::size_t end = rest.find('\0');
        if (end == std::string_view::npos)
            break; // the last string has no end
        const std::string_view entry = rest.substr(0, end);
        if (entry.size() > key.size() && entry.starts_with(key) && entry[key.size()] == '=' && skip-- == 0)
            return entry.substr(key.size() + 1);
        rest.remove_prefix(end + 1);
    }
    return {};
}

} // namespace irqlab::kernel
