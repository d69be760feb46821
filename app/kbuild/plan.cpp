// From the variables of each folder to the list of modules, their sources and each source's flags.
#include "app/host/paths.hpp"
#include "app/kbuild/makefile.hpp"
#include "app/kbuild/text.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace irqlab::app::kbuild {

namespace {

using Words = std::vector<std::string>;

struct Inherited { // subdir-ccflags-y holds for the folders below, too
    Words c, assembler;
};

void append(Words& to, const Words& from) { to.insert(to.end(), from.begin(), from.end()); }

void remove_flags(Words& flags, const Words& removed)
{
    std::erase_if(flags, [&](const std::string& f) { return std::find(removed.begin(), removed.end(), f) != removed.end(); });
}

/// The words of a variable. `-I$(INC)` with INC unset is an `-I` without its folder: gcc would take the next flag,
/// whatever it is, for one.
Words flag_words(std::string_view value)
{
    Words words = split_shell_words(value);
    for (std::size_t i = words.size(); i-- > 0;)
        if (words[i] == "-I" && (i + 1 == words.size() || words[i + 1].starts_with('-')))
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    return words;
}

// [LX kbuild/makefiles] "Compilation flags": -y and -m alike count in a module; EXTRA_CFLAGS is the old name.
Words flags_of(const Kbuild& kbuild, const Inherited& inherited, const std::string& object, bool assembler)
{
    const auto words = [&](std::string_view name) { return flag_words(kbuild.value(name)); };
    const std::string prefix = assembler ? "AFLAGS_" : "CFLAGS_";
    Words flags = words(assembler ? "KBUILD_AFLAGS" : "KBUILD_CFLAGS");
    append(flags, words("KBUILD_CPPFLAGS"));
    append(flags, words("KCPPFLAGS"));
    append(flags, assembler ? inherited.assembler : inherited.c);
    append(flags, words(assembler ? "asflags-y" : "ccflags-y"));
    append(flags, words(assembler ? "asflags-m" : "ccflags-m"));
    append(flags, words(assembler ? "EXTRA_AFLAGS" : "EXTRA_CFLAGS"));
    remove_flags(flags, words(assembler ? "asflags-remove-y" : "ccflags-remove-y"));
    append(flags, words(prefix + object));
    remove_flags(flags, words(prefix + "REMOVE_" + object));
    append(flags, words("KCFLAGS"));
    return flags;
}

class Planner {
  public:
    Planner(const Evaluation& evaluation, Output& output, std::vector<ModulePlan>& modules, Words& extra_symbols)
        : evaluation_(evaluation), output_(output), modules_(modules), extra_symbols_(extra_symbols)
    {
    }

    bool folder(const std::string& directory, const Inherited& from_above)
    {
        if (std::find(seen_.begin(), seen_.end(), directory) != seen_.end())
            return true;
        seen_.push_back(directory);
        Kbuild kbuild;
        if (!evaluate(evaluation_, directory, output_, kbuild))
            return false;
        Inherited inherited = from_above;
        append(inherited.c, flag_words(kbuild.value("subdir-ccflags-y")));
        append(inherited.assembler, split_shell_words(kbuild.value("subdir-asflags-y")));
        append(extra_symbols_, split_words(kbuild.value("KBUILD_EXTRA_SYMBOLS")));
        for (const std::string& target : unique_words(kbuild, {"obj-m"}))
            if (!target.ends_with('/') && !module(kbuild, inherited, target))
                return false;
        return folders_below(kbuild, inherited);
    }

  private:
    static Words unique_words(const Kbuild& kbuild, std::initializer_list<const char*> names)
    {
        Words words;
        for (const char* name : names)
            for (const std::string& word : split_words(kbuild.value(name)))
                if (std::find(words.begin(), words.end(), word) == words.end())
                    words.push_back(word);
        return words;
    }

    bool folders_below(const Kbuild& kbuild, const Inherited& inherited)
    {
        Words below;
        for (const std::string& word : unique_words(kbuild, {"obj-m", "obj-y"}))
            if (word.ends_with('/'))
                below.push_back(word);
        append(below, unique_words(kbuild, {"subdir-m", "subdir-y"}));
        return std::all_of(below.begin(), below.end(), [&](const std::string& name) {
            return folder(absolute_path(name, kbuild.directory), inherited);
        });
    }

    bool module(const Kbuild& kbuild, const Inherited& inherited, const std::string& target)
    {
        if (!target.ends_with(".o"))
            return fail(fmt::format("{}: obj-m has '{}', which is neither an object (x.o) nor a folder (x/)",
                                    kbuild.file, target));
        const std::string stem(without_suffix(target, ".o"));
        ModulePlan plan;
        plan.name = base_name(stem);
        plan.directory = absolute_path(directory_name(stem), kbuild.directory);
        Words objects;
        for (const char* kind : {"-objs", "-y", "-m"})
            for (const std::string& word : split_words(kbuild.value(stem + kind)))
                if (std::find(objects.begin(), objects.end(), word) == objects.end())
                    objects.push_back(word);
        plan.composite = !objects.empty();
        if (objects.empty())
            objects.push_back(target);
        else if (std::find(objects.begin(), objects.end(), target) != objects.end())
            return fail(fmt::format("{}: {} is made of itself: {}-objs must not name {}. Give the module or its "
                                    "source another name",
                                    kbuild.file, target, stem, target));
        for (const std::string& object : objects)
            if (!part(kbuild, inherited, stem, object, plan))
                return false;
        modules_.push_back(std::move(plan));
        return true;
    }

    bool part(const Kbuild& kbuild, const Inherited& inherited, const std::string& module_stem,
              const std::string& object, ModulePlan& plan)
    {
        const std::string stem(without_suffix(object, ".o"));
        for (const char* suffix : {".c", ".S", ".o_shipped"}) {
            const std::string source = absolute_path(stem + suffix, kbuild.directory);
            if (::access(source.c_str(), F_OK) != 0)
                continue;
            const bool assembler = source.ends_with(".S");
            plan.parts.push_back({source, object, flags_of(kbuild, inherited, object, assembler)});
            return true;
        }
        return fail(fmt::format("{} asks for {} (module {}), but there is no {}.c and no {}.S", kbuild.file, object,
                                module_stem, absolute_path(stem, kbuild.directory), base_name(stem)));
    }

    bool fail(const std::string& why)
    {
        output_.error("irqlab: " + why + "\n");
        return false;
    }

    const Evaluation& evaluation_;
    Output& output_;
    std::vector<ModulePlan>& modules_;
    Words& extra_symbols_;
    Words seen_;
};

} // namespace

bool plan_modules(const Evaluation& evaluation, Output& output, std::vector<ModulePlan>& modules,
                  std::vector<std::string>& extra_symbols)
{
    Planner planner(evaluation, output, modules, extra_symbols);
    if (!planner.folder(evaluation.directory, {}))
        return false;
    if (modules.empty())
        output.error(fmt::format("irqlab: nothing to build in {}: with KERNELRELEASE set, as kbuild sets it, its obj-m "
                                 "is empty\n",
                                 evaluation.directory));
    return !modules.empty();
}

} // namespace irqlab::app::kbuild
