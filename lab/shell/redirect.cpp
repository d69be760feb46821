// The interpreter: redirections. [POSIX] "Redirection".
#include <cerrno>
#include <fcntl.h>

#include "lab/shell/expand.hpp"
#include "lab/shell/interpreter.hpp"

namespace irqlab::lab::sh {

namespace {

constexpr int saved_lowest = 10;         // copies of descriptors go where scripts have none
constexpr std::size_t pipe_atomic = 4096; // a here-document up to this size fits into its pipe

struct HereWriter {
    ShellContext* shell;
    const Str* text;
    int read_end, write_end;
};

int write_here_document(void* argument)
{
    HereWriter& writer = *static_cast<HereWriter*>(argument);
    kernel::sys_close(writer.read_end);
    write_all(writer.write_end, *writer.text);
    return 0;
}

/// A pipe that holds the text. A long one needs a task that writes while the command reads.
int open_here_document(ShellContext& shell, const Str& text)
{
    int ends[2];
    const int error = kernel::sys_pipe(ends);
    if (error < 0)
        return error;
    if (text.size() <= pipe_atomic) {
        write_all(ends[1], text);
    } else {
        HereWriter* writer = make<HereWriter>(shell.memory, HereWriter{&shell, nullptr, ends[0], ends[1]});
        writer->text = make<Str>(shell.memory, text);
        kernel::sys_spawn("sh", write_here_document, writer);
    }
    kernel::sys_close(ends[1]);
    return ends[0];
}

int open_target(ShellContext& shell, const Opening& opening)
{
    const char* path = opening.target.c_str();
    switch (opening.kind) {
    case RedirectKind::read: return kernel::sys_open(path, O_RDONLY);
    case RedirectKind::write: return kernel::sys_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    case RedirectKind::append: return kernel::sys_open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    case RedirectKind::read_write: return kernel::sys_open(path, O_RDWR | O_CREAT, 0666);
    case RedirectKind::here: return open_here_document(shell, opening.target);
    case RedirectKind::duplicate: break;
    }
    return -EBADF;
}

void report(ShellContext& shell, const Opening& opening, int error)
{
    const bool creates = opening.kind == RedirectKind::write || opening.kind == RedirectKind::append;
    const bool missing = error == -ENOENT || error == -ENOTDIR;
    const char* why = !missing ? error_text(error) : creates ? "Directory nonexistent" : "No such file";
    complain(shell, "cannot %s %s: %s", creates ? "create" : "open", opening.target.c_str(), why);
}

void save_descriptor(ShellContext& shell, int fd, Vec<SavedDescriptor>& saved)
{
    for (const SavedDescriptor& s : saved)
        if (s.fd == fd)
            return;
    const int copy = kernel::sys_fcntl_dup(fd, saved_lowest);
    saved.push_back({fd, copy});
    if (copy >= 0)
        shell.saved_descriptors.push_back(copy);
}

/// n>&m and n>&-
bool duplicate(ShellContext& shell, const Opening& opening)
{
    if (opening.target == "-") {
        kernel::sys_close(opening.fd);
        return true;
    }
    std::int64_t from = 0;
    if (!parse_number(opening.target, from) || from < 0 || from > 255) {
        complain(shell, "Syntax error: Bad fd number");
        return false;
    }
    const int error = kernel::sys_dup2(static_cast<int>(from), opening.fd);
    if (error < 0)
        complain(shell, "%d: %s", static_cast<int>(from), error_text(error));
    return error >= 0;
}

} // namespace

bool expand_redirects(ShellContext& shell, const Redirect* redirects, Vec<Opening>& out)
{
    for (const Redirect* r = redirects; r && shell.flow == Flow::normal; r = r->next)
        out.emplace_back(r->kind, r->fd, expand_string(shell, r->word));
    return shell.flow == Flow::normal;
}

bool apply_redirects(ShellContext& shell, const Vec<Opening>& openings, Vec<SavedDescriptor>* saved)
{
    for (const Opening& opening : openings) {
        if (opening.kind == RedirectKind::duplicate) {
            if (saved)
                save_descriptor(shell, opening.fd, *saved);
            if (!duplicate(shell, opening))
                return false;
            continue;
        }
        const int fd = open_target(shell, opening);
        if (fd < 0) {
            report(shell, opening, fd);
            return false;
        }
        if (saved && fd != opening.fd)
            save_descriptor(shell, opening.fd, *saved);
        else if (saved)
            saved->push_back({fd, -1}); // it was closed, and open took the number
        if (fd != opening.fd) {
            kernel::sys_dup2(fd, opening.fd);
            kernel::sys_close(fd);
        }
    }
    return true;
}

void restore_descriptors(ShellContext& shell, const Vec<SavedDescriptor>& saved)
{
    for (std::size_t i = saved.size(); i-- > 0;) {
        const SavedDescriptor& s = saved[i];
        if (s.copy < 0) {
            kernel::sys_close(s.fd);
            continue;
        }
        kernel::sys_dup2(s.copy, s.fd);
        kernel::sys_close(s.copy);
        std::erase(shell.saved_descriptors, s.copy);
    }
}

} // namespace irqlab::lab::sh
