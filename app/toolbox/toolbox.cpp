// The folder of links, and the small commands in it. make has a file of its own.
#include "app/toolbox/toolbox.hpp"
#include "app/host/process.hpp"
#include "app/kbuild/text.hpp"
#include "app/toolbox/make.hpp"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace irqlab::app {

namespace {

constexpr std::array tools{"make", "gmake", "uname", "sudo", "doas", "insmod", "rmmod", "modprobe", "lsmod",
                           "dmesg", "depmod"};

const char* environment_or(const char* name, const char* otherwise)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

std::string optimize_option(kbuild::Optimize optimize)
{
    return optimize == kbuild::Optimize::o0 ? "-O0" : optimize == kbuild::Optimize::o2 ? "-O2" : "-Omakefile";
}

struct UnameField {
    char option;
    const char* long_option;
    std::string value;
};

// The order in which uname prints, whatever the order of its options. [POSIX] "uname"
std::vector<UnameField> uname_fields()
{
    struct utsname host;
    ::uname(&host);
    const std::string release(kernel::names_of(toolbox_settings().release).uname);
    return {{'s', "--kernel-name", "Linux"},        {'n', "--nodename", host.nodename},
            {'r', "--kernel-release", release},     {'v', "--kernel-version", "#1 SMP irqlab"},
            {'m', "--machine", "x86_64"},           {'o', "--operating-system", "GNU/Linux"}};
}

int exec_real(const char* name, const std::vector<std::string>& arguments)
{
    const std::string path = find_program(name, environment_or("PATH", ""), environment_or("IRQLAB_TOOLBOX", ""));
    std::vector<char*> argv{const_cast<char*>(name)}; // by its bare name: $(MAKE) then finds the toolbox again
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    if (!path.empty())
        ::execv(path.c_str(), argv.data());
    TerminalOutput().error(fmt::format("{}: not installed on this host\n", name));
    return status_not_found;
}

int uname_main(const std::vector<std::string>& arguments)
{
    auto fields = uname_fields();
    std::string wanted;
    for (const std::string& argument : arguments) {
        if (argument == "-a" || argument == "--all")
            wanted += "snrvmo";
        else if (argument.starts_with("--")) {
            const auto found = std::find_if(fields.begin(), fields.end(),
                                            [&](const UnameField& f) { return argument == f.long_option; });
            if (found == fields.end())
                return exec_real("uname", arguments);
            wanted += found->option;
        } else if (argument.starts_with('-') && argument.find_first_not_of("snrvmo", 1) == std::string::npos)
            wanted += argument.substr(1);
        else
            return exec_real("uname", arguments); // --help, an error, -p
    }
    std::string line;
    for (const UnameField& field : fields)
        if ((wanted.empty() ? std::string("s") : wanted).find(field.option) != std::string::npos)
            line += (line.empty() ? "" : " ") + field.value;
    TerminalOutput().out(line + "\n");
    return 0;
}

// Nothing in the lab needs another user: sudo's options and VAR=VALUE are taken off, the rest runs.
int sudo_main(const std::vector<std::string>& arguments)
{
    std::size_t i = 0;
    for (; i < arguments.size() && (arguments[i].starts_with('-') || arguments[i].find('=') != std::string::npos); ++i) {
        const std::string& a = arguments[i];
        if (a == "--") {
            ++i;
            break;
        }
        if (!a.starts_with('-'))
            ::putenv(const_cast<char*>(a.c_str())); // lives until exec
        else if (a == "-u" || a == "-g" || a == "-h" || a == "-p")
            ++i;
    }
    if (i >= arguments.size()) {
        TerminalOutput().error("usage: sudo command\n");
        return 1;
    }
    std::vector<char*> argv;
    for (; i < arguments.size(); ++i)
        argv.push_back(const_cast<char*>(arguments[i].c_str()));
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    TerminalOutput().error(fmt::format("sudo: {}: command not found\n", argv[0]));
    return 1;
}

int lab_only(std::string_view name)
{
    TerminalOutput().error(fmt::format("{}: a program of the host cannot reach into the lab; type this command at the "
                                       "lab's own prompt, or in its script\n",
                                       name));
    return 1;
}

} // namespace

Toolbox::Toolbox(const ToolboxSettings& settings, const std::string& program) : directory_("toolbox")
{
    std::error_code error;
    for (const char* tool : tools)
        std::filesystem::create_symlink(program, directory() + "/" + tool, error);
    environment_ = {
        "PATH=" + directory() + ":" + environment_or("PATH", "/usr/local/bin:/usr/bin:/bin"),
        "IRQLAB_TOOLBOX=" + directory(),
        "IRQLAB_KERNEL=" + std::string(kernel::names_of(settings.release).option),
        "IRQLAB_BUILD=" + optimize_option(settings.optimize) + (settings.instrument ? "" : " --plain"),
        fmt::format("IRQLAB_EXPORTS={}", fmt::join(settings.also_exported, " ")),
    };
}

ToolboxSettings toolbox_settings()
{
    ToolboxSettings settings;
    kernel::release_from(environment_or("IRQLAB_KERNEL", ""), settings.release);
    const auto options = kbuild::split_words(environment_or("IRQLAB_BUILD", ""));
    const auto has = [&](const char* o) { return std::find(options.begin(), options.end(), o) != options.end(); };
    settings.optimize = has("-O2")          ? kbuild::Optimize::o2
                        : has("-Omakefile") ? kbuild::Optimize::as_written
                                            : kbuild::Optimize::o0;
    settings.instrument = !has("--plain");
    settings.also_exported = kbuild::split_words(environment_or("IRQLAB_EXPORTS", ""));
    return settings;
}

int run_host_command(const Toolbox& toolbox, const std::vector<std::string>& argv, const std::string& cwd,
                     std::string_view input, std::string& output)
{
    Process process{argv, cwd, toolbox.environment(), input};
    process.environment.push_back("PWD=" + cwd); // M=$(PWD), as a shell that had gone there would have set it
    for (const char* of_an_outer_make : {"MAKEFLAGS=", "MAKELEVEL=0", "MFLAGS="})
        process.environment.emplace_back(of_an_outer_make);
    return run_process(process, output);
}

bool is_toolbox_call(const char* argv0)
{
    if (argv0 == nullptr || std::getenv("IRQLAB_TOOLBOX") == nullptr)
        return false;
    return std::find(tools.begin(), tools.end(), kbuild::base_name(argv0)) != tools.end();
}

int toolbox_main(int argc, const char* const* argv, kbuild::Exported exported)
{
    const std::string_view name = kbuild::base_name(argv[0]);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (name == "make" || name == "gmake") {
        const MakeCall call = parse_make_call(arguments);
        return is_kbuild_call(call) ? kbuild_make(call, exported) : exec_real("make", arguments);
    }
    if (name == "uname")
        return uname_main(arguments);
    if (name == "sudo" || name == "doas")
        return sudo_main(arguments);
    return lab_only(name);
}

} // namespace irqlab::app
