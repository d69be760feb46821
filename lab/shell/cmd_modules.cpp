// Commands for modules, with kmod's messages: insmod, rmmod, lsmod, modprobe.
#include <algorithm>
#include <cerrno>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

/// kmod's words for what init_module answered; the others are the errno's own.
const char* insert_error(int error)
{
    switch (error) {
    case -ENOEXEC: return "Invalid module format";
    case -ENOENT: return "Unknown symbol in module";
    case -ESRCH: return "Module has wrong symbol version";
    case -EINVAL: return "Invalid parameters";
    default: return error_text(error);
    }
}

/// hello-world.ko, ./hello_world and hello_world name one module.
Str module_name(Memory& memory, std::string_view text)
{
    text.remove_prefix(text.rfind('/') + 1);
    if (text.ends_with(".ko"))
        text.remove_suffix(3);
    Str name(text, &memory);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

Str join(Memory& memory, const char* const* first, const char* const* last)
{
    Str text(&memory);
    for (; first != last; ++first)
        text.append(text.empty() ? "" : " ").append(*first);
    return text;
}

void split_words(std::string_view line, Vec<Str>& words)
{
    while (!line.empty()) {
        const std::size_t blank = std::min(line.find(' '), line.size());
        words.emplace_back(line.substr(0, blank));
        line.remove_prefix(std::min(blank + 1, line.size()));
    }
}

/// The line of /proc/modules for a module, split at blanks. Empty: it is not there.
Vec<Str> loaded_module(Command& c, std::string_view name)
{
    Vec<Str> words(&c.memory);
    Command reader(c.shell, c.argc, c.argv);
    Str text(&c.memory);
    kernel::Stat stat{};
    if (kernel::sys_stat("/proc/modules", stat) < 0 || !reader.read_all("/proc/modules", text))
        return words;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t stop = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, stop);
        rest.remove_prefix(std::min(stop + 1, rest.size()));
        if (line.substr(0, line.find(' ')) != name)
            continue;
        split_words(line, words);
        break;
    }
    return words;
}

/// Who holds the module: "a,b," in /proc/modules, "-" for nobody.
Str holders_of(Memory& memory, const Vec<Str>& module, char separator)
{
    Str holders(&memory);
    if (module.size() > 3 && module[3] != "-")
        holders = module[3];
    if (holders.ends_with(','))
        holders.pop_back();
    std::replace(holders.begin(), holders.end(), ',', separator);
    return holders;
}

struct Search {
    Memory& memory;
    std::string_view wanted;
    Str& found;
    Str directory;
    int depth;
};

void search_entry(void* context, const char* name);

void search_directory(Search& search)
{
    if (search.depth < 8 && search.found.empty())
        kernel::sys_readdir(search.directory.c_str(), search_entry, &search);
}

void search_entry(void* context, const char* name)
{
    Search& search = *static_cast<Search*>(context);
    if (name[0] == '.' || !search.found.empty())
        return;
    Str path(search.directory, &search.memory);
    path.append("/").append(name);
    if (path.ends_with(".ko") && module_name(search.memory, name) == search.wanted)
        search.found = path;
    Search below{search.memory, search.wanted, search.found, Str(path, &search.memory), search.depth + 1};
    if (!path.ends_with(".ko"))
        search_directory(below);
}

/// Loads a module by name, what it depends on first. @return status; reports.
int probe(Command& c, std::string_view name, const char* parameters, bool quiet, int depth)
{
    if (!loaded_module(c, name).empty())
        return 0;
    Str path(&c.memory), image(&c.memory);
    if (!find_module_file(c, name, path)) {
        if (!quiet)
            c.warn("modprobe: FATAL: Module %.*s not found in directory /lib/modules/%s\n", static_cast<int>(name.size()),
                   name.data(), kernel::sys_uname().release);
        return 1;
    }
    if (!c.read_all(path.c_str(), image))
        return 1;
    Vec<std::string_view> entries(&c.memory);
    module_info(image, entries);
    for (std::string_view entry : entries) {
        if (!entry.starts_with("depends=") || depth > 16)
            continue;
        for (entry.remove_prefix(8); !entry.empty();) {
            const std::size_t comma = std::min(entry.find(','), entry.size());
            if (comma > 0 && probe(c, module_name(c.memory, entry.substr(0, comma)), "", quiet, depth + 1) != 0)
                return 1;
            entry.remove_prefix(std::min(comma + 1, entry.size()));
        }
    }
    const int error = kernel::sys_init_module(path.c_str(), image, parameters);
    if (error == 0 || error == -EEXIST)
        return 0;
    const char* why = error == -ENOENT ? "Unknown symbol in module, or unknown parameter (see dmesg)" : error_text(error);
    c.warn("modprobe: ERROR: could not insert '%.*s': %s\n", static_cast<int>(name.size()), name.data(), why);
    return 1;
}

int remove_module(Command& c, const char* argument)
{
    const Str name = module_name(c.memory, argument);
    const int error = kernel::sys_delete_module(name.c_str());
    if (error == 0)
        return 0;
    if (error == -ENOENT) {
        c.warn("rmmod: ERROR: Module %s is not currently loaded\n", name.c_str());
    } else if (error == -EWOULDBLOCK) {
        const Str holders = holders_of(c.memory, loaded_module(c, name), ' ');
        c.warn("rmmod: ERROR: Module %s is in use%s%s\n", name.c_str(), holders.empty() ? "" : " by: ", holders.c_str());
    } else {
        c.warn("rmmod: ERROR: could not remove module %s: %s\n", argument, error_text(error));
    }
    return 1;
}

} // namespace

bool find_module_file(Command& c, std::string_view name, Str& path)
{
    const Str wanted = module_name(c.memory, name);
    path.clear();
    Search here{c.memory, wanted, path, Str(".", &c.memory), 8};
    kernel::sys_readdir(".", search_entry, &here); // this directory only, not those below
    Str tree("/lib/modules/", &c.memory);
    Search search{c.memory, wanted, path, Str(tree.append(kernel::sys_uname().release), &c.memory), 0};
    search_directory(search);
    if (path.starts_with("./"))
        path.erase(0, 2);
    return !path.empty();
}

int insmod_command(Command& c)
{
    OptionReader reader(c, "+fsvp");
    while (const char option = reader.next())
        if (option == '?')
            return 1;
    if (reader.first() >= c.argc) {
        c.warn("insmod: ERROR: missing filename.\n");
        return 1;
    }
    const char* path = c.argv[reader.first()];
    kernel::Stat stat{};
    const int missing = kernel::sys_stat(path, stat);
    if (missing < 0) {
        c.warn("insmod: ERROR: could not load module %s: %s\n", path, error_text(missing));
        return 1;
    }
    Str image(&c.memory);
    if (!c.read_all(path, image))
        return 1;
    const Str parameters = join(c.memory, c.argv + reader.first() + 1, c.argv + c.argc);
    const int error = kernel::sys_init_module(path, image, parameters.c_str());
    if (error < 0)
        c.warn("insmod: ERROR: could not insert module %s: %s\n", path, insert_error(error));
    return error < 0;
}

int rmmod_command(Command& c)
{
    OptionReader reader(c, "fsvw");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        if (option == 'f')
            return c.fail("ERROR: forced removal is not modelled");
    }
    if (reader.operands().empty()) {
        c.warn("rmmod: ERROR: missing module name.\n");
        return 1;
    }
    int status = 0;
    for (const char* name : reader.operands())
        status |= remove_module(c, name);
    return status;
}

int lsmod_command(Command& c)
{
    Str text(&c.memory);
    if (!c.read_all("/proc/modules", text))
        return 1;
    c.write("Module                  Size  Used by\n");
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t stop = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, stop);
        Vec<Str> words(&c.memory);
        split_words(line, words);
        rest.remove_prefix(std::min(stop + 1, rest.size()));
        if (words.size() < 4)
            continue;
        const Str holders = holders_of(c.memory, words, ',');
        c.print("%-19s %8s  %s%s%s\n", words[0].c_str(), words[1].c_str(), words[2].c_str(), holders.empty() ? "" : " ",
                holders.c_str());
    }
    return 0;
}

int modprobe_command(Command& c)
{
    bool removes = false, quiet = false;
    OptionReader reader(c, "+rqvaf");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        removes |= option == 'r';
        quiet |= option == 'q';
    }
    const int first = reader.first();
    if (first >= c.argc) {
        c.warn("modprobe: ERROR: missing parameters. See -h.\n");
        return 1;
    }
    const Str name = module_name(c.memory, c.argv[first]);
    if (!removes)
        return probe(c, name, join(c.memory, c.argv + first + 1, c.argv + c.argc).c_str(), quiet, 0);
    const int error = kernel::sys_delete_module(name.c_str());
    if (error == -ENOENT)
        c.warn("modprobe: FATAL: Module %s is not currently loaded.\n", name.c_str());
    else if (error == -EWOULDBLOCK)
        c.warn("modprobe: FATAL: Module %s is in use.\n", name.c_str());
    else if (error < 0)
        c.warn("modprobe: ERROR: could not remove '%s': %s\n", name.c_str(), error_text(error));
    return error < 0;
}

} // namespace irqlab::lab::sh
