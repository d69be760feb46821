// irqlab_conform: our chips against other models of them, operation by operation. `./dev conform` runs it.
//
// Exit status: 0 no unexplained difference, 1 some, 2 wrong arguments, 77 the witness is not to be had here.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fmt/format.h>

#include "tests/conform/differ.hpp"
#include "tests/conform/qtest.hpp"

namespace irqlab::conform {
namespace {

constexpr int status_skipped = 77;

struct Options {
    DifferOptions run;
    std::string only;
    bool list = false;
};

void print(const Chip& chip, const DifferResult& result, double seconds)
{
    for (const Difference& d : result.differences)
        fmt::print("{}: a difference:\n{}", chip.name, text(d));
    for (const std::string& file : result.files)
        fmt::print("{}: kept as {}\n", chip.name, file);
    for (const auto& [quirk, sequences] : result.explained)
        if (sequences != 0)
            fmt::print("{}: by quirk {}: {} of {} sequences looked at\n", chip.name, quirk, sequences,
                       (result.sequences + 15) / 16);
    fmt::print("{} against {}: {} operations, {} answers compared, {:.1f} s, {} unexplained differences\n",
               chip.name, chip.witness, result.operations, result.comparisons, seconds, result.unexplained);
}

int run(const Options& options)
{
    u64 operations = 0, unexplained = 0;
    bool any = false, skipped = false;
    for (const Chip& chip : all_chips()) {
        if (!options.only.empty() && options.only != chip.name)
            continue;
        any = true;
        if (options.list) {
            fmt::print("{} ({})\n", chip.name, chip.witness);
            continue;
        }
        try {
            const auto start = std::chrono::steady_clock::now();
            const DifferResult result = differ(chip, options.run);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            print(chip, result, took.count());
            operations += result.operations;
            unexplained += result.unexplained;
        } catch (const WitnessError& error) {
            fmt::print("{}: skipped: {}\n", chip.name, error.what);
            skipped = true;
        }
    }
    if (!any) {
        fmt::print(stderr, "irqlab_conform: there is no chip '{}'; --list names them\n", options.only);
        return 2;
    }
    if (options.list)
        return 0;
    fmt::print("{} operations, {} unexplained differences\n", operations, unexplained);
    return unexplained != 0 ? 1 : skipped && operations == 0 ? status_skipped : 0;
}

} // namespace
} // namespace irqlab::conform

int main(int argc, char** argv)
{
    using namespace irqlab::conform;
    Options options;
    CLI::App app{"Runs our chips and other models of them side by side"};
    app.add_option("--chip", options.only, "this one only");
    app.add_option("--operations", options.run.operations,
                   "random operations for each chip (100000); the last one counts")
        ->take_last();
    app.add_option("--seed", options.run.seed, "another seed, other sequences (1)");
    app.add_option("--save", options.run.save_to, "folder for minimised differences");
    app.add_flag("--list", options.list, "names the chips");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return run(options);
}
