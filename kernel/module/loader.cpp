// Layout, copy and symbols of a module. See the header.
#include "kernel/module/loader.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/mman.h>

namespace irqlab::kernel {

namespace {

/// What lies above is out of a 32-bit displacement's reach from somewhere in the module range.
constexpr std::uintptr_t reach = 0x7fffffff;

enum Part : unsigned { text, rodata, data, init_text, init_rodata, init_data, percpu, parts, nowhere = parts };

Part part_of(const ElfImage& image, std::size_t i)
{
    const Elf64_Shdr& s = image.section(i);
    const std::string_view name = image.section_name(i);
    if (!(s.sh_flags & SHF_ALLOC) || s.sh_size == 0 || name == ".modinfo" || name == "__versions")
        return nowhere;
    if (name.starts_with(".data..percpu"))
        return percpu;
    const Part part = s.sh_flags & SHF_EXECINSTR ? text : s.sh_flags & SHF_WRITE ? data : rodata;
    return name.starts_with(".init") ? static_cast<Part>(part + init_text) : part;
}

/// The layout of one object while it is being made.
class Layout {
public:
    Layout(const LoadRequest& request, LoadedModule& out, Placement& placement)
        : request_(request), image_(request.image), out_(out), placement_(placement)
    {
    }

    int run();

private:
    int resolve_symbols();
    int resolve_undefined(std::size_t i, const Elf64_Sym& s);
    int measure();
    int take();
    int take_percpu();
    void copy();
    void define_symbols();
    int relocate();
    void collect_symbols();
    void name_symbol(const Elf64_Sym& s, char*& names);
    bool worth_a_name(const Elf64_Sym& s) const;

    const LoadRequest& request_;
    const ElfImage& image_;
    LoadedModule& out_;
    Placement& placement_;
    std::uintptr_t* values_ = nullptr; // by symbol
    std::size_t far_symbols_ = 0, got_entries_ = 0;
    std::size_t size_[parts]{};      // of each part
    std::uintptr_t start_[parts]{};
    Relocator::Tables tables_;
    std::size_t got_offset_ = 0, stub_offset_ = 0; // in rodata, in text
};

int Layout::resolve_undefined(std::size_t i, const Elf64_Sym& s)
{
    // The assembler names it with each GOT relocation; nobody uses its value. Linux ignores it too.
    if (image_.symbol_name(s) == "_GLOBAL_OFFSET_TABLE_")
        return 0;
    const bool weak = ELF64_ST_BIND(s.st_info) == STB_WEAK;
    const int error = request_.resolve(request_.context, image_.symbol_name(s).data(), weak, values_[i]);
    if (!error && values_[i] > reach)
        ++far_symbols_;
    return error;
}

// All symbols are looked up before one is refused: each unknown one has its line.
int Layout::resolve_symbols()
{
    values_ = static_cast<std::uintptr_t*>(request_.arena.take(image_.symbol_count() * sizeof *values_ + 1));
    int result = 0;
    for (std::size_t i = 1; i < image_.symbol_count(); ++i) {
        const Elf64_Sym s = image_.symbol(i);
        int error = 0;
        if (s.st_shndx == SHN_UNDEF) {
            error = resolve_undefined(i, s);
        } else if (s.st_shndx == SHN_COMMON) {
            char line[160];
            std::snprintf(line, sizeof line, "%s: please compile with -fno-common", request_.name);
            request_.say(request_.context, line);
            error = -ENOEXEC;
        } else if (s.st_shndx >= image_.section_count() && s.st_shndx != SHN_ABS) {
            error = -ENOEXEC;
        }
        if (error)
            result = error;
    }
    return result;
}

int Layout::measure()
{
    for (std::size_t i = 1; i < image_.section_count(); ++i) {
        const Elf64_Shdr& s = image_.section(i);
        if (s.sh_type == SHT_RELA)
            for (std::size_t n = 0; n < image_.rela_count(i); ++n) {
                const auto type = ELF64_R_TYPE(image_.rela(i, n).r_info);
                got_entries_ += type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX ||
                                type == R_X86_64_REX_GOTPCRELX;
            }
        const Part part = part_of(image_, i);
        if (part == nowhere)
            continue;
        const std::size_t align = std::max<std::size_t>(s.sh_addralign, 1);
        if (!std::has_single_bit(align) || align > page_bytes)
            return -ENOEXEC;
        if (s.sh_size > slot_module_bytes)
            return -ENOMEM;
        size_[part] = ((size_[part] + align - 1) & ~(align - 1)) + s.sh_size;
        if (size_[part] > slot_module_bytes)
            return -ENOMEM;
    }
    got_offset_ = (size_[rodata] + 7) & ~std::size_t{7};
    size_[rodata] = got_offset_ + got_entries_ * sizeof(std::uintptr_t);
    stub_offset_ = (size_[text] + 15) & ~std::size_t{15};
    size_[text] = stub_offset_ + far_symbols_ * Relocator::stub_bytes;
    return 0;
}

int Layout::take_percpu()
{
    if (!size_[percpu])
        return 0;
    start_[percpu] = request_.memory.take_percpu(size_[percpu], page_bytes);
    if (!start_[percpu]) {
        char line[160];
        std::snprintf(line, sizeof line, "%s: Could not allocate %zu bytes percpu data", request_.name, size_[percpu]);
        request_.say(request_.context, line);
        return -ENOMEM;
    }
    out_.percpu = {start_[percpu], size_[percpu]};
    return 0;
}

int Layout::take()
{
    if (const int error = take_percpu())
        return error;
    const std::size_t core = page_up(size_[text]) + page_up(size_[rodata]) + page_up(size_[data]);
    const std::size_t init = page_up(size_[init_text]) + page_up(size_[init_rodata]) + page_up(size_[init_data]);
    if (core) {
        start_[text] = request_.memory.take(core);
        if (!start_[text])
            return -ENOMEM;
        out_.core = {start_[text], core};
    }
    start_[rodata] = start_[text] + page_up(size_[text]);
    start_[data] = start_[rodata] + page_up(size_[rodata]);
    out_.text = {start_[text], size_[text]};
    out_.rodata = {start_[rodata], size_[rodata]};
    out_.data = {start_[data], size_[data]};
    if (init) {
        start_[init_text] = request_.memory.take(init);
        if (!start_[init_text])
            return -ENOMEM;
        out_.init = {start_[init_text], init};
        out_.init_text = {start_[init_text], size_[init_text]};
    }
    start_[init_rodata] = start_[init_text] + page_up(size_[init_text]);
    start_[init_data] = start_[init_rodata] + page_up(size_[init_rodata]);
    tables_ = {start_[rodata] + got_offset_, start_[text] + stub_offset_, got_entries_, far_symbols_};
    out_.plt = far_symbols_ ? tables_.stubs : 0;
    return 0;
}

void Layout::copy()
{
    placement_.section_count = image_.section_count();
    placement_.sections =
        static_cast<std::uintptr_t*>(request_.arena.take(image_.section_count() * sizeof(std::uintptr_t)));
    std::size_t used[parts]{};
    for (std::size_t i = 1; i < image_.section_count(); ++i) {
        const Part part = part_of(image_, i);
        if (part == nowhere)
            continue;
        const Elf64_Shdr& s = image_.section(i);
        const std::size_t align = std::max<std::size_t>(s.sh_addralign, 1);
        used[part] = (used[part] + align - 1) & ~(align - 1);
        placement_.sections[i] = start_[part] + used[part];
        used[part] += s.sh_size;
        const auto bytes = image_.section_bytes(i);
        if (part == percpu) // relocations are applied to CPU 0's copy, which the others are made from
            std::memset(percpu_pointer(reinterpret_cast<void*>(placement_.sections[i]), 0), 0, s.sh_size);
        if (!bytes.empty())
            std::memcpy(part == percpu ? percpu_pointer(reinterpret_cast<void*>(placement_.sections[i]), 0)
                                       : reinterpret_cast<void*>(placement_.sections[i]),
                        bytes.data(), bytes.size());
    }
}

void Layout::define_symbols()
{
    for (std::size_t i = 1; i < image_.symbol_count(); ++i) {
        const Elf64_Sym s = image_.symbol(i);
        if (s.st_shndx == SHN_ABS)
            values_[i] = s.st_value;
        else if (s.st_shndx != SHN_UNDEF)
            values_[i] = placement_.sections[s.st_shndx] + s.st_value;
    }
}

int Layout::relocate()
{
    // Per-CPU initial values are written where CPU 0's copy lies; PC-relative ones do not occur in data.
    Placement writable = placement_;
    writable.sections =
        static_cast<std::uintptr_t*>(request_.arena.take(placement_.section_count * sizeof(std::uintptr_t)));
    for (std::size_t i = 0; i < placement_.section_count; ++i) {
        const bool copy = placement_.sections[i] && out_.percpu.contains(placement_.sections[i]);
        writable.sections[i] = placement_.sections[i] + (copy ? percpu_stride : 0);
    }
    Relocator relocator{request_, writable, values_, tables_};
    for (std::size_t i = 1; i < image_.section_count(); ++i) {
        if (image_.section(i).sh_type != SHT_RELA || image_.section(i).sh_info >= image_.section_count())
            continue;
        if (const int error = relocator.apply_section(i))
            return error;
    }
    if (out_.percpu.size)
        for (unsigned cpu = 1; cpu < request_.cpus; ++cpu)
            std::memcpy(percpu_pointer(reinterpret_cast<void*>(out_.percpu.start), cpu),
                        percpu_pointer(reinterpret_cast<void*>(out_.percpu.start), 0), out_.percpu.size);
    return 0;
}

bool Layout::worth_a_name(const Elf64_Sym& s) const
{
    const unsigned type = ELF64_ST_TYPE(s.st_info);
    if (s.st_shndx == SHN_UNDEF || s.st_shndx >= image_.section_count() || !placement_.sections[s.st_shndx])
        return false;
    if (type != STT_FUNC && type != STT_OBJECT && type != STT_NOTYPE)
        return false;
    const std::string_view name = image_.symbol_name(s);
    return !name.empty() && !name.starts_with(".L") && name[0] != '$';
}

void Layout::name_symbol(const Elf64_Sym& s, char*& names)
{
    const std::string_view name = image_.symbol_name(s);
    std::memcpy(names, name.data(), name.size() + 1);
    const bool function = (image_.section(s.st_shndx).sh_flags & SHF_EXECINSTR) != 0;
    out_.symbols[out_.symbol_count++] = {names, placement_.sections[s.st_shndx] + s.st_value, function};
    names += name.size() + 1;
}

void Layout::collect_symbols()
{
    std::size_t count = 0, bytes = 1;
    for (std::size_t i = 1; i < image_.symbol_count(); ++i)
        if (const Elf64_Sym s = image_.symbol(i); worth_a_name(s)) {
            ++count;
            bytes += image_.symbol_name(s).size() + 1;
        }
    out_.symbols = static_cast<ModuleSymbol*>(request_.arena.take(count * sizeof(ModuleSymbol) + 1));
    out_.symbol_count = 0;
    auto* names = static_cast<char*>(request_.arena.take(bytes));
    for (std::size_t i = 1; i < image_.symbol_count(); ++i)
        if (const Elf64_Sym s = image_.symbol(i); worth_a_name(s))
            name_symbol(s, names);
    // A local name comes before a global alias (init_module) of the same address.
    std::stable_sort(out_.symbols, out_.symbols + out_.symbol_count,
                     [](const ModuleSymbol& a, const ModuleSymbol& b) { return a.address < b.address; });
}

int Layout::run()
{
    if (const int error = resolve_symbols())
        return error;
    if (const int error = measure())
        return error;
    if (const int error = take())
        return error;
    copy();
    define_symbols();
    if (const int error = relocate())
        return error;
    collect_symbols();
    patch_untrappable(request_.arena, out_);
    return 0;
}

} // namespace

int place_module(const LoadRequest& request, LoadedModule& out, Placement& placement)
{
    const int error = Layout{request, out, placement}.run();
    if (error)
        unplace_module(request.memory, out);
    return error;
}

void protect_module(const LoadedModule& m)
{
    ModuleMemory::protect(m.text, PROT_READ | PROT_EXEC);
    ModuleMemory::protect(m.rodata, PROT_READ);
    ModuleMemory::protect(m.init_text, PROT_READ | PROT_EXEC);
}

void unplace_module(ModuleMemory& memory, LoadedModule& m)
{
    free_init(memory, m);
    memory.give_back(m.core);
    if (m.percpu.size)
        memory.give_back_percpu(m.percpu.start);
    m.core = m.text = m.rodata = m.data = m.percpu = {};
}

void free_init(ModuleMemory& memory, LoadedModule& m)
{
    memory.give_back(m.init);
    m.init = m.init_text = {};
}

} // namespace irqlab::kernel
