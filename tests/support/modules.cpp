// The cache of built modules: a temporary folder for each set of options.
#include "tests/support/modules.hpp"

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <tuple>

#include "app/host/paths.hpp"

namespace irqlab::test {

namespace {

using Key = std::tuple<std::string, kernel::Release, app::kbuild::Optimize, bool>;

struct Built {
    std::unique_ptr<app::TemporaryDirectory>
        directory; // one each: modules of other options have the same name
    std::string path;
};

Built build(const std::string& source, const ModuleOptions& options)
{
    Built built{std::make_unique<app::TemporaryDirectory>("test"), {}};
    app::BuildRequest request;
    request.inputs = {tests_directory() + "/" + source};
    request.output_directory = built.directory->path();
    request.release = options.release;
    request.optimize = options.optimize;
    request.instrument = options.instrument;
    app::StringOutput output;
    const app::BuildResult result = app::build_modules(request, output);
    if (result.status == 0 && result.modules.size() == 1)
        built.path = result.modules[0];
    else
        ADD_FAILURE() << source << " does not build:\n" << output.text();
    return built;
}

} // namespace

std::string tests_directory() { return IRQLAB_TESTS_DIR; }

std::string module_path(const std::string& source, const ModuleOptions& options)
{
    static std::map<Key, Built> cache;
    const Key key{source, options.release, options.optimize, options.instrument};
    auto found = cache.find(key);
    if (found == cache.end())
        found = cache.emplace(key, build(source, options)).first;
    return found->second.path;
}

} // namespace irqlab::test
