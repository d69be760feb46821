// One folder: the generated makefile that includes the user's, and the reading of what it printed.
#include "app/kbuild/makefile.hpp"
#include "app/host/paths.hpp"
#include "app/host/process.hpp"
#include "app/kbuild/text.hpp"
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

namespace irqlab::app::kbuild {

namespace {

// Set for every lab; the driver headers' own configuration, where it is there, adds to it.
constexpr std::string_view config_always = "X86 X86_64 64BIT SMP MODULES MODULE_UNLOAD PCI PCI_MSI PROC_FS SYSFS "
                                           "PRINTK GENERIC_HARDIRQS HAS_IOMEM HAS_IOPORT";

std::string configuration(const std::string& linux_directory)
{
    std::string text;
    for (const std::string& name : split_words(config_always))
        text += "CONFIG_" + name + " := y\n";
    std::string header;
    if (!read_file(linux_directory + "/include/generated/autoconf.h", header))
        return text;
    for (std::size_t at = 0; at < header.size();) {
        const std::size_t end = std::min(header.find('\n', at), header.size());
        const auto words = split_words(std::string_view(header).substr(at, end - at));
        at = end + 1;
        if (words.size() < 3 || words[0] != "#define" || !words[1].starts_with("CONFIG_"))
            continue;
        text += fmt::format("{} := {}\n", words[1], words[2] == "1" ? "y" : words[2]);
    }
    return text;
}

// The functions of scripts/Makefile.compiler that drivers call, by what they promise in
// [LX kbuild/makefiles] "Compilation flags".
constexpr std::string_view compiler_functions = R"make(
cc-option = $(shell gcc -Werror $(1) -c -x c /dev/null -o /dev/null 2>/dev/null && echo "$(1)" || echo "$(2)")
cc-option-yn = $(shell gcc -Werror $(1) -c -x c /dev/null -o /dev/null 2>/dev/null && echo y || echo n)
cc-disable-warning = $(call cc-option,-Wno-$(strip $(1)))
)make";

// Reads which variables kbuild itself would use. `file` and `strip` make one line of each.
constexpr std::string_view report = R"make(
irqlab-report-names := $(sort $(filter obj-% subdir-% subdir-ccflags-% subdir-asflags-% ccflags-% asflags-% \
    EXTRA_CFLAGS EXTRA_AFLAGS KBUILD_CFLAGS KBUILD_CPPFLAGS KBUILD_AFLAGS KCFLAGS KCPPFLAGS CFLAGS_% AFLAGS_% \
    KBUILD_EXTRA_SYMBOLS %-objs %-y %-m,$(.VARIABLES)))
$(file >$(irqlab-report),)
$(foreach v,$(irqlab-report-names),$(file >>$(irqlab-report),$(v)=$(strip $($(v)))))
)make";

std::vector<std::string> version_words(std::string_view release)
{
    std::vector<std::string> words(3, "0");
    for (std::size_t i = 0; i < 3 && !release.empty(); ++i) {
        const std::size_t dot = std::min(release.find('.'), release.size());
        words[i] = release.substr(0, dot);
        release.remove_prefix(std::min(dot + 1, release.size()));
    }
    return words;
}

std::string generated_makefile(const Evaluation& evaluation, const std::string& directory,
                               const std::string& file, const std::string& answer)
{
    const auto version = version_words(evaluation.release);
    std::string text = "irqlab-report-target: ; @:\n.PHONY: irqlab-report-target\n";
    text += fmt::format("irqlab-report := {}\n", answer);
    text += fmt::format("VERSION := {}\nPATCHLEVEL := {}\nSUBLEVEL := {}\nEXTRAVERSION :=\n", version[0], version[1],
                        version[2]);
    text += fmt::format("KERNELRELEASE := {0}\nKERNELVERSION := {0}\nARCH := x86\nSRCARCH := x86\nCC := gcc\nLD := ld\n"
                        "HOSTCC := gcc\nAR := ar\nOBJCOPY := objcopy\nPERL := perl\n",
                        evaluation.release);
    text += fmt::format("srctree := {0}\nobjtree := {0}\nM := {1}\nKBUILD_EXTMOD := {1}\nKBUILD_SRC :=\n",
                        evaluation.linux_directory, evaluation.directory);
    text += fmt::format("obj := {0}\nsrc := {0}\nKBUILD_MODULES := 1\nquiet := quiet_\nQ := @\n", directory);
    text += "obj-y :=\nobj-m :=\nccflags-y :=\nasflags-y :=\nEXTRA_CFLAGS :=\nKBUILD_CFLAGS :=\n";
    text += "comma := ,\nempty :=\nspace := $(empty) $(empty)\npound := \\#\n";
    text += configuration(evaluation.linux_directory);
    text += compiler_functions;
    text += fmt::format("{}: ;\ninclude {}\n", file, file);
    return text + std::string(report);
}

// make's own flags (a jobserver, -n, -s) are not for us; what was set on its command line is.
std::string inherited_overrides()
{
    const char* flags = std::getenv("MAKEFLAGS");
    const std::string_view text = flags != nullptr ? flags : "";
    const std::size_t dashes = text.find("-- ");
    return dashes == std::string_view::npos ? std::string{} : std::string(text.substr(dashes));
}

void parse_report(std::string_view text, Kbuild& out)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos)
            out.variables.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
}

bool find_kbuild_file(const std::string& directory, std::string& file)
{
    for (const char* name : {"Kbuild", "Makefile"}) {
        file = directory + "/" + name;
        if (::access(file.c_str(), R_OK) == 0)
            return true;
    }
    return false;
}

} // namespace

std::string_view Kbuild::value(std::string_view name) const
{
    const auto found = variables.find(name);
    return found == variables.end() ? std::string_view{} : found->second;
}

bool evaluate(const Evaluation& evaluation, const std::string& directory, Output& output, Kbuild& out)
{
    if (directory.find_first_of(" \t:%") != std::string::npos) {
        output.error(fmt::format("irqlab: '{}': GNU make, and so kbuild, cannot build in a folder whose path has a "
                                 "space, ':' or '%' in it\n",
                                 directory));
        return false;
    }
    out.directory = directory;
    if (!find_kbuild_file(directory, out.file)) {
        output.error(fmt::format("irqlab: {} has neither a Kbuild nor a Makefile\n", directory));
        return false;
    }
    const TemporaryDirectory temporary("kbuild");
    const std::string makefile = temporary.path() + "/makefile", answer = temporary.path() + "/answer";
    write_file(makefile, generated_makefile(evaluation, directory, out.file, answer));
    Process make;
    make.argv = {find_program("make"), "-rR", "--no-print-directory", "-s", "-f", makefile, "irqlab-report-target"};
    make.argv.insert(make.argv.end(), evaluation.variables.begin(), evaluation.variables.end());
    make.cwd = directory;
    make.environment = evaluation.environment;
    make.environment.push_back("PWD=" + evaluation.directory); // what `make -C ... M=$(PWD)` hands down to kbuild
    make.environment.push_back("MAKEFLAGS=" + inherited_overrides());
    if (const char* toolbox = std::getenv("IRQLAB_TOOLBOX")) // the make there is ourselves
        make.argv[0] = find_program("make", std::getenv("PATH"), toolbox);
    if (make.argv[0].empty()) {
        output.error("irqlab: GNU make is not installed: apt-get install make\n");
        return false;
    }
    std::string said, text;
    const int status = run_process(make, said);
    output.error(said);
    if (status != 0 || !read_file(answer, text)) {
        output.error(fmt::format("irqlab: GNU make could not read {}\n", out.file));
        return false;
    }
    parse_report(text, out);
    return true;
}

} // namespace irqlab::app::kbuild
