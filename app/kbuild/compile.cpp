// gcc's and ld's arguments. Why each instrumenting flag: docs/decisions/ and the driver headers rely on them.
#include "app/kbuild/compile.hpp"
#include "app/host/paths.hpp"
#include "app/host/process.hpp"
#include "app/kbuild/text.hpp"
#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <initializer_list>
#include <unistd.h>

namespace irqlab::app::kbuild {

namespace {

using Words = std::vector<std::string>;

void add(Words& words, std::initializer_list<std::string_view> more)
{
    for (const std::string_view word : more)
        words.emplace_back(word);
}

// What the kernel itself asks of a C compiler, and what its build makes an error. [LX Makefile]
void add_kernel_flags(Words& words, const Compiler& compiler)
{
    add(words, {compiler.release >= kernel::Release::v6_1 ? "-std=gnu11" : "-std=gnu89"}); // gnu11 came in 5.18
    add(words, {"-Wall", "-Wno-main", "-Wno-unused-but-set-variable", "-Wno-unused-const-variable",
                "-Wno-pointer-sign", "-Wno-sign-compare", "-Werror=implicit-function-declaration",
                "-Werror=implicit-int", "-Werror=return-type", "-Werror=strict-prototypes", "-Werror=date-time",
                "-Werror=incompatible-pointer-types", "-Werror=designated-init"});
    add(words, {"-fno-builtin", "-fno-strict-aliasing", "-fno-delete-null-pointer-checks", "-fwrapv", "-fno-common",
                "-fno-stack-protector", "-mno-red-zone"});
}

// The module lives in our own process: below 2 GB, with frames that its report can walk. The kernel's data (jiffies,
// system_wq) is each World's own and lies beyond 2 GB: it is reached through the module's GOT.
void add_lab_flags(Words& words)
{
    add(words, {"-g", "-fno-pie", "-fno-pic", "-mcmodel=small", "-mno-direct-extern-access",
                "-fno-omit-frame-pointer", "-fno-ipa-sra", "-fcf-protection=none", "-fno-asynchronous-unwind-tables"});
}

Words common_command(const Compiler& compiler, const ModulePlan& module)
{
    Words words{compiler.gcc, "-c", "-nostdinc", "-isystem", compiler.own_headers};
    add(words, {"-D__KERNEL__", "-DMODULE"});
    const std::string identifier = module_identifier(module.name);
    words.push_back(fmt::format("-DIRQLAB_KERNEL={:#08x}", kernel::names_of(compiler.release).code));
    words.push_back("-DKBUILD_MODNAME=" + c_literal(identifier));
    words.push_back("-D__KBUILD_MODNAME=kmod_" + identifier);
    words.push_back("-DKBUILD_MODFILE=" + c_literal(module.directory + "/" + module.name));
    if (compiler.colour)
        words.emplace_back("-fdiagnostics-color=always");
    return words;
}

void add_headers(Words& words, const Compiler& compiler, bool assembler)
{
    const std::string include = compiler.linux_directory + "/include";
    add(words, {"-I", include, "-I", compiler.linux_directory});
    for (const char* prelude : {"/linux/kconfig.h", "/linux/compiler_types.h"})
        if (::access((include + prelude).c_str(), R_OK) == 0 && !(assembler && std::string_view(prelude) != "/linux/kconfig.h"))
            add(words, {"-include", include + prelude});
}

bool is_optimization(const std::string& flag) { return flag.starts_with("-O"); }

void add_profile(Words& words, const Compiler& compiler)
{
    if (compiler.optimize != Optimize::as_written) {
        std::erase_if(words, is_optimization);
        words.emplace_back(compiler.optimize == Optimize::o0 ? "-O0" : "-O2");
    }
    if (compiler.instrument)
        add(words, {"-fsanitize=thread", "--param", "tsan-distinguish-volatile=1"});
}

// "FILE:LINE:COLUMN: fatal error: HEADER: No such file or directory"
bool parse_missing_header(std::string_view line, std::string& file, std::string& number, std::string& header)
{
    constexpr std::string_view mark = ": fatal error: ", end = ": No such file or directory";
    const std::size_t at = line.find(mark), until = line.rfind(end);
    if (at == std::string_view::npos || until == std::string_view::npos || until < at + mark.size())
        return false;
    header = line.substr(at + mark.size(), until - at - mark.size());
    const auto fields = line.substr(0, at);
    const std::size_t column = fields.rfind(':');
    const std::size_t row = column == std::string_view::npos || column == 0 ? column : fields.rfind(':', column - 1);
    if (row == std::string_view::npos)
        return false;
    file = fields.substr(0, row);
    number = fields.substr(row + 1, column - row - 1);
    return !number.empty() && std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c); });
}

bool includes_in_quotes(const std::string& path, const std::string& number)
{
    std::string text;
    if (!read_file(path, text))
        return false;
    std::string_view rest = text;
    for (unsigned long line = std::stoul(number); line > 1 && !rest.empty(); --line)
        rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    return rest.substr(0, rest.find('\n')).find('"') != std::string_view::npos;
}

} // namespace

bool find_compiler(Compiler& compiler, Output& output)
{
    compiler.gcc = find_program("gcc");
    compiler.ld = find_program("ld");
    compiler.linux_directory = linux_directory();
    compiler.colour = output.colour();
    if (compiler.gcc.empty() || compiler.ld.empty()) {
        output.error(fmt::format("irqlab: {} is not installed: apt-get install gcc binutils\n",
                                 compiler.gcc.empty() ? "gcc" : "ld"));
        return false;
    }
    if (compiler.linux_directory.empty()) {
        output.error("irqlab: its driver headers are not where they were installed; set IRQLAB_LINUX to the folder "
                     "that holds include/ and abi/\n");
        return false;
    }
    std::string answer;
    if (run_process({{compiler.gcc, "-print-file-name=include"}, "", {}, {}}, answer) != 0) {
        output.error("irqlab: gcc -print-file-name=include failed: " + answer);
        return false;
    }
    compiler.own_headers = answer.substr(0, answer.find('\n'));
    return true;
}

std::vector<std::string> compile_command(const Compiler& compiler, const ModulePlan& module, const Part& part,
                                         const std::string& object)
{
    const bool assembler = part.source.ends_with(".S");
    Words words = common_command(compiler, module);
    words.push_back("-DKBUILD_BASENAME=" +
                    c_literal(module_identifier(without_suffix(base_name(part.object), ".o"))));
    if (assembler)
        words.emplace_back("-D__ASSEMBLY__");
    else
        add_kernel_flags(words, compiler);
    if (compiler.optimize == Optimize::as_written)
        words.emplace_back("-O2"); // the kernel's own, before the driver's
    words.insert(words.end(), part.flags.begin(), part.flags.end());
    add_headers(words, compiler, assembler); // after the driver's -I, which therefore win
    add_lab_flags(words);
    if (!assembler)
        add_profile(words, compiler);
    add(words, {"-o", object, part.source});
    return words;
}

std::vector<std::string> compile_mod_command(const Compiler& compiler, const ModulePlan& module,
                                             const std::string& source, const std::string& object)
{
    Words words = common_command(compiler, module);
    add(words, {"-std=gnu11", "-O2", "-fno-common", "-I", compiler.linux_directory});
    add_lab_flags(words);
    add(words, {"-o", object, source});
    return words;
}

std::vector<std::string> link_command(const Compiler& compiler, const std::vector<std::string>& objects,
                                      const std::string& output, bool build_id)
{
    Words words{compiler.ld, "-r", "-m", "elf_x86_64"};
    if (build_id)
        words.emplace_back("--build-id=sha1");
    add(words, {"-z", "noexecstack", "-o", output});
    words.insert(words.end(), objects.begin(), objects.end());
    return words;
}

std::string explain_missing_headers(std::string_view messages, const std::string& cwd)
{
    std::string explanation;
    const std::string plain = without_colours(messages);
    for (std::string_view rest = plain; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
        std::string file, number, header;
        if (parse_missing_header(rest.substr(0, end), file, number, header)) {
            if (includes_in_quotes(absolute_path(file, cwd), number))
                explanation += fmt::format("irqlab: {}:{} includes \"{}\", which is neither beside it nor in irqlab\n",
                                           base_name(file), number, header);
            else
                explanation += fmt::format("irqlab: {}:{} includes <{}>, which irqlab does not have\n",
                                           base_name(file), number, header);
        }
        rest.remove_prefix(end + 1);
    }
    return explanation;
}

} // namespace irqlab::app::kbuild
