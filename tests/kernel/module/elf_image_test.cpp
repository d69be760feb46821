// Images that the loader must refuse, with the words that Linux has for them.
#include "kernel/module/elf_image.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <vector>

namespace irqlab::kernel {
namespace {

/// A well-formed object with no section but the null one and the names.
struct Object {
    Elf64_Ehdr header{};
    Elf64_Shdr sections[2]{};
    char names[8] = {0, 's', 't', 'r', 0};

    Object()
    {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_REL;
        header.e_machine = EM_X86_64;
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_shoff = offsetof(Object, sections);
        header.e_shnum = 2;
        header.e_shstrndx = 1;
        sections[1].sh_type = SHT_STRTAB;
        sections[1].sh_offset = offsetof(Object, names);
        sections[1].sh_size = sizeof names;
    }
};

struct Row {
    const char* clause;
    void (*spoil)(Object& o);
    std::size_t cut; // bytes of the object that are there; 0: all
    const char* words;
};

const Row rows[] = {
    {"ELF/header: shorter than one", [](Object&) {}, 10, "Invalid ELF header len 10"},
    {"ELF/magic", [](Object& o) { o.header.e_ident[0] = 'M'; }, 0, "Invalid ELF header magic: != \177ELF"},
    {"ELF/class: 32 bits", [](Object& o) { o.header.e_ident[EI_CLASS] = ELFCLASS32; }, 0,
     "Invalid architecture in ELF header: 62"},
    {"ELF/machine", [](Object& o) { o.header.e_machine = EM_AARCH64; }, 0, "Invalid architecture in ELF header: 183"},
    {"ELF/type: a program", [](Object& o) { o.header.e_type = ET_EXEC; }, 0, "Invalid ELF header type: 2 != 1"},
    {"ELF/e_shentsize", [](Object& o) { o.header.e_shentsize = 1; }, 0, "Invalid ELF section header size"},
    {"ELF/e_shoff beyond the end", [](Object& o) { o.header.e_shoff = ~u64{7}; }, 0,
     "Invalid ELF section header overflow"},
    {"ELF/e_shnum beyond the end", [](Object& o) { o.header.e_shnum = 0xffff; }, 0,
     "Invalid ELF section header overflow"},
    {"ELF/e_shstrndx", [](Object& o) { o.header.e_shstrndx = 2; }, 0,
     "Invalid ELF section name index: 2 || e_shstrndx (2) >= e_shnum (2)"},
    {"ELF/section contents wrap", [](Object& o) { o.sections[1].sh_size = ~u64{0}; }, 0,
     "Invalid ELF section hdr(type 3)"},
    {"ELF/names without an end", [](Object& o) { o.names[7] = 'x'; }, 0,
     "ELF Spec violation: section name table isn't null terminated"},
    {"ELF/section 0", [](Object& o) { o.sections[0].sh_size = 1; }, 0,
     "ELF Spec violation: section 0 type(0)!=SH_NULL or non-zero len or addr"},
    {"ELF/name index", [](Object& o) { o.sections[1].sh_name = 8; }, 0,
     "Invalid ELF section name in module (section 1 type 3)"},
    {"ELF/symbol table's strings", [](Object& o) { o.header.e_shstrndx = 1, o.sections[1].sh_type = SHT_SYMTAB; }, 0,
     "Invalid ELF sh_link!=SHN_UNDEF(0) or (sh_link(0) >= hdr->e_shnum(2)"},
};

bool open(const Object& o, std::size_t cut, Release release, ElfError& error)
{
    alignas(8) static std::byte bytes[sizeof(Object)];
    std::memcpy(bytes, &o, sizeof o);
    ElfImage image;
    return image.open({bytes, cut ? cut : sizeof o}, release, error);
}

TEST(ElfImage, RefusesWhatIsMalformed)
{
    for (const Row& row : rows) {
        Object o;
        row.spoil(o);
        ElfError error;
        EXPECT_FALSE(open(o, row.cut, Release::v6_1, error)) << row.clause;
        EXPECT_STREQ(error.text, row.words) << row.clause;
    }
}

TEST(ElfImage, OlderReleasesSayNothing)
{
    Object o;
    o.header.e_type = ET_DYN;
    ElfError error;
    EXPECT_FALSE(open(o, 0, Release::v5_15, error));
    EXPECT_TRUE(error.failed);
    EXPECT_STREQ(error.text, "");
}

TEST(ElfImage, TakesTheSmallestObject)
{
    ElfError error;
    EXPECT_TRUE(open(Object{}, 0, Release::v6_1, error));
    EXPECT_FALSE(error.failed);
}

// Every single-byte change of a good object is refused or survived. Exhausts the header's and the sections' bytes.
TEST(ElfImage, SurvivesEachByte)
{
    for (std::size_t i = 0; i < sizeof(Object); ++i)
        for (unsigned value = 0; value < 256; value += 5) {
            Object o;
            reinterpret_cast<unsigned char*>(&o)[i] = static_cast<unsigned char>(value);
            ElfError error;
            const bool opened = open(o, 0, Release::v6_12, error);
            EXPECT_NE(opened, error.failed);
        }
}

} // namespace
} // namespace irqlab::kernel
