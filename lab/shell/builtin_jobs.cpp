// The builtins wait and jobs. [POSIX] "wait", "jobs".
#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

Job* find_job(ShellContext& shell, std::string_view spec)
{
    std::int64_t number = 0;
    const bool by_index = spec.starts_with('%');
    if (!parse_number(by_index ? spec.substr(1) : spec, number))
        return nullptr;
    for (std::size_t i = 0; i < shell.jobs.size(); ++i)
        if (by_index ? static_cast<std::int64_t>(i) + 1 == number : shell.jobs[i].pid == number)
            return &shell.jobs[i];
    return nullptr;
}

int wait_job(ShellContext& shell, Job& job)
{
    if (!job.done) {
        job.status = wait_for(shell, job.pid, job.is_command);
        job.done = shell.flow == Flow::normal;
    }
    return job.status;
}

} // namespace

int builtin_wait(ShellContext& shell, Vec<Str>& argv)
{
    int status = 0;
    if (argv.size() < 2) {
        for (Job& job : shell.jobs)
            if (shell.flow == Flow::normal)
                wait_job(shell, job);
        if (shell.flow == Flow::normal)
            shell.jobs.clear();
        return shell.flow == Flow::normal ? 0 : shell.status;
    }
    for (std::size_t i = 1; i < argv.size() && shell.flow == Flow::normal; ++i) {
        Job* job = find_job(shell, argv[i]);
        status = job ? wait_job(shell, *job) : 127;
    }
    return status;
}

int builtin_jobs(ShellContext& shell, Vec<Str>& argv)
{
    const bool pids = argv.size() > 1 && argv[1] == "-p";
    Str text(&shell.memory);
    for (std::size_t i = 0; i < shell.jobs.size(); ++i) {
        Job& job = shell.jobs[i];
        if (!job.done && kernel::sys_wait_nohang(job.pid, job.status) == job.pid)
            job.done = true;
        if (pids)
            appendf(text, "%d\n", job.pid);
        else
            appendf(text, "[%zu] %c %-26s %.*s\n", i + 1, i + 1 == shell.jobs.size() ? '+' : ' ',
                    job.done ? "Done" : "Running", static_cast<int>(job.text.size()), job.text.data());
    }
    return write_all(1, text) ? 0 : 1;
}

} // namespace irqlab::lab::sh
