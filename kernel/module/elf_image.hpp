// A relocatable ELF object, checked before anything is believed: every offset, size and index.
//
// Source: [ELF] "Object Files"; [PSABI] for x86-64.
#pragma once
#include <cstddef>
#include <cstdint>
#include <elf.h>
#include <span>
#include <string_view>

#include "kernel/config.hpp"

namespace irqlab::kernel {

/// What is wrong with an image, in Linux's words; empty where Linux says nothing.
struct ElfError {
    char text[128] = "";
    bool failed = false;
};

class ElfImage {
public:
    /// Views `bytes`, aligned to 8, which must outlive the image. After a failed open nothing else may be called.
    /// @param release  which release's words `error` is in: those before 5.17 say nothing.
    bool open(std::span<const std::byte> bytes, Release release, ElfError& error);

    std::size_t section_count() const { return header_.e_shnum; }
    const Elf64_Shdr& section(std::size_t i) const { return sections_[i]; }
    std::string_view section_name(std::size_t i) const { return string_at(names_, sections_[i].sh_name); }
    /// Its bytes; empty for SHT_NOBITS.
    std::span<const std::byte> section_bytes(std::size_t i) const;
    /// Index of the allocated section of that name, or 0.
    std::size_t find(std::string_view name) const;

    bool has_symbols() const { return symtab_ != 0; }
    std::size_t symbol_count() const { return symbol_count_; }
    Elf64_Sym symbol(std::size_t i) const;
    std::string_view symbol_name(const Elf64_Sym& s) const { return string_at(strings_, s.st_name); }

    std::size_t rela_count(std::size_t section) const { return sections_[section].sh_size / sizeof(Elf64_Rela); }
    Elf64_Rela rela(std::size_t section, std::size_t i) const;

    /// Value of `key=` in .modinfo from the `skip`-th on; data() is null when there is none.
    std::string_view modinfo(std::string_view key, unsigned skip = 0) const;

    std::span<const std::byte> bytes() const { return bytes_; }

private:
    bool check_header(Release release, ElfError& error);
    bool check_sections(Release release, ElfError& error);
    bool find_symbols(Release release, ElfError& error);
    bool inside(const Elf64_Shdr& s) const;
    static std::string_view string_at(std::span<const std::byte> table, std::size_t offset);

    std::span<const std::byte> bytes_;
    Elf64_Ehdr header_{};
    const Elf64_Shdr* sections_ = nullptr; // inside bytes_
    std::span<const std::byte> names_, strings_;
    std::size_t symtab_ = 0, symbol_count_ = 0;
};

} // namespace irqlab::kernel
