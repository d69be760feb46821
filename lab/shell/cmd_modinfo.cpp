// The command modinfo: the .modinfo section of a module. Order and padding are kmod's.
#include <algorithm>
#include <cstring>
#include <elf.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

template <class T>
bool load(std::string_view image, std::uint64_t offset, T& out)
{
    if (offset > image.size() || image.size() - offset < sizeof(T))
        return false;
    std::memcpy(&out, image.data() + offset, sizeof(T));
    return true;
}

std::string_view slice(std::string_view image, std::uint64_t offset, std::uint64_t size)
{
    if (offset > image.size() || size > image.size() - offset)
        return {};
    return image.substr(offset, size);
}

/// The bytes of a section by name; empty: there is none, or the file is damaged. [ELF64] "Sections".
std::string_view find_section(std::string_view image, std::string_view wanted)
{
    Elf64_Ehdr header{};
    if (!load(image, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_shentsize != sizeof(Elf64_Shdr))
        return {};
    Elf64_Shdr names{}, section{};
    if (!load(image, header.e_shoff + std::uint64_t{header.e_shstrndx} * sizeof names, names))
        return {};
    const std::string_view strings = slice(image, names.sh_offset, names.sh_size);
    for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
        if (!load(image, header.e_shoff + i * sizeof section, section) || section.sh_name >= strings.size())
            continue;
        const std::string_view name = strings.substr(section.sh_name);
        if (name.substr(0, name.find('\0')) == wanted)
            return section.sh_type == SHT_NOBITS ? std::string_view() : slice(image, section.sh_offset, section.sh_size);
    }
    return {};
}

/// A module parameter, gathered from parm= and parmtype=.
struct Parameter {
    std::string_view name, text, type;
};

Parameter& parameter(Vec<Parameter>& list, std::string_view name)
{
    for (Parameter& p : list)
        if (p.name == name)
            return p;
    return *list.insert(list.begin(), Parameter{name, {}, {}}); // kmod lists the last one first
}

void print_field(Command& c, std::string_view key, std::string_view value)
{
    Str line(key, &c.memory);
    line += ':';
    line.append(line.size() < 16 ? 16 - line.size() : 1, ' ');
    c.write(line.append(value).append("\n"));
}

void print_parameters(Command& c, const Vec<Parameter>& parameters)
{
    for (const Parameter& p : parameters) {
        Str text(p.name, &c.memory);
        text.append(":").append(p.text);
        if (!p.type.empty())
            text.append(p.text.empty() ? "" : " (").append(p.type).append(p.text.empty() ? "" : ")");
        print_field(c, "parm", text);
    }
}

int print_module(Command& c, const Str& path, const char* field)
{
    Str image(&c.memory), absolute(&c.memory);
    if (!c.read_all(path.c_str(), image))
        return 1;
    Vec<std::string_view> entries(&c.memory);
    if (!module_info(image, entries)) {
        c.warn("modinfo: ERROR: could not get modinfo from '%s': Invalid argument\n", path.c_str());
        return 1;
    }
    char directory[1024] = "";
    if (!path.starts_with('/') && kernel::sys_getcwd(directory, sizeof directory) >= 0)
        absolute.append(directory).append("/");
    absolute += path;
    if (field && std::string_view(field) == "filename")
        c.write(absolute + "\n");
    else if (!field)
        print_field(c, "filename", absolute);
    Vec<Parameter> parameters(&c.memory);
    for (const std::string_view entry : entries) {
        const std::string_view key = entry.substr(0, entry.find('=')), value = entry.substr(std::min(key.size() + 1, entry.size()));
        if (field && key == field)
            c.write(Str(value, &c.memory) += '\n');
        if (field)
            continue;
        const std::size_t colon = std::min(value.find(':'), value.size());
        const std::string_view rest = value.substr(std::min(colon + 1, value.size()));
        if (key == "parm")
            parameter(parameters, value.substr(0, colon)).text = rest;
        else if (key == "parmtype")
            parameter(parameters, value.substr(0, colon)).type = rest;
        else
            print_field(c, key, value);
    }
    print_parameters(c, parameters);
    return 0;
}

} // namespace

bool module_info(std::string_view image, Vec<std::string_view>& entries)
{
    std::string_view section = find_section(image, ".modinfo");
    while (!section.empty()) {
        const std::string_view entry = section.substr(0, section.find('\0'));
        if (entry.find('=') != std::string_view::npos)
            entries.push_back(entry);
        section.remove_prefix(std::min(entry.size() + 1, section.size()));
    }
    return !entries.empty();
}

int modinfo_command(Command& c)
{
    const char* field = nullptr;
    const LongOption longs[] = {{"field", 'F'}};
    OptionReader reader(c, "F:0adlpnk:", longs, 1);
    while (const char option = reader.next()) {
        constexpr std::pair<char, const char*> shortcuts[] = {
            {'a', "author"}, {'d', "description"}, {'l', "license"}, {'p', "parm"}, {'n', "filename"}};
        if (option == '?')
            return 1;
        if (option == 'F')
            field = reader.value();
        for (const auto& [letter, name] : shortcuts)
            field = option == letter ? name : field;
    }
    if (reader.operands().empty()) {
        c.warn("modinfo: ERROR: missing module or filename.\n");
        return 1;
    }
    int status = 0;
    for (const char* module : reader.operands()) {
        Str path(module, &c.memory);
        kernel::Stat stat{};
        const bool is_path = path.ends_with(".ko") || path.find('/') != Str::npos;
        if (is_path ? kernel::sys_stat(module, stat) < 0 : !find_module_file(c, module, path)) {
            c.warn("modinfo: ERROR: Module %s not found.\n", module);
            status = 1;
            continue;
        }
        status |= print_module(c, path, field);
    }
    return status;
}

} // namespace irqlab::lab::sh
