// The interpreter: subshells, pipelines, background commands, waiting.
#include <cerrno>
#include <csignal>
#include <cstring>

#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

/// Name of the task until the command that it runs renames it.
void child_name(const Node* node, char (&comm)[16])
{
    std::string_view name = "sh";
    if (node->kind == NodeKind::simple && node->words) {
        const Part* part = node->words->parts;
        if (part && !part->next && part->kind == PartKind::text && !part->text.empty())
            name = part->text.substr(part->text.rfind('/') + 1);
    }
    const std::size_t size = name.size() < 15 ? name.size() : 15;
    std::memcpy(comm, name.data(), size);
    comm[size] = '\0';
}

void move_descriptor(int from, int to)
{
    if (from < 0 || from == to)
        return;
    kernel::sys_dup2(from, to);
    kernel::sys_close(from);
}

int child_main(void* argument)
{
    Child& child = *static_cast<Child*>(argument);
    ShellContext& shell = *child.shell;
    for (const int fd : shell.saved_descriptors)
        kernel::sys_close(fd);
    shell.saved_descriptors.clear();
    if (child.files.close >= 0)
        kernel::sys_close(child.files.close);
    move_descriptor(child.files.in, 0);
    move_descriptor(child.files.out, 1);
    const int status = execute(shell, child.node, true);
    return (shell.flow == Flow::exit_ || shell.flow == Flow::return_ ? shell.status : status) & 255;
}

void close_if_open(int& fd)
{
    if (fd >= 0)
        kernel::sys_close(fd);
    fd = -1;
}

/// The text of a background command without blanks at its ends, kept for `jobs`.
std::string_view job_text(std::string_view source)
{
    while (!source.empty() && (source.back() == ' ' || source.back() == '\n' || source.back() == '\t'))
        source.remove_suffix(1);
    return source;
}

} // namespace

Child* start_child(ShellContext& shell, const Node* node, const ChildFiles& files)
{
    ShellContext* copy = make<ShellContext>(shell.memory, shell, shell.memory);
    Child* child = make<Child>(shell.memory, Child{copy, node, files, 0, node->kind == NodeKind::simple});
    char comm[16];
    child_name(node, comm);
    shell.idle_rounds = 0;
    child->pid = kernel::sys_spawn(comm, child_main, child);
    if (child->pid > 0)
        return child;
    complain(shell, "Cannot fork: %s", error_text(child->pid));
    leave(shell, 2);
    return nullptr;
}

int finish_child(ShellContext& shell, Child* child)
{
    if (!child)
        return shell.status;
    const int status = wait_for(shell, child->pid, child->is_command);
    if (shell.flow == Flow::exit_)
        return status; // a signal ended the wait: the child may still run, so its memory stays
    drop(shell.memory, child->shell);
    drop(shell.memory, child);
    return status;
}

void tell_death(ShellContext& shell, int status)
{
    const int signal = status - 128;
    if (signal <= 0 || signal == SIGINT || signal == SIGPIPE)
        return;
    const char* text = sigdescr_np(signal);
    if (!text)
        return;
    Str message(text, &shell.memory);
    message += '\n';
    write_all(2, message);
}

int wait_for(ShellContext& shell, kernel::Pid pid, bool is_command)
{
    int status = 0;
    const kernel::Pid waited = kernel::sys_wait(pid, status);
    if (waited == -EINTR) {
        leave(shell, 130);
        return 130;
    }
    if (waited < 0)
        return 127;
    if (is_command)
        tell_death(shell, status);
    return status;
}

int execute_pipeline(ShellContext& shell, const Node& node)
{
    if (!node.children->next) { // ! command
        ++shell.condition_depth;
        const int status = execute(shell, node.children);
        --shell.condition_depth;
        return shell.flow == Flow::normal ? status == 0 : status;
    }
    Vec<Child*> children(&shell.memory);
    int in = -1;
    for (const Node* item = node.children; item; item = item->next) {
        int ends[2] = {-1, -1};
        if (item->next && kernel::sys_pipe(ends) < 0) {
            complain(shell, "Pipe call failed");
            leave(shell, 2);
            break;
        }
        Child* child = start_child(shell, item, {.in = in, .out = ends[1], .close = ends[0]});
        close_if_open(in);
        close_if_open(ends[1]);
        in = ends[0];
        if (!child)
            break;
        children.push_back(child);
    }
    close_if_open(in);
    const bool failed = shell.flow != Flow::normal;
    int status = shell.status;
    for (Child* child : children)
        status = finish_child(shell, child);
    if (failed || shell.flow != Flow::normal)
        return shell.status;
    return node.negated ? status == 0 : status;
}

int execute_background(ShellContext& shell, const Node& node)
{
    Child* child = start_child(shell, node.body, {});
    if (!child)
        return shell.status;
    shell.last_background = child->pid;
    shell.jobs.push_back({child->pid, job_text(node.source), child->is_command});
    return 0;
}

} // namespace irqlab::lab::sh
