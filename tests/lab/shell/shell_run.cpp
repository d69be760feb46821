// Running a script on the fake kernel, and the same script in the host's dash.
#include "tests/lab/shell/shell_run.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <vector>

#include "tests/lab/shell/fake_kernel.hpp"

namespace irqlab::test {

namespace {

struct Work {
    const lab::Script* script;
    std::pmr::memory_resource* memory;
    const lab::ShellHooks* hooks;
};

} // namespace

Outcome run_shell(const std::string& text, const lab::ShellHooks& hooks)
{
    lab::Script script;
    lab::ParseError error;
    FakeKernel& kernel = fake_kernel();
    kernel.output.clear();
    kernel.errors.clear();
    if (!lab::Script::parse(text, "script.sh", script, error))
        return {"", to_string(error, "script.sh") + "\n", 2};
    std::pmr::monotonic_buffer_resource arena(1 << 16, std::pmr::new_delete_resource());
    std::pmr::memory_resource* before = std::pmr::set_default_resource(std::pmr::null_memory_resource());
    Work work{&script, &arena, &hooks};
    const int status = run_task(
        [](void* argument) {
            const Work& w = *static_cast<Work*>(argument);
            return lab::run_script(*w.script, *w.memory, *w.hooks);
        },
        &work);
    std::pmr::set_default_resource(before);
    return {kernel.output, kernel.errors, status};
}

Outcome run_dash(const std::string& text, const std::string& directory)
{
    std::ofstream(directory + "/script.sh") << text;
    const std::string command = "cd " + directory + " && LC_ALL=C dash script.sh 2>&1 </dev/null";
    Outcome outcome;
    FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[4096];
    while (pipe) {
        const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe);
        if (n == 0)
            break;
        outcome.output.append(buffer, n);
    }
    const int status = pipe ? ::pclose(pipe) : -1;
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
    return outcome;
}

namespace {

/// Removes at the end of the process what the tests made.
struct Directories {
    std::vector<std::string> made;
    ~Directories()
    {
        std::error_code ignored;
        for (const std::string& directory : made)
            std::filesystem::remove_all(directory, ignored);
    }
};

} // namespace

std::string fresh_directory()
{
    static Directories directories;
    char name[] = "/tmp/shell_test.XXXXXX";
    const char* made = ::mkdtemp(name);
    if (!made)
        std::abort();
    std::string directory = made;
    directories.made.push_back(directory);
    fake_kernel().directory = directory;
    return directory;
}

} // namespace irqlab::test
