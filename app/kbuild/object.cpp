// Reading an object with libelf.
#include "app/kbuild/object.hpp"
#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <map>
#include <unistd.h>

namespace irqlab::app::kbuild {

namespace {

class Reader {
  public:
    Reader(Elf* elf, ObjectFile& out) : elf_(elf), out_(out) { elf_getshdrstrndx(elf, &names_); }

    void read()
    {
        for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
            GElf_Shdr header;
            gelf_getshdr(section, &header);
            if (header.sh_type == SHT_SYMTAB)
                symbols(section, header);
            else if (section_name(header) == ".modinfo")
                modinfo(section);
        }
        for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
            GElf_Shdr header;
            gelf_getshdr(section, &header);
            if (header.sh_type == SHT_RELA)
                relocations(section, header);
        }
    }

  private:
    std::string_view section_name(const GElf_Shdr& header) const
    {
        const char* name = elf_strptr(elf_, names_, header.sh_name);
        return name != nullptr ? name : "";
    }

    void symbols(Elf_Scn* section, const GElf_Shdr& header)
    {
        Elf_Data* data = elf_getdata(section, nullptr);
        const std::size_t count = header.sh_entsize == 0 ? 0 : header.sh_size / header.sh_entsize;
        for (std::size_t i = 1; i < count; ++i) {
            GElf_Sym symbol;
            if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr)
                continue;
            const char* text = elf_strptr(elf_, header.sh_link, symbol.st_name);
            const std::string_view name = text != nullptr ? text : "";
            // The loader makes the module's GOT: that name is nobody's export.
            if (symbol.st_shndx == SHN_UNDEF && !name.empty() && name != "_GLOBAL_OFFSET_TABLE_") {
                by_index_[i] = out_.wanted.size();
                out_.wanted.push_back({std::string(name), GELF_ST_BIND(symbol.st_info) == STB_WEAK, {}});
            } else {
                defined(name);
                if (name.starts_with("__mod_pci__") && name.ends_with("_device_table"))
                    pci_table(symbol);
            }
        }
    }

    // [LX include/linux/mod_devicetable.h]: a row of zeros ends it.
    void pci_table(const GElf_Sym& symbol)
    {
        constexpr std::size_t row_bytes = 40;
        Elf_Scn* section = elf_getscn(elf_, symbol.st_shndx);
        const Elf_Data* data = section != nullptr ? elf_getdata(section, nullptr) : nullptr;
        if (data == nullptr || data->d_buf == nullptr)
            return;
        for (std::size_t at = symbol.st_value; at + row_bytes <= data->d_size && at < symbol.st_value + symbol.st_size;
             at += row_bytes) {
            PciId id{};
            std::memcpy(&id, static_cast<const char*>(data->d_buf) + at, sizeof id);
            if (id.vendor == 0 && id.subvendor == 0 && id.class_mask == 0)
                break;
            out_.pci_ids.push_back(id);
        }
    }

    void defined(std::string_view name)
    {
        constexpr std::string_view export_prefix = "__ksymtab_"; // one object per EXPORT_SYMBOL
        out_.has_init |= name == "init_module";
        out_.has_exit |= name == "cleanup_module";
        if (name.starts_with(export_prefix) && !name.starts_with("__ksymtab_gpl"))
            out_.exported.emplace_back(name.substr(export_prefix.size()));
    }

    void modinfo(Elf_Scn* section)
    {
        const Elf_Data* data = elf_getdata(section, nullptr);
        if (data == nullptr || data->d_buf == nullptr)
            return;
        std::string_view rest(static_cast<const char*>(data->d_buf), data->d_size);
        while (!rest.empty()) {
            const std::string_view entry = rest.substr(0, rest.find('\0'));
            if (!entry.empty())
                out_.modinfo.emplace_back(entry);
            rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
        }
    }

    void relocations(Elf_Scn* section, const GElf_Shdr& header)
    {
        GElf_Shdr target;
        Elf_Scn* patched = elf_getscn(elf_, header.sh_info);
        if (patched == nullptr || gelf_getshdr(patched, &target) == nullptr || (target.sh_flags & SHF_ALLOC) == 0)
            return; // debug information names symbols without needing them
        Elf_Data* data = elf_getdata(section, nullptr);
        const std::size_t count = header.sh_entsize == 0 ? 0 : header.sh_size / header.sh_entsize;
        for (std::size_t i = 0; i < count; ++i) {
            GElf_Rela relocation;
            if (gelf_getrela(data, static_cast<int>(i), &relocation) == nullptr)
                continue;
            const auto found = by_index_.find(GELF_R_SYM(relocation.r_info));
            if (found != by_index_.end())
                out_.wanted[found->second].references.push_back(
                    {std::string(section_name(target)), relocation.r_offset});
        }
    }

    Elf* elf_;
    ObjectFile& out_;
    std::size_t names_ = 0;
    std::map<std::size_t, std::size_t> by_index_; // symbol number -> place in out_.wanted
};

} // namespace

bool ObjectFile::has_modinfo(std::string_view key) const
{
    return std::any_of(modinfo.begin(), modinfo.end(), [&](std::string_view entry) {
        return entry.size() > key.size() && entry.starts_with(key) && entry[key.size()] == '=';
    });
}

std::string pci_alias(const PciId& id)
{
    constexpr std::uint32_t any = ~0u;
    const auto field = [](const char* key, std::uint32_t value) {
        return value == any ? fmt::format("{}*", key) : fmt::format("{}{:08X}", key, value);
    };
    const auto byte = [&](const char* key, unsigned low) {
        const bool whole = (id.class_mask >> low & 0xff) == 0xff;
        return whole ? fmt::format("{}{:02X}", key, id.class_code >> low & 0xff) : fmt::format("{}*", key);
    };
    return "pci:" + field("v", id.vendor) + field("d", id.device) + field("sv", id.subvendor) +
           field("sd", id.subdevice) + byte("bc", 16) + byte("sc", 8) + byte("i", 0);
}

bool read_object(const std::string& path, ObjectFile& out, std::string& error)
{
    elf_version(EV_CURRENT);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        error = path + ": " + std::strerror(errno);
        return false;
    }
    Elf* elf = elf_begin(fd, ELF_C_READ, nullptr);
    GElf_Ehdr header;
    const bool good = elf != nullptr && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) != nullptr &&
                      header.e_type == ET_REL && header.e_machine == EM_X86_64;
    if (good)
        Reader(elf, out).read();
    else
        error = path + ": not an x86-64 object file";
    elf_end(elf);
    ::close(fd);
    return good;
}

} // namespace irqlab::app::kbuild
