// irqlab build: modules from a Makefile or from C files.
#include "app/exports.hpp"
#include "app/machine_options.hpp"
#include "app/toolbox/toolbox.hpp"
#include "app/verbs.hpp"
#include <CLI/CLI.hpp>
#include <memory>

namespace irqlab::app {

namespace {

struct Options {
    std::vector<std::string> inputs, exports;
    std::string output_directory, optimize = "0";
    kernel::Release release = kernel::Release::v6_1;
    unsigned jobs = 0;
    bool plain = false;
};

kbuild::Optimize optimize_of(const std::string& text)
{
    return text == "2" ? kbuild::Optimize::o2 : text == "0" ? kbuild::Optimize::o0 : kbuild::Optimize::as_written;
}

int build(const Options& options)
{
    TerminalOutput output;
    ToolboxSettings settings;
    settings.release = options.release;
    const Toolbox toolbox(settings); // for $(shell uname -r)
    BuildRequest request;
    for (const std::string& input : options.inputs)
        (input.find('=') != std::string::npos && input.find('/') == std::string::npos ? request.variables
                                                                                      : request.inputs)
            .push_back(input);
    request.output_directory = options.output_directory;
    request.release = options.release;
    request.optimize = optimize_of(options.optimize);
    request.instrument = !options.plain;
    request.jobs = options.jobs;
    request.environment = toolbox.environment();
    request.exported = exported_by_release;
    request.also_exported = options.exports;
    return build_modules(request, output).status;
}

} // namespace

void add_build(CLI::App& irqlab, int& status)
{
    auto options = std::make_shared<Options>();
    CLI::App* verb = irqlab.add_subcommand("build", "compile kernel modules against irqlab's headers");
    verb->add_option("inputs", options->inputs,
                     "folder with a Kbuild or Makefile (.), or C files; NAME=VALUE as for make")
        ->type_name("[DIR | FILE.c ...]");
    verb->add_option("-o", options->output_directory, "where NAME.ko goes (beside the source)")->type_name("DIR");
    verb->add_option("-O", options->optimize,
                     "0: each access as the source has it; 2: as gcc really compiles it; makefile: as the Makefile "
                     "says (0)")
        ->type_name("LEVEL")
        ->check(CLI::IsMember({"0", "2", "makefile"}));
    add_kernel_option(*verb, options->release);
    verb->add_option("--export", options->exports, "as if that kernel had EXPORT_SYMBOL(SYMBOL)")
        ->type_name("SYMBOL")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    verb->add_option("-j", options->jobs, "how many compilers at a time (one a processor)")->type_name("N");
    verb->add_flag("--plain", options->plain, "without the instrumentation of memory accesses: for benchmarks");
    verb->footer("Example: a folder whose Makefile says `obj-m := hello.o`\n"
                 "  irqlab build ./hello --kernel 5.4\n"
                 "  irqlab run --kernel 5.4 -c 'insmod hello/hello.ko; dmesg'");
    verb->callback([options, &status] { status = build(*options); });
}

} // namespace irqlab::app
