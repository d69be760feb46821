// kbuild's targets for external modules. [LX kbuild/modules] "Command Syntax".
#include "app/toolbox/make.hpp"
#include "app/kbuild/text.hpp"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace irqlab::app {

namespace fs = std::filesystem;

namespace {

enum class Action : unsigned char { modules, clean, install, release, version, nothing, unknown };

struct Target {
    const char* name;
    Action action;
};
constexpr std::array targets{
    Target{"modules", Action::modules},         Target{"all", Action::modules},
    Target{"_all", Action::modules},            Target{"default", Action::modules},
    Target{"clean", Action::clean},             Target{"mrproper", Action::clean},
    Target{"distclean", Action::clean},         Target{"modules_install", Action::install},
    Target{"kernelrelease", Action::release},   Target{"kernelversion", Action::version},
    Target{"modules_prepare", Action::nothing}, Target{"prepare", Action::nothing},
};

Action action_of(const std::string& target)
{
    for (const Target& row : targets)
        if (target == row.name)
            return row.action;
    return target.ends_with(".ko") || target.ends_with(".o") ? Action::modules : Action::unknown;
}

bool all_digits(const std::string& text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

void take_variable(const std::string& argument, MakeCall& call)
{
    std::size_t equals = argument.find('=');
    const std::string value = argument.substr(equals + 1);
    while (equals > 0 && std::string_view(":?+").find(argument[equals - 1]) != std::string_view::npos)
        --equals; // NAME:=VALUE
    const std::string name = argument.substr(0, equals);
    if (name == "M" || name == "SUBDIRS" || name == "KBUILD_EXTMOD")
        call.module_directory = value;
    else
        call.variables.push_back(argument);
}

/// The value of option `letter` at arguments[i]: attached, or the next argument.
std::string option_value(const std::vector<std::string>& arguments, std::size_t& i)
{
    if (arguments[i].size() > 2)
        return arguments[i].substr(2);
    return i + 1 < arguments.size() ? arguments[++i] : std::string{};
}

void take_option(const std::vector<std::string>& arguments, std::size_t& i, MakeCall& call)
{
    const std::string& option = arguments[i];
    constexpr std::string_view directory = "--directory=", jobs = "--jobs=";
    if (option.starts_with(directory))
        call.directory = option.substr(directory.size());
    else if (option == "--directory" && i + 1 < arguments.size())
        call.directory = arguments[++i];
    else if (option.starts_with(jobs) && all_digits(option.substr(jobs.size())))
        call.jobs = static_cast<unsigned>(std::strtoul(option.c_str() + jobs.size(), nullptr, 10));
    else if (option == "--no-print-directory" || option == "--silent" || option == "--quiet")
        call.print_directory = false;
    else if (option.starts_with("--"))
        return;
    else if (option[1] == 'C')
        call.directory = option_value(arguments, i);
    else if (option[1] == 'j') {
        const bool next = option.size() == 2 && i + 1 < arguments.size() && all_digits(arguments[i + 1]);
        const std::string value = next ? arguments[++i] : option.substr(2);
        call.jobs = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
    } else if (std::string_view("fIoWl").find(option[1]) != std::string_view::npos)
        option_value(arguments, i);
    else if (option.find('s') != std::string::npos)
        call.print_directory = false;
}

int build(const MakeCall& call, const BuildRequest& request, Output& output)
{
    std::error_code error;
    if (!fs::is_directory(request.inputs[0], error)) {
        output.error(fmt::format("make: M={}: No such directory\n", call.module_directory));
        return 2;
    }
    return build_modules(request, output).status == 0 ? 0 : 2;
}

int clean(const BuildRequest& request, Output& output)
{
    std::vector<std::string> files;
    if (!list_products(request, output, files))
        return 2;
    std::error_code error;
    if (!files.empty())
        output.out(fmt::format("  CLEAN   {}/Module.symvers\n", request.inputs[0]));
    for (const std::string& file : files)
        fs::remove(file, error);
    return 0;
}

BuildRequest request_of(const MakeCall& call, kbuild::Exported exported)
{
    const ToolboxSettings settings = toolbox_settings();
    BuildRequest request;
    request.inputs = {absolute_path(call.module_directory)};
    request.release = settings.release;
    request.optimize = settings.optimize;
    request.instrument = settings.instrument;
    request.also_exported = settings.also_exported;
    request.jobs = call.jobs;
    request.variables = call.variables;
    request.exported = exported;
    return request;
}

int run_target(const std::string& target, const MakeCall& call, const BuildRequest& request, Output& output)
{
    const std::string release(kernel::names_of(request.release).uname);
    switch (action_of(target)) {
    case Action::modules: return build(call, request, output);
    case Action::clean: return clean(request, output);
    case Action::install: output.out("irqlab: nothing is installed: insmod takes the file itself\n"); return 0;
    case Action::release:
    case Action::version: output.out(release + "\n"); return 0;
    case Action::nothing: return 0;
    case Action::unknown: break;
    }
    output.error(fmt::format("make: *** No rule to make target '{}'.  Stop.\n", target));
    return 2;
}

} // namespace

MakeCall parse_make_call(const std::vector<std::string>& arguments)
{
    MakeCall call;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument.size() > 1 && argument[0] == '-')
            take_option(arguments, i, call);
        else if (argument.find('=') != std::string::npos)
            take_variable(argument, call);
        else
            call.targets.push_back(argument);
    }
    return call;
}

bool is_kbuild_call(const MakeCall& call)
{
    if (call.directory.empty() || call.module_directory.empty())
        return false;
    std::error_code error;
    const std::string directory = absolute_path(call.directory);
    return (directory.find("/lib/modules/") != std::string::npos) || !fs::is_directory(directory, error) ||
           fs::exists(directory + "/scripts/Makefile.build", error) || fs::exists(directory + "/Module.symvers", error);
}

int kbuild_make(const MakeCall& call, kbuild::Exported exported)
{
    TerminalOutput output;
    const BuildRequest request = request_of(call, exported);
    const char* level = std::getenv("MAKELEVEL"); // [MAKE] "The '--print-directory' Option"
    const std::string me = level == nullptr || std::string_view(level) == "0" ? "make" : fmt::format("make[{}]", level);
    const auto say = [&](const char* what) {
        if (call.print_directory)
            output.out(fmt::format("{}: {} directory '{}'\n", me, what, call.directory));
    };
    say("Entering");
    int status = 0;
    for (const std::string& target : call.targets.empty() ? std::vector<std::string>{"modules"} : call.targets)
        status = status != 0 ? status : run_target(target, call, request, output);
    say("Leaving");
    return status;
}

} // namespace irqlab::app
