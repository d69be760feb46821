// The checks and the texts of modpost.
#include "app/kbuild/modpost.hpp"
#include "app/host/paths.hpp"
#include "app/host/process.hpp"
#include "app/kbuild/text.hpp"
#include "kernel/module/module.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace irqlab::app::kbuild {

namespace {

// Calls that the compiler's instrumentation adds, the table that the loader makes, and names that mod.o brings.
bool is_ours(std::string_view name)
{
    return name.starts_with("__tsan_") || name == "_GLOBAL_OFFSET_TABLE_" || name == "__this_module";
}

bool is_known(const std::string& name, const Symbols& symbols)
{
    const auto& more = symbols.also_exported;
    return is_ours(name) || symbols.providers.contains(name) || symbols.exported == nullptr ||
           symbols.exported(name.c_str(), symbols.release) || std::find(more.begin(), more.end(), name) != more.end();
}

// "/path/x.c:42" of a place in the object, from its debug information.
std::string source_line(const std::string& object, const Reference& reference)
{
    const std::string addr2line = find_program("addr2line");
    std::string answer;
    if (addr2line.empty() || run_process({{addr2line, "-e", object, "-j", reference.section,
                                           fmt::format("{:#x}", reference.offset)},
                                          "",
                                          {},
                                          {}},
                                         answer) != 0)
        return {};
    answer = answer.substr(0, answer.find_first_of("\n ")); // " (discriminator 2)" may follow
    return answer.starts_with("??") || answer.ends_with(":?") || answer.ends_with(":0") ? std::string{} : answer;
}

// Data has no line: then the file of the module must do.
std::string who_asks(const LinkedModule& module, const Wanted& wanted)
{
    for (const Reference& reference : wanted.references) {
        const std::string line = source_line(module.object, reference);
        if (!line.empty())
            return std::string(base_name(line));
    }
    return module.plan->parts.size() == 1 ? std::string(base_name(module.plan->parts[0].source))
                                          : module.plan->name + ".o";
}

std::vector<std::string> dependencies(const LinkedModule& module, const Providers& providers)
{
    std::vector<std::string> names;
    for (const Wanted& wanted : module.contents.wanted) {
        const auto found = providers.find(wanted.name);
        if (found == providers.end() || found->second == module.plan->name)
            continue;
        const std::string identifier = module_identifier(found->second);
        if (std::find(names.begin(), names.end(), identifier) == names.end())
            names.push_back(identifier);
    }
    return names;
}

} // namespace

bool read_symvers(const std::string& path, Providers& providers)
{
    std::string text;
    if (!read_file(path, text))
        return false;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
        const auto words = split_words(rest.substr(0, end));
        if (words.size() >= 4) // CRC, symbol, module, kind of export
            providers.emplace(words[1], base_name(words[2]));
        rest.remove_prefix(end + 1);
    }
    return true;
}

std::string symvers_text(const std::vector<LinkedModule>& modules)
{
    std::string text;
    for (const LinkedModule& module : modules)
        for (const std::string& name : module.contents.exported)
            text += fmt::format("0x00000000\t{}\t{}/{}\tEXPORT_SYMBOL\t\n", name, module.plan->directory,
                                module.plan->name);
    return text;
}

bool check_module(const LinkedModule& module, const Symbols& symbols, Output& output)
{
    const std::string path = module.plan->directory + "/" + module.plan->name;
    bool good = true;
    if (!module.contents.has_modinfo("license")) {
        good = symbols.release < kernel::Release::v5_15; // an error since 5.11
        output.error(good ? fmt::format("WARNING: modpost: missing MODULE_LICENSE() in {}.o\n"
                                        "see include/linux/module.h for more information\n",
                                        path)
                          : fmt::format("ERROR: modpost: missing MODULE_LICENSE() in {}.o\n", path));
    }
    for (const Wanted& wanted : module.contents.wanted) {
        if (wanted.weak || is_known(wanted.name, symbols))
            continue;
        output.error(fmt::format("ERROR: modpost: \"{}\" [{}.ko] undefined!\n", wanted.name, path));
        output.error(fmt::format("irqlab: {}: needs '{}', which this kernel does not export\n",
                                 who_asks(module, wanted), wanted.name));
        good = false;
    }
    return good;
}

// The kernel that will compare it says what it wants: one place for both.
std::string version_magic(kernel::Release release)
{
    char text[64];
    kernel::module_vermagic(release, text);
    return text;
}

std::string mod_source(const LinkedModule& module, const Providers& providers, kernel::Release release)
{
    const ObjectFile& contents = module.contents;
    std::string text = fmt::format("/* {}.mod.c: what the build adds to the module {}. Made anew by each build. */\n"
                                   "#include <abi/module.h>\n\n",
                                   module.plan->name, module.plan->name);
    if (contents.has_init)
        text += "int init_module(void);\n";
    if (contents.has_exit)
        text += "void cleanup_module(void);\n";
    text += "struct module __this_module __attribute__((used, section(\".gnu.linkonce.this_module\"))) = {\n"
            "    .name = KBUILD_MODNAME,\n";
    if (contents.has_init)
        text += "    .init = init_module,\n";
    if (contents.has_exit)
        text += "    .exit = cleanup_module,\n";
    text += "};\n\n";
    std::size_t count = 0;
    const auto info = [&](const char* key, const std::string& value) {
        text += fmt::format("static const char info_{0}{1}[] __attribute__((used, section(\".modinfo\"), aligned(1))) =\n"
                            "    \"{0}=\" {2};\n",
                            key, count++, c_literal(value));
    };
    for (const PciId& id : contents.pci_ids)
        info("alias", pci_alias(id));
    info("depends", fmt::format("{}", fmt::join(dependencies(module, providers), ",")));
    info("name", module_identifier(module.plan->name));
    info("vermagic", version_magic(release));
    return text;
}

} // namespace irqlab::app::kbuild
