// The stages of a build: plan, compile, link, check, module object, last link.
#include "app/kbuild/build.hpp"
#include "app/host/paths.hpp"
#include "app/host/process.hpp"
#include "app/kbuild/text.hpp"
#include "hw/base/check.hpp"
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <unistd.h>

namespace irqlab::app {

namespace fs = std::filesystem;
using namespace kbuild;

namespace {

struct Step {
    std::string label; // "CC [M]  /path/x.o"
    Process process;
};

// Prints each step's line as it starts and its messages, whole, as it ends.
class StepPrinter : public ProcessObserver {
  public:
    StepPrinter(const std::vector<Step>& steps, Output& output) : steps_(steps), output_(output), said_(steps.size()) {}

    void started(std::size_t index) override { output_.out("  " + steps_[index].label + "\n"); }
    void output(std::size_t index, std::string_view text) override { said_[index] += text; }
    bool finished(std::size_t index, int status) override
    {
        output_.error(said_[index]);
        if (status != 0) {
            output_.error(explain_missing_headers(said_[index], steps_[index].process.cwd));
            failed_ = true;
        }
        return status == 0;
    }
    bool failed() const { return failed_; }

  private:
    const std::vector<Step>& steps_;
    Output& output_;
    std::vector<std::string> said_;
    bool failed_ = false;
};

bool run_steps(const std::vector<Step>& steps, unsigned jobs, Output& output)
{
    std::vector<Process> processes;
    for (const Step& step : steps)
        processes.push_back(step.process);
    StepPrinter printer(steps, output);
    run_processes(processes, jobs, printer);
    return !printer.failed();
}

bool good_module_name(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("_-.,+").find(c) != std::string_view::npos;
    });
}

class Build {
  public:
    Build(const BuildRequest& request, Output& output) : request_(request), output_(output), temporary_("build")
    {
        CHECK(request.variables.empty() || request.variables[0].find('=') != std::string::npos);
        jobs_ = request.jobs != 0 ? request.jobs : static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
    }

    BuildResult run()
    {
        if (!find_compiler(compiler_, output_) || !read_inputs())
            return {2, {}};
        compiler_.release = request_.release;
        compiler_.optimize = request_.optimize;
        compiler_.instrument = request_.instrument;
        const bool built = plan() && check_plan() && compile() && link() && check() && finish();
        return {built ? 0 : 1, built ? products_ : std::vector<std::string>{}};
    }

    bool plan()
    {
        if (!request_.only_source.empty())
            return plan_one(request_.only_source);
        for (const std::string& folder : folders_)
            if (!plan_folder(folder, output_))
                return false;
        return true;
    }

    bool read_inputs()
    {
        for (const std::string& input : request_.inputs.empty() ? std::vector<std::string>{"."} : request_.inputs) {
            const std::string path = absolute_path(input, request_.cwd);
            std::error_code error;
            if (fs::is_directory(path, error))
                folders_.push_back(path);
            else if (!fs::exists(path, error))
                return complain(fmt::format("irqlab build: cannot read '{}': No such file or directory\n", input));
            else if (!path.ends_with(".c"))
                return complain(fmt::format("irqlab build: '{}' is neither a folder nor a C file\n", input));
            else
                add_file(path);
        }
        return true;
    }

    const std::vector<ModulePlan>& plans() const { return plans_; }
    const std::vector<std::string>& folders() const { return folders_; }

  private:
    bool complain(const std::string& text)
    {
        output_.error(text);
        return false;
    }

    bool plan_folder(const std::string& folder, Output& output)
    {
        Evaluation evaluation{folder, std::string(kernel::names_of(request_.release).uname), linux_directory(),
                              request_.variables, request_.environment};
        return plan_modules(evaluation, output, plans_, extra_symbols_);
    }

    /// Whatever else is in the folders, and whatever is wrong with it.
    bool plan_one(const std::string& source)
    {
        StringOutput unheard;
        for (const std::string& folder : folders_)
            plan_folder(folder, unheard);
        std::erase_if(plans_, [&](const ModulePlan& plan) {
            return std::none_of(plan.parts.begin(), plan.parts.end(),
                                [&](const Part& part) { return part.source == source; });
        });
        if (plans_.empty())
            add_file(source);
        else
            plans_.resize(1);
        return true;
    }

    void add_file(const std::string& path)
    {
        ModulePlan plan;
        plan.name = without_suffix(base_name(path), ".c");
        plan.directory = directory_name(path);
        plan.parts.push_back({path, plan.name + ".o", {}});
        plans_.push_back(plan);
    }

    std::string destination(const ModulePlan& plan) const
    {
        return (request_.output_directory.empty() ? plan.directory
                                                  : absolute_path(request_.output_directory, request_.cwd)) +
               "/" + plan.name + ".ko";
    }

    bool check_plan()
    {
        std::set<std::string> names;
        for (const ModulePlan& plan : plans_) {
            if (!good_module_name(plan.name))
                return complain(fmt::format("irqlab: '{}' cannot be a module's name: use letters, digits, '_' and "
                                            "'-'\n",
                                            plan.name));
            if (!names.insert(destination(plan)).second)
                return complain(fmt::format("irqlab: two modules would be {}\n", destination(plan)));
        }
        std::error_code error;
        for (std::size_t m = 0; m < plans_.size(); ++m)
            fs::create_directory(intermediate(m, ""), error);
        if (!request_.output_directory.empty())
            fs::create_directories(absolute_path(request_.output_directory, request_.cwd), error);
        return !error || complain(fmt::format("irqlab build: cannot make '{}': {}\n", request_.output_directory,
                                              error.message()));
    }

    // A module's intermediates: in a folder by number, since names may repeat from folder to folder.
    std::string intermediate(std::size_t module, std::string_view name) const
    {
        return fmt::format("{}/{}/{}", temporary_.path(), module, name);
    }
    std::string part_object(std::size_t module, std::size_t part) const
    {
        return intermediate(module, fmt::format("part-{}.o", part));
    }
    std::string intermediate_of(std::size_t module, const char* suffix) const
    {
        return intermediate(module, plans_[module].name + suffix);
    }

    Step step(const std::string& what, const std::string& product, std::vector<std::string> argv,
              const std::string& cwd) const
    {
        return {what + product, {std::move(argv), cwd, {"LC_ALL=C"}, {}}};
    }

    bool compile()
    {
        std::vector<Step> steps;
        for (std::size_t m = 0; m < plans_.size(); ++m)
            for (std::size_t p = 0; p < plans_[m].parts.size(); ++p) {
                const Part& part = plans_[m].parts[p];
                if (part.source.ends_with("_shipped"))
                    continue;
                steps.push_back(step(part.source.ends_with(".S") ? "AS [M]  " : "CC [M]  ",
                                     absolute_path(part.object, plans_[m].directory),
                                     compile_command(compiler_, plans_[m], part, part_object(m, p)),
                                     plans_[m].directory));
            }
        return run_steps(steps, jobs_, output_);
    }

    bool link()
    {
        std::vector<Step> steps;
        for (std::size_t m = 0; m < plans_.size(); ++m) {
            std::vector<std::string> objects;
            for (std::size_t p = 0; p < plans_[m].parts.size(); ++p) {
                const std::string& source = plans_[m].parts[p].source;
                objects.push_back(source.ends_with("_shipped") ? source : part_object(m, p));
            }
            linked_.push_back({&plans_[m], objects.size() == 1 ? objects[0] : intermediate_of(m, ".o"), {}});
            if (objects.size() > 1)
                steps.push_back(step("LD [M]  ", plans_[m].directory + "/" + plans_[m].name + ".o",
                                     link_command(compiler_, objects, linked_.back().object, false), ""));
        }
        return run_steps(steps, jobs_, output_);
    }

    bool check()
    {
        const std::string folder = folders_.empty() ? plans_[0].directory : folders_[0];
        output_.out(fmt::format("  MODPOST {}/Module.symvers\n", folder));
        std::string error;
        for (LinkedModule& module : linked_) {
            if (!read_object(module.object, module.contents, error))
                return complain("irqlab: " + error + "\n");
            for (const std::string& name : module.contents.exported)
                providers_.emplace(name, module.plan->name);
        }
        for (const std::string& path : extra_symbols_)
            if (!read_symvers(absolute_path(path, folder), providers_))
                output_.error(fmt::format("WARNING: Symbol version dump \"{}\" is missing.\n", path));
        const Symbols symbols{providers_, request_.exported, request_.release, request_.also_exported};
        bool good = true;
        for (const LinkedModule& module : linked_)
            good = check_module(module, symbols, output_) && good;
        return good;
    }

    bool finish()
    {
        std::vector<Step> compiles, links;
        for (std::size_t m = 0; m < plans_.size(); ++m) {
            const std::string source = intermediate_of(m, ".mod.c"), object = intermediate_of(m, ".mod.o");
            const std::string product = destination(plans_[m]);
            if (!write_file(source, mod_source(linked_[m], providers_, request_.release)))
                return complain(fmt::format("irqlab: cannot write {}\n", source));
            compiles.push_back(step("CC [M]  ", std::string(without_suffix(product, ".ko")) + ".mod.o",
                                    compile_mod_command(compiler_, plans_[m], source, object), ""));
            links.push_back(step("LD [M]  ", product,
                                 link_command(compiler_, {linked_[m].object, object}, product, true), ""));
            products_.push_back(product);
        }
        return run_steps(compiles, jobs_, output_) && run_steps(links, jobs_, output_) && write_symvers();
    }

    // Only where another module could need it: unlike kbuild, nothing else is left beside the sources.
    bool write_symvers()
    {
        const std::string text = symvers_text(linked_);
        if (text.empty())
            return true;
        const std::string path = std::string(directory_name(products_[0])) + "/Module.symvers";
        return write_file(path, text) || complain(fmt::format("irqlab: cannot write {}\n", path));
    }

    const BuildRequest& request_;
    Output& output_;
    TemporaryDirectory temporary_;
    Compiler compiler_;
    unsigned jobs_ = 1;
    std::vector<std::string> folders_;
    std::vector<ModulePlan> plans_;
    std::vector<std::string> extra_symbols_;
    std::vector<LinkedModule> linked_;
    Providers providers_;
    std::vector<std::string> products_;
};

} // namespace

BuildResult build_modules(const BuildRequest& request, Output& output) { return Build(request, output).run(); }

bool list_products(const BuildRequest& request, Output& output, std::vector<std::string>& files)
{
    Build build(request, output);
    if (!build.read_inputs() || !build.plan())
        return false;
    std::error_code error;
    const auto add = [&](const std::string& path) {
        if (fs::is_regular_file(path, error))
            files.push_back(path);
    };
    for (const ModulePlan& plan : build.plans()) {
        const std::string stem = plan.directory + "/" + plan.name;
        for (const char* suffix : {".ko", ".o", ".mod", ".mod.c", ".mod.o"})
            add(stem + suffix);
        for (const Part& part : plan.parts)
            add(std::string(part.source.substr(0, part.source.rfind('.'))) + ".o");
    }
    for (const std::string& folder : build.folders())
        for (const char* name : {"/Module.symvers", "/modules.order"})
            add(folder + name);
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return true;
}

} // namespace irqlab::app
