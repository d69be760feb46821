// The build of one module. See the header.
#include "app/survey/build_one.hpp"

#include <algorithm>
#include <optional>

#include "app/exports.hpp"
#include "app/host/paths.hpp"
#include "app/kbuild/build.hpp"
#include "app/kbuild/object.hpp"
#include "app/kbuild/text.hpp"
#include "app/toolbox/toolbox.hpp"

namespace irqlab::app::survey {

namespace {

/// The line of a build's output that says what went wrong: irqlab's own sentence, modpost's or gcc's.
std::string first_error(const std::string& text)
{
    std::string found;
    for (const std::string_view mark : {"irqlab: ", "ERROR: ", "error: "}) {
        const std::size_t at = text.find(mark);
        if (at == std::string::npos)
            continue;
        const std::size_t begin = text.rfind('\n', at) + 1; // npos + 1: the first line
        return text.substr(begin, text.find('\n', at) - begin);
    }
    return text.substr(0, text.find('\n'));
}

class OneBuild {
public:
    OneBuild(kernel::Release release, const std::vector<std::string>& exports, const std::string& directory)
    {
        ToolboxSettings settings;
        settings.release = release;
        toolbox_.emplace(settings);
        request_.release = release;
        request_.jobs = 1;
        request_.output_directory = directory;
        request_.environment = toolbox_->environment();
        request_.exported = exported_by_release;
        request_.also_exported = exports;
    }

    /// @return what was built, nothing when it was not.
    std::vector<std::string> build(const std::string& input, const std::string& only)
    {
        request_.inputs = {input};
        request_.only_source = only;
        StringOutput output;
        const BuildResult result = build_modules(request_, output);
        said_ = output.text();
        return result.status == 0 ? result.modules : std::vector<std::string>{};
    }
    const std::string& said() const { return said_; }

private:
    std::optional<Toolbox> toolbox_;
    BuildRequest request_;
    std::string said_;
};

/// Modules of `all` that offer what `module` needs, before it; what they need in turn comes first.
void in_order(const std::string& module, const std::vector<std::string>& all, std::vector<std::string>& order)
{
    if (std::ranges::find(order, module) != order.end())
        return;
    kbuild::ObjectFile object, other;
    std::string error;
    if (kbuild::read_object(module, object, error))
        for (const std::string& candidate : all) {
            if (candidate == module || !kbuild::read_object(candidate, other, error))
                continue;
            const bool offers = std::ranges::any_of(object.wanted, [&](const kbuild::Wanted& wanted) {
                return std::ranges::find(other.exported, wanted.name) != other.exported.end();
            });
            if (offers && std::ranges::find(order, candidate) == order.end())
                in_order(candidate, all, order);
        }
    order.push_back(module);
}

} // namespace

std::vector<std::string> build_one(const std::string& source, kernel::Release release,
                                   const std::vector<std::string>& exports, const std::string& directory,
                                   Row& row)
{
    OneBuild one(release, exports, directory);
    const std::string folder(kbuild::directory_name(source));
    std::vector<std::string> built = one.build(folder, source);
    const std::string because = first_error(one.said());
    if (built.empty()) {
        // A symbol may come from a module beside it.
        const std::vector<std::string> all = one.build(folder, {});
        const std::string stem = std::string(kbuild::without_suffix(kbuild::base_name(source), ".c"));
        for (const std::string& module : all)
            if (kbuild::base_name(module) == stem + ".ko")
                in_order(module, all, built);
    }
    if (built.empty())
        row.failure = because;
    row.built = !built.empty();
    return built;
}

} // namespace irqlab::app::survey
