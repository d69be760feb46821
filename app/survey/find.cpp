// Looks through folders for modules. See the header.
#include "app/survey/find.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <set>

#include "app/host/paths.hpp"
#include "app/kbuild/text.hpp"

namespace irqlab::app::survey {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 6> marks{
    "MODULE_LICENSE",         "module_init",       "init_module", "module_pci_driver",
    "module_platform_driver", "module_misc_device"};

bool is_module(const std::string& path)
{
    std::string text;
    return path.ends_with(".c") && !path.ends_with(".mod.c") && read_file(path, text) &&
           std::ranges::any_of(marks,
                               [&](std::string_view mark) { return text.find(mark) != std::string::npos; });
}

/// Folders that cannot be read are passed over.
void walk(const std::string& folder, std::vector<std::string>& modules)
{
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error),
         end;
         at != end && !error; at.increment(error)) {
        std::error_code unreadable;
        if (at->is_regular_file(unreadable) && is_module(at->path().string()))
            modules.push_back(at->path().string());
    }
}

bool read_list(const std::string& file, const std::vector<std::string>& folders, Output& output,
               std::set<std::string>& wanted)
{
    std::string text;
    if (!read_file(file, text)) {
        output.error(fmt::format("irqlab survey: cannot read '{}': {}\n", file, std::strerror(errno)));
        return false;
    }
    for (const std::string& line : kbuild::split_lines(text)) {
        if (line.empty())
            continue;
        for (const std::string& folder : folders)
            wanted.insert(absolute_path(line, folder));
    }
    return true;
}

} // namespace

bool find_modules(const std::vector<std::string>& inputs, const std::string& only, Output& output,
                  std::vector<std::string>& modules)
{
    std::vector<std::string> folders;
    for (const std::string& input : inputs) {
        const std::string path = absolute_path(input);
        std::error_code error;
        if (fs::is_directory(path, error)) {
            folders.push_back(path);
            walk(path, modules);
        } else if (fs::is_regular_file(path, error) && path.ends_with(".c")) {
            folders.emplace_back(fs::path(path).parent_path().string());
            modules.push_back(path);
        } else {
            output.error(fmt::format("irqlab survey: '{}' is neither a folder nor a C file\n", input));
            return false;
        }
    }
    std::set<std::string> wanted;
    if (!only.empty()) {
        if (!read_list(only, folders, output, wanted))
            return false;
        std::erase_if(modules, [&](const std::string& path) { return !wanted.contains(path); });
        for (const std::string& path : wanted) // A list is taken at its word.
            if (std::error_code error; fs::is_regular_file(path, error))
                modules.push_back(path);
    }
    std::ranges::sort(modules);
    modules.erase(std::ranges::unique(modules).begin(), modules.end());
    return true;
}

} // namespace irqlab::app::survey
