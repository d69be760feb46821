// irqlab survey: many modules, each built, loaded, used and unloaded in a World of its own; one row each.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/host/paths.hpp"
#include "app/kbuild/object.hpp"
#include "app/machine_options.hpp"
#include "app/survey/build_one.hpp"
#include "app/survey/exercise.hpp"
#include "app/survey/find.hpp"
#include "app/survey/workers.hpp"
#include "app/verbs.hpp"

namespace irqlab::app {

namespace {

using survey::Row;

struct Options {
    lab::WorldConfig config;
    survey::Manner manner;
    std::vector<std::string> inputs;
    std::string list, json;
    unsigned jobs = 0, seconds = 60;
};

Row row_of(const std::string& path, const Options& options)
{
    Row row;
    row.path = path;
    row.kernel = kernel::names_of(options.config.release).option;
    return row;
}

/// Is one of these modules for QEMU's edu, as its aliases have it?
bool wants_edu(const std::vector<std::string>& modules)
{
    for (const std::string& module : modules) {
        kbuild::ObjectFile object;
        std::string error;
        if (kbuild::read_object(module, object, error) &&
            std::ranges::any_of(object.modinfo, [](const std::string& entry) {
                return entry.starts_with("alias=pci:v00001234d000011E8");
            }))
            return true;
    }
    return false;
}

Row survey_one(const std::string& path, const Options& options, const std::string& directory)
{
    Row row = row_of(path, options);
    const std::vector<std::string> modules =
        survey::build_one(path, options.config.release, options.config.exports, directory, row);
    lab::WorldConfig config = options.config;
    if (config.devices.empty() && wants_edu(modules))
        config.devices.emplace_back();
    if (row.built)
        survey::exercise(modules, options.manner, config, row);
    return row;
}

/// What a child that died before it answered has not told.
Row dead(const std::string& path, const Options& options, const std::string& death)
{
    Row row = row_of(path, options);
    row.failure = death + ": a fault of irqlab's, or a driver that never ends; `irqlab run` shows where";
    return row;
}

/// "build", "load", "use", "unload", "complaint" or "ok": how far it came.
const char* stage(const Row& row)
{
    return !row.built            ? "build"
           : !row.loaded         ? "load"
           : !row.exercised      ? "use"
           : !row.unloaded       ? "unload"
           : row.failure.empty() ? "ok"
                                 : "complaint";
}

std::string summary(const std::vector<Row>& rows)
{
    std::size_t built = 0, loaded = 0, exercised = 0, unloaded = 0, clean = 0;
    for (const Row& row : rows) {
        built += row.built;
        loaded += row.loaded;
        exercised += row.exercised;
        unloaded += row.unloaded;
        clean += row.clean();
    }
    return fmt::format("{} modules: {} built, {} loaded, {} exercised, {} unloaded, {} without a complaint\n",
                       rows.size(), built, loaded, exercised, unloaded, clean);
}

bool write_rows(const std::string& file, const std::vector<Row>& rows)
{
    nlohmann::json all = nlohmann::json::array();
    for (const Row& row : rows)
        all.push_back(nlohmann::json::parse(survey::to_json(row)));
    if (write_file(file, all.dump(1) + "\n"))
        return true;
    TerminalOutput().error(fmt::format("irqlab survey: cannot write '{}'\n", file));
    return false;
}

int run(const Options& options)
{
    TerminalOutput output;
    std::vector<std::string> modules;
    if (!survey::find_modules(options.inputs, options.list, output, modules))
        return status_usage;
    if (modules.empty()) {
        output.error("irqlab survey: no kernel module there: no C file says MODULE_LICENSE or module_init\n");
        return status_usage;
    }
    const TemporaryDirectory directory("survey");
    const bool progress = ::isatty(STDERR_FILENO) != 0;
    std::vector<Row> rows(modules.size());
    std::size_t ended = 0;
    survey::run_workers(
        modules.size(),
        options.jobs != 0 ? options.jobs
                          : static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN))),
        options.seconds,
        [&](std::size_t i) {
            return to_json(survey_one(modules[i], options, fmt::format("{}/{}", directory.path(), i)));
        },
        [&](std::size_t i, const std::string& text, const std::string& death) {
            if (!death.empty() || !from_json(text, rows[i]))
                rows[i] = dead(modules[i], options, death.empty() ? "no answer" : death);
            std::error_code error;
            std::filesystem::remove_all(fmt::format("{}/{}", directory.path(), i), error);
            if (progress)
                output.error(fmt::format("\r{} of {}", ++ended, modules.size()));
        });
    if (progress)
        output.error("\r\033[K");
    for (const Row& row : rows)
        output.out(fmt::format("{:<9} {}{}{}\n", stage(row), row.path, row.failure.empty() ? "" : ": ",
                               row.failure));
    output.out(summary(rows));
    if (!options.json.empty() && !write_rows(options.json, rows))
        return status_usage;
    return std::ranges::all_of(rows, &Row::clean) ? 0 : status_failed;
}

} // namespace

void add_survey(CLI::App& irqlab, int& status)
{
    auto options = std::make_shared<Options>();
    CLI::App* verb = irqlab.add_subcommand(
        "survey", "build, load, use and unload every module that is found; one row each");
    add_machine_options(*verb, options->config);
    verb->add_option("inputs", options->inputs, "folders to search, or C files")
        ->type_name("DIR...")
        ->required();
    verb->add_option("--list", options->list, "only the paths in this file, one a line")->type_name("FILE");
    verb->add_option("--set", options->manner.settings, "a parameter, for each module that has one of that name")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    verb->add_option("--json", options->json, "the rows as JSON: an array of objects")->type_name("FILE");
    verb->add_option("-j", options->jobs, "how many at a time (one a processor)")->type_name("N");
    verb->add_option("--patience", options->manner.patience_s, "of the lab's time, for each step of a use (60)")
        ->type_name("S")
        ->check(CLI::Range(1U, 86400U));
    verb->add_option("--seconds", options->seconds, "of real time for each module, build and use (60)")
        ->type_name("S")
        ->check(CLI::Range(1U, 86400U));
    verb->footer("Example: which modules below a folder work on Linux 5.4\n"
                 "  irqlab survey ./examples --kernel 5.4 --json rows.json");
    verb->callback([options, &status] { status = run(*options); });
}

} // namespace irqlab::app
